/**
 * The inputs of a recording as they come in: encoded, counted, and cut into chunks.
 * This module is browser compatible.
 *
 * @module
 */

import { copyThawed } from "../codec/copy_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { StateEncodingError } from "../errors.ts";
import { INPUT_CHUNK_BYTES_MAX, INPUT_CHUNK_BYTES_MIN, INPUT_ROWS_KEPT } from "../limits.ts";
import { InputChunk } from "./input_chunk.ts";
import type { InputStore } from "./types.ts";

/** In the place of an input that nothing equals. */
const NOTHING = {};

/** Encodings of primitives that are kept, and the longest of them. */
const ENCODED_KEPT_MAX = 4096;
const ENCODED_BYTES_MAX = 64;

/** What a transition is given that has no input. */
export const UNDEFINED_BYTES: Uint8Array = encodeState(undefined);

/** Inputs in memory, in the order of their transitions. */
export class InputLog implements InputStore {
  readonly #chunks: InputChunk[];
  /** What was pushed last; a primitive that comes again needs no encoding. */
  #previous: unknown = NOTHING;
  /** Encodings of primitives that came before. */
  readonly #encoded = new Map<unknown, Uint8Array>();
  /** Rows of the chunks that keep what was decoded, and the first of these chunks. */
  #rowsKept = 0;
  #firstKept = 0;

  /** An empty log, whose first input is that of the transition from X_first. */
  constructor(first = 0) {
    this.#chunks = [new InputChunk(first)];
  }

  /** One past the last transition that it has an input of: their number, unless some are left out. */
  get length(): number {
    return this.#chunks.at(-1)!.end;
  }

  /** Whether the run has inputs: whether one of them is something else than undefined. */
  get isUsed(): boolean {
    const [first, second] = this.#chunks;
    if (second !== undefined || first!.rows > 1) return true;
    return first!.rows === 1 && !equalBytes(first!.rowAt(first!.first).bytes, UNDEFINED_BYTES);
  }

  /** All chunks; the last one still grows. */
  get chunks(): readonly InputChunk[] {
    return this.#chunks;
  }

  /**
   * Takes the input of the next transition.
   *
   * @throws {StateEncodingError} If it is not plain data.
   */
  push(input: unknown): void {
    if (typeof input === "object" && input !== null) {
      return this.pushBytes(encodeInput(input, this.length), 1);
    }
    const chunk = this.#chunks.at(-1)!;
    if (Object.is(input, this.#previous) && chunk.rows > 0) return chunk.repeat();
    const bytes = this.#encodePrimitive(input);
    // What came as bytes may be the same.
    if (this.#previous === NOTHING) chunk.push(bytes);
    else chunk.pushPrimitive(bytes, input);
    this.#previous = input;
    if (chunk.valueBytes >= INPUT_CHUNK_BYTES_MAX) this.#close();
  }

  /** Primitives come again and again: keys, masks of buttons. */
  #encodePrimitive(input: unknown): Uint8Array {
    // A Map tells 0 from -0 not at all.
    if (Object.is(input, -0)) return encodeInput(input, this.length);
    let bytes = this.#encoded.get(input);
    if (bytes === undefined) {
      bytes = encodeInput(input, this.length);
      if (this.#encoded.size >= ENCODED_KEPT_MAX) this.#encoded.clear();
      if (bytes.length <= ENCODED_BYTES_MAX) this.#encoded.set(input, bytes);
    }
    return bytes;
  }

  /** Takes the same input for `count` transitions, at least one, as canonical bytes. */
  pushBytes(bytes: Uint8Array, count: number): void {
    const chunk = this.#chunks.at(-1)!;
    chunk.push(bytes, 1);
    this.#previous = NOTHING;
    // The first of equal inputs decides: the cut must not depend on how many come together.
    if (chunk.valueBytes >= INPUT_CHUNK_BYTES_MAX) this.#close();
    if (count > 1) this.#chunks.at(-1)!.push(bytes, count - 1);
  }

  /** Says that a block ends here: a chunk that is large enough ends with it. */
  endBlock(): void {
    if (this.#chunks.at(-1)!.valueBytes >= INPUT_CHUNK_BYTES_MIN) this.#close();
  }

  /** Forgets the inputs from transition `end` on, which lies in the last block. */
  truncate(end: number): void {
    while (this.#chunks.length > 1 && this.#chunks.at(-1)!.first >= end) this.#chunks.pop();
    this.#chunks.at(-1)!.truncate(end);
    this.#previous = NOTHING;
  }

  /** The chunk that holds the input of transition `t`. */
  chunkAt(t: number): InputChunk {
    let low = 0;
    let high = this.#chunks.length - 1;
    if (t >= this.#chunks[high]!.first) return this.#chunks[high]!;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#chunks[middle]!.first <= t) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low]!;
  }

  #close(): void {
    const closed = this.#chunks.at(-1)!;
    this.#chunks.push(new InputChunk(closed.end));
    this.#rowsKept += closed.rows;
    while (this.#rowsKept > INPUT_ROWS_KEPT) {
      const oldest = this.#chunks[this.#firstKept++]!;
      this.#rowsKept -= oldest.rows;
      oldest.forget();
    }
  }
}

/** Canonical bytes of a chunk that has the inputs of the transitions from X_from to X_to. */
export function chunkBytesOf(
  inputs: InputStore,
  { from, to }: { from: number; to: number },
): Uint8Array {
  const chunk = new InputChunk(from);
  for (let t = from; t < to;) {
    const row = inputs.chunkAt(t).rowAt(t);
    const end = Math.min(row.to, to);
    chunk.push(row.bytes, end - t);
    t = end;
  }
  return chunk.toBytes();
}

/** Canonical bytes of an input. @throws {StateEncodingError} If it is not plain data. */
export function encodeInput(input: unknown, t: number): Uint8Array {
  try {
    return encodeState(copyThawed(input));
  } catch (error) {
    if (!(error instanceof StateEncodingError)) throw error;
    const { message, path } = error;
    const place = path.replace(/^state/, `inputs[${t}]`);
    throw new StateEncodingError(place, message.slice(path.length + 1), { cause: error });
  }
}
