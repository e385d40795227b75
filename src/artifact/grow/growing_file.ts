/**
 * A recording that grows on disk. Closed chunks are appended to `RUN.replay.part`, which never changes before
 * its end; at each flush a new tail file, with all that is not closed yet, is renamed into place. The tail
 * file is what counts: it says how much of the other is durable. At the end the rest is appended and the file
 * gets its name.
 *
 * @module
 */

import { folderOf, writeNewFile } from "../../disk/disk.ts";
import { temporaryPath } from "../../disk/temporary.ts";
import { guard, placeBeside, placeFile } from "../../disk/write_file.ts";
import type { Grid } from "../../engine/block_grid.ts";
import type { CheckpointKeeper, InputStore, RunRecord } from "../../engine/types.ts";
import { FileError } from "../../errors.ts";
import { FLUSH_BYTES } from "../limits.ts";
import { endSections, frontSections, IndexBuilder, preludeBytes } from "../encode_artifact.ts";
import { Lanes } from "../lanes.ts";
import type { RecordedStretch } from "../recorded_by.ts";
import { makeChunk, type Section } from "../section.ts";
import { AppendedFile } from "./appended_file.ts";
import type { RecordingClaim } from "./claim.ts";
import { Pace } from "./pace.ts";
import type { RecordingSettings } from "./position.ts";
import type { Reopened } from "./reopen.ts";
import { encodeGroup, tailFileHead } from "./tail_file.ts";
import { sectionsWithInputs, type Standing, thinnedSections } from "./rewrite.ts";

/** What is known of a run while it is recorded, as if it ended now. */
export type RecordedSoFar = RunRecord & { readonly lastState: Uint8Array };

/** What a recording to a file starts from. */
export interface GrowingStart {
  /** How the recording goes on if it is resumed. */
  readonly settings: Omit<RecordingSettings, "flushSeconds">;
  /** What recorded it so far, and records now. */
  readonly stretches: readonly RecordedStretch[];
  /** Where its blocks lie. */
  readonly grid: Pick<Grid, "blockSize" | "gridOffset">;
  /** The time in milliseconds, from any origin. */
  readonly now: () => number;
}

/** A recording that is taken up again. */
export type TakenUp =
  & {
    /** Where. */
    readonly reopened: Reopened;
    /** How many blocks lie between two of its checkpoints. */
    readonly stride: number;
  }
  & ({
    /** Of an unfinished artifact: the account that its tail file has of it. */
    readonly flushed: Uint8Array;
  } | {
    /** Of a finished one: its beginning, to be copied. */
    readonly prefix: Iterable<Uint8Array>;
  });

/** A finished artifact. */
export interface SealedFile {
  /** Where it is. */
  readonly path: string;
  /** Its length. */
  readonly fileBytes: number;
  /** Content hash of the run, lower-case hexadecimal. */
  readonly contentHash: string;
}

/** A recording that grows on disk. */
export class GrowingFile implements CheckpointKeeper {
  readonly #claim: RecordingClaim;
  readonly #start: GrowingStart;
  #index = new IndexBuilder();
  #lanes: Lanes;
  #out: AppendedFile;
  /** Bytes of the account that the tail file on disk has of the file that it belongs to. */
  #flushed: Uint8Array | undefined;
  /** Length of the file on disk that counts; undefined before the first flush. */
  #durableBytes: number | undefined;
  /** Whether `#out` is to replace the file that the last flush belongs to. */
  #isReplaced = false;
  #flushedAt: number;
  #bytesSince = 0;
  #stride: number;
  /** Whether the whole artifact is written and durable; only its name may be missing. */
  #isWhole = false;

  private constructor(
    claim: RecordingClaim,
    start: GrowingStart,
    parts: { lanes: Lanes; out: AppendedFile; stride: number },
  ) {
    this.#claim = claim;
    this.#start = start;
    this.#lanes = parts.lanes;
    this.#out = parts.out;
    this.#stride = parts.stride;
    this.#flushedAt = start.now();
  }

  /** Begins a new recording; nothing is written yet. `record` tells what its front says. */
  static begin(claim: RecordingClaim, record: RunRecord, start: GrowingStart): GrowingFile {
    const out = new AppendedFile(claim.disk, claim.partPath);
    const file = new GrowingFile(claim, start, { lanes: new Lanes(), out, stride: 1 });
    out.append(preludeBytes());
    for (const section of frontSections(record)) file.#append(section);
    return file;
  }

  /** Goes on with a recording that was taken up again. */
  static goOn(
    claim: RecordingClaim,
    { reopened, stride, ...from }: TakenUp,
    start: GrowingStart,
  ): GrowingFile {
    const { disk, partPath } = claim;
    const lanes = new Lanes(reopened);
    const out = "flushed" in from
      ? new AppendedFile(disk, partPath, reopened.prefixBytes)
      : new AppendedFile(disk, partPath);
    const file = new GrowingFile(claim, start, { lanes, out, stride });
    file.#index.addAll(reopened.entries);
    if ("flushed" in from) {
      file.#durableBytes = reopened.prefixBytes;
      file.#flushed = from.flushed;
    } else {
      for (const bytes of from.prefix) out.append(bytes);
    }
    return file;
  }

  /** Where the unfinished artifact is, or will be. */
  get partPath(): string {
    return this.#claim.partPath;
  }

  /** Whether something was made durable, so that the recording can be resumed. */
  get isDurable(): boolean {
    return this.#durableBytes !== undefined;
  }

  /** Whether it is time for a flush. */
  get isDue(): boolean {
    return this.isFull || this.isLate(this.#start.now());
  }

  /** Whether it is time for a flush because of what came since the last one. */
  get isFull(): boolean {
    return this.#bytesSince >= FLUSH_BYTES;
  }

  /** Whether it is time for a flush at the time `now`, on the clock of this recording. */
  isLate(now: number): boolean {
    return now - this.#flushedAt >= this.#claim.flushSeconds * 1000;
  }

  /** When to look whether it is time, for who makes steps without looking at the clock after each. */
  pace(): Pace {
    return new Pace(this.#start.now, this.#claim.flushSeconds * 1000);
  }

  /** Takes the next checkpoint. */
  push(bytes: Uint8Array): void {
    this.#bytesSince += bytes.length;
    this.#lanes.state(bytes);
    this.#appendClosed();
  }

  /** Takes the input of the next transition. */
  input(bytes: Uint8Array): void {
    this.#bytesSince += bytes.length;
    this.#lanes.input(bytes);
    this.#appendClosed();
  }

  /** Gives up every other checkpoint. What is on disk stays until the next flush. */
  thin(): void {
    this.#stride *= 2;
    this.#rewrite(thinnedSections(this.#standing()));
  }

  /**
   * Takes the inputs of the transitions before X_to in the place of those that were taken, if any: they came
   * late, or some of them are not to be kept.
   */
  setInputs(inputs: InputStore, to: number): void {
    this.#rewrite(sectionsWithInputs(this.#standing(), inputs, to));
  }

  /**
   * Makes durable what was recorded so far.
   *
   * @param record What is known of the run, as if it ended now.
   * @throws {FileError} If it cannot be written, or another process took the place; what was durable before
   * still is.
   */
  flush(record: RecordedSoFar): void {
    guard(this.#claim.partPath, () => this.#flush(record));
    this.#flushedAt = this.#start.now();
    this.#bytesSince = 0;
  }

  /**
   * Ends the recording: appends what is not written yet and gives the file its name. The unfinished artifact
   * is gone then.
   *
   * @throws {FileError} If that cannot be done; what was durable still is.
   */
  seal(record: RecordedSoFar): SealedFile {
    const { plan, partPath } = this.#claim;
    // One file at a time: what is sealed must not stand beside what it replaces.
    if (this.#isReplaced) this.flush(record);
    const fileBytes = guard(partPath, () => {
      this.#checkLock();
      for (const section of this.#closing(record)) this.#append(section);
      this.#out.append(this.#index.finish());
      this.#out.sync();
      return this.#out.size;
    });
    this.#isWhole = true;
    this.#out.close();
    this.#place();
    this.#tidy();
    return { path: plan.path, fileBytes, contentHash: this.#index.contentHash() };
  }

  /** Stops here. What the last flush made durable stays, and can be resumed. */
  leave(): void {
    const { disk, lock, tailPath } = this.#claim;
    if (this.#isWhole) return lock.release();
    const isCounted = this.isDurable && !this.#isReplaced;
    this.#out.close(isCounted ? this.#durableBytes : undefined);
    if (!isCounted) disk.remove(this.#out.path);
    // A first flush that failed at its end has left one. Were it back after a crash, it would be taken for
    // that of the next recording.
    if (!this.isDurable && disk.entry(tailPath) !== undefined) {
      disk.remove(tailPath);
      disk.syncFolder(folderOf(tailPath));
    }
    lock.release();
  }

  #flush(record: RecordedSoFar): void {
    const { disk, partPath, tailPath, processes, lock, flushSeconds } = this.#claim;
    this.#checkLock();
    this.#out.sync();
    const prefixBytes = this.#out.size;
    const settings = { ...this.#start.settings, flushSeconds };
    const position = { prefixBytes, prefixHash: this.#index.hash(), settings };
    const group = encodeGroup(position, this.#closing(record));
    // Until the file has been replaced, the tail has an account for the old one too.
    const groups = this.#isReplaced ? [this.#flushed!, group] : [group];
    // The tail must not be there beside what had this name before.
    if (this.#durableBytes === undefined) disk.syncFolder(folderOf(partPath));
    const draft = temporaryPath(tailPath, processes);
    try {
      writeNewFile(disk, draft, [tailFileHead(), ...groups]);
      disk.rename(draft, tailPath);
    } catch (error) {
      disk.remove(draft);
      throw error;
    }
    disk.syncFolder(folderOf(tailPath));
    if (this.#out.path !== partPath) {
      this.#out.rename(partPath);
      disk.syncFolder(folderOf(partPath));
    }
    this.#isReplaced = false;
    this.#flushed = group;
    this.#durableBytes = prefixBytes;
    lock.beat();
  }

  #standing(): Standing {
    return {
      source: this.#out,
      entries: this.#index.entries(),
      lanes: this.#lanes,
      grid: { ...this.#start.grid, stride: this.#stride },
    };
  }

  /** Writes all sections anew, to a file that takes the place of the one on disk at the next flush. */
  #rewrite(sections: Generator<Section, Lanes, void>): void {
    const { disk, partPath, processes } = this.#claim;
    const before = this.#out;
    this.#index = new IndexBuilder();
    this.#out = new AppendedFile(disk, temporaryPath(partPath, processes));
    this.#out.append(preludeBytes());
    for (;;) {
      const { value, done } = sections.next();
      if (done) {
        this.#lanes = value;
        break;
      }
      this.#append(value);
    }
    before.close();
    // What no flush refers to is not worth keeping; what one does is, until the next.
    const isCounted = before.path === partPath && this.#durableBytes !== undefined;
    if (!isCounted) disk.remove(before.path);
    this.#isReplaced = this.#durableBytes !== undefined;
  }

  /** The sections that would follow if the recording ended now. */
  #closing(record: RecordedSoFar): Section[] {
    const chunks = this.#lanes.closing(record.lastState);
    return [
      ...chunks.map(({ kind, items }) => makeChunk(kind, items)),
      ...endSections(record, this.#start.stretches),
    ];
  }

  /** Gives the finished file its name, or another one where that was lost meanwhile. */
  #place(): void {
    const { plan, disk } = this.#claim;
    try {
      placeFile(plan, this.#out.path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const { reason, why } = error;
      // It may have its name already, and only not be known to be durable: then its tail file stays.
      const isPlaced = disk.entry(this.#out.path) === undefined;
      const beside = isPlaced ? undefined : placeBeside(disk, plan.path, this.#out.path);
      if (beside !== undefined) this.#tidy();
      const where = isPlaced ? plan.path : beside ?? this.#out.path;
      throw new FileError(plan.given, reason, {
        why,
        hint: `the recording is in '${where}'`,
        cause: error,
      });
    }
  }

  /** Takes away what a finished recording does not need; what stays is cleaned by the next one. */
  #tidy(): void {
    const { disk, tailPath, lock } = this.#claim;
    try {
      disk.remove(tailPath);
      lock.release();
    } catch {
      // The recording is safe.
    }
  }

  #appendClosed(): void {
    for (const { kind, items } of this.#lanes.take()) this.#append(makeChunk(kind, items));
  }

  #append(section: Section): void {
    this.#index.add(section);
    this.#out.append(section.entryBytes);
    this.#out.append(section.stored);
  }

  #checkLock(): void {
    if (this.#claim.lock.isHeld()) return;
    throw new FileError(this.#claim.partPath, "in-use", {
      why: "another process took this one for dead and records there now",
    });
  }
}
