/**
 * What is public of artifacts: recording, saving, opening.
 * This module is browser compatible.
 *
 * @module
 */

export type { HeaderFact } from "./header.ts";
export type { RecordedStretch, Writer } from "./recorded_by.ts";
export type { WriteFileOptions } from "./artifact_file.ts";
export { inspect, load } from "./load.ts";
export type { LoadOptions } from "./types.ts";
export type { ArtifactInfo, UnfinishedInfo } from "./open_record.ts";
export type { SourceMapInfo } from "./source_map.ts";
export { OpenRecorder, openRecorder, resumeRecorder } from "./open_recorder.ts";
export type {
  OpenRecorderOptions,
  RecordingPlace,
  ResumeRecorderOptions,
} from "./recorder_options.ts";
export { record, Run } from "./run.ts";
export type { RunOrigin } from "./run_origin.ts";
export type {
  BadBlockData,
  ShardedRun,
  ShardObservable,
  ShardPart,
  ShardPartHead,
  StatsShardPart,
  VerifyShardPart,
} from "./shard_part.ts";
