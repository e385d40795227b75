/**
 * Values of Python as states: the mapping that `docs/python.md` specifies.
 * This module is browser compatible.
 *
 * @module
 */

import { UnsafeArtifactError } from "../../errors.ts";
import { PEER_CHECKPOINTS_BYTES_MAX, STATE_DEPTH_MAX } from "../../limits.ts";
import { damaged } from "./damage.ts";
import { arrayToState, scalarToState } from "./ndarray.ts";
import {
  NumpyCall,
  PythonBytes,
  PythonDict,
  PythonFloat,
  PythonName,
  PythonSequence,
  PythonSet,
  PythonText,
  type PythonValue,
} from "./python_values.ts";

/** What a value counts for beside the bytes of its text or elements. */
const VALUE_BYTES = 8;

/**
 * Turns the values of one pickle into states. Parts that a pickle shares are written out each time,
 * which lets a small hostile one stand for a huge state; so sizes are summed up before anything is
 * made, once for each part, and all states of a file share one budget.
 */
export class StateMaker {
  #bytesLeft = PEER_CHECKPOINTS_BYTES_MAX;
  /** Written-out size of every container seen, in bytes; NaN while it is being summed up. */
  readonly #sizes = new Map<PythonValue, number>();

  /**
   * The state that a value stands for; nothing in it is shared.
   *
   * @throws {ArtifactIntegrityError} If the value contains itself, is nested too deep or too large,
   * or holds what no dict or set of Python can hold.
   */
  make(value: PythonValue): unknown {
    this.#bytesLeft -= this.#measure(value, 0);
    if (this.#bytesLeft < 0) {
      throw damaged(
        `its checkpoints take more than ${PEER_CHECKPOINTS_BYTES_MAX} bytes once written out`,
      );
    }
    return this.#convert(value, 0);
  }

  #measure(value: PythonValue, depth: number): number {
    if (value instanceof PythonText) return VALUE_BYTES + value.text.length;
    if (value instanceof PythonBytes) return VALUE_BYTES + value.bytes.length;
    const parts = partsOf(value);
    if (parts === undefined) return VALUE_BYTES + arrayBytes(value);
    let size = this.#sizes.get(value);
    if (Number.isNaN(size) || depth > STATE_DEPTH_MAX) throw tooDeep();
    if (size !== undefined) return size;
    this.#sizes.set(value, NaN);
    size = VALUE_BYTES;
    for (const part of parts) size += this.#measure(part, depth + 1);
    this.#sizes.set(value, size);
    return size;
  }

  #convert(value: PythonValue, depth: number): unknown {
    if (value === null || typeof value !== "object") return value;
    if (value instanceof PythonFloat) return value.value;
    if (value instanceof PythonText) return value.text;
    if (value instanceof PythonBytes) return new Uint8Array(value.bytes);
    // Sizes are summed up once for each part, so that this is the first to see its every depth.
    if (depth === STATE_DEPTH_MAX) throw tooDeep();
    if (value instanceof PythonSequence) {
      return value.items.map((item) => this.#convert(item, depth + 1));
    }
    if (value instanceof PythonDict) return this.#convertDict(value, depth + 1);
    if (value instanceof PythonSet) return this.#convertSet(value, depth + 1);
    return convertNumpy(value);
  }

  #convertDict({ entries }: PythonDict, depth: number): unknown {
    const map = new Map<unknown, unknown>();
    let hasOnlyTextKeys = true;
    for (let i = 0; i < entries.length; i += 2) {
      const key = entries[i]!;
      hasOnlyTextKeys &&= key instanceof PythonText;
      const mapKey = this.#convertHashable(key, depth, "dict");
      if (map.has(mapKey)) throw damaged("a dict in a checkpoint has one key twice");
      map.set(mapKey, this.#convert(entries[i + 1]!, depth));
    }
    return hasOnlyTextKeys ? Object.fromEntries(map) : map;
  }

  #convertSet({ items }: PythonSet, depth: number): unknown {
    const set = new Set<unknown>();
    for (const item of items) set.add(this.#convertHashable(item, depth, "set"));
    if (set.size !== items.length) throw damaged("a set in a checkpoint has one value twice");
    return set;
  }

  #convertHashable(value: PythonValue, depth: number, holder: string): unknown {
    if (
      value instanceof PythonDict || value instanceof PythonSequence && !value.isTuple ||
      value instanceof PythonSet && !value.isFrozen ||
      value instanceof PythonBytes && value.isMutable ||
      value instanceof NumpyCall && value.meaning?.kind !== "scalar"
    ) {
      throw damaged(`a ${holder} in a checkpoint has a key that Python cannot hash`);
    }
    return this.#convert(value, depth);
  }
}

/** What a container holds; undefined for other values. */
function partsOf(value: PythonValue): readonly PythonValue[] | undefined {
  if (value instanceof PythonSequence || value instanceof PythonSet) return value.items;
  return value instanceof PythonDict ? value.entries : undefined;
}

function arrayBytes(value: PythonValue): number {
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
  return damaged(
    `a checkpoint is nested deeper than ${STATE_DEPTH_MAX} levels, or contains itself`,
  );
}
