/**
 * Sets as Python compares them: by what is in them, whatever the order. So are the sets of runs that the Python package
 * recorded, since its sets have the order of their hash table, which no step here can follow.
 * This module is browser compatible.
 *
 * @module
 */

import { isArray, isView } from "./intrinsics.ts";
import { objectParts } from "./object_parts.ts";

/** Longest key by which a member is sorted, in UTF-16 units; members that begin alike keep their order. */
const KEY_LENGTH_MAX = 1000;

/** The members of a set in an order that depends on their values only. */
export function inContentOrder(set: ReadonlySet<unknown>): unknown[] {
  return Array.from(set, (value) => ({ value, key: contentKey(value, KEY_LENGTH_MAX) }))
    .sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
    .map(({ value }) => value);
}

/** Text of at most `room` units that equal values have in common. */
function contentKey(value: unknown, room: number): string {
  if (typeof value !== "object" || value === null) {
    return `${typeof value} ${String(value)}`.slice(0, room);
  }
  if (value instanceof Set) {
    // Each is cut before they are sorted, so that equal sets give equal texts.
    const share = Math.floor(room / Math.max(1, value.size)) - 1;
    const keys = share < 1 ? [] : Array.from(value, (member) => contentKey(member, share)).sort();
    return `set ${value.size} {${keys.join()}}`.slice(0, room);
  }
  if (isView(value)) {
    return `bytes ${
      new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        .subarray(0, room)
    }`.slice(0, room);
  }
  let key = isArray(value) ? "[" : "{";
  for (const part of objectParts(value)) {
    if (key.length >= room) break;
    key += `${part.segment()} ${contentKey(part.value, room - key.length)},`;
  }
  return key.slice(0, room);
}
