/**
 * Seeded replay of training runs: reads logs of any trainer, runs the command again with its seed,
 * compares step by step; finds nondeterminism, drift and the commit that brought it.
 *
 * @example Read a log
 * ```ts
 * import { readRun } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * await Deno.writeTextFile(path, '{"step": 0, "seed": 42, "loss": 0.5}\n');
 * const log = await readRun(path);
 * await Deno.remove(path);
 * assertEquals(log.seeds[0]?.value, 42n);
 * ```
 *
 * @module
 */

export {
  type AlignedSteps,
  type AlignOptions,
  alignSteps,
  type StepsOnOneSide,
} from "./align_steps.ts";
export {
  bisect,
  type BisectOptions,
  type BisectReport,
  type BisectStep,
} from "./bisect_commits.ts";
export { canonicalName, isTimingName } from "./canonical_names.ts";
export { checkDeterminism, type DeterminismOptions } from "./check_determinism.ts";
export {
  determinismCard,
  type DeterminismReport,
  type DeterminismVerdict,
  type ReplicaMismatch,
} from "./determinism_report.ts";
export { type Perturbation, type PerturbationResult, PERTURBATIONS } from "./perturbation.ts";
export { TrainingCommandError } from "./child_process.ts";
export { type CommandWords, joinCommand, splitCommand } from "./command_words.ts";
export {
  type AlignedSeries,
  alignedSeries,
  type CompareOptions,
  compareRuns,
  type ComparisonVerdict,
  type MetricComparison,
  type Mismatch,
  type MismatchKind,
  type RunComparison,
  type SkippedMetric,
} from "./compare.ts";
export { type ComparisonExpression, holds, parseComparison } from "./comparison_expression.ts";
export { describeRun, type MetricDescription, type RunDescription } from "./describe_run.ts";
export { diffJson, divergenceJson } from "./diff_files.ts";
export {
  describeDrift,
  type DiffReport,
  type DriftFinding,
  type SignalDiff,
} from "./diff_report.ts";
export { diff, diffLogs, type DiffOptions } from "./diff_runs.ts";
export {
  detectDrift,
  type DriftEvent,
  type DriftKind,
  type DriftOptions,
  type DriftResult,
} from "./drift_detection.ts";
export { TrainingLogError, type TrainingLogErrorOptions } from "./errors.ts";
export {
  type BaselineComparison,
  evaluate,
  type EvaluateOptions,
  evaluationJson,
  evaluationMarkdown,
  type EvaluationReport,
} from "./evaluate.ts";
export type {
  EvaluationOutcome,
  EvaluationResult,
  EvaluationRule,
  EvaluationStatus,
} from "./evaluation_rule.ts";
export { EVALUATION_SUITES } from "./evaluation_rules.ts";
export { FieldResolver, type FieldRole } from "./fields.ts";
export { type Commit, GitError } from "./git_worktree.ts";
export { JsonlTail, type LogRow } from "./jsonl_tail.ts";
export {
  type MetricPair,
  type MetricRequest,
  type MetricSelection,
  parseMetrics,
} from "./metric_selection.ts";
export { SITECUSTOMIZE } from "./python_injection.ts";
export { readRun, type ReadRunOptions } from "./read_run.ts";
export { replay, type ReplayOptions, type ReplayProgress } from "./replay.ts";
export { type Device, DEVICES } from "./replay_environment.ts";
export { comparisonJson, mismatchJson, REPLAY_FILES, writeReplayFiles } from "./replay_files.ts";
export type {
  ReplayMetricStats,
  ReplayReport,
  ReplayVerdict,
  Replica,
  ReplicaSignificance,
  ReplicaSpread,
} from "./replay_report.ts";
export {
  bisectLines,
  determinismLines,
  diffLines,
  evaluationLines,
  exitCodeOf,
  mismatchLine,
  replayLines,
} from "./report_text.ts";
export {
  type Column,
  column,
  LOG_FORMATS,
  type LogFormat,
  type LogIssue,
  type LogIssueExample,
  type LogIssueKind,
  requireColumn,
  type RunLog,
  type RunMetadata,
  type SeedFinding,
} from "./run_log.ts";
export {
  type PageOptions,
  renderDeterminismPage,
  renderDiffPage,
  renderReplayPage,
} from "./report/mod.ts";
export { injectSeed, type SeedInjection, type SeedInjectionOptions } from "./seed_injection.ts";
export {
  autocorrelationTime,
  blockBootstrap,
  type BlockBootstrapOptions,
  createUniformSource,
  type KolmogorovSmirnovResult,
  ksTest,
  type MeanInterval,
  type SampleSummary,
  summarize,
  type TwoSampleOptions,
  type UniformSource,
  type WelchResult,
  welchTest,
} from "./statistics.ts";
export {
  formatTolerance,
  resolveTolerance,
  type Tolerance,
  TOLERANCE_DEFAULT,
  type ToleranceOptions,
} from "./tolerance.ts";
export type { SeedValue } from "./seeds.ts";
export { RewindError } from "../errors.ts";
export { OutputFileError } from "./write_file.ts";
