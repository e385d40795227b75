/**
 * Values of Python as states: the mapping that `docs/python.md` specifies.
 * This module is browser compatible.
 *
 * @module
 */

import { UnsafeArtifactError } from "../../errors.ts";
import { PEER_CHECKPOINTS_BYTES_MAX, STATE_DEPTH_MAX, STATE_NODES_MAX } from "../../limits.ts";
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
 * which a hostile one can make grow without bound; so all states of a file share one budget.
 */
export class StateMaker {
  #bytesLeft = PEER_CHECKPOINTS_BYTES_MAX;
  #valuesLeft = STATE_NODES_MAX;

  /**
   * The state that a value stands for; nothing in it is shared.
   *
   * @throws {ArtifactIntegrityError} If the value contains itself, is nested too deep or too large,
   * or holds what no dict or set of Python can hold.
   */
  make(value: PythonValue): unknown {
    this.#valuesLeft = STATE_NODES_MAX;
    return this.#convert(value, 0);
  }

  #convert(value: PythonValue, depth: number): unknown {
    this.#charge(0);
    if (value === null || typeof value !== "object") return value;
    if (value instanceof PythonFloat) return value.value;
    if (value instanceof PythonText) {
      this.#charge(value.text.length);
      return value.text;
    }
    if (value instanceof PythonBytes) {
      this.#charge(value.bytes.length);
      return new Uint8Array(value.bytes);
    }
    if (depth === STATE_DEPTH_MAX) {
      throw damaged(
        `a checkpoint is nested deeper than ${STATE_DEPTH_MAX} levels, or contains itself`,
      );
    }
    if (value instanceof PythonSequence) {
      return value.items.map((item) => this.#convert(item, depth + 1));
    }
    if (value instanceof PythonDict) return this.#convertDict(value, depth + 1);
    if (value instanceof PythonSet) return this.#convertSet(value, depth + 1);
    return this.#convertNumpy(value);
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

  #convertNumpy(value: PythonName | NumpyCall): unknown {
    const meaning = value instanceof NumpyCall ? value.meaning : undefined;
    switch (meaning?.kind) {
      case "array":
        this.#charge(meaning.array.bytes.length);
        return arrayToState(meaning.array);
      case "scalar":
        return scalarToState(meaning.dtype, meaning.bytes);
      default: {
        const path = value instanceof PythonName ? value.path : value.callee.path;
        throw new UnsafeArtifactError(
          `Cannot read the checkpoints as one of them holds ${path} itself, which is no data`,
        );
      }
    }
  }

  #charge(bytes: number): void {
    this.#bytesLeft -= VALUE_BYTES + bytes;
    if (this.#bytesLeft < 0 || --this.#valuesLeft < 0) {
      throw damaged(
        `its checkpoints take more than ${PEER_CHECKPOINTS_BYTES_MAX} bytes once written out`,
      );
    }
  }
}
