/**
 * Chunks: several consecutive stored states, or inputs, as one piece of canonical bytes, and the smaller
 * form in which it lies in the file.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { ByteReader, ByteWriter } from "../bytes/varint.ts";
import { CHUNK_BYTES_TARGET } from "./limits.ts";
import { damaged } from "./damaged.ts";
import { joinItems } from "./cut_chunks.ts";
import { FILTER_INTEGER_DELTAS, FILTER_NONE } from "./layout.ts";
import { pack, type Packed } from "./compress.ts";

/** A state whose deltas are this long can still be exact: |a - b| <= 2^54. */
const ZIGZAG_MAX = 2 ** 54;

/** Most bytes of the lengths and items of a chunk that holds more than one. */
export const SHARED_CHUNK_BYTES_MAX: number = 2 * CHUNK_BYTES_TARGET;

/**
 * Takes canonical chunk bytes apart: where each item starts, and behind the last where it ends.
 *
 * @throws {ArtifactIntegrityError} If they do not add up.
 */
export function itemOffsets(raw: Uint8Array, count: number): Uint32Array {
  const reader = new ByteReader(raw);
  if (count > raw.length) throw damaged("a chunk is shorter than its number of items");
  const offsets = new Uint32Array(count + 1);
  for (let i = 1; i <= count; i++) {
    const length = reader.varint();
    if (length > raw.length) throw damaged("an item runs over the end of its chunk");
    offsets[i] = length;
  }
  let end = raw.length - reader.remaining;
  for (let i = 0; i <= count; i++) {
    end += offsets[i]!;
    if (end > raw.length) throw damaged("an item runs over the end of its chunk");
    offsets[i] = end;
  }
  if (end !== raw.length) throw damaged("a chunk has bytes after its last item");
  return offsets;
}

/** The smaller form of a chunk and the filter that leads to it. */
export function packChunk(
  items: readonly Uint8Array[],
  raw: Uint8Array,
): Packed & { filter: number } {
  const deltas = integerDeltas(items);
  return deltas === undefined
    ? { filter: FILTER_NONE, ...pack(raw) }
    : { filter: FILTER_INTEGER_DELTAS, ...pack(deltas) };
}

/** Canonical bytes of a chunk from its filtered form. */
export function unfilterChunk(bytes: Uint8Array, filter: number, count: number): Uint8Array {
  return filter === FILTER_NONE ? bytes : joinItems(statesFromDeltas(bytes, count));
}

/** The states' differences as zigzag varints; undefined unless all states are safe integers. */
function integerDeltas(states: readonly Uint8Array[]): Uint8Array | undefined {
  const writer = new ByteWriter();
  let previous = 0;
  for (const state of states) {
    // A safe integer takes at most nine bytes; longer states need not be decoded to know.
    if (state.length > 9) return undefined;
    const value = decodeState(state);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || Object.is(value, -0)) {
      return undefined;
    }
    const delta = value - previous;
    const zigzag = delta < 0 ? -2 * delta - 1 : 2 * delta;
    if (!Number.isSafeInteger(zigzag)) return undefined;
    writer.varint(zigzag);
    previous = value;
  }
  return writer.finish();
}

function statesFromDeltas(bytes: Uint8Array, count: number): Uint8Array[] {
  const reader = new ByteReader(bytes);
  if (count > bytes.length) throw damaged("a chunk is shorter than its number of items");
  const states: Uint8Array[] = [];
  let value = 0;
  for (let i = 0; i < count; i++) {
    const zigzag = reader.varint();
    if (zigzag > ZIGZAG_MAX) throw damaged("a difference of integers is out of range");
    value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    if (!Number.isSafeInteger(value)) throw damaged("a difference of integers is out of range");
    states.push(encodeState(value));
  }
  if (reader.remaining !== 0) throw damaged("a chunk has bytes after its last item");
  return states;
}
