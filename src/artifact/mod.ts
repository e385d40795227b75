/**
 * What is public of artifacts: recording, saving, opening.
 * This module is browser compatible.
 *
 * @module
 */

export type { RecordedStretch, Writer } from "./recorded_by.ts";
export type { WriteFileOptions } from "./file.ts";
export { load, type LoadOptions } from "./load.ts";
export type { HeaderFact } from "./header.ts";
export type { ArtifactInfo } from "./open_record.ts";
export { inspect } from "./inspect.ts";
export type { SourceMapInfo } from "./source_map.ts";
export { OpenRecorder, openRecorder, type OpenRecorderOptions } from "./open_recorder.ts";
export { record, Run, type RunOrigin } from "./run.ts";
export type { RunMetadata } from "./metadata.ts";
export type {
  BadBlockData,
  ShardedRun,
  ShardObservable,
  ShardPart,
  ShardPartHead,
  StatsShardPart,
  VerifyShardPart,
} from "./shard_part.ts";
