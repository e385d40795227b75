/**
 * Any state value as one short printable line for people. Calls no getter and no method of the value,
 * and takes time by the length of the line, not by the size of the value.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import {
  arrayBufferByteLength,
  bigintToString,
  dataViewByteLength,
  dateGetTime,
  getOwnPropertyDescriptor,
  mapEntries,
  mapNext,
  mapSize,
  NativeDate,
  objectKeys,
  setNext,
  setSize,
  setValues,
  typedArrayLength,
} from "./intrinsics.ts";
import { className, dataKind } from "./data_kind.ts";
import { quoteText } from "../text/quote_text.ts";
import {
  elementSegment,
  isIdentifier,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  setValueSegment,
} from "./state_path.ts";
import type { FormatOptions, Spot, TypedArray } from "./types.ts";

const MAX_LENGTH_DEFAULT = 80;
const MAX_LENGTH_LEAST = 16;
// Each level of nesting takes a character: this bounds the recursion too.
const MAX_LENGTH_MOST = 1024;
const ELLIPSIS = "...";
const MORE = `, ${ELLIPSIS}`;
/** Room that an item gets at least, where there is that much. */
const ROOM_LEAST = 24;
const DIGITS_SHOWN_MAX = 60;
const BIGINT_SHOWN_BELOW = 10n ** BigInt(DIGITS_SHOWN_MAX);

/**
 * One short line for a state value: `{x: 1, cells: Float64Array(10000) [0, 0.5, ...]}`. Strings are
 * quoted, and everything but printable ASCII, letters and digits is escaped. An object inside of itself is
 * written as `{"$ref": "this.next"}`.
 *
 * @throws {RangeError} If `maxLength` is not in [16, 1024].
 */
export function formatValue(value: unknown, options: FormatOptions = {}): string {
  const { maxLength = MAX_LENGTH_DEFAULT, name = "this" } = options;
  if (!(maxLength >= MAX_LENGTH_LEAST && maxLength <= MAX_LENGTH_MOST)) {
    throw new ArgumentRangeError(
      `Cannot format a value: maxLength is ${maxLength}, not in [16, 1024]`,
    );
  }
  const text = format(value, maxLength, { outer: undefined, segment: () => name });
  return text.length <= maxLength ? text : text.slice(0, maxLength - ELLIPSIS.length) + ELLIPSIS;
}

function format(value: unknown, room: number, spot: Spot): string {
  switch (typeof value) {
    case "number":
      return value === 0 && 1 / value < 0 ? "-0" : `${value}`;
    case "string":
      return quoteText(value, room - ELLIPSIS.length - 1);
    case "bigint":
      return formatBigint(value);
    case "function":
    case "symbol":
      return `(${typeof value})`;
    case "object":
      return value === null ? "null" : formatObject(value, room, spot);
    default:
      return `${value}`;
  }
}

/** In decimal while that is short; finding the digits of a huge one would take long. */
function formatBigint(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < BIGINT_SHOWN_BELOW) return `${value}n`;
  const digits = bigintToString(magnitude, 16);
  const sign = value < 0n ? "-" : "";
  return `${sign}0x${digits.slice(0, DIGITS_SHOWN_MAX)}...n (${digits.length} hex digits)`;
}

function formatObject(value: object, room: number, spot: Spot): string {
  for (let at = spot.outer; at !== undefined; at = at.spot.outer) {
    if (at.object === value) return `{"$ref": ${quoteText(pathOf(at.spot), room)}}`;
  }
  const outer = { object: value, spot };
  const kind = dataKind(value);
  switch (kind) {
    case undefined:
      return `(${className(value) ?? "object"})`;
    case "Object":
      return formatProperties("{", value, room, outer);
    case "NullPrototype":
      return formatProperties("[null prototype] {", value, room, outer);
    case "Array":
      return formatArray(value as unknown[], room, outer);
    case "Map":
      return formatMap(value as Map<unknown, unknown>, room, outer);
    case "Set":
      return formatSet(value as Set<unknown>, room, outer);
    case "Date":
      return formatDate(dateGetTime(value as Date));
    case "ArrayBuffer":
      return `ArrayBuffer(${arrayBufferByteLength(value)})`;
    case "DataView":
      return `DataView(${dataViewByteLength(value)})`;
    default:
      return formatTypedArray(kind.name, value as TypedArray, room, outer);
  }
}

function pathOf(spot: Spot): string {
  let path = spot.segment();
  for (let at = spot.outer; at !== undefined; at = at.spot.outer) path = at.spot.segment() + path;
  return path;
}

function formatDate(time: number): string {
  return Number.isNaN(time) ? "Date(invalid)" : `Date(${new NativeDate(time).toISOString()})`;
}

/** Writes the next item, in about `room`. */
type ItemSource = (room: number) => string;

/** As many of `count` items as there is room for, then `...` if there are more. */
function formatItems(
  open: string,
  close: string,
  room: number,
  count: number,
  next: ItemSource,
): string {
  let text = open;
  for (let i = 0; i < count; i++) {
    const separator = i === 0 ? "" : ", ";
    const isLast = i === count - 1;
    const reserved = separator.length + close.length + (isLast ? 0 : MORE.length);
    const left = room - text.length - reserved;
    // One long item must not push all others off the line.
    const item = left < 1
      ? undefined
      : next(isLast ? left : Math.min(left, Math.max(left - (left >> 2), ROOM_LEAST)));
    if (item === undefined || item.length > left) return text + separator + ELLIPSIS + close;
    text += separator + item;
  }
  return text + close;
}

function formatProperties(
  open: string,
  object: object,
  room: number,
  outer: Spot["outer"],
): string {
  const names = objectKeys(object);
  let i = 0;
  return formatItems(open, "}", room, names.length, (room) => {
    const name = names[i++]!;
    const label = (isIdentifier(name) ? name : quoteText(name, room)) + ": ";
    const descriptor = getOwnPropertyDescriptor(object, name);
    const isData = descriptor !== undefined && descriptor.writable !== undefined;
    const spot = { outer, segment: () => propertySegment(name) };
    return label + (isData ? format(descriptor.value, room - label.length, spot) : "(getter)");
  });
}

function formatArray(array: readonly unknown[], room: number, outer: Spot["outer"]): string {
  let i = 0;
  return formatItems("[", "]", room, array.length, (room) => {
    const index = i++;
    const descriptor = getOwnPropertyDescriptor(array, index);
    if (descriptor === undefined) return "(hole)";
    const spot = { outer, segment: () => elementSegment(index) };
    return descriptor.writable === undefined ? "(getter)" : format(descriptor.value, room, spot);
  });
}

function formatTypedArray(
  name: string,
  array: TypedArray,
  room: number,
  outer: Spot["outer"],
): string {
  const length = typedArrayLength(array);
  const spot = { outer, segment: () => "" };
  let i = 0;
  return formatItems(
    `${name}(${length}) [`,
    "]",
    room,
    length,
    (room) => format(array[i++], room, spot),
  );
}

function formatMap(map: Map<unknown, unknown>, room: number, outer: Spot["outer"]): string {
  const size = mapSize(map);
  const iterator = mapEntries(map);
  let i = 0;
  return formatItems(`Map(${size}) {`, "}", room, size, (room) => {
    const index = i++;
    const [key, value] = mapNext(iterator).value;
    const label = `${format(key, room >> 1, { outer, segment: () => mapKeySegment(index) })} => `;
    const spot = { outer, segment: () => mapValueSegment(key, index) };
    return label + format(value, room - label.length, spot);
  });
}

function formatSet(set: Set<unknown>, room: number, outer: Spot["outer"]): string {
  const size = setSize(set);
  const iterator = setValues(set);
  let i = 0;
  return formatItems(`Set(${size}) {`, "}", room, size, (room) => {
    const index = i++;
    const spot = { outer, segment: () => setValueSegment(index) };
    return format(setNext(iterator).value, room, spot);
  });
}
