import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  median,
  quantileOfSorted,
  robustDeviation,
  summarize,
} from "../../../src/training/statistics/summary.ts";

Deno.test("summarize() does not cancel at a large offset", () => {
  assertEquals(summarize([1e9, 1e9 + 1, 1e9 + 2]).variance, 1);
});

Deno.test("median(), quantileOfSorted() and robustDeviation() leave the sample as it is", () => {
  const values = [3, 1, 2];
  assertEquals(median(values), 2);
  assertEquals(values, [3, 1, 2]);
  assertEquals(quantileOfSorted([0, 10], 0.25), 2.5);
  assert(Number.isNaN(median([])));
  assertAlmostEquals(robustDeviation([1, 2, 3, 4, 100]), 1.4826);
});
