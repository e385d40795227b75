/**
 * What the modules of the codec hand to each other.
 * This module is browser compatible.
 *
 * @module
 */

import type { StateDifference } from "../error_types.ts";

/**
 * How a copier copies: `strict` looks for getters and symbol keys, which `own` states of this process do not have;
 * `thawed` is strict too, and nothing is frozen or sealed in the copy.
 */
export type CopyMode = "strict" | "own" | "thawed";

/** Views that share memory. */
export interface ViewGroup {
  /** The buffer that they lie in. */
  readonly buffer: ArrayBuffer;
  /** What stands for what they share among the numbered objects: the buffer if it is a member itself. */
  readonly identity: object;
  /** First byte that is kept, chosen so that the elements of all members stay aligned. */
  readonly start: number;
  /** Bytes from there on that no member shows, kept as zeros; fewer than an element. */
  readonly padding: number;
  /** Byte after the last that is kept. */
  readonly end: number;
  /**
   * Kind of all members, if they are typed arrays of one kind. Else their bytes are seen in several ways, and
   * NaNs are not normalized.
   */
  readonly kind: TypedArrayKind | undefined;
  /** Members that a second walk has not met yet. */
  missing: number;
  /** The buffer of the copy, once there is one. */
  copy: ArrayBuffer | undefined;
}

/** A kind of object that shows part of a buffer. */
export type SharedKind = TypedArrayKind | "DataView";

/** What a view is said to be; the numbers may be anything. */
export interface ViewPlace {
  readonly kind: SharedKind;
  readonly buffer: object;
  /** First byte in the buffer. */
  readonly offset: unknown;
  /** Number of elements. */
  readonly length: unknown;
}

/** Any typed array. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Constructor of one kind of typed array, as the codec calls it. */
export interface TypedArrayConstructor {
  readonly prototype: object;
  readonly BYTES_PER_ELEMENT: number;
  new (source: TypedArray): TypedArray;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): TypedArray;
  new (length: number): TypedArray;
}

/** One kind of typed array: its name, its extension type and how to make one. */
export interface TypedArrayKind {
  /** Name of the constructor. */
  readonly name: string;
  /** Extension type; `Uint8Array` has none, as msgpack's bin form holds it. */
  readonly extType: number | undefined;
  /** Bytes per element. */
  readonly elementBytes: number;
  /** Whether elements can be NaN. */
  readonly isFloat: boolean;
  /** The constructor, captured at load. */
  readonly Constructor: TypedArrayConstructor;
}

/** How two states compare. */
export type StateComparison =
  | { readonly kind: "equal" }
  /** The values are equal, but not which objects are one, or share memory: where that shows first. */
  | { readonly kind: "sharing"; readonly difference: StateDifference }
  | { readonly kind: "value"; readonly difference: StateDifference };

/** How states are compared. */
export interface CompareOptions {
  /**
   * Whether a frozen object equals one that is not frozen in the expected state: in a run parameters are read-only, and
   * so is what a state holds of them.
   */
  readonly mayBeFrozen?: boolean | undefined;
  /**
   * Compares sets by what is in them, whatever the order, as Python does.
   *
   * @default {false}
   */
  readonly unorderedSets?: boolean | undefined;
}

/** Where in the numbering something starts. */
export interface Mark {
  /** The number of the object that is visited next. */
  readonly number: number;
  /** How many objects were left for later before. */
  readonly deferred: number;
  /** The object whose contents come next, if it was left for later. */
  readonly next: object | undefined;
}

/** The bytes that a typed array, DataView or ArrayBuffer shows. */
export interface RawView {
  /** The object. */
  readonly value: object;
  readonly kind: RawKind;
  readonly buffer: ArrayBuffer;
  /** First byte in the buffer. */
  readonly start: number;
  /** Byte after the last. */
  readonly end: number;
}

/** A value in an object: where it is, and what. */
export interface ObjectPart {
  /** How the place is written, after the path of the object. */
  readonly segment: () => string;
  /** What is there. */
  readonly value: unknown;
}

/** Where an object is: in which other one, and how the way from there is written. */
export interface Place {
  readonly parent: Place | undefined;
  readonly segment: () => string;
}

/** How a value is to be formatted. */
export interface FormatOptions {
  /** Longest line to return, in UTF-16 code units, in [16, 1024]. Default 80. */
  readonly maxLength?: number;
  /** How the value is called where an object in it leads back to it. Default `this`. */
  readonly name?: string;
}

/** Kind of an object that is data; typed arrays are told apart by their row in the table. */
export type Kind =
  | "Object"
  | "NullPrototype"
  | "Array"
  | "Map"
  | "Set"
  | "Date"
  | "ArrayBuffer"
  | "DataView"
  | TypedArrayKind;

/** A kind whose contents are values. */
export type ContainerKind = "Object" | "NullPrototype" | "Array" | "Map" | "Set";

/** A kind whose contents are bytes. */
export type RawKind = "ArrayBuffer" | "DataView" | TypedArrayKind;

/** An object whose parts are walked through, on both sides. */
export interface Level {
  readonly left: Iterator<ObjectPart>;
  readonly right: Iterator<ObjectPart>;
  readonly place: Place | undefined;
}

/** The first visit of an object. */
export interface Visit {
  readonly number: number;
  readonly place: Place | undefined;
}

/** Two parts of states in the same place. */
export interface Pair {
  readonly segment: () => string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Pairs of parts in the order of the encoding, and differences that are found on the way. */
export type Pairs = Generator<Pair | StateDifference, void, void>;

/** An object of properties. */
export type Fields = Readonly<Record<string, unknown>>;

/** A Map. */
export type Entries = ReadonlyMap<unknown, unknown>;

/** A Set. */
export type Members = ReadonlySet<unknown>;

/** A copy without its parts. */
export interface Unfilled {
  readonly original: object;
  readonly copy: object;
  readonly kind: ContainerKind;
}

/** An object that is there already, but whose contents follow later. */
export interface Deferred {
  readonly object: object;
  /** What sort of container it is, by its code. */
  readonly code: number;
}

/** What the views of one buffer span together. */
export interface Hull {
  start: number;
  end: number;
}

/** Where a value is: in which object, and how the way from there is written. */
export interface Spot {
  readonly outer: { readonly object: object; readonly spot: Spot } | undefined;
  readonly segment: () => string;
}
