/**
 * What can be done with a recorded run without its step: hash it and write it.
 * This module is browser compatible.
 *
 * @module
 */

import { pathText } from "../disk/disk.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { planFile, writePlanned } from "../disk/write_file.ts";
import { mathFingerprint } from "../engine/math_fingerprint.ts";
import type { RunRecord } from "../engine/types.ts";
import { artifactPieces, contentHashOf, encodeArtifact } from "./encode_artifact.ts";
import type { WriteFileOptions } from "./artifact_file.ts";
import { addStretch, type RecordedStretch, type Writer } from "./recorded_by.ts";
import { TOOL } from "./tool_version.ts";

/** What is known of a record when it is made. */
export interface RecordOrigin {
  /** For a branch: the record it started from. */
  readonly parent?: SavedRecord | undefined;
  /** For a record from a file: the content hash that was checked on opening. */
  readonly contentHash?: string | undefined;
  /** For a record from a file: what recorded it. */
  readonly stretches?: readonly RecordedStretch[] | undefined;
  /** Makes the canonical bytes of X_{T-1}, for the Python package's artifacts, which do not store it. */
  readonly lastState?: (() => Uint8Array) | undefined;
}

/** A record with its lineage, ready to be hashed and written. */
export class SavedRecord {
  readonly #record: RunRecord;
  readonly #origin: RecordOrigin;
  #hash: Promise<string> | undefined;
  #knownHash: string | undefined;

  /** Over plain data; nothing is computed yet. */
  constructor(record: RunRecord, origin: RecordOrigin = {}) {
    this.#record = record;
    this.#origin = origin;
    this.#hash = origin.contentHash === undefined ? undefined : Promise.resolve(origin.contentHash);
    this.#knownHash = origin.contentHash;
  }

  /** Content hash, lower-case hexadecimal; computed once. */
  contentHash(): Promise<string> {
    this.#hash ??= this.#complete().then((record) => this.#knownHash = contentHashOf(record));
    return this.#hash;
  }

  /** Content hash, if it was computed. */
  get knownHash(): string | undefined {
    return this.#knownHash;
  }

  /** For a branch: content hash of its parent, once that was hashed or saved. */
  get parentHash(): string | undefined {
    const { parent } = this.#origin;
    return parent === undefined ? this.#record.parentHash : parent.#knownHash;
  }

  /** What recorded the states before X_t, and this program from there on. */
  stretchesTo(t: number): readonly RecordedStretch[] {
    return addStretch(this.#stretches(), currentWriter(), t);
  }

  /** The bytes of the `.replay` file. */
  async toBytes(): Promise<Uint8Array> {
    return encodeArtifact(await this.#complete(), this.#stretches());
  }

  /**
   * Writes the `.replay` file: all of it or nothing.
   *
   * @throws {FileError} If it cannot be written there; if it exists, unless `overwrite` is set.
   */
  async save(path: string | URL, options: WriteFileOptions = {}): Promise<void> {
    const plan = planFile(systemDisk(), pathText(path), options);
    writePlanned(plan, artifactPieces(await this.#complete(), this.#stretches()));
  }

  /** What recorded it; this program, if it does not come from a file. */
  #stretches(): readonly RecordedStretch[] {
    return this.#origin.stretches ?? addStretch([], currentWriter(), 0);
  }

  /** The record with the parent's hash filled in, and a last state even if the file had none. */
  async #complete(): Promise<RunRecord> {
    const { parent, lastState } = this.#origin;
    const record = this.#record;
    return {
      ...record,
      parentHash: parent === undefined ? record.parentHash : await parent.contentHash(),
      lastState: record.lastState ?? lastState?.(),
    };
  }
}

let writer: Writer | undefined;

/** This program, and what it runs on; worked out once. */
export function currentWriter(): Writer {
  return writer ??= {
    tool: TOOL,
    engine: globalThis.navigator?.userAgent ?? "unknown",
    mathFingerprint: mathFingerprint(),
  };
}
