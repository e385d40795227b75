/**
 * A quick hash of live states, which two processes that cannot show each other their states compare in their place. It
 * tells values apart by accident only; against somebody who wants two to look alike there is SHA-256. It says nothing of
 * which objects are shared.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind } from "../../codec/data_kind.ts";
import { encodeState } from "../../codec/encode_state.ts";
import {
  bigintToString,
  charCodeAt,
  dateGetTime,
  getPrototypeOf,
  isArray,
  isExtensible,
  LITTLE_ENDIAN,
  mapEntries,
  mapNext,
  mapSize,
  objectKeys,
  ObjectPrototype,
  setNext,
  setSize,
  setValues,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArraySet,
} from "../../codec/intrinsics.ts";
import { integrityOf } from "../../codec/integrity.ts";
import type { TypedArray, TypedArrayKind } from "../../codec/types.ts";

/** Objects that one state takes: a graph of few objects can have endlessly many paths. */
const VISITS_MAX = 2 ** 20;

/** Depth up to which states are walked through; others are hashed by their encoding. */
const DEPTH_MAX = 100;

/** What comes before a value, by its kind. */
const TAG = {
  undefined: 0x1b873593,
  null: 0x2c1b3c6d,
  true: 0x3243f6a9,
  false: 0x452821e7,
  bigint: 0x517cc1b7,
  string: 0x6a09e667,
  Array: 0x71374491,
  Map: 0x0fc19dc7,
  Set: 0x240ca1cd,
  Date: 0x2de92c6f,
  NullPrototype: 0x4a7484ab,
  bytes: 0x5cb0a9dd,
  integrity: 0x76f988da,
} as const;

/** What was met in one place of the states: objects there mostly have the same names. */
class Place {
  /** Names of the properties of an object, in order. */
  names: readonly string[] = [];
  /** A hash of them. */
  hash = 0;
  /** The places in it: one per property, one for all elements. */
  readonly parts: Place[] = [];

  /** The place at an index. */
  part(index: number): Place {
    return this.parts[index] ??= new Place();
  }
}

type Fields = Readonly<Record<string, unknown>>;

const number = new Float64Array(1);
const numberWords = new Int32Array(number.buffer);

/** A hash of 64 bits of any number of states. */
export class StateDigest {
  #a = 0x9747b28c | 0;
  #b = 0x3c6ef372 | 0;
  #visitsLeft = 0;
  readonly #root = new Place();

  /** Takes a state; one that cannot be walked through by its encoding. */
  add(state: unknown): void {
    if (typeof state === "number") return this.number(state);
    this.#visitsLeft = VISITS_MAX;
    if (!this.#value(state, this.#root, 0)) this.#bytes(encodeState(state));
  }

  /** Takes the bits of a number; all NaN are one. */
  number(value: number): void {
    number[0] = value === value ? value : NaN;
    this.#words(numberWords[0]!, value === value ? numberWords[1]! : 0x7ff80000);
  }

  /** The hash of what was taken so far, as 16 hexadecimal digits; what comes goes into another one. */
  take(): string {
    const text = hex(finish(this.#a ^ this.#b)) + hex(finish(this.#b + Math.imul(this.#a, 31)));
    this.#start();
    return text;
  }

  /** The same as a number of 53 bits. */
  takeNumber(): number {
    const number = (finish(this.#a ^ this.#b) >>> 0) * 2 ** 21 + (finish(this.#b) >>> 11);
    this.#start();
    return number;
  }

  #start(): void {
    this.#a = 0x9747b28c | 0;
    this.#b = 0x3c6ef372 | 0;
  }

  /** Takes 64 bits: for each of the two words, what was taken before and this give another hash. */
  #words(low: number, high: number): void {
    let a = Math.imul(this.#a ^ low, 0x9e3779b1);
    a = (a << 15) | (a >>> 17);
    let b = Math.imul(this.#b ^ high, 0x85ebca6b);
    b = (b << 13) | (b >>> 19);
    this.#a = (a + b) | 0;
    this.#b = (b ^ Math.imul(this.#a, 0xc2b2ae35)) | 0;
  }

  /** Whether the value could be walked through. */
  #value(value: unknown, place: Place, depth: number): boolean {
    switch (typeof value) {
      case "number":
        this.number(value);
        return true;
      case "string":
        return this.#string(value);
      case "boolean":
        this.#words(value ? TAG.true : TAG.false, 0);
        return true;
      case "undefined":
        this.#words(TAG.undefined, 0);
        return true;
      case "bigint":
        this.#words(TAG.bigint, 0);
        return this.#string(bigintToString(value, 16));
      case "object":
        if (value !== null) return this.#object(value, place, depth);
        this.#words(TAG.null, 0);
        return true;
      default:
        return false;
    }
  }

  #string(text: string): boolean {
    const { length } = text;
    this.#words(TAG.string, length);
    for (let i = 0; i < length; i++) this.#words(charCodeAt(text, i), i);
    return true;
  }

  #object(value: object, place: Place, depth: number): boolean {
    if (depth > DEPTH_MAX || this.#visitsLeft-- <= 0) return false;
    if (!isExtensible(value)) this.#words(TAG.integrity, integrityOf(value));
    if (isArray(value)) return this.#list(value, place, depth + 1);
    if (getPrototypeOf(value) === ObjectPrototype) return this.#record(value, place, depth + 1);
    const kind = dataKind(value);
    if (typeof kind === "object") return this.#typed(value as TypedArray, kind);
    switch (kind) {
      case "NullPrototype":
        this.#words(TAG.NullPrototype, 0);
        return this.#record(value, place, depth + 1);
      case "Map":
        return this.#map(value as Map<unknown, unknown>, place, depth + 1);
      case "Set":
        return this.#set(value as Set<unknown>, place, depth + 1);
      case "Date":
        this.#words(TAG.Date, 0);
        this.number(dateGetTime(value as Date));
        return true;
      default:
        return false;
    }
  }

  #list(list: readonly unknown[], place: Place, depth: number): boolean {
    const { length } = list;
    this.#words(TAG.Array, length);
    const element = place.part(0);
    for (let i = 0; i < length; i++) {
      const value = list[i];
      if (typeof value === "number") this.number(value);
      else if (!this.#value(value, element, depth)) return false;
    }
    return true;
  }

  #record(record: object, place: Place, depth: number): boolean {
    const { names } = place;
    let count = 0;
    let areKnown = true;
    // V8 reads the fields of objects of one shape at once in this loop, and makes no lists of names and values.
    // deno-lint-ignore guard-for-in -- nothing is inherited: it is a plain object
    for (const name in record) {
      if (name !== names[count]) areKnown = false;
      const value = (record as Fields)[name];
      if (typeof value === "number") this.number(value);
      else if (!this.#value(value, place.part(count), depth)) return false;
      count++;
    }
    if (!areKnown || count !== names.length) {
      place.names = objectKeys(record);
      place.hash = hashOf(place.names);
    }
    this.#words(place.hash, count);
    return true;
  }

  #map(map: Map<unknown, unknown>, place: Place, depth: number): boolean {
    this.#words(TAG.Map, mapSize(map));
    const entries = mapEntries(map);
    for (let next = mapNext(entries); !next.done; next = mapNext(entries)) {
      const entry = next.value;
      if (!this.#value(entry[0], place.part(0), depth)) return false;
      if (!this.#value(entry[1], place.part(1), depth)) return false;
    }
    return true;
  }

  #set(set: Set<unknown>, place: Place, depth: number): boolean {
    this.#words(TAG.Set, setSize(set));
    const values = setValues(set);
    for (let next = setNext(values); !next.done; next = setNext(values)) {
      if (!this.#value(next.value, place.part(0), depth)) return false;
    }
    return true;
  }

  #typed(array: TypedArray, { extType, elementBytes, isFloat }: TypedArrayKind): boolean {
    const length = typedArrayByteLength(array);
    this.#words(TAG.bytes, extType ?? 0);
    this.#words(length, length);
    if (isFloat && elementBytes === 2) {
      for (let i = 0; i < array.length; i++) this.number(array[i] as number);
      return true;
    }
    const words = wordsOf(array);
    const count = words.length;
    if (isFloat && elementBytes === 8) this.#doubles(words);
    else if (isFloat) { for (let i = 0; i < count; i++) this.#words(plainSingle(words[i]!), i); }
    else for (let i = 0; i < count; i++) this.#words(words[i]!, i);
    return true;
  }

  #doubles(words: Int32Array): void {
    const low = LITTLE_ENDIAN ? 0 : 1;
    for (let i = 0; i < words.length; i += 2) {
      const a = words[i + low]!;
      const b = words[i + 1 - low]!;
      const isNaN = (b & 0x7ff00000) === 0x7ff00000 && ((b & 0xfffff) | a) !== 0;
      this.#words(isNaN ? 0 : a, isNaN ? 0x7ff80000 : b);
    }
  }

  #bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#words(TAG.bytes, length);
    for (let i = 0; i < length; i++) this.#words(bytes[i]!, i);
  }
}

/** The bytes of a typed array as words of 32 bits, with zeros at the end where they are no whole number. */
function wordsOf(array: TypedArray): Int32Array {
  const offset = typedArrayByteOffset(array);
  const length = typedArrayByteLength(array);
  const buffer = typedArrayBuffer(array);
  if (offset % 4 === 0 && length % 4 === 0) return new Int32Array(buffer, offset, length / 4);
  const bytes = new Uint8Array(Math.ceil(length / 4) * 4);
  typedArraySet(bytes, new Uint8Array(buffer, offset, length));
  return new Int32Array(bytes.buffer);
}

/** The bits of a float32; all NaN are one. */
function plainSingle(bits: number): number {
  const isNaN = (bits & 0x7f800000) === 0x7f800000 && (bits & 0x7fffff) !== 0;
  return isNaN ? 0x7fc00000 : bits;
}

/** A hash of names. */
function hashOf(names: readonly string[]): number {
  let hash = names.length;
  for (const name of names) {
    hash = Math.imul(hash ^ name.length, 0x01000193);
    for (let i = 0; i < name.length; i++) {
      hash = Math.imul(hash ^ charCodeAt(name, i), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
  }
  return hash;
}

function finish(lane: number): number {
  let h = lane ^ (lane >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
