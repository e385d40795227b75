import { assertEquals } from "@std/assert";
import { combine, readAxis } from "../../src/campaign/axes.ts";
import { Indifference } from "../../src/campaign/indifference.ts";
import type { TrialRow } from "../../src/campaign/trial_row.ts";

/** What is told of results over seeds 0 and 1 with these parameters. */
function told(
  axes: readonly string[],
  final: (params: Record<string, number>, seed: number) => number,
) {
  const sets = combine(axes.map(readAxis));
  const indifference = new Indifference(sets);
  for (const seed of [0, 1]) {
    for (const [set, params] of sets.entries()) {
      const value = final(params as Record<string, number>, seed);
      indifference.add({ seed, set, params, final: value } as unknown as TrialRow);
    }
  }
  return indifference.names();
}

Deno.test("a parameter that changed no result is told, beside one that did", () => {
  assertEquals(told(["a=1,2", "b=1,2"], ({ a }, seed) => a! + seed), ["b"]);
  assertEquals(told(["a=1,2", "b=1,2"], () => 7), ["a", "b"]);
  assertEquals(told(["a=1,2"], ({ a }, seed) => seed * a!), [], "one difference is enough");
  assertEquals(told(["a=1,2", "b=1,2"], ({ a, b }) => a! * b!), []);
  assertEquals(told(["a=1"], () => 7), [], "nothing was compared");
});
