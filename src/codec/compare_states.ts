/**
 * Equality of states by their canonical bytes, and where two states first differ.
 * This module is browser compatible.
 *
 * @module
 */

import type { StateDifference } from "../errors.ts";
import { STATE_DEPTH_MAX } from "../limits.ts";
import { formatValue } from "./format_value.ts";
import { dataKind, type Kind } from "./data_kind.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  ROOT_PATH,
  setValueSegment,
} from "./state_path.ts";
import type { TypedArray, TypedArrayKind } from "./wire_format.ts";

/** Whether two encodings are the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The first place, in the order of the encoding, at which two states differ; undefined if they are
 * equal. Sizes of arrays, Maps and Sets come before their contents, as `state.list.length`.
 *
 * @param expected The recorded state, as decoded.
 * @param actual The replayed state, as decoded.
 *
 * @example Usage
 * ```ts
 * import { describeDifference } from "./compare_states.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const difference = describeDifference({ x: [1, 0.3] }, { x: [1, 0.1 + 0.2] });
 * assertEquals(difference?.path, "state.x[1]");
 * assertEquals(difference?.ulps, 1n);
 * ```
 */
export function describeDifference(
  expected: unknown,
  actual: unknown,
): StateDifference | undefined {
  return within(ROOT_PATH, compare(expected, actual, 0));
}

const MISSING = "(missing)";

/** A difference found inside the part that `segment` names; its path so far is relative to that. */
function within(
  segment: string,
  found: StateDifference | undefined,
): StateDifference | undefined {
  return found === undefined ? undefined : { ...found, path: segment + found.path };
}

function difference(expected: unknown, actual: unknown): StateDifference {
  return { path: "", expected: formatValue(expected), actual: formatValue(actual) };
}

function compare(expected: unknown, actual: unknown, depth: number): StateDifference | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (typeof expected === "number" && typeof actual === "number") {
    return numberDifference(expected, actual, new Float64Array(2));
  }
  if (!isObject(expected) || !isObject(actual)) return difference(expected, actual);
  const kind = dataKind(expected);
  if (kind === undefined || kind !== dataKind(actual) || depth === STATE_DEPTH_MAX) {
    return difference(expected, actual);
  }
  return compareContents(kind, expected, actual, depth + 1);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function compareContents(
  kind: Kind,
  expected: object,
  actual: object,
  depth: number,
): StateDifference | undefined {
  switch (kind) {
    case "Object":
    case "NullPrototype":
      return compareProperties(expected as Fields, actual as Fields, depth);
    case "Array":
      return compareArrays(expected as unknown[], actual as unknown[], depth);
    case "Map":
      return compareMaps(expected as Entries, actual as Entries, depth);
    case "Set":
      return compareSets(expected as Members, actual as Members, depth);
    case "Date":
      return Object.is((expected as Date).getTime(), (actual as Date).getTime())
        ? undefined
        : difference(expected, actual);
    case "ArrayBuffer":
      return compareElements(
        new Uint8Array(expected as ArrayBuffer),
        new Uint8Array(actual as ArrayBuffer),
      );
    case "DataView":
      return compareElements(viewBytes(expected as DataView), viewBytes(actual as DataView));
    default:
      return compareElements(expected as TypedArray, actual as TypedArray);
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Entries = ReadonlyMap<unknown, unknown>;
type Members = ReadonlySet<unknown>;

function viewBytes(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Compares property by property in order; where the names part, one of them is missing in the other. */
function compareProperties(
  expected: Fields,
  actual: Fields,
  depth: number,
): StateDifference | undefined {
  const expectedNames = Object.keys(expected);
  const actualNames = Object.keys(actual);
  const count = Math.max(expectedNames.length, actualNames.length);
  for (let i = 0; i < count; i++) {
    const name = expectedNames[i];
    const other = actualNames[i];
    if (name !== undefined && name === other) {
      const found = compare(expected[name], actual[name], depth);
      if (found !== undefined) return within(propertySegment(name), found);
    } else if (name !== undefined && !Object.hasOwn(actual, name)) {
      const text = formatValue(expected[name]);
      return { path: propertySegment(name), expected: text, actual: MISSING };
    } else if (other !== undefined && !Object.hasOwn(expected, other)) {
      const text = formatValue(actual[other]);
      return { path: propertySegment(other), expected: MISSING, actual: text };
    } else {
      return { path: "", expected: orderText(expectedNames), actual: orderText(actualNames) };
    }
  }
  return undefined;
}

function orderText(names: readonly string[]): string {
  return `keys in the order ${formatValue(names)}`;
}

function compareArrays(
  expected: readonly unknown[],
  actual: readonly unknown[],
  depth: number,
): StateDifference | undefined {
  const { length } = expected;
  if (length !== actual.length) return within(".length", difference(length, actual.length));
  for (let i = 0; i < length; i++) {
    const found = compare(expected[i], actual[i], depth);
    if (found !== undefined) return within(elementSegment(i), found);
  }
  return undefined;
}

function compareMaps(
  expected: Entries,
  actual: Entries,
  depth: number,
): StateDifference | undefined {
  if (expected.size !== actual.size) {
    return within(".size", difference(expected.size, actual.size));
  }
  const actualEntries = actual.entries();
  let i = 0;
  for (const [key, value] of expected) {
    const [actualKey, actualValue] = actualEntries.next().value!;
    const keyFound = compare(key, actualKey, depth);
    if (keyFound !== undefined) return within(mapKeySegment(i), keyFound);
    const found = compare(value, actualValue, depth);
    if (found !== undefined) return within(mapValueSegment(key, i), found);
    i++;
  }
  return undefined;
}

function compareSets(
  expected: Members,
  actual: Members,
  depth: number,
): StateDifference | undefined {
  if (expected.size !== actual.size) {
    return within(".size", difference(expected.size, actual.size));
  }
  const actualValues = actual.values();
  let i = 0;
  for (const value of expected) {
    const found = compare(value, actualValues.next().value, depth);
    if (found !== undefined) return within(setValueSegment(i), found);
    i++;
  }
  return undefined;
}

function compareElements(expected: TypedArray, actual: TypedArray): StateDifference | undefined {
  const { length } = expected;
  if (length !== actual.length) return within(".length", difference(length, actual.length));
  let i = 0;
  while (i < length && Object.is(expected[i], actual[i])) i++;
  if (i === length) return undefined;
  const found = typeof expected[i] === "bigint"
    ? difference(expected[i], actual[i])
    : numberDifference(expected[i] as number, actual[i] as number, imageArray(expected));
  return within(elementSegment(i), found);
}

/** An array of two numbers in the format in which those of `array` are compared bit by bit. */
function imageArray(array: TypedArray): TypedArray {
  const kind = dataKind(array) as TypedArrayKind;
  return kind.isFloat ? new kind.Constructor(2) : new Float64Array(2);
}

/** The difference of two numbers, with that of their images in the floating point format of `pair`. */
function numberDifference(expected: number, actual: number, pair: TypedArray): StateDifference {
  pair[0] = expected;
  pair[1] = actual;
  const width = 8 * pair.BYTES_PER_ELEMENT;
  const [a, b] = imagesOf(pair);
  const bits = (a ^ b).toString(2).replaceAll("0", "").length;
  const base = { ...difference(expected, actual), bits };
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) return base;
  const distance = rank(a, width) - rank(b, width);
  return { ...base, ulps: distance < 0n ? -distance : distance };
}

/** The bits of the two numbers of `pair` as unsigned integers. */
function imagesOf(pair: TypedArray): [bigint, bigint] {
  const { buffer } = pair;
  switch (pair.BYTES_PER_ELEMENT) {
    case 2: {
      const [a, b] = new Uint16Array(buffer);
      return [BigInt(a!), BigInt(b!)];
    }
    case 4: {
      const [a, b] = new Uint32Array(buffer);
      return [BigInt(a!), BigInt(b!)];
    }
    default: {
      const [a, b] = new BigUint64Array(buffer);
      return [a!, b!];
    }
  }
}

/** Place of a finite number among all of its format, counted in units in the last place from zero. */
function rank(image: bigint, width: number): bigint {
  const magnitude = BigInt.asUintN(width - 1, image);
  return image === magnitude ? magnitude : -magnitude;
}
