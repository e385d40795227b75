import { assertEquals, assertRejects } from "@std/assert";
import { withLimit } from "../src/time_limit.ts";

const why = () => new Error("too long");
const never = new Promise<number>(() => {});

Deno.test("withLimit() gives what comes in time, and ends at the time or the signal", async () => {
  const { signal } = new AbortController();
  assertEquals(await withLimit(Promise.resolve(3), { ms: 60_000, signal, why }), 3);
  await assertRejects(() => withLimit(never, { ms: 1, signal, why }), Error, "too long");
  const stop = new AbortController();
  const waiting = withLimit(never, { ms: 60_000, signal: stop.signal, why });
  stop.abort(new DOMException("Interrupted", "AbortError"));
  await assertRejects(() => waiting, DOMException, "Interrupted");
});

Deno.test("withLimit() does not begin to wait after the signal, and passes on what comes late", async () => {
  const signal = AbortSignal.abort(new DOMException("Interrupted", "AbortError"));
  const work = Promise.withResolvers<number>();
  const late: number[] = [];
  const options = { ms: 60_000, signal, why, late: (value: number) => late.push(value) };
  await assertRejects(() => withLimit(work.promise, options), DOMException, "Interrupted");
  work.resolve(7);
  await work.promise;
  assertEquals(late, [7]);
});
