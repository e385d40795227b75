import { assertEquals } from "@std/assert";
import { TrialLength } from "../../../src/engine/guards/guard_time.ts";

/** After two blocks of 100 states that took so many milliseconds each. */
function timed(...blocks: number[]): TrialLength {
  let ms = 0;
  let t = 0;
  const length = new TrialLength(() => ms);
  for (const took of blocks) {
    length.start(t);
    ms += took;
    length.stop(t += 100);
  }
  return length;
}

Deno.test("TrialLength lets a trial take 6 ms, or 1 % of the run where that is more", () => {
  assertEquals(timed(10, 10).states(1000), 20); // 0.1 ms a state, made three times
  assertEquals(timed(10, 10).states(10 ** 6), 3333);
  assertEquals(timed(0.1, 0.1).states(1000), 2000);
});

Deno.test("TrialLength goes by the fastest block, and tries some states of the slowest step", () => {
  assertEquals(timed(500, 10).states(1000), 20);
  assertEquals(timed(10 ** 5, 10 ** 5).states(100), 8);
});

Deno.test("TrialLength without a clock tries everything", () => {
  const length = new TrialLength(undefined);
  length.start(0);
  length.stop(100);
  assertEquals(length.states(1000), Infinity);
});
