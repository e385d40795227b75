/** Reports without a command that was run, for the pages' tests. */

import { compareRuns } from "../../../src/training/compare/compare.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import type {
  ReplayMetricStats,
  ReplayReport,
  Replica,
} from "../../../src/training/findings/replay_report.ts";
import { replicaSpread } from "../../../src/training/findings/replicas.ts";
import type { RunLog } from "../../../src/training/log/run_log.ts";
import type { ToleranceOptions } from "../../../src/training/compare/tolerance.ts";

/** The report of a replay of `original` that gave `logs`. */
export function makeReport(
  original: RunLog,
  logs: readonly RunLog[],
  options: { tolerance?: ToleranceOptions; maxSteps?: number; changes?: Partial<ReplayReport> } =
    {},
): ReplayReport {
  const selection = parseMetrics(["all"], options.tolerance ?? {});
  const { maxSteps } = options;
  const replicas = logs.map((log, index): Replica => ({
    index,
    seed: 42n,
    ownSeed: 42n,
    completed: true,
    cutShort: false,
    problem: undefined,
    metricsProblem: undefined,
    end: "exited",
    exitCode: 0,
    stderrTail: "",
    durationSeconds: 1.5,
    leftBehind: 0,
    files: { metrics: "out/metrics.jsonl", stdout: "out/stdout.txt", stderr: "out/stderr.txt" },
    log,
    comparison: compareRuns(original, log, {
      metrics: selection,
      ...(maxSteps === undefined ? {} : { maxSteps }),
    }),
    injected: [],
    injectedPerhaps: [],
    notes: [],
  }));
  const decisive = replicas.find((replica) => replica.comparison?.verdict === "differs") ??
    replicas[0];
  const comparison = decisive?.comparison;
  const passed = comparison?.verdict === "match";
  return {
    passed,
    verdict: passed ? "passed" : comparison === undefined ? "command_failed" : "failed",
    reasons: comparison?.reasons ?? [],
    differing: comparison?.differing ?? [],
    warnings: [],
    notes: [],
    originalSeed: 42n,
    replaySeed: 42n,
    seeds: [{ value: 42n, source: "run.jsonl", path: "seed", line: 1 }],
    metricsCompared: comparison?.metrics.map((metric) => metric.metric) ?? [],
    skipped: comparison?.skipped ?? [],
    compared: comparison?.compared ?? 0,
    tolerance: selection.tolerance.tolerance,
    bounds: selection.tolerance,
    mismatches: comparison?.mismatches ?? [],
    toleranceViolations: comparison?.violations ?? 0,
    firstMismatch: comparison?.firstMismatch,
    comparisonStats: Object.fromEntries(
      (comparison?.metrics ?? []).map((metric): [string, ReplayMetricStats] => [metric.metric, {
        maxDiff: metric.maxDiff,
        maxDiffStep: metric.maxDiffStep,
        meanDiff: metric.meanDiff,
        stdDiff: metric.stdDiff,
        toleranceViolations: metric.violations,
        oneSided: metric.oneSided,
        compared: metric.compared,
        maxAbsDiff: metric.maxAbsDiff,
        firstViolationStep: metric.firstMismatch?.step,
        firstUnequalStep: metric.firstUnequalStep,
        tolerance: metric.tolerance,
      }]),
    ),
    replayCommand: "python train.py --seed 42",
    argv: ["python", "train.py", "--seed", "42"],
    cwd: "/home/me/project",
    seedPlacement: "put after --seed",
    environment: { PYTHONHASHSEED: "42", OMP_NUM_THREADS: "1" },
    injected: ["numpy.random", "torch"],
    injectedPerhaps: [],
    injection: "import random\n",
    replayDuration: 1.5 * logs.length,
    maxSteps,
    original,
    replicas,
    decisive,
    spread: logs.length < 2
      ? []
      : [...original.columns.keys()].map((name) => replicaSpread(name, logs)),
    significance: [],
    ownHand: [],
    changes: undefined,
    files: {},
    ...options.changes,
  };
}

/** What the page's script finds in its data element. */
export function embeddedData(page: string): unknown {
  const match = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page);
  return JSON.parse(match![1]!);
}

/** A repeatable course of a metric: falling, with noise from a small generator. */
export function course(
  count: number,
  options: { seed?: number; level?: number; noise?: number } = {},
): number[] {
  const { seed = 1, level = 2, noise = 0.05 } = options;
  let state = seed >>> 0 || 1;
  return Array.from({ length: count }, (_, step) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return level / (1 + step / (count / 10)) + noise * ((state >>> 0) / 2 ** 32 - 0.5);
  });
}
