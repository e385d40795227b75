/**
 * The journal of a campaign: one line per trial, written as soon as the trial is done, so that nothing that was
 * finished is lost however the campaign ends. A later line for a trial takes the place of an earlier one.
 *
 * @module
 */

import { ByteWriter } from "../bytes/varint.ts";
import { type Disk, type DiskFile, folderOf, writeNewFile } from "../disk/disk.ts";
import { guard, planFile, writePlanned } from "../disk/write_file.ts";
import { CampaignError } from "./campaign_error.ts";
import { CAMPAIGN_ROW_BYTES_MAX } from "./limits.ts";

/** Where the line of a trial is. */
interface Place {
  readonly offset: number;
  readonly length: number;
  readonly hasFailed: boolean;
}

/** A row, which says of which trial it is. */
export interface Row {
  /** Number of the trial, from 0. */
  readonly trial: number;
}

/** What the rows of a journal have to fit. */
export interface JournalShape<R extends Row> {
  /** A row that somebody wrote; undefined if it is none of the campaign. */
  read(claim: unknown): R | undefined;
  /** Whether a row tells of a failure. */
  hasFailed(row: R): boolean;
}

/** A line that was written is made durable within this time, in milliseconds: waiting for each would take longer than most trials. */
const SYNC_MS = 500;

/** Read at a time. */
const CHUNK_BYTES = 1 << 16;

const NOTHING_READ = { at: 0, bytes: new Uint8Array(0) };

/** The file of rows, and where each of them is in it. */
export class Journal<R extends Row> {
  /** Its path. */
  readonly path: string;
  readonly #disk: Disk;
  readonly #shape: JournalShape<R>;
  readonly #places = new Map<number, Place>();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #file: DiskFile;
  #end = 0;
  /** What was read last. */
  #window = NOTHING_READ;
  #syncedAt = 0;
  #isSynced = true;
  #failed = 0;

  private constructor(
    disk: Disk,
    path: string,
    { file, shape }: { file: DiskFile; shape: JournalShape<R> },
  ) {
    this.#disk = disk;
    this.path = path;
    this.#file = file;
    this.#shape = shape;
  }

  /**
   * Opens a journal, or begins one. What a crash left of a line at its end is cut off.
   *
   * @throws {CampaignError} If it has lines that are none of this campaign.
   */
  static open<R extends Row>(disk: Disk, path: string, shape: JournalShape<R>): Journal<R> {
    if (disk.entry(path) === undefined) {
      writeNewFile(disk, path, []);
      disk.syncFolder(folderOf(path));
    }
    const journal = new Journal(disk, path, { file: disk.open(path, "write"), shape });
    try {
      journal.#scan();
      if (journal.#end < journal.#file.size()) journal.#file.truncate(journal.#end);
      return journal;
    } catch (error) {
      journal.#file.close();
      throw error;
    }
  }

  /** Opens a journal to read it only: another process may be writing it. */
  static read<R extends Row>(disk: Disk, path: string, shape: JournalShape<R>): Journal<R> {
    const journal = new Journal(disk, path, { file: disk.open(path, "read"), shape });
    try {
      journal.#scan();
      return journal;
    } catch (error) {
      journal.#file.close();
      throw error;
    }
  }

  /** Number of trials that have a row. */
  get count(): number {
    return this.#places.size;
  }

  /** Number of them that failed. */
  get failed(): number {
    return this.#failed;
  }

  /** Whether a trial has a row. */
  has(trial: number): boolean {
    return this.#places.has(trial);
  }

  /** Whether a trial has a row that tells of a failure. */
  hasFailed(trial: number): boolean {
    return this.#places.get(trial)?.hasFailed ?? false;
  }

  /** The line of a trial, with its end, which must not be changed; undefined if there is none. */
  line(trial: number): Uint8Array | undefined {
    const place = this.#places.get(trial);
    if (place === undefined) return undefined;
    const { offset, length } = place;
    const { at, bytes } = this.#window;
    if (offset < at || offset + length > at + bytes.length) this.#read(place);
    const start = offset - this.#window.at;
    return this.#window.bytes.subarray(start, start + length);
  }

  /** Reads a line, and those behind it: they are mostly read in their order. */
  #read({ offset, length }: Place): void {
    const bytes = new Uint8Array(Math.max(length, Math.min(CHUNK_BYTES, this.#end - offset)));
    for (let filled = 0; filled < bytes.length;) {
      const count = this.#file.read(bytes.subarray(filled), offset + filled);
      if (count === 0) throw new CampaignError(`Cannot read '${this.path}': it was cut meanwhile`);
      filled += count;
    }
    this.#window = { at: offset, bytes };
  }

  /** The row of a trial; undefined if there is none. */
  row(trial: number): R | undefined {
    const bytes = this.line(trial);
    return bytes && JSON.parse(this.#decoder.decode(bytes)) as R;
  }

  /** The rows in the order of their trials. */
  *rows(): Generator<R> {
    for (const trial of this.#order()) yield this.row(trial)!;
  }

  /** Writes some rows. */
  append(...rows: readonly R[]): void {
    const lines = rows.map((row) => this.#lineOf(row));
    const writer = new ByteWriter();
    for (const line of lines) writer.bytes(line);
    guard(this.path, () => this.#file.write(writer.finish(), this.#end));
    for (const [i, row] of rows.entries()) {
      const { length } = lines[i]!;
      const hasFailed = this.#shape.hasFailed(row);
      this.#put(row.trial, { offset: this.#end, length, hasFailed });
      this.#end += length;
    }
    this.#isSynced = false;
    const now = performance.now();
    if (now - this.#syncedAt >= SYNC_MS) this.sync();
  }

  #lineOf(row: R): Uint8Array {
    const bytes = this.#encoder.encode(lineOf(row));
    if (bytes.length <= CAMPAIGN_ROW_BYTES_MAX) return bytes;
    throw new CampaignError(
      `Cannot keep trial ${row.trial}: its line has ${bytes.length} bytes, of which ${CAMPAIGN_ROW_BYTES_MAX} ` +
        "are allowed",
      { hint: "observe less (--observe) or keep fewer points (--points)" },
    );
  }

  /** Waits until all lines are durable. */
  sync(): void {
    if (!this.#isSynced) guard(this.path, () => this.#file.sync());
    this.#isSynced = true;
    this.#syncedAt = performance.now();
  }

  /**
   * Writes the lines of some trials in their order, to the journal's own file or to another one: all of it or
   * nothing. A completed campaign is this file, whoever did which trial when.
   *
   * @param path Where; the journal's own file by default.
   * @param to Trials from this number on are left out; none by default.
   */
  writeOrdered(path: string = this.path, to = Infinity): void {
    this.sync();
    const trials = this.#order().filter((trial) => trial < to);
    const lines = function* (journal: Journal<R>) {
      for (const trial of trials) yield journal.line(trial)!;
    };
    writeLines(this.#disk, path, lines(this));
    if (path !== this.path) return;
    const places = trials.map((trial) => [trial, this.#places.get(trial)!] as const);
    this.#file.close();
    this.#file = this.#disk.open(path, "write");
    this.#window = NOTHING_READ;
    this.#places.clear();
    this.#failed = 0;
    this.#end = 0;
    for (const [trial, place] of places) {
      this.#put(trial, { ...place, offset: this.#end });
      this.#end += place.length;
    }
  }

  /** Makes all lines durable and closes the file. */
  close(): void {
    this.sync();
    this.#file.close();
  }

  #order(): number[] {
    return [...this.#places.keys()].sort((a, b) => a - b);
  }

  #put(trial: number, place: Place): void {
    if (this.#places.get(trial)?.hasFailed) this.#failed--;
    if (place.hasFailed) this.#failed++;
    this.#places.set(trial, place);
  }

  /** Reads all whole lines. */
  #scan(): void {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let pending = new Uint8Array(0);
    for (let at = 0;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const count = this.#file.read(chunk, at);
      if (count === 0) break;
      at += count;
      const bytes = new Uint8Array(pending.length + count);
      bytes.set(pending);
      bytes.set(chunk.subarray(0, count), pending.length);
      let start = 0;
      for (;;) {
        const end = bytes.indexOf(0x0a, start);
        if (end < 0) break;
        const row = this.#readLine(bytes.subarray(start, end), decoder);
        const length = end + 1 - start;
        this.#put(row.trial, {
          offset: this.#end,
          length,
          hasFailed: this.#shape.hasFailed(row),
        });
        this.#end += length;
        start = end + 1;
      }
      pending = bytes.slice(start);
      if (pending.length > CAMPAIGN_ROW_BYTES_MAX) throw this.#foreign("a line is too long");
    }
  }

  #readLine(bytes: Uint8Array, decoder: TextDecoder): R {
    let row: R | undefined;
    try {
      row = this.#shape.read(JSON.parse(decoder.decode(bytes)));
    } catch {
      // Neither text nor JSON.
    }
    if (row === undefined) {
      throw this.#foreign(`the line at byte ${this.#end} is no row of this campaign`);
    }
    return row;
  }

  #foreign(why: string): CampaignError {
    return new CampaignError(`Cannot use '${this.path}': ${why}`, {
      hint: "choose another folder (-o), or remove that line if you changed it",
    });
  }
}

/** The line of a row, with its end. */
export function lineOf(row: Row): string {
  return `${JSON.stringify(row)}\n`;
}

/** Writes a file of lines: all of it or nothing. */
export function writeLines(disk: Disk, path: string, lines: Iterable<Uint8Array>): void {
  writePlanned(planFile(disk, path, { overwrite: true }), batched(lines));
}

/** Short pieces put together: each write takes longer than many lines. */
function* batched(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const batch = new Uint8Array(1 << 18);
  let used = 0;
  for (const piece of pieces) {
    if (used + piece.length > batch.length) {
      yield batch.slice(0, used);
      used = 0;
    }
    if (piece.length > batch.length) yield piece;
    else {
      batch.set(piece, used);
      used += piece.length;
    }
  }
  yield batch.slice(0, used);
}
