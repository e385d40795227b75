/** Long jobs of the page's workers, cut into parts. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { JobInput } from "../../../../src/sandbox/wire/requests.ts";
import { JobParts } from "../../../../src/view/browser/live/job_parts.ts";

/** All parts of a job, where part k takes `times[k]`. */
function partsOf(job: Record<string, unknown>, times: readonly number[]) {
  const parts = new JobParts(job as unknown as JobInput);
  const found: { job: Record<string, unknown>; messages: number | undefined }[] = [];
  do {
    found.push(parts.next() as unknown as typeof found[number]);
    parts.took(times[found.length % times.length]!);
  } while (parts.isOpen);
  return found;
}

const MS = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 5 });
const SPANS = fc.uint32Array({ maxLength: 200 });

Deno.test("the parts of a replay, or of states, have its spans in order, each with its messages", () => {
  fc.assert(fc.property(SPANS, MS, fc.boolean(), (spans, times, hasInputs) => {
    for (const kind of ["replay", "states"]) {
      const parts = partsOf(
        { kind, spans, run: { hasInputs }, from: 3, oneInstance: false },
        times,
      );
      assertEquals(parts.flatMap(({ job }) => [...job.spans as Uint32Array]), [...spans]);
      for (const { job, messages } of parts) {
        assertEquals([job.kind, job.from], [kind, 3]);
        if (messages === undefined) continue;
        assertEquals(messages, (job.spans as Uint32Array).length * (hasInputs ? 2 : 1));
      }
    }
  }));
});

Deno.test("statistics are cut between groups", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 50 }), MS, (sizes, times) => {
      const groups = Uint32Array.from(sizes);
      const spans = Uint32Array.from({ length: sizes.reduce((a, b) => a + b, 0) }, (_, i) => i);
      const parts = partsOf({ kind: "stats", spans, groups, run: { hasInputs: false } }, times);
      assertEquals(parts.flatMap(({ job }) => [...job.groups as Uint32Array]), sizes);
      assertEquals(parts.flatMap(({ job }) => [...job.spans as Uint32Array]), [...spans]);
      for (const { job } of parts) {
        const count = (job.groups as Uint32Array).reduce((a, b) => a + b, 0);
        assertEquals((job.spans as Uint32Array).length, count);
      }
    }),
  );
});

Deno.test("a job whose parts would depend on each other is one; a slow part makes the next ones smaller", () => {
  const spans = Uint32Array.from({ length: 100 }, (_, i) => i);
  for (const job of [{ kind: "find" }, { kind: "survey" }, { kind: "replay", oneInstance: true }]) {
    const parts = partsOf({ ...job, spans, run: { hasInputs: true } }, [5000]);
    assertEquals(parts.map(({ messages }) => messages), [undefined]);
  }
  assertEquals(partsOf({ kind: "describe" }, [1]).length, 1);
  const sizesOf = (ms: number) =>
    partsOf({ kind: "states", spans, run: { hasInputs: false } }, [ms]).map(({ messages }) =>
      messages
    );
  assertEquals(sizesOf(1000).length, 100);
  assertEquals(sizesOf(10).slice(0, 4), [1, 4, 16, 64]);
});
