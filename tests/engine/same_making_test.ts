import { assertEquals } from "@std/assert";
import { recordRun } from "../../src/engine/record.ts";
import { isMadeAlike } from "../../src/engine/same_making.ts";

Deno.test("isMadeAlike() is true of runs that go on alike from equal states, whatever they start from", () => {
  const source = "export const step = (x) => x + 1";
  const run = recordRun((x: number) => x + 1, {
    init: 0,
    steps: 10,
    seed: 1,
    source,
    params: { a: 1 },
  });
  const same = recordRun((x: number) => x + 1, {
    init: 5,
    steps: 10,
    seed: 1,
    source,
    params: { a: 1 },
  });
  assertEquals(isMadeAlike(run, run), true);
  assertEquals(isMadeAlike(run, same), true);
  const changes = [
    { source: `${source};` },
    { source: undefined },
    { params: { a: 2 } },
    { rng: "numpy" as const },
    { seed: 2n },
    { blockSize: 5 },
    { gridOffset: 3 },
    { stride: 2 },
    { origin: 7 },
    { math: "portable" as const },
    { shims: { random: true as const } },
    { inputs: { length: 0, chunkAt: () => undefined! } },
  ];
  for (const change of changes) {
    assertEquals(
      isMadeAlike(run, { ...run, ...change }),
      false,
      JSON.stringify(Object.keys(change)),
    );
  }
  assertEquals(isMadeAlike({ ...run, source: undefined }, { ...run, source: undefined }), false);
});
