/**
 * Values of Python as a graph of plain nodes. What matters to `pickle` is kept apart: int and
 * float, tuple and list, and which two places hold one and the same object, since a pickle says
 * so and the content hash covers it. None, bool and int are JavaScript's null, boolean, and number
 * (where it is a safe integer) or bigint; everything else is a class.
 * This module is browser compatible.
 *
 * @module
 */

import type { NumpyArray, NumpyDtype } from "./ndarray.ts";

/** Any value that can be in a pickle that is read as data. */
export type PythonValue =
  | null
  | boolean
  | number
  | bigint
  | PythonFloat
  | PythonText
  | PythonBytes
  | PythonSequence
  | PythonDict
  | PythonSet
  | PythonName
  | NumpyCall;

/** A float. */
export class PythonFloat {
  /** The number. */
  readonly value: number;

  /** Wraps a number. */
  constructor(value: number) {
    this.value = value;
  }
}

/** A str. */
export class PythonText {
  /** The string. */
  readonly text: string;

  /** Wraps a string. */
  constructor(text: string) {
    this.text = text;
  }
}

/** A bytes, or a bytearray. */
export class PythonBytes {
  /** The bytes; not to be changed. */
  readonly bytes: Uint8Array;
  /** Whether it is a bytearray. */
  readonly isMutable: boolean;

  /** Wraps bytes. */
  constructor(bytes: Uint8Array, isMutable = false) {
    this.bytes = bytes;
    this.isMutable = isMutable;
  }
}

/** A list, or a tuple. */
export class PythonSequence {
  /** The items; those of a list grow while its pickle is read. */
  readonly items: PythonValue[];
  /** Whether it is a tuple. */
  readonly isTuple: boolean;

  /** Wraps items. */
  constructor(items: PythonValue[], isTuple: boolean) {
    this.items = items;
    this.isTuple = isTuple;
  }
}

/** A dict. */
export class PythonDict {
  /** Key, value, key, value, in Python's order. */
  readonly entries: PythonValue[];

  /** Wraps entries. */
  constructor(entries: PythonValue[]) {
    this.entries = entries;
  }
}

/** A set, or a frozenset. */
export class PythonSet {
  /** The items, in the order in which Python iterated over them when it wrote the pickle. */
  readonly items: PythonValue[];
  /** Whether it is a frozenset. */
  readonly isFrozen: boolean;

  /** Wraps items. */
  constructor(items: PythonValue[], isFrozen: boolean) {
    this.items = items;
    this.isFrozen = isFrozen;
  }
}

// CPython has one object each of these: the empty tuple, the empty bytes and text, and every bytes
// and text of one character up to U+00FF. Pickles tell which places hold one and the same object.
const SHORT_TEXTS = new Map<string, PythonText>();
const SHORT_BYTES = new Map<number | undefined, PythonBytes>();

/** The empty tuple. */
export const EMPTY_TUPLE: PythonSequence = new PythonSequence([], true);

/** The str of a string; one object for all that CPython has only one of. */
export function pythonText(text: string): PythonText {
  if (text.length > 1 || text > "\xff") return new PythonText(text);
  let value = SHORT_TEXTS.get(text);
  if (value === undefined) SHORT_TEXTS.set(text, value = new PythonText(text));
  return value;
}

/** The bytes object of some bytes; one object for all that CPython has only one of. */
export function pythonBytes(bytes: Uint8Array): PythonBytes {
  if (bytes.length > 1) return new PythonBytes(bytes);
  let value = SHORT_BYTES.get(bytes[0]);
  // A copy, as these objects outlive the file that they come from.
  if (value === undefined) SHORT_BYTES.set(bytes[0], value = new PythonBytes(bytes.slice()));
  return value;
}

/** The tuple of some items. */
export function pythonTuple(items: PythonValue[]): PythonSequence {
  return items.length === 0 ? EMPTY_TUPLE : new PythonSequence(items, true);
}

/** A name of NumPy's that a pickle gives, one of the few that are understood; never looked up. */
export class PythonName {
  /** The module, such as `numpy._core.multiarray`. */
  readonly module: string;
  /** The name in it, such as `scalar`. */
  readonly name: string;

  /** Wraps a name. */
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** Module and name joined by a dot. */
  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What a call in a pickle stands for: a dtype, an array, or a scalar. */
export type NumpyMeaning =
  | { readonly kind: "dtype"; readonly dtype: NumpyDtype }
  | { readonly kind: "array"; readonly array: NumpyArray }
  | { readonly kind: "scalar"; readonly dtype: NumpyDtype; readonly bytes: Uint8Array };

/** A call that NumPy's values are pickled as, recognized by its exact shape; never made. */
export class NumpyCall {
  /** What is called. */
  readonly callee: PythonName;
  /** With what. */
  readonly argumentTuple: PythonSequence;
  /** What is set on the result afterwards (`BUILD`). */
  state: PythonSequence | undefined;
  /** What it stands for; undefined until `state` is there, where that says it. */
  meaning: NumpyMeaning | undefined;

  /** Wraps a call. */
  constructor(callee: PythonName, argumentTuple: PythonSequence, meaning?: NumpyMeaning) {
    this.callee = callee;
    this.argumentTuple = argumentTuple;
    this.state = undefined;
    this.meaning = meaning;
  }
}
