/**
 * What is public of the engine.
 * This module is browser compatible.
 *
 * @module
 */

export {
  BaseRun,
  type BranchOptions,
  type RunFunctions,
  type StatesOptions,
  type StepRange,
  type VerifyOptions,
} from "./base_run.ts";
export { defaultBlockSize } from "./blocks.ts";
export type { RecordOptions, RecordProgress } from "./record_options.ts";
export type { PartialComponentData, PartialStatsData } from "./partial_stats.ts";
export { RecordView } from "./record_view.ts";
export type { IndexRange, Shard } from "./shard.ts";
export type { TraceEntry } from "./trace.ts";
export type {
  CheckpointStore,
  InitFunction,
  InputStore,
  MathKind,
  Observable,
  Observation,
  RunFailure,
  RunRecord,
  ScalarStats,
  StartKind,
  StateCodec,
  Stats,
  StepFunction,
  StorageBudget,
  VectorStats,
} from "./types.ts";
export type { BadBlock, MismatchCause, VerifyReport } from "./verify.ts";
