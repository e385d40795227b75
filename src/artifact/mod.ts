/**
 * What is public of artifacts: recording, saving, opening.
 * This module is browser compatible.
 *
 * @module
 */

export type { Provenance, Writer } from "./encode_artifact.ts";
export type { WriteFileOptions } from "./file.ts";
export { type ArtifactInfo, inspect, load, type LoadOptions } from "./load.ts";
export { record, Run, type RunMetadata, type RunOrigin } from "./run.ts";
