import { assert, assertEquals } from "@std/assert";
import { compareRuns } from "../../../src/training/compare/compare.ts";
import type { RunComparison } from "../../../src/training/compare/run_comparison.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import type { ToleranceOptions } from "../../../src/training/compare/tolerance.ts";
import { assertThrows } from "@std/assert";
import { makeLog } from "../support.ts";

type Values = readonly (number | undefined)[];

function compare(
  original: Values,
  replay: Values,
  options: ToleranceOptions & { allowMissing?: boolean; maxSteps?: number } = {},
): RunComparison {
  const steps = (values: Values): number[] => values.map((_, step) => step);
  return compareRuns(
    makeLog(steps(original), { loss: original }),
    makeLog(steps(replay), { loss: replay }),
    { metrics: parseMetrics(["loss"], options), ...options },
  );
}

Deno.test("compareRuns() finds the first violation, its size and all of them", () => {
  const result = compare([1, 2, 3, 4], [1, 2.001, 3.3, 5]);
  assertEquals(result.verdict, "differs");
  assertEquals(result.violations, 2);
  assertEquals(result.firstMismatch?.step, 2);
  const metric = result.metrics[0]!;
  assertEquals([...metric.violationRows], [2, 3]);
  assertEquals(metric.firstUnequalStep, 1);
  assertEquals(metric.maxDiff, 0.25);
  assertEquals(metric.maxDiffStep, 3);
  assertEquals(metric.maxAbsDiff, 1);
});

Deno.test("compareRuns() gives the mean and the deviation (divisor n) of the relative differences", () => {
  const { meanDiff, stdDiff } = compare([1, 1, 1, 1], [1, 1, 1.5, 1.5]).metrics[0]!;
  assertEquals(meanDiff, 0.25);
  assertEquals(stdDiff, 0.25);
});

Deno.test("compareRuns() at tolerance 0 passes equal bits only", () => {
  assertEquals(compare([0.1, 0.2], [0.1, 0.2], { tolerance: 0 }).verdict, "match");
  assertEquals(compare([0.1], [0.1 + 2 ** -56], { tolerance: 0 }).verdict, "differs");
});

// rldk skips NaN on either side, and passes.
Deno.test("compareRuns() calls NaN against a number a mismatch and NaN against NaN equal", () => {
  const broken = compare([1, 2, 3], [1, 2, NaN]);
  assertEquals(broken.verdict, "differs");
  assertEquals(broken.firstMismatch?.kind, "non_finite");
  assertEquals(compare([1, NaN, Infinity], [1, NaN, Infinity]).verdict, "match");
  assertEquals(compare([Infinity], [-Infinity]).verdict, "differs");
});

// rldk's max_diff_step indexes past the NaNs that it skipped.
Deno.test("compareRuns() names the step of the largest difference despite NaN before it", () => {
  assertEquals(compare([NaN, NaN, 1, 1], [NaN, NaN, 1, 2]).metrics[0]!.maxDiffStep, 3);
});

// rldk warns, compares nothing, and passes.
Deno.test("compareRuns() does not pass if a metric is missing, or nothing was compared", () => {
  const a = makeLog([0, 1], { loss: [1, 2], kl: [1, 1] });
  const b = makeLog([0, 1], { loss: [1, 2] });
  const missing = compareRuns(a, b, { metrics: parseMetrics(["loss,kl"], {}) });
  assertEquals(missing.verdict, "differs");
  assert(missing.reasons[0]!.startsWith("kl was not compared"));
  const allowed = compareRuns(a, b, { metrics: parseMetrics(["loss,kl"], {}), allowMissing: true });
  assertEquals(allowed.verdict, "match");
  assertEquals(allowed.waived.length, 1);
  assertEquals(
    compareRuns(a, b, { metrics: parseMetrics(["kl"], {}), allowMissing: true }).verdict,
    "nothing_compared",
  );
  const apart = makeLog([7, 8], { loss: [1, 2] });
  assertEquals(
    compareRuns(a, apart, { metrics: parseMetrics(["loss"], {}) }).verdict,
    "nothing_compared",
  );
});

// rldk never reports them.
Deno.test("compareRuns() fails on steps that one side lacks, unless that is allowed", () => {
  const short = compare([1, 2, 3], [1, 2]);
  assertEquals(short.verdict, "differs");
  assert(short.reasons[0]!.includes("step 2 only in the original"));
  assert(short.reasons[0]!.includes("ends at step 1"));
  assertEquals(compare([1, 2], [1, 2, 3]).verdict, "differs");
  assertEquals(compare([1, 2, 3], [1, 2], { allowMissing: true }).verdict, "match");
});

// rldk cuts the original only.
Deno.test("compareRuns() cuts both logs at maxSteps", () => {
  assertEquals(compare([1, 2, 3], [1, 2, 9, 9], { maxSteps: 1 }).verdict, "match");
});

Deno.test("compareRuns() reports a value that only one side has at a common step", () => {
  const result = compare([1, undefined, 3], [1, 2, undefined]);
  assertEquals(result.mismatches.map((mismatch) => mismatch.kind), [
    "missing_original",
    "missing_replay",
  ]);
  assertEquals(
    result.reasons[0],
    "loss differs from step 1 on (no value against 2): " +
      "2 without a value on one side, 0 of 1 value outside tolerance=0.01",
  );
  assertEquals(compare([1, undefined], [1, undefined]).verdict, "match");
});

// rldk reads `-m "a,b"` as one unknown metric, and passes.
Deno.test("parseMetrics() takes lists, repetition and bounds per metric", () => {
  const selection = parseMetrics(["a,b", "c:rtol=1e-5:atol=1e-8"], {});
  assertEquals(selection.requests.map((request) => request.name), ["a", "b", "c"]);
  assertEquals(selection.requests[0]!.tolerance.tolerance, 0.01);
  assertEquals(selection.requests[2]!.tolerance, { tolerance: 0, atol: 1e-8, rtol: 1e-5, ulp: 0 });
  assertThrows(() => parseMetrics(["a:rtol=x"], {}), RangeError);
  assertThrows(() => parseMetrics([" , "], {}), TypeError);
});

Deno.test("compareRuns() with all takes shared metrics and leaves out clocks and bookkeeping", () => {
  const a = makeLog([0], {
    loss: [1],
    wall_time: [5],
    "perf/throughput": [3],
    seed: [1],
    batch_time: [1],
  });
  const b = makeLog([0], { loss: [1], wall_time: [6], "perf/throughput": [4], seed: [2] });
  const result = compareRuns(a, b, { metrics: parseMetrics(["all"], {}) });
  assertEquals(result.verdict, "match");
  assertEquals(result.metrics.map((metric) => metric.metric), ["loss"]);
  assertEquals(result.skipped.length, 4);
  const named = compareRuns(a, b, { metrics: parseMetrics(["wall_time"], {}) });
  assertEquals(named.verdict, "differs");
});

Deno.test("compareRuns() with all fails on metrics that one log alone has, and names them first", () => {
  const a = makeLog([0, 1], { loss: [1, 2], reward: [1, 1], ["eval-KL"]: [1, 1] });
  const b = makeLog([0, 1], { loss: [1, 3], eval_kl: [1, 1] });
  const all = parseMetrics(["all"], {});
  const result = compareRuns(a, b, { metrics: all });
  assertEquals(result.verdict, "differs");
  assertEquals(result.reasons.slice(0, 2), [
    "only in the original (test): reward, eval-KL (is it eval_kl there?)",
    "only in the replay (test): eval_kl (is it eval-KL there?)",
  ]);
  assert(result.reasons[2]!.startsWith("loss differs"));
  const same = makeLog([0, 1], { loss: [1, 2], eval_kl: [1, 1] });
  const allowed = compareRuns(a, same, { metrics: all, allowMissing: true });
  assertEquals(allowed.verdict, "match");
  assertEquals(allowed.waived.length, 2);
  // A column without a value up to the last step says nothing.
  const late = makeLog([0, 1], { loss: [1, 2], reward: [undefined, 1] });
  const short = makeLog([0], { loss: [1] });
  assertEquals(compareRuns(late, short, { metrics: all, maxSteps: 0 }).verdict, "match");
});

Deno.test("compareRuns() rounds to float32 where one side is stored as such", () => {
  const wide = makeLog([0, 1], { loss: [0.1, 0.7] });
  const narrow = makeLog([0, 1], { loss: [0.1, 0.7].map(Math.fround) }, { float32: true });
  const exact = parseMetrics(["loss"], { tolerance: 0 });
  assertEquals(compareRuns(wide, narrow, { metrics: exact }).verdict, "match");
  const off = makeLog([0, 1], { loss: [0.1, 0.7].map((x) => Math.fround(x * (1 + 2 ** -20))) }, {
    float32: true,
  });
  assertEquals(compareRuns(wide, off, { metrics: exact }).verdict, "differs");
  assertEquals(compareRuns(narrow, off, { metrics: exact }).verdict, "differs");
});

Deno.test("compareRuns() lists mismatches of all metrics by step", () => {
  const a = makeLog([0, 1], { x: [1, 1], y: [1, 1] });
  const b = makeLog([0, 1], { x: [1, 2], y: [2, 2] });
  const { mismatches } = compareRuns(a, b, { metrics: parseMetrics(["x,y"], {}) });
  assertEquals(mismatches.map(({ step, metric }) => `${metric}${step}`), ["y0", "x1", "y1"]);
});
