/**
 * A chunk of inputs as columns: what changes little from one input to the next then becomes zeros, which
 * compress to almost nothing.
 * This module is browser compatible.
 *
 * @module
 */

import { ByteReader } from "../bytes/varint.ts";
import { damaged } from "./damaged.ts";

/** Where the values of a chunk's rows lie: in classes of equal length, in order of first appearance. */
interface Layout {
  /** Length of what stands before the values. */
  readonly head: number;
  /** Offsets of the values of each class, behind `head`, and their length. */
  readonly classes: readonly { readonly length: number; readonly offsets: readonly number[] }[];
}

/**
 * Replaces each value by its difference (exclusive or) from the one before of the same length, and writes
 * them column by column: the first bytes of all values of a length, then the second bytes, and so on. What
 * stands before the values, counts and lengths, stays.
 *
 * @param raw Canonical bytes of a chunk of inputs.
 * @returns As many bytes.
 */
export function toColumns(raw: Uint8Array): Uint8Array {
  const { head, classes } = layoutOf(raw);
  const columns = raw.slice();
  let at = head;
  for (const { length, offsets } of classes) {
    for (let column = 0; column < length; column++) {
      let before = 0;
      for (const offset of offsets) {
        const byte = raw[head + offset + column]!;
        columns[at++] = byte ^ before;
        before = byte;
      }
    }
  }
  return columns;
}

/**
 * Undoes {@linkcode toColumns}.
 *
 * @throws {ArtifactIntegrityError} If these are not as many bytes as their head says.
 */
export function fromColumns(columns: Uint8Array): Uint8Array {
  const { head, classes } = layoutOf(columns);
  const raw = columns.slice();
  let at = head;
  for (const { length, offsets } of classes) {
    for (let column = 0; column < length; column++) {
      let before = 0;
      for (const offset of offsets) {
        before ^= columns[at++]!;
        raw[head + offset + column] = before;
      }
    }
  }
  return raw;
}

function layoutOf(bytes: Uint8Array): Layout {
  const reader = new ByteReader(bytes);
  const rows = reader.varint();
  if (2 * rows > reader.remaining) throw damaged("a chunk of inputs is shorter than its rows");
  for (let row = 0; row < rows; row++) reader.varint();
  const byLength = new Map<number, number[]>();
  let offset = 0;
  for (let row = 0; row < rows; row++) {
    const length = reader.varint();
    const offsets = byLength.get(length);
    if (offsets === undefined) byLength.set(length, [offset]);
    else offsets.push(offset);
    offset += length;
  }
  if (offset !== reader.remaining) throw damaged("the lengths of a chunk of inputs do not add up");
  return {
    head: bytes.length - offset,
    classes: Array.from(byLength, ([length, offsets]) => ({ length, offsets })),
  };
}
