import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { load } from "../../src/artifact/load.ts";
import { record } from "../../src/artifact/run.ts";
import { CheckpointLog, MemoryCheckpoints } from "../../src/engine/checkpoint_log.ts";
import {
  blockCount,
  blockOf,
  blockStart,
  spanCount,
  spanEnd,
  spanOf,
  spanReach,
  spanStart,
} from "../../src/engine/block_grid.ts";
import { NondeterministicReplayError } from "../../src/errors.ts";
import { RNG_NAMES, type RngName } from "../../src/rng/backends.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import type { Rng } from "../../src/rng/rng.ts";
import { type AnyStep, plainStates } from "./plain_loop.ts";

const grow: AnyStep = (state: { list: number[] }, rng: Rng, _params, t: number) => ({
  list: [...state.list.slice(-(t % 9)), rng.random()],
});

Deno.test("a run that stores few checkpoints has the states of one that stores all", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(...RNG_NAMES),
      fc.oneof(
        fc.record({ maxCheckpoints: fc.integer({ min: 2, max: 20 }) }),
        fc.record({ maxSize: fc.integer({ min: 1, max: 900 }) }),
      ),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (steps, blockSize, rng, budget, order) => {
        const options = { init: { list: [] as number[] }, steps, seed: 7, rng, blockSize };
        const expected = plainStates({ ...options, step: grow });
        const run = record<{ list: number[] }, RngName>(grow, { ...options, ...budget });
        const again = await load<{ list: number[] }>(await run.toBytes(), { step: grow });
        for (const each of [run, again, run.branch(0, { seed: "same" })]) {
          assertEquals([...each.states()] as unknown[], expected);
          for (const index of order) {
            const t = index % steps;
            assertEquals(each.get(t) as unknown, expected[t]);
            assertEquals([...each.states(t)] as unknown[], expected.slice(t));
            const first = (expected[t] as { list: number[] }).list.at(-1);
            assertEquals(each.find((state) => state.list.at(-1) === first), t);
          }
          const { blocks, checked } = each.verify({ full: true });
          assertEquals([blocks, checked], [each.record.checkpoints.length, blocks]);
          assertEquals(each.stats((s) => s.list.length).count, steps);
        }
        if (order.length > 0) {
          const point = order[0]! % steps;
          const branch = run.branch(point, { seed: "same" });
          assertEquals([...branch.states()] as unknown[], expected.slice(point));
        }
      },
    ),
    { numRuns: 80 },
  );
});

Deno.test("the budget is kept at every t, and the stride is the least that keeps it", () => {
  const step = (x: number) => x + 1;
  for (const maxCheckpoints of [2, 3, 7, 64]) {
    for (let steps = 1; steps < 300; steps += 7) {
      const { record: { stride, checkpoints } } = record(step, {
        init: 0,
        steps,
        seed: 1,
        blockSize: 2,
        maxCheckpoints,
      });
      assert(checkpoints.length <= maxCheckpoints);
      const blocks = Math.ceil(steps / 2);
      assertEquals(checkpoints.length, Math.ceil(blocks / stride));
      assert(stride === 1 || Math.ceil(blocks / (stride / 2)) > maxCheckpoints);
    }
  }
  const text = (_: string, rng: PythonRandom) => "x".repeat(rng.randrange(200) as number);
  const { record: { checkpoints, lastState } } = record(text, {
    init: "",
    steps: 5000,
    seed: 1,
    blockSize: 5,
    maxSize: 4000,
  });
  let bytes = lastState!.length;
  for (let i = 0; i < checkpoints.length; i++) bytes += checkpoints.bytesAt(i).length;
  assert(
    bytes <= 4000 && checkpoints.length > 10,
    `${bytes} bytes, ${checkpoints.length} checkpoints`,
  );
});

Deno.test("10^6 blocks of a run of unknown length stay below 10 MB with the stride that their sizes ask for", () => {
  const kept = new MemoryCheckpoints();
  const log = new CheckpointLog(kept, {
    budget: { bytesMax: 10_000_000, checkpointsMax: undefined },
  });
  const state = new Uint8Array(100);
  for (let block = 0; block < 1_000_000; block++) if (block === log.nextBlock) log.push(state);
  assertEquals([log.stride, log.count, kept.length], [16, 62_500, 62_500]);
});

Deno.test("verify() of a run with a stride names the span that differs", () => {
  let isOther = false;
  const step = (x: number, rng: PythonRandom) =>
    x + rng.random() + (isOther && x > 30 && x < 31 ? 1 : 0);
  const run = record(step, { init: 0, steps: 200, seed: 1, blockSize: 5, maxCheckpoints: 10 });
  assertEquals([run.record.stride, run.record.checkpoints.length], [4, 10]);
  isOther = true;
  const { report } = assertThrows(
    () => run.verify({ full: true }),
    NondeterministicReplayError,
  ) as unknown as {
    report: { badBlocks: { block: number; from: number; to: number }[] };
  };
  const [bad] = report.badBlocks;
  assertEquals(report.badBlocks.length, 1);
  assertEquals([bad!.from, bad!.to], [bad!.block * 20, bad!.block * 20 + 20]);
  assert(run.record.checkpoints.length === 10);
});

Deno.test("a budget that is none is refused", () => {
  const step = (x: number) => x;
  for (
    const budget of [{ maxSize: 0 }, { maxSize: 1.5 }, { maxCheckpoints: 1 }, {
      maxCheckpoints: NaN,
    }]
  ) {
    assertThrows(
      () => record(step, { init: 0, steps: 2, seed: 1, ...budget }),
      RangeError,
      "Cannot use 'max",
    );
  }
});

Deno.test("blocks and spans cover every t once, whatever the grid offset and the stride", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 200 }),
    fc.integer({ min: 1, max: 15 }),
    fc.nat(40),
    fc.integer({ min: 1, max: 5 }),
    (steps, blockSize, gridOffset, stride) => {
      const grid = { steps, blockSize, gridOffset, stride };
      let spans = 0;
      for (let t = 0; t < steps; t++) {
        const block = blockOf(t, grid);
        assertEquals(
          block,
          Math.floor((gridOffset + t) / blockSize) - Math.floor(gridOffset / blockSize),
        );
        assert(blockStart(block, grid) <= t && t < blockStart(block + 1, grid));
        const span = spanOf(t, grid);
        if (t === spanStart(span, grid)) spans++;
        assert(spanStart(span, grid) <= t && t < spanEnd(span, grid));
        assertEquals(spanReach(span, grid), Math.min(spanEnd(span, grid), steps - 1));
      }
      assertEquals([spanCount(grid), blockCount(grid)], [spans, blockOf(steps - 1, grid) + 1]);
    },
  ));
});
