/**
 * A stretch of a run's inputs. Inputs seldom change from one transition to the next, so what is kept is how
 * often each comes in a row and its canonical bytes.
 * This module is browser compatible.
 *
 * @module
 */

import { ByteReader, ByteWriter } from "../bytes/varint.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { decodeState } from "../codec/decode_state.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import { freezeData } from "./freeze_data.ts";

/** In the place of an input that was not decoded, or that a step could change. */
const UNREAD: unique symbol = Symbol("unread");

/** Rows that there is room for at first. */
const ROWS_MIN = 16;

/** Inputs of the transitions from X_first to X_end, in order; a chunk of a recording grows at its end. */
export class InputChunk {
  /** The t of its first transition. */
  readonly first: number;
  /** Number of rows of equal inputs. */
  #rows = 0;
  /** One past the last transition of each row, counted from `first`. */
  #ends: Float64Array = new Float64Array(ROWS_MIN);
  /** Where the bytes of each row's input end in `#data`: those of the next one begin there. */
  #stops: Uint32Array = new Uint32Array(ROWS_MIN);
  #data: Uint8Array = new Uint8Array(64);
  /** Inputs that were decoded and are read-only, by row; UNREAD for the others, as far as it goes. */
  #values: unknown[] = [];
  /** The row that was read last, as most reads are for it or the next. */
  #row = 0;

  /** An empty chunk. */
  constructor(first: number) {
    this.first = first;
  }

  /** One past its last transition. */
  get end(): number {
    return this.first + this.#endOf(this.#rows - 1);
  }

  /** How many times the input changes, plus one. */
  get rows(): number {
    return this.#rows;
  }

  /** Canonical bytes of the inputs of all rows together. */
  get valueBytes(): number {
    return this.#startAt(this.#rows);
  }

  /** Adds `count` equal inputs to the end. */
  push(bytes: Uint8Array, count = 1): void {
    const last = this.rows - 1;
    if (last >= 0 && this.#isRow(last, bytes, 0, bytes.length)) this.#ends[last]! += count;
    else this.#add(bytes, count);
  }

  /** Adds a primitive that is not the last input. */
  pushPrimitive(bytes: Uint8Array, value: unknown): void {
    this.#makePlace(this.rows - 1);
    this.#values.push(value);
    this.#add(bytes, 1);
  }

  /** Adds the input of the last transition once more. */
  repeat(): void {
    this.#ends[this.rows - 1]!++;
  }

  /** Forgets the inputs from transition `end` on; of those before nothing changes. */
  truncate(end: number): void {
    let row = this.rows - 1;
    while (row >= 0 && this.first + this.#endOf(row - 1) >= end) row--;
    this.#rows = row + 1;
    this.#values.length = Math.min(this.#values.length, row + 1);
    if (row >= 0) this.#ends[row] = Math.min(this.#ends[row]!, end - this.first);
    this.#row = 0;
  }

  /** Canonical bytes of the input of transition `t`, and one past the last one with the same; shared. */
  rowAt(t: number): { bytes: Uint8Array; to: number } {
    const row = this.#rowAt(t);
    return { bytes: this.#bytesOf(row), to: this.first + this.#ends[row]! };
  }

  /**
   * Puts the inputs of the transitions from X_from to X_to into `values`, from index 0 on.
   *
   * @returns Whether the last one is read-only, so that it may be given again.
   */
  read(values: unknown[], from: number, to: number): boolean {
    let row = this.#rowAt(from);
    let isKept = true;
    for (let t = from; t < to; row++) {
      const end = Math.min(this.first + this.#ends[row]!, to);
      const value = this.#valueOf(row);
      values[t++ - from] = value;
      isKept = this.#values[row] !== UNREAD;
      // What the step could change is made anew each time.
      while (t < end) values[t++ - from] = isKept ? value : this.#valueOf(row);
    }
    return isKept;
  }

  /** Has the input of transition `t` be the object that the read-only one before, of a chunk, is, if they are equal. */
  follow(t: number, value: unknown, previous: InputChunk | undefined): void {
    if (previous === undefined || typeof value !== "object" || value === null) return;
    const row = this.#rowAt(t);
    const isSame = previous === this
      ? t > this.first + this.#endOf(row - 1)
      : equalBytes(previous.rowAt(t - 1).bytes, this.#bytesOf(row));
    if (!isSame) return;
    this.#makePlace(row);
    this.#values[row] = value;
  }

  /** Drops what was decoded. */
  forget(): void {
    this.#values = [];
  }

  /**
   * Canonical bytes of the chunk: the number of rows, then the number of inputs of each row, then the length
   * of each row's input, all as varints, then the inputs.
   */
  toBytes(): Uint8Array {
    const writer = new ByteWriter();
    writer.varint(this.rows);
    for (let row = 0; row < this.rows; row++) {
      writer.varint(this.#endOf(row) - this.#endOf(row - 1));
    }
    for (let row = 0; row < this.rows; row++) {
      writer.varint(this.#startAt(row + 1) - this.#startAt(row));
    }
    writer.bytes(this.#data.subarray(0, this.valueBytes));
    return writer.finish();
  }

  /**
   * Takes the bytes of a chunk apart; the inputs themselves are decoded as they are read.
   *
   * @throws {ArtifactIntegrityError} If they are not the bytes of a chunk.
   */
  static fromBytes(first: number, bytes: Uint8Array): InputChunk {
    const chunk = new InputChunk(first);
    const reader = new ByteReader(bytes);
    const rows = reader.varint();
    if (2 * rows > reader.remaining) throw damaged();
    const ends = new Float64Array(rows);
    const stops = new Uint32Array(rows);
    let end = 0;
    for (let row = 0; row < rows; row++) {
      const count = reader.varint();
      end += count;
      if (count === 0 || !Number.isSafeInteger(end)) throw damaged();
      ends[row] = end;
    }
    let offset = 0;
    for (let row = 0; row < rows; row++) {
      offset += reader.varint();
      if (offset > bytes.length) throw damaged();
      stops[row] = offset;
    }
    if (reader.remaining !== offset) throw damaged();
    chunk.#rows = rows;
    chunk.#ends = ends;
    chunk.#stops = stops;
    chunk.#data = bytes.subarray(bytes.length - offset);
    for (let row = 1; row < rows; row++) {
      if (chunk.#isRow(row - 1, chunk.#data, stops[row - 1]!, stops[row]!)) throw damaged();
    }
    return chunk;
  }

  /** One past the last transition of a row, counted from `first`. */
  #endOf(row: number): number {
    return row < 0 ? 0 : this.#ends[row]!;
  }

  /** Where the bytes of a row's input begin. */
  #startAt(row: number): number {
    return row === 0 ? 0 : this.#stops[row - 1]!;
  }

  #bytesOf(row: number): Uint8Array {
    return this.#data.subarray(this.#startAt(row), this.#stops[row]!);
  }

  #rowAt(t: number): number {
    const index = t - this.first;
    let low = this.#row;
    if (low < this.rows && index >= this.#endOf(low - 1)) {
      if (index < this.#ends[low]!) return low;
    } else {
      low = 0;
    }
    let high = this.rows - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (index < this.#ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return this.#row = low;
  }

  #valueOf(row: number): unknown {
    const values = this.#values;
    if (row < values.length && values[row] !== UNREAD) return values[row];
    this.#makePlace(row);
    const value = decodeState(this.#bytesOf(row));
    if (freezeData(value)) values[row] = value;
    return value;
  }

  /** Without holes, so that a look-up stays one. */
  #makePlace(row: number): void {
    while (this.#values.length <= row) this.#values.push(UNREAD);
  }

  #add(bytes: Uint8Array, count: number): void {
    const row = this.#rows++;
    const start = this.#startAt(row);
    this.#makeRoom(start + bytes.length);
    // Most are short: a loop takes less time than a call of `set`.
    for (let i = 0; i < bytes.length; i++) this.#data[start + i] = bytes[i]!;
    this.#stops[row] = start + bytes.length;
    this.#ends[row] = this.#endOf(row - 1) + count;
  }

  /** Whether a row has the bytes from `from` to `to`. */
  #isRow(row: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#startAt(row);
    if (this.#stops[row]! - start !== to - from) return false;
    for (let i = from; i < to; i++) if (this.#data[start + i - from] !== bytes[i]) return false;
    return true;
  }

  /** Makes room for all rows, of so many bytes. */
  #makeRoom(bytes: number): void {
    if (bytes > this.#data.length) this.#data = grown(this.#data, bytes);
    if (this.#rows <= this.#ends.length) return;
    this.#ends = grown(this.#ends, this.#rows);
    this.#stops = grown(this.#stops, this.#rows);
  }
}

/** A larger copy. */
function grown<A extends Uint8Array | Uint32Array | Float64Array>(array: A, length: number): A {
  const larger = new (array.constructor as new (length: number) => A)(2 * length);
  larger.set(array);
  return larger;
}

function damaged(): ArtifactIntegrityError {
  return new ArtifactIntegrityError("Cannot read the inputs: their lengths do not add up");
}
