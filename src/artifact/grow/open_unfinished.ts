/**
 * Opens what a recording has made durable so far: the closed chunks in `RUN.replay.part`, and what is not
 * closed in `RUN.replay.part.tail`. Together they read as if the recording had ended there.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { Sha256 } from "../../bytes/sha256.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import { type Disk, errorCode, readWholeFile } from "../../disk/disk.ts";
import { ArtifactIntegrityError } from "../../errors.ts";
import { TAIL_FILE_BYTES_MAX } from "../limits.ts";
import { readContents, scanEntries } from "../contents.ts";
import { damaged } from "../damaged.ts";
import {
  checkPrelude,
  decodeArtifact,
  isArtifact,
  openContents,
  type OpenedArtifact,
} from "../decode_artifact.ts";
import { openFile } from "../artifact_file.ts";
import { PRELUDE_BYTES } from "../layout.ts";
import { finishedPath, TAIL_SUFFIX } from "./paths.ts";
import type { Position } from "./position.ts";
import { isSealed } from "./sealed.ts";
import { joinedSource, readTailFile, type TailGroup } from "./tail_file.ts";

/** An unfinished artifact, opened. */
export interface OpenedUnfinished extends OpenedArtifact {
  /** Where it stands, and how it goes on. */
  readonly position: Position;
  /** The account that its tail file has of it. */
  readonly flushed: Uint8Array;
}

/** Tries to open two files that change meanwhile. */
const TRIES_MAX = 5;

/**
 * Opens an unfinished artifact, also while it grows. Where it was finished meanwhile, the finished one is
 * opened.
 *
 * @param path Path of the file that ends in `.part`.
 * @throws {ArtifactIntegrityError} If it is damaged, or nothing was made durable yet.
 */
export function openUnfinished(disk: Disk, path: string): OpenedUnfinished | OpenedArtifact {
  if (isSealed(disk, path)) return decodeArtifact(openFile(finishedPath(path), disk));
  for (let i = 1;; i++) {
    try {
      return openNow(disk, path);
    } catch (error) {
      const finished = finishedPath(path);
      if (errorCode(error) === "ENOENT" && disk.entry(path) === undefined) {
        // Where no artifact of ours has the other name, the error is of the name that was given.
        return decodeArtifact(openFile(isOwn(disk, finished) ? finished : path, disk));
      }
      // The recorder may have replaced one of the two files between the reads.
      if (!(error instanceof ArtifactIntegrityError) || i === TRIES_MAX) throw error;
    }
  }
}

/** Whether a file begins as an artifact of this format does: what grows here becomes no other. */
function isOwn(disk: Disk, path: string): boolean {
  if (disk.entry(path)?.kind !== "file") return false;
  const { size, read } = openFile(path, disk);
  return isArtifact(read(0, Math.min(size, PRELUDE_BYTES)));
}

function openNow(disk: Disk, path: string): OpenedUnfinished {
  const groups = readTailFile(readTail(disk, path));
  const part = openPart(disk, path);
  let problem: unknown;
  // The last account is the newest; where both fit, the file did not change between them.
  for (const group of groups.reverse()) {
    try {
      return openGroup(part, group);
    } catch (error) {
      if (!(error instanceof ArtifactIntegrityError)) throw error;
      problem ??= error;
    }
  }
  throw problem;
}

function readTail(disk: Disk, path: string): Uint8Array {
  try {
    return readWholeFile(disk, `${path}${TAIL_SUFFIX}`, TAIL_FILE_BYTES_MAX);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || disk.entry(path) === undefined) throw error;
    throw damaged(
      `the file beside it, ${path}${TAIL_SUFFIX}, is missing: the two belong together. ` +
        "Before the first flush there is none: then the command that recorded begins anew",
    );
  }
}

/** The file itself; once it is finished, and so has another name, that one. */
function openPart(disk: Disk, path: string): ByteSource {
  const source = openFile(path, disk);
  return {
    size: source.size,
    read(offset, length) {
      try {
        return source.read(offset, length);
      } catch (error) {
        if (errorCode(error) !== "ENOENT") throw error;
        return openFile(finishedPath(path), disk).read(offset, length);
      }
    },
  };
}

function openGroup(
  part: ByteSource,
  { position, sections, bytes: flushed }: TailGroup,
): OpenedUnfinished {
  const { prefixBytes, prefixHash } = position;
  if (part.size < prefixBytes || prefixBytes < PRELUDE_BYTES) {
    throw damaged(
      `it has ${part.size} bytes, of which its tail says that ${prefixBytes} are durable`,
    );
  }
  const prelude = part.read(0, PRELUDE_BYTES);
  const formatVersion = checkPrelude(prelude);
  const source = joinedSource(part, prefixBytes, sections);
  const prefix = scanEntries(source, { start: PRELUDE_BYTES, end: prefixBytes });
  if (!equalBytes(hashOf(prelude, prefix), prefixHash)) {
    throw damaged("its tail is that of another recording");
  }
  const rest = scanEntries(source, { start: prefixBytes, end: source.size });
  const index = new Uint8Array(prefix.length + rest.length);
  index.set(prefix);
  index.set(rest, prefix.length);
  const contents = readContents(index, { start: PRELUDE_BYTES, end: source.size });
  const opened = openContents(source, contents, { formatVersion, fileBytes: source.size });
  return { ...opened, position, flushed };
}

function hashOf(...pieces: Uint8Array[]): Uint8Array {
  const sha256 = new Sha256();
  for (const piece of pieces) sha256.update(piece);
  return sha256.digest();
}
