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
} from "./compare/align_steps.ts";
export { baseline, type BaselineOptions } from "./verbs/baseline.ts";
export type { Baseline, BaselineReport } from "./findings/baseline_report.ts";
export type { Surroundings } from "./command/surroundings.ts";
export type { SurroundingsChange } from "./findings/surroundings_changes.ts";
export { bisect } from "./verbs/bisect_commits.ts";
export type { BisectOptions } from "./verbs/bisect_options.ts";
export type { BisectReport, BisectStep } from "./findings/bisect_report.ts";
export { canonicalName } from "./log/canonical_names.ts";
export { isTimingName } from "./log/timing_names.ts";
export type { OwnHandEffect, OwnHandTrial } from "./findings/own_hand.ts";
export type { CulpritSearch, CulpritTrial } from "./findings/culprit.ts";
export { checkDeterminism } from "./verbs/check_determinism.ts";
export type { DeterminismOptions } from "./verbs/determinism_options.ts";
export { checkResume } from "./verbs/check_resume.ts";
export type { ResumeOptions } from "./verbs/resume_options.ts";
export type {
  ResumeCulprit,
  ResumeReport,
  ResumeRun,
  ResumeVerdict,
} from "./findings/resume_report.ts";
export { CAUSE_KINDS } from "./fingerprints/cause.ts";
export type { FingerprintFinding } from "./findings/fingerprint_finding.ts";
export { determinismCard } from "./files/determinism_files.ts";
export type {
  DeterminismReport,
  DeterminismVerdict,
  ReplicaMismatch,
} from "./findings/determinism_report.ts";
export {
  type Perturbation,
  type PerturbationResult,
  PERTURBATIONS,
} from "./findings/perturbation.ts";
export {
  FINGERPRINT_LEVELS,
  type FingerprintLevel,
  type FingerprintRequest,
} from "./command/fingerprint_request.ts";
export { type CauseKind, type FingerprintCause } from "./fingerprints/cause.ts";
export {
  compareFingerprints,
  type CompareFingerprintsOptions,
  type FingerprintComparison,
} from "./fingerprints/compare_fingerprints.ts";
export {
  compareResumed,
  type CompareResumedOptions,
  type LostPart,
  type RestoredPart,
  type ResumeComparison,
} from "./fingerprints/compare_resumed.ts";
export { diffFolder, type DiffFolderOptions } from "./verbs/diff_folder.ts";
export type { FolderDiffReport, RunPair } from "./findings/folder_diff_report.ts";
export type { FingerprintRecord } from "./fingerprints/record.ts";
export { TrainingCommandError } from "./command/errors.ts";
export { type CommandWords, joinCommand, splitCommand } from "./command/command_words.ts";
export { type AlignedSeries, alignedSeries } from "./compare/aligned_series.ts";
export { type CompareOptions, compareRuns } from "./compare/compare.ts";
export type {
  ComparisonVerdict,
  MetricComparison,
  Mismatch,
  MismatchKind,
  RunComparison,
  SkippedMetric,
} from "./compare/run_comparison.ts";
export {
  type ComparisonExpression,
  holds,
  parseComparison,
} from "./compare/comparison_expression.ts";
export { describeRun, type MetricDescription, type RunDescription } from "./log/describe_run.ts";
export { diffJson, divergenceJson } from "./files/diff_files.ts";
export {
  describeDrift,
  type DiffReport,
  type DriftFinding,
  type SignalDiff,
} from "./findings/diff_report.ts";
export { diff, diffLogs, type DiffOptions } from "./verbs/diff_runs.ts";
export { detectDrift, type DriftOptions } from "./statistics/drift_detection.ts";
export type { DriftEvent, DriftKind, DriftResult } from "./statistics/drift_event.ts";
export { TrainingLogError, type TrainingLogErrorOptions } from "./log/errors.ts";
export type { BaselineComparison, EvaluationReport } from "./findings/evaluation_report.ts";
export { evaluate, type EvaluateOptions } from "./verbs/evaluate.ts";
export { evaluationJson } from "./files/evaluation_files.ts";
export { evaluationMarkdown } from "./report/evaluation_markdown.ts";
export type {
  EvaluationOutcome,
  EvaluationResult,
  EvaluationRule,
  EvaluationStatus,
} from "./findings/evaluation_rule.ts";
export { EVALUATION_SUITES } from "./findings/evaluation_rules.ts";
export { FieldResolver, type FieldRole } from "./log/field_roles.ts";
export { LOG_FORMATS, type LogFormat } from "./log/formats/list.ts";
export { type Commit, GitError } from "./command/git_worktree.ts";
export { JsonlTail, type LogRow } from "./log/jsonl_tail.ts";
export {
  type MetricPair,
  type MetricRequest,
  type MetricSelection,
  parseMetrics,
} from "./compare/metric_selection.ts";
export { SITECUSTOMIZE } from "./command/sitecustomize.ts";
export { type LogReading, readRun, type ReadRunOptions } from "./log/read_run.ts";
export { replay } from "./verbs/replay.ts";
export type { ReplayOptions, ReplayProgress } from "./verbs/replay_options.ts";
export { type Device, DEVICES, OWN_CHANGES, type OwnChange } from "./command/replay_environment.ts";
export {
  comparisonJson,
  mismatchJson,
  REPLAY_FILES,
  writeReplayFiles,
} from "./files/replay_files.ts";
export type {
  ReplayMetricStats,
  ReplayReport,
  ReplayVerdict,
  Replica,
  ReplicaSignificance,
  ReplicaSpread,
} from "./findings/replay_report.ts";
export {
  type Column,
  column,
  type LogIssue,
  type LogIssueExample,
  type LogIssueKind,
  type LogNumbers,
  requireColumn,
  type RunLog,
  type RunMetadata,
  type SeedFinding,
  type StepSharing,
} from "./log/run_log.ts";
export {
  type PageOptions,
  renderDeterminismPage,
  renderDiffPage,
  renderReplayPage,
  renderReplaySummary,
  type SummaryOptions,
} from "./report/mod.ts";
export {
  injectSeed,
  type SeedInjection,
  type SeedInjectionOptions,
} from "./command/seed_injection.ts";
export { autocorrelationTime } from "./statistics/autocorrelation.ts";
export {
  blockBootstrap,
  type BlockBootstrapOptions,
  type MeanInterval,
} from "./statistics/block_bootstrap.ts";
export { type SampleSummary, summarize } from "./statistics/summary.ts";
export {
  type KolmogorovSmirnovResult,
  ksTest,
  type TwoSampleOptions,
  type WelchResult,
  welchTest,
} from "./statistics/two_sample_tests.ts";
export { createUniformSource, type UniformSource } from "./statistics/uniform_source.ts";
export {
  formatTolerance,
  resolveTolerance,
  type Tolerance,
  TOLERANCE_DEFAULT,
  type ToleranceOptions,
} from "./compare/tolerance.ts";
export { seeds, type SeedsOptions } from "./verbs/seeds.ts";
export type {
  SeedComparison,
  SeedGroup,
  SeedMetric,
  SeedResult,
  SeedsReport,
  SeedsVerdict,
} from "./findings/seeds_report.ts";
export type { Interval, Shift } from "./statistics/rank_intervals.ts";
export type { Difference, Estimate } from "./statistics/seed_statistics.ts";
export type { SeedValue } from "./log/seeds.ts";
export { RewindError } from "../errors.ts";
export { OutputFileError } from "./files/write_results.ts";
