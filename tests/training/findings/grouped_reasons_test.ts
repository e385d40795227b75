import { assertEquals } from "@std/assert";
import { compareRuns } from "../../../src/training/compare/compare.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import { groupReasons } from "../../../src/training/findings/grouped_reasons.ts";
import { makeLog } from "../support.ts";

Deno.test("groupReasons() counts values that a run lacks apart from those that differ", () => {
  const reference = makeLog([0, 1, 2, 3], { loss: [1, 2, 3, 4] });
  const runs = [[1, 2, 3.5, undefined], [1, undefined, 3, 4]].map((loss, at) => ({
    index: at + 1,
    comparison: compareRuns(reference, makeLog([0, 1, 2, 3], { loss }), {
      metrics: parseMetrics(["loss"], { tolerance: 0 }),
      allowMissing: false,
      names: ["run 0", "the other"],
    }),
    problems: [],
  }));
  assertEquals(groupReasons(runs, "run").differing, [
    "loss differs in 2 of 2 runs, from step 1 on (2 against missing in run 2): " +
    "2 without a value on one side, 1 of 6 values outside bit-equal",
  ]);
});
