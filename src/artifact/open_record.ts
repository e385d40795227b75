/**
 * Opening artifacts as plain data: ours and the Python package's, from a file or from bytes. Runs no code.
 * This module is browser compatible.
 *
 * @module
 */

import { pathText } from "../disk/disk.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { blockOf, blockStart, spanOf, spanStart } from "../engine/block_grid.ts";
import { type ByteSource, bytesSource } from "../bytes/byte_source.ts";
import type { RunRecord } from "../engine/types.ts";
import { later } from "../later.ts";
import { decodeArtifact, type OpenedArtifact } from "./decode_artifact.ts";
import { openFile } from "./artifact_file.ts";
import type { OpenedUnfinished } from "./grow/open_unfinished.ts";
import { isUnfinishedPath } from "./grow/paths.ts";
import { type HeaderFact, headerFacts } from "./header.ts";
import { SEED_DERIVATION } from "./header_shape.ts";
import { metadataOf } from "../engine/record_view.ts";
import { isPeerArtifact } from "./peer/is_peer.ts";
import type { RecordedStretch } from "./recorded_by.ts";
import { type SourceMapInfo, sourceMapInfo } from "./source_map.ts";
import type { RunMetadata } from "../engine/record_types.ts";

/** An artifact opened without any code. */
export interface OpenedRecord {
  /** The run as plain data. */
  readonly record: RunRecord;
  /** What {@linkcode inspect} tells. */
  readonly info: ArtifactInfo;
  /** An unfinished recording, as it was opened; undefined for a finished one. */
  readonly unfinished: OpenedUnfinished | undefined;
  /** Reads and checks all that was not read yet. */
  checkAll(): void;
}

/** What {@linkcode inspect} tells about an unfinished recording. */
export interface UnfinishedInfo {
  /** Number of states that it is to have; undefined if that is open. */
  readonly plannedSteps: number | undefined;
  /** Number of states that are made again when it is resumed. */
  readonly recomputed: number;
  /** Most seconds between two flushes. */
  readonly flushSeconds: number;
}

/** What {@linkcode inspect} tells about an artifact. */
export interface ArtifactInfo extends RunMetadata {
  /** Which program's format it is. */
  readonly format: "rewind" | "rewind-engine (Python)";
  /** Version of that format. */
  readonly formatVersion: number;
  /** Size of the file in bytes. */
  readonly fileBytes: number;
  /** Content hash, lower-case hexadecimal. */
  readonly contentHash: string;
  /** Whether the content hash was recomputed and found right, or why it could not be. */
  readonly contentHashStatus: string;
  /** Statistics computed while recording. */
  readonly statistics: RunRecord["observed"];
  /** Parameters of the run. */
  readonly params: unknown;
  /** Why the run is shorter than asked for, if a step threw. */
  readonly failure: RunRecord["failure"];
  /** SHA-256 of the source, also where it was left out of the file. */
  readonly sourceHash: string | undefined;
  /** Size of the embedded source in bytes. */
  readonly sourceBytes: number;
  /** What the source map tells of its author's files; undefined if there is none. */
  readonly sourceMap: SourceMapInfo | undefined;
  /** What its header says, for people. */
  readonly facts: readonly HeaderFact[];
  /** What recorded it, stretch by stretch; empty if the format does not say so. */
  readonly recordedBy: readonly RecordedStretch[];
  /** For an unfinished recording: how it stands. Its steps are those that are durable. */
  readonly unfinished: UnfinishedInfo | undefined;
}

/**
 * Opens an artifact, ours or the Python package's, without running code.
 *
 * @throws {ArtifactIntegrityError} If it is damaged, cut short or foreign.
 * @throws {UnsafeArtifactError} If it asks for code to be run, as some pickles do.
 */
export async function openRecord(pathOrBytes: string | URL | Uint8Array): Promise<OpenedRecord> {
  if (!(pathOrBytes instanceof Uint8Array) && isUnfinishedPath(pathText(pathOrBytes))) {
    const { openUnfinished } = await later<typeof import("./grow/open_unfinished.ts")>(
      "artifact/grow/open_unfinished.ts",
    );
    return openOwn(openUnfinished(systemDisk(), pathText(pathOrBytes)));
  }
  const source = pathOrBytes instanceof Uint8Array
    ? bytesSource(pathOrBytes)
    : openFile(pathOrBytes);
  return isPeerArtifact(source.read(0, Math.min(4, source.size)))
    ? await openPeer(source)
    : openOwn(decodeArtifact(source));
}

function openOwn(opened: OpenedArtifact | OpenedUnfinished): OpenedRecord {
  const { record } = opened;
  const unfinished = "position" in opened ? opened : undefined;
  return {
    record,
    unfinished,
    checkAll: () => opened.checkAll(),
    info: {
      // Looking at the source itself would decompress it.
      ...infoOf(record, opened.sourceBytes > 0),
      // Vectors have many sums, which few who open an artifact look at.
      get statistics() {
        return record.observed;
      },
      format: "rewind",
      formatVersion: opened.formatVersion,
      fileBytes: opened.fileBytes,
      contentHash: opened.contentHash,
      contentHashStatus: "verified",
      get sourceMap() {
        const { sourceMap } = record;
        return sourceMap === undefined ? undefined : sourceMapInfo(sourceMap);
      },
      facts: opened.facts,
      sourceHash: opened.sourceHash,
      sourceBytes: opened.sourceBytes,
      recordedBy: opened.stretches,
      unfinished: unfinished && unfinishedInfo(unfinished),
    },
  };
}

async function openPeer(source: ByteSource): Promise<OpenedRecord> {
  // It is larger than all else that opening takes.
  const { readPeerArtifact } = await later<typeof import("./peer/read_peer.ts")>(
    "artifact/peer/read_peer.ts",
  );
  const { record, contentHash, hashStatus } = readPeerArtifact(source.read(0, source.size));
  return {
    record,
    unfinished: undefined,
    checkAll: () => {},
    info: {
      ...infoOf(record, false),
      statistics: record.observed,
      format: "rewind-engine (Python)",
      formatVersion: 1,
      fileBytes: source.size,
      contentHash,
      contentHashStatus: hashStatus,
      facts: headerFacts({
        ...record,
        seeds: SEED_DERIVATION,
        sourceHash: undefined,
        observed: Object.values(record.observed),
      }),
      sourceHash: undefined,
      sourceBytes: 0,
      sourceMap: undefined,
      recordedBy: [],
      unfinished: undefined,
    },
  };
}

function unfinishedInfo({ record, position }: OpenedUnfinished): UnfinishedInfo {
  const t = record.steps - 1;
  const block = blockStart(blockOf(t, record), record);
  return {
    plannedSteps: position.settings.steps,
    recomputed: t === block ? 0 : t - spanStart(spanOf(t, record), record),
    flushSeconds: position.settings.flushSeconds,
  };
}

function infoOf(
  record: RunRecord,
  hasSource: boolean,
): RunMetadata & Pick<ArtifactInfo, "params" | "failure"> {
  return {
    ...metadataOf(record, { hasSource }),
    params: record.params,
    failure: record.failure,
  };
}
