/**
 * Any state value as one short printable line for people. Calls no getter and no method of the value,
 * and takes time by the length of the line, not by the size of the value.
 * This module is browser compatible.
 *
 * @module
 */

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
import { className, dataKind } from "./plain_data.ts";
import { quoteText } from "./quote_text.ts";
import { isIdentifier } from "./state_path.ts";
import type { TypedArray } from "./wire_format.ts";

/** How a value is to be formatted. */
export interface FormatOptions {
  /** Longest line to return, in UTF-16 code units, at least 16. Default 80. */
  readonly maxLength?: number;
}

const MAX_LENGTH_DEFAULT = 80;
const MAX_LENGTH_LEAST = 16;
const ELLIPSIS = "...";
/** Room below which no further container is opened. */
const ROOM_LEAST = 8;
const DIGITS_SHOWN_MAX = 60;
const BIGINT_SHOWN_BELOW = 10n ** BigInt(DIGITS_SHOWN_MAX);

/**
 * One short line for a state value: `{x: 1, cells: Float64Array(10000) [0, 0.5, ...]}`. Strings are
 * quoted, and everything but printable ASCII, letters and digits is escaped.
 *
 * @throws {RangeError} If `maxLength` is below 16.
 *
 * @example Usage
 * ```ts
 * import { formatValue } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatValue({ x: -0, "a b": [1, 2] }), '{x: -0, "a b": [1, 2]}');
 * assertEquals(formatValue(new Float64Array(10_000), { maxLength: 32 }), "Float64Array(10000) [0, 0, ...]");
 * ```
 */
export function formatValue(value: unknown, options: FormatOptions = {}): string {
  const { maxLength = MAX_LENGTH_DEFAULT } = options;
  if (!(maxLength >= MAX_LENGTH_LEAST)) {
    throw new RangeError(`Cannot format a value as maxLength is ${maxLength}, below 16`);
  }
  const text = format(value, maxLength);
  return text.length <= maxLength ? text : text.slice(0, maxLength - ELLIPSIS.length) + ELLIPSIS;
}

function format(value: unknown, room: number): string {
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
      return value === null ? "null" : formatObject(value, room);
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

function formatObject(value: object, room: number): string {
  const kind = dataKind(value);
  switch (kind) {
    case undefined:
      return `(${className(value) ?? "object"})`;
    case "Object":
      return formatItems("{", "}", room, properties(value));
    case "NullPrototype":
      return formatItems("[null prototype] {", "}", room, properties(value));
    case "Array":
      return formatItems("[", "]", room, elements(value as unknown[]));
    case "Map":
      return formatItems(
        `Map(${mapSize(value)}) {`,
        "}",
        room,
        entries(value as Map<unknown, unknown>),
      );
    case "Set":
      return formatItems(`Set(${setSize(value)}) {`, "}", room, members(value as Set<unknown>));
    case "Date":
      return formatDate(dateGetTime(value as Date));
    case "ArrayBuffer":
      return `ArrayBuffer(${arrayBufferByteLength(value)})`;
    case "DataView":
      return `DataView(${dataViewByteLength(value)})`;
    default: {
      const length = typedArrayLength(value);
      return formatItems(
        `${kind.name}(${length}) [`,
        "]",
        room,
        numbers(value as TypedArray, length),
      );
    }
  }
}

function formatDate(time: number): string {
  return Number.isNaN(time) ? "Date(invalid)" : `Date(${new NativeDate(time).toISOString()})`;
}

/** Writes the next item within `room`, or returns undefined after the last. */
type ItemSource = (room: number) => string | undefined;

/** As many items as there is room for, then `...` if there are more. */
function formatItems(open: string, close: string, room: number, next: ItemSource): string {
  if (room < ROOM_LEAST) return open + ELLIPSIS + close;
  let text = open;
  for (let separator = "";; separator = ", ") {
    const left = room - text.length - separator.length - close.length;
    const item = next(left);
    if (item === undefined) return text + close;
    // What follows must at least fit as `, ...`.
    if (item.length > left) return text + separator + ELLIPSIS + close;
    text += separator + item;
  }
}

function properties(object: object): ItemSource {
  const names = objectKeys(object);
  let i = 0;
  return (room) => {
    if (i === names.length) return undefined;
    const name = names[i++]!;
    const label = (isIdentifier(name) ? name : quoteText(name, room)) + ": ";
    const descriptor = getOwnPropertyDescriptor(object, name);
    const isData = descriptor !== undefined && descriptor.writable !== undefined;
    return label + (isData ? format(descriptor.value, room - label.length) : "(getter)");
  };
}

function elements(array: readonly unknown[]): ItemSource {
  let i = 0;
  return (room) => {
    if (i === array.length) return undefined;
    const descriptor = getOwnPropertyDescriptor(array, i++);
    if (descriptor === undefined) return "(hole)";
    return descriptor.writable === undefined ? "(getter)" : format(descriptor.value, room);
  };
}

function numbers(array: TypedArray, length: number): ItemSource {
  let i = 0;
  return (room) => i === length ? undefined : format(array[i++], room);
}

function entries(map: Map<unknown, unknown>): ItemSource {
  const iterator = mapEntries(map);
  return (room) => {
    const { done, value: entry } = mapNext(iterator);
    if (done) return undefined;
    const label = `${format(entry[0], room)} => `;
    return label + format(entry[1], room - label.length);
  };
}

function members(set: Set<unknown>): ItemSource {
  const iterator = setValues(set);
  return (room) => {
    const { done, value } = setNext(iterator);
    return done ? undefined : format(value, room);
  };
}
