/**
 * Values of Python as states: the mapping that `docs/python.md` specifies.
 * This module is browser compatible.
 *
 * @module
 */

import { addProperty } from "../../codec/properties.ts";
import { UnsafeArtifactError } from "../../errors.ts";
import { PEER_CHECKPOINTS_BYTES_MAX, PEER_DEPTH_MAX } from "../limits.ts";
import { damaged } from "./damage.ts";
import { arrayToState, scalarToState } from "./ndarray.ts";
import {
  NumpyCall,
  PythonBytes,
  type PythonDict,
  PythonFloat,
  PythonName,
  PythonSequence,
  PythonSet,
  PythonText,
  type PythonValue,
} from "./python_values.ts";

/** What a value counts for beside the bytes of its text or elements. */
const VALUE_BYTES = 8;

/** A container of a state that has nothing in it yet. */
type Unfilled =
  | { readonly value: PythonSequence; readonly state: unknown[] }
  | { readonly value: PythonDict; readonly state: Record<string, unknown> | Map<unknown, unknown> }
  | { readonly value: PythonSet; readonly state: Set<unknown> };

/**
 * Turns the values of one pickle into states. A list, dict, set, bytearray or array that a pickle shares is one
 * object in the state too, and a cycle is a cycle. Tuples, frozensets and bytes are made anew wherever they
 * stand: Python cannot change them, and shares them as it likes. Values that checkpoints share are made
 * again for each, so a small hostile pickle could stand for huge states: all of a file share one budget.
 */
export class StateMaker {
  #bytesLeft = PEER_CHECKPOINTS_BYTES_MAX;
  /** The objects of the current state. */
  readonly #made = new Map<PythonValue, unknown>();
  #unfilled: Unfilled[] = [];

  /**
   * The state that a value stands for; it shares nothing with other states.
   *
   * @throws {ArtifactIntegrityError} If the value is too large, or holds what no dict or set of Python can hold.
   */
  make(value: PythonValue): unknown {
    this.#made.clear();
    this.#unfilled = [];
    const state = this.#convert(value, 0);
    // The list grows while it is worked off.
    for (const unfilled of this.#unfilled) this.#fill(unfilled);
    return state;
  }

  #spend(bytes: number): void {
    this.#bytesLeft -= VALUE_BYTES + bytes;
    if (this.#bytesLeft < 0) {
      throw damaged(
        `its checkpoints take more than ${PEER_CHECKPOINTS_BYTES_MAX} bytes once written out`,
      );
    }
  }

  /** The state of a value that is `depth` tuples and frozensets deep; containers are filled later. */
  #convert(value: PythonValue, depth: number): unknown {
    if (value === null || typeof value !== "object") {
      this.#spend(0);
      return value;
    }
    if (value instanceof PythonFloat) {
      this.#spend(0);
      return value.value;
    }
    if (value instanceof PythonText) {
      this.#spend(value.text.length);
      return value.text;
    }
    if (isImmutable(value)) return this.#convertImmutable(value, depth);
    const known = this.#made.get(value);
    if (known !== undefined) return known;
    const state = this.#convertMutable(value);
    if (typeof state === "object") this.#made.set(value, state);
    return state;
  }

  #convertImmutable(value: PythonBytes | PythonSequence | PythonSet, depth: number): unknown {
    if (depth === PEER_DEPTH_MAX) throw tooDeep();
    if (value instanceof PythonBytes) {
      this.#spend(value.bytes.length);
      return new Uint8Array(value.bytes);
    }
    this.#spend(0);
    if (value instanceof PythonSet) return this.#fillSet(new Set(), value, depth + 1);
    return value.items.map((item) => this.#convert(item, depth + 1));
  }

  #convertMutable(
    value: PythonBytes | PythonSequence | PythonSet | PythonDict | PythonName | NumpyCall,
  ): unknown {
    if (value instanceof PythonBytes) {
      this.#spend(value.bytes.length);
      return new Uint8Array(value.bytes);
    }
    if (value instanceof PythonName || value instanceof NumpyCall) {
      this.#spend(arrayBytes(value));
      return convertNumpy(value);
    }
    this.#spend(0);
    if (value instanceof PythonSequence) return this.#later({ value, state: [] });
    if (value instanceof PythonSet) return this.#later({ value, state: new Set() });
    const hasOnlyTextKeys = value.entries.every((entry, i) =>
      i % 2 === 1 || entry instanceof PythonText
    );
    return this.#later({ value, state: hasOnlyTextKeys ? {} : new Map() });
  }

  #later(unfilled: Unfilled): unknown {
    this.#unfilled.push(unfilled);
    return unfilled.state;
  }

  #fill(unfilled: Unfilled): void {
    const { value, state } = unfilled;
    if (value instanceof PythonSequence) {
      for (const item of value.items) (state as unknown[]).push(this.#convert(item, 0));
    } else if (value instanceof PythonSet) {
      this.#fillSet(state as Set<unknown>, value, 0);
    } else if (state instanceof Map) {
      this.#fillMap(state, value);
    } else {
      this.#fillObject(state as Record<string, unknown>, value);
    }
  }

  #fillSet(set: Set<unknown>, { items }: PythonSet, depth: number): Set<unknown> {
    for (const item of items) set.add(this.#convertHashable(item, depth, "set"));
    if (set.size !== items.length) throw damaged("a set in a checkpoint has one value twice");
    return set;
  }

  #fillMap(map: Map<unknown, unknown>, { entries }: PythonDict): void {
    for (let i = 0; i < entries.length; i += 2) {
      const key = this.#convertHashable(entries[i]!, 0, "dict");
      if (map.has(key)) throw keyTwice();
      map.set(key, this.#convert(entries[i + 1]!, 0));
    }
  }

  #fillObject(object: Record<string, unknown>, { entries }: PythonDict): void {
    for (let i = 0; i < entries.length; i += 2) {
      const { text } = entries[i] as PythonText;
      this.#spend(text.length);
      if (Object.hasOwn(object, text)) throw keyTwice();
      addProperty(object, text, this.#convert(entries[i + 1]!, 0));
    }
  }

  #convertHashable(value: PythonValue, depth: number, holder: string): unknown {
    const isHashable = value === null || typeof value !== "object" ||
      value instanceof PythonFloat || value instanceof PythonText || isImmutable(value) ||
      value instanceof NumpyCall && value.meaning?.kind === "scalar" ||
      value instanceof PythonName;
    if (!isHashable) {
      throw damaged(`a ${holder} in a checkpoint has a key that Python cannot hash`);
    }
    return this.#convert(value, depth);
  }
}

function isImmutable(value: object): value is PythonBytes | PythonSequence | PythonSet {
  return value instanceof PythonSequence && value.isTuple ||
    value instanceof PythonSet && value.isFrozen ||
    value instanceof PythonBytes && !value.isMutable;
}

function keyTwice(): Error {
  return damaged("a dict in a checkpoint has one key twice");
}

function arrayBytes(value: PythonName | NumpyCall): number {
  return value instanceof NumpyCall && value.meaning?.kind === "array"
    ? value.meaning.array.bytes.length
    : 0;
}

function convertNumpy(value: PythonName | NumpyCall): unknown {
  const meaning = value instanceof NumpyCall ? value.meaning : undefined;
  switch (meaning?.kind) {
    case "array":
      return arrayToState(meaning.array);
    case "scalar":
      return scalarToState(meaning.dtype, meaning.bytes);
    default: {
      const path = value instanceof PythonName ? value.path : value.callee.path;
      throw new UnsafeArtifactError(
        `Cannot read the checkpoints: one of them holds ${path} itself, which is no data`,
      );
    }
  }
}

function tooDeep(): Error {
  return damaged(`tuples in a checkpoint are nested deeper than ${PEER_DEPTH_MAX} levels`);
}
