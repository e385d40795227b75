/**
 * What is public of the engine.
 * This module is browser compatible.
 *
 * @module
 */

export { defaultBlockSize } from "./run_bounds.ts";
export type { Divergence, DivergenceKind, DrawDifference } from "./diverge/divergence.ts";
export type { DivergeOptions } from "./diverge/local.ts";
export type { Change, ChangePredicate } from "./when.ts";
export type { ChangesOptions, WhenOptions } from "./when_local.ts";
export type { RecordOptions, RecordProgress } from "./record_types.ts";
export type { PartialComponentData, PartialStatsData } from "./types.ts";
export { InputChunk } from "./input_chunk.ts";
export type { Inputs } from "./record_types.ts";
export { RecordView } from "./record_view.ts";
export type { RunMetadata } from "./record_types.ts";
export type {
  BranchOptions,
  ExtendOptions,
  Histogram,
  ParameterChange,
  RunFunctions,
  StatesOptions,
  StatsExtras,
  StatsOptions,
  StepRange,
  VerifyOptions,
} from "./run_options.ts";
export type { SeriesError } from "./blocking_error.ts";
export type { SeriesData } from "./extras_data.ts";
export type { SeriesOptions, SeriesStats } from "./series_stats.ts";
export type { Shard } from "./shard.ts";

export type { TraceEntry } from "./types.ts";
export type {
  CheckpointStore,
  ClockShim,
  IndexRange,
  InitFunction,
  InputStore,
  MathKind,
  Observable,
  Observation,
  RunFailure,
  RunRecord,
  ScalarStats,
  Shims,
  StartKind,
  StateCodec,
  Stats,
  StepFunction,
  StorageBudget,
  VectorStats,
} from "./types.ts";
export type { BadBlock, MismatchCause, OtherSharing, VerifyReport } from "./verify_types.ts";
