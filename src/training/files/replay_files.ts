/**
 * The files that a replay leaves: rldk's names and fields, and more fields beside them.
 *
 * @module
 */

import type { Mismatch } from "../compare/run_comparison.ts";
import { fingerprintJson } from "../findings/fingerprint_finding.ts";
import { jsonSafe, toJsonText } from "./json_text.ts";
import type { ReplayReport, Replica } from "../findings/replay_report.ts";
import type { RunLog } from "../log/run_log.ts";
import { formatTolerance } from "../compare/tolerance.ts";
import { type FileContent, writeReportFiles } from "./write_results.ts";

/** Report fields as rldk's `replay_comparison.json` names them, and ours. */
export function comparisonJson(report: ReplayReport): Record<string, unknown> {
  return {
    passed: report.passed,
    original_seed: report.originalSeed,
    replay_seed: report.replaySeed,
    metrics_compared: report.metricsCompared,
    tolerance: report.tolerance,
    tolerance_violations: report.toleranceViolations,
    comparison_stats: Object.fromEntries(
      Object.entries(report.comparisonStats).map(([metric, stats]) => [metric, {
        max_diff: stats.maxDiff,
        max_diff_step: stats.maxDiffStep,
        mean_diff: stats.meanDiff,
        std_diff: stats.stdDiff,
        tolerance_violations: stats.toleranceViolations,
        one_sided: stats.oneSided,
        compared: stats.compared,
        max_abs_diff: stats.maxAbsDiff,
        first_violation_step: stats.firstViolationStep,
        first_unequal_step: stats.firstUnequalStep,
        tolerance: stats.tolerance,
      }]),
    ),
    replay_command: report.replayCommand,
    replay_duration: report.replayDuration,
    verdict: report.verdict,
    compared: report.compared,
    skipped: report.skipped,
    reasons: report.reasons,
    warnings: report.warnings,
    notes: report.notes,
    first_mismatch: report.firstMismatch === undefined ? null : mismatchJson(report.firstMismatch),
    bounds: report.bounds,
    max_steps: report.maxSteps,
    original: report.original.source,
    original_format: report.original.format,
    seeds_found: report.seeds,
    seed_placement: report.seedPlacement,
    argv: report.argv,
    cwd: report.cwd,
    environment: report.environment,
    injected: report.injected,
    injected_perhaps: report.injectedPerhaps,
    replicas: report.replicas.map(replicaJson),
    replica_spread: report.spread.map((spread) => ({
      metric: spread.metric,
      replicas: spread.replicas,
      steps: spread.steps,
      max_spread: spread.maxSpread,
      max_spread_step: spread.maxSpreadStep,
      first_unequal_step: spread.firstUnequalStep,
      mean_std: spread.meanStd,
    })),
    significance: report.significance,
    own_hand: report.ownHand,
    fingerprints: fingerprintJson(report.fingerprints),
    changed_since_baseline: report.changes,
    files: report.files,
  };
}

function replicaJson(replica: Replica): Record<string, unknown> {
  return {
    index: replica.index,
    seed: replica.seed,
    own_seed: replica.ownSeed,
    completed: replica.completed,
    cut_short: replica.cutShort,
    problem: replica.problem,
    metrics_problem: replica.metricsProblem,
    end: replica.end,
    exit_code: replica.exitCode,
    stderr_tail: replica.stderrTail,
    duration: replica.durationSeconds,
    left_behind: replica.leftBehind,
    files: replica.files,
    rows: replica.log?.steps.length ?? 0,
    verdict: replica.comparison?.verdict,
    compared: replica.comparison?.compared ?? 0,
    tolerance_violations: replica.comparison?.violations ?? 0,
    injected: replica.injected,
    injected_perhaps: replica.injectedPerhaps,
    notes: replica.notes,
  };
}

/** One mismatch as rldk's `replay_mismatches.json` names it, and ours. */
export function mismatchJson(mismatch: Mismatch): Record<string, unknown> {
  return {
    step: mismatch.step,
    metric: mismatch.metric,
    original: mismatch.original,
    replay: mismatch.replay,
    absolute_diff: mismatch.absoluteDiff,
    relative_diff: mismatch.relativeDiff,
    // rldk's field is its one number; bounds of another kind are told in words beside it.
    tolerance: mismatch.tolerance.tolerance,
    kind: mismatch.kind,
    bounds: formatTolerance(mismatch.tolerance),
  };
}

/** Names of the files that a replay may write into its output folder. */
export const REPLAY_FILES = {
  metrics: "replay_metrics.jsonl",
  comparison: "replay_comparison.json",
  mismatches: "replay_mismatches.json",
  page: "replay_report.html",
} as const;

/**
 * Writes the report's files into `folder` and removes those of an earlier replay that do not apply any
 * more. `renderPage` makes the page, if there is to be one. What cannot be written is told by the report: the
 * verdict that hours of training gave is not lost with a file.
 */
export async function writeReplayFiles(
  report: ReplayReport,
  folder: string,
  renderPage?: (report: ReplayReport) => string,
): Promise<ReplayReport> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const log = report.decisive?.log;
  const paths: Record<string, string> = Object.fromEntries(
    Object.entries(REPLAY_FILES).map(([name, file]) => [name, path.join(folder, file)]),
  );
  const { ownSeed, seed } = report.decisive ?? {};
  const contents: Record<string, FileContent> = {
    ...(log === undefined ? {} : { metrics: () => metricsJsonl(log, ownSeed ?? seed!) }),
    ...(report.mismatches.length > 0
      ? { mismatches: () => toJsonText(report.mismatches.map(mismatchJson)) }
      : {}),
    ...(renderPage === undefined ? {} : { page: (files) => renderPage({ ...report, files }) }),
    comparison: (files) => toJsonText(comparisonJson({ ...report, files })),
  };
  const { files, failures } = await writeReportFiles(paths, contents);
  for (const [name, file] of Object.entries(paths)) {
    if (!(name in contents)) await fs.rm(file, { force: true });
  }
  return { ...report, files, warnings: [...report.warnings, ...failures] };
}

/** A log as JSON lines in `step` order, a megabyte at a time. */
function* metricsJsonl(log: RunLog, seed: bigint): Generator<string> {
  const columns = [...log.columns.values()].map((column) => ({
    column,
    key: `,${JSON.stringify(column.name)}:`,
  }));
  const head = `,"seed":${JSON.stringify(jsonSafe(seed))}`;
  let text = "";
  for (let row = 0; row < log.steps.length; row++) {
    text += `{"step":${log.steps[row]}${head}`;
    for (const { column, key } of columns) {
      if (column.present[row] === 0) continue;
      const value = column.values[row]!;
      text += key + (Object.is(value, -0) ? "-0.0" : JSON.stringify(jsonSafe(value)));
    }
    text += "}\n";
    if (text.length > 1 << 20) {
      yield text;
      text = "";
    }
  }
  yield text;
}
