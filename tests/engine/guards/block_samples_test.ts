import { assertEquals } from "@std/assert";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { BlockSamples } from "../../../src/engine/guards/block_samples.ts";
import type { ReplayPlan } from "../../../src/engine/types.ts";

const PLAN = { blockSize: 10, gridOffset: 0 } as ReplayPlan<unknown>;

/** Blocks chosen of a run whose list grows at the end of some of them. */
function chosen(blocks: number, growing: readonly number[]): number[] {
  const samples = new BlockSamples(() => 0.999999);
  const list = [0];
  for (let block = 0; block < blocks; block++) {
    samples.keep(encodeState({ list, block }), block);
    if (growing.includes(block)) list.push(block);
  }
  const outcome = { steps: 10 * blocks, lastState: encodeState({ list, block: blocks }) };
  return samples.stretches(outcome, PLAN).map(({ block }) => block);
}

Deno.test("BlockSamples takes the last blocks and the first, then those in which a shape changed", () => {
  // By chance the first ones were kept.
  assertEquals(chosen(100, [40, 70]), [99, 98, 0, 70, 40, 5, 4, 3, 2, 1]);
});

Deno.test("BlockSamples takes each block once, and none in which there is nothing to replay", () => {
  assertEquals(chosen(1, []), [0]);
  assertEquals(chosen(2, []), [1, 0]);
  const samples = new BlockSamples(Math.random);
  samples.keep(encodeState(0), 0);
  samples.keep(encodeState(1), 1);
  const stretches = samples.stretches({ steps: 11, lastState: encodeState(1) }, PLAN);
  assertEquals(stretches.map(({ block, from, to }) => [block, from, to]), [[0, 0, 10]]);
});

Deno.test("BlockSamples gives each block of its kind the same chance", () => {
  const counts = new Array<number>(40).fill(0);
  let state = 1;
  const chance = () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 2000; round++) {
    const samples = new BlockSamples(chance);
    for (let block = 0; block < 41; block++) samples.keep(encodeState(block), block);
    const outcome = { steps: 410, lastState: encodeState(41) };
    for (const { block } of samples.stretches(outcome, PLAN)) {
      counts[block] = (counts[block] ?? 0) + 1;
    }
  }
  // 6 of 40, beyond the first and the last two: 300 in 2,000, give or take five standard deviations.
  for (const count of counts.slice(1, 39)) {
    assertEquals(Math.abs(count - 300) < 80, true, `${count}`);
  }
});
