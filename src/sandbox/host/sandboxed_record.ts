/**
 * What can be done with a recorded run without its step: a sandboxed run has it from here.
 *
 * @module
 */

import type { WriteFileOptions } from "../../artifact/artifact_file.ts";
import { metadataOf, RecordView } from "../../engine/record_view.ts";
import type { RecordedStretch } from "../../artifact/recorded_by.ts";
import { SavedRecord } from "../../artifact/saved_record.ts";
import type { RunRecord } from "../../engine/types.ts";
import type { RunMetadata } from "../../engine/record_types.ts";

/** Where a record comes from. */
export interface SandboxedOrigin {
  /** For a branch: what it started from. */
  readonly parent: SandboxedRecord | undefined;
  /** For a record from a file: the content hash that was checked on opening. */
  readonly contentHash: string | undefined;
  /** What recorded it, if that is known. */
  readonly stretches: readonly RecordedStretch[] | undefined;
}

/** Saving, hashing and lineage, which call no step. */
export abstract class SandboxedRecord extends RecordView {
  /** The record with its lineage. */
  readonly #saved: SavedRecord;

  /** Over plain data; nothing is computed yet. */
  constructor(record: RunRecord, { parent, contentHash, stretches }: SandboxedOrigin) {
    super(record);
    const saved = parent === undefined ? undefined : parent.#saved;
    this.#saved = new SavedRecord(record, { parent: saved, contentHash, stretches });
  }

  /** Who recorded the run up to a number of steps, where that is known. */
  protected stretchesTo(steps: number): readonly RecordedStretch[] | undefined {
    return this.#saved.stretchesTo(steps);
  }

  /** What is known of the run besides its states. */
  metadata(): RunMetadata {
    return metadataOf(this.record, { parentHash: this.#saved.parentHash });
  }

  /** Content hash, lower-case hexadecimal. */
  contentHash(): Promise<string> {
    return this.#saved.contentHash();
  }

  /** The bytes of the run's `.replay` file. */
  toBytes(): Promise<Uint8Array> {
    return this.#saved.toBytes();
  }

  /** Writes the run's `.replay` file: all of it or nothing. */
  save(path: string | URL, options?: WriteFileOptions): Promise<void> {
    return this.#saved.save(path, options);
  }
}
