/**
 * Chunks: several consecutive stored states as one piece of canonical bytes, and the smaller form in
 * which it lies in the file.
 * This module is browser compatible.
 *
 * @module
 */

import { deflateSync, Inflate } from "fflate";
import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import { CHUNK_BYTES_TARGET, DEFLATED_BYTES_MAX } from "../limits.ts";
import { FILTER_INTEGER_DELTAS, FILTER_NONE, METHOD_DEFLATE, METHOD_STORED } from "./layout.ts";
import { ByteReader, ByteWriter } from "../bytes/varint.ts";

/** Bytes as they lie in the file, and how to get the content back. */
export interface Packed {
  /** METHOD_STORED or METHOD_DEFLATE. */
  readonly method: number;
  /** The bytes in the file. */
  readonly stored: Uint8Array;
  /** Length after decompression. */
  readonly rawBytes: number;
}

/** A state whose deltas are this long can still be exact: |a - b| <= 2^54. */
const ZIGZAG_MAX = 2 ** 54;

/** Most that DEFLATE can expand: 258 bytes from two bits, and the block's frame. */
const DEFLATE_RATIO_MAX = 1032;

/** Compression is tried on this many bytes before a whole section of noise is worked through. */
const SAMPLE_BYTES = 4096;

/**
 * Cuts a sequence of states into chunks. The rule is part of the format, as hashes are per chunk: a
 * chunk takes states until another one would bring it over 64 KiB, and at least one.
 *
 * @returns Ranges [from, to) of state indices.
 */
export function planChunks(lengths: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  let from = 0;
  let bytes = 0;
  for (let i = 0; i < lengths.length; i++) {
    if (i > from && bytes + lengths[i]! > CHUNK_BYTES_TARGET) {
      ranges.push([from, i]);
      from = i;
      bytes = 0;
    }
    bytes += lengths[i]!;
  }
  ranges.push([from, lengths.length]);
  return ranges;
}

/** Canonical bytes of a chunk, over which its hash is taken: all lengths as varints, then all states. */
export function joinStates(states: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  for (const state of states) writer.varint(state.length);
  for (const state of states) writer.bytes(state);
  return writer.finish();
}

/** Most bytes of the lengths and states of a chunk that holds more than one state. */
export const SHARED_CHUNK_BYTES_MAX: number = 2 * CHUNK_BYTES_TARGET;

/**
 * Takes canonical chunk bytes apart: where each state starts, and behind the last where it ends.
 *
 * @throws {ArtifactIntegrityError} If they do not add up.
 */
export function stateOffsets(raw: Uint8Array, count: number): Uint32Array {
  const reader = new ByteReader(raw);
  if (count > raw.length) throw damaged("a chunk is shorter than its number of states");
  const offsets = new Uint32Array(count + 1);
  for (let i = 1; i <= count; i++) {
    const length = reader.varint();
    if (length > raw.length) throw damaged("a state runs over the end of its chunk");
    offsets[i] = length;
  }
  let end = raw.length - reader.remaining;
  for (let i = 0; i <= count; i++) {
    end += offsets[i]!;
    if (end > raw.length) throw damaged("a state runs over the end of its chunk");
    offsets[i] = end;
  }
  if (end !== raw.length) throw damaged("a chunk has bytes after its last state");
  return offsets;
}

/** The smaller form of a chunk and the filter that leads to it. */
export function packChunk(
  states: readonly Uint8Array[],
  raw: Uint8Array,
): Packed & { filter: number } {
  const deltas = integerDeltas(states);
  return deltas === undefined
    ? { filter: FILTER_NONE, ...pack(raw) }
    : { filter: FILTER_INTEGER_DELTAS, ...pack(deltas) };
}

/** Canonical bytes of a chunk from its filtered form. */
export function unfilterChunk(bytes: Uint8Array, filter: number, count: number): Uint8Array {
  return filter === FILTER_NONE ? bytes : joinStates(statesFromDeltas(bytes, count));
}

/** Compresses a section, where that makes it smaller. */
export function pack(raw: Uint8Array): Packed {
  if (raw.length <= DEFLATED_BYTES_MAX && worthCompressing(raw)) {
    const stored = deflateSync(raw, { level: 9 });
    if (stored.length < raw.length) return { method: METHOD_DEFLATE, stored, rawBytes: raw.length };
  }
  return { method: METHOD_STORED, stored: raw, rawBytes: raw.length };
}

/** DEFLATE data is taken in pieces of this size, so that no more than 16 MiB too much is unpacked. */
const INFLATE_PIECE_BYTES = 16 * 2 ** 10;

/**
 * Undoes {@linkcode pack}. Allocates the claimed size only if the stored bytes could hold as much.
 *
 * @throws {ArtifactIntegrityError} If the stored bytes do not give exactly the claimed size.
 */
export function unpack({ method, stored, rawBytes }: Packed): Uint8Array {
  if (method === METHOD_STORED) {
    if (stored.length !== rawBytes) throw damaged("a section does not have the size it claims");
    return stored;
  }
  if (rawBytes > stored.length * DEFLATE_RATIO_MAX || rawBytes > DEFLATED_BYTES_MAX) {
    throw damaged("a section claims more than its bytes can hold");
  }
  const raw = new Uint8Array(rawBytes);
  let filled = 0;
  const inflate = new Inflate((part) => {
    if (part.length > rawBytes - filled) {
      throw damaged("a section does not have the size it claims");
    }
    raw.set(part, filled);
    filled += part.length;
  });
  try {
    for (let from = 0; from < stored.length; from += INFLATE_PIECE_BYTES) {
      const to = Math.min(from + INFLATE_PIECE_BYTES, stored.length);
      inflate.push(stored.subarray(from, to), to === stored.length);
    }
  } catch (cause) {
    if (cause instanceof ArtifactIntegrityError) throw cause;
    throw new ArtifactIntegrityError(
      "Cannot read the artifact as a compressed section is damaged",
      { cause },
    );
  }
  if (filled !== rawBytes) throw damaged("a section does not have the size it claims");
  return raw;
}

function worthCompressing(raw: Uint8Array): boolean {
  if (raw.length <= 2 * SAMPLE_BYTES) return true;
  const start = (raw.length - SAMPLE_BYTES) >>> 1;
  const sample = raw.subarray(start, start + SAMPLE_BYTES);
  return deflateSync(sample, { level: 1 }).length < SAMPLE_BYTES * 0.9;
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
  if (count > bytes.length) throw damaged("a chunk is shorter than its number of states");
  const states: Uint8Array[] = [];
  let value = 0;
  for (let i = 0; i < count; i++) {
    const zigzag = reader.varint();
    if (zigzag > ZIGZAG_MAX) throw damaged("a difference of integers is out of range");
    value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    if (!Number.isSafeInteger(value)) throw damaged("a difference of integers is out of range");
    states.push(encodeState(value));
  }
  if (reader.remaining !== 0) throw damaged("a chunk has bytes after its last state");
  return states;
}

function damaged(why: string): ArtifactIntegrityError {
  return new ArtifactIntegrityError(`Cannot read the artifact as ${why}`);
}
