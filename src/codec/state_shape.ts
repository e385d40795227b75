/**
 * The shape of an encoded state: its containers, their lengths, names and texts, and not the numbers in it.
 * This module is browser compatible.
 *
 * @module
 */

import * as wire from "./wire_format.ts";

/** Stands for any number, as numbers differ in how many bytes they take. */
const NUMBER = 1;

/** Bytes behind the forms from `FLOAT64` to `INT64` that hold a number; 0 for any other. */
const NUMBER_BYTES: Readonly<Record<number, number>> = {
  [wire.FLOAT64]: 8,
  [wire.UINT8]: 1,
  [wire.UINT16]: 2,
  [wire.UINT32]: 4,
  [wire.UINT64]: 8,
  [wire.INT8]: 1,
  [wire.INT16]: 2,
  [wire.INT32]: 4,
  [wire.INT64]: 8,
};

/** Bytes of the length behind the forms that have one. */
const LENGTH_BYTES: Readonly<Record<number, number>> = {
  ...{ [wire.BIN8]: 1, [wire.BIN16]: 2, [wire.BIN32]: 4 },
  ...{ [wire.EXT8]: 1, [wire.EXT16]: 2, [wire.EXT32]: 4 },
  ...{ [wire.STR8]: 1, [wire.STR16]: 2, [wire.STR32]: 4 },
  ...{ [wire.ARRAY16]: 2, [wire.ARRAY32]: 4, [wire.MAP16]: 2, [wire.MAP32]: 4 },
};

/** Extensions that hold values, and how many bytes stand before these. */
const HOLDERS: Readonly<Record<number, number>> = {
  [wire.EXT_MAP]: 0,
  [wire.EXT_SET]: 0,
  [wire.EXT_NULL_PROTOTYPE]: 0,
  [wire.EXT_INTEGRITY]: 1,
  [wire.EXT_SHARED_VIEW]: 1,
};

/**
 * A hash of the shape of a state: two states that differ in numbers only have the same.
 *
 * @param bytes A canonical encoding.
 * @returns An integer of 32 bits.
 *
 * @example Usage
 * ```ts
 * import { encodeState } from "./encode_state.ts";
 * import { shapeOf } from "./state_shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = (state: unknown) => shapeOf(encodeState(state));
 * assertEquals(shape({ alive: [1, 2] }), shape({ alive: [300, 0.5] }));
 * assertEquals(shape({ alive: [1, 2] }) === shape({ alive: [1, 2, 3] }), false);
 * ```
 */
export function shapeOf(bytes: Uint8Array): number {
  let hash = 0;
  let at = 0;
  const add = (token: number): void => {
    hash = Math.imul(hash ^ token, 0x01000193) + 0x9e3779b9 | 0;
  };
  const readLength = (size: number): number => {
    let length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + bytes[at++]!;
    return length;
  };
  const addBytes = (length: number): void => {
    add(length);
    for (let i = 0; i < length; i++) add(bytes[at++]!);
  };
  while (at < bytes.length) {
    const form = bytes[at++]!;
    const numberBytes = NUMBER_BYTES[form];
    if (form < wire.FIXMAP || form >= wire.NEGATIVE_FIXINT || numberBytes !== undefined) {
      at += numberBytes ?? 0;
      add(NUMBER);
      continue;
    }
    if (form >= wire.FIXSTR && form < wire.NIL) {
      addBytes(form - wire.FIXSTR);
      continue;
    }
    const lengthBytes = LENGTH_BYTES[form];
    const fixed = wire.lengthOfFixext(form);
    if (lengthBytes === undefined && fixed === undefined) {
      // A short array or object says its length itself; what else is left are true, false and null.
      add(form < wire.FIXSTR ? form : NUMBER);
      continue;
    }
    const length = fixed ?? readLength(lengthBytes!);
    if (form === wire.STR8 || form === wire.STR16 || form === wire.STR32) {
      addBytes(length);
    } else if (form >= wire.ARRAY16 && form <= wire.MAP32) {
      add(form);
      add(length);
    } else if (form >= wire.BIN8 && form <= wire.BIN32) {
      add(length);
      at += length;
    } else {
      const type = bytes[at++]!;
      const before = HOLDERS[type];
      add(type);
      // How long what holds values is follows from these.
      if (before !== undefined) at += before;
      else {
        if (type !== wire.EXT_BIGINT) add(length);
        at += length;
      }
    }
  }
  return hash;
}
