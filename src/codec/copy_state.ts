/**
 * Deep copies of states, without the way through bytes but with the same rules.
 * This module is browser compatible.
 *
 * @module
 */

import { StateEncodingError } from "../errors.ts";
import { encodeState } from "./encode_state.ts";
import {
  ArrayPrototype,
  copyArray,
  getPrototypeOf,
  isArray,
  isExtensible,
  ObjectPrototype,
} from "./intrinsics.ts";
import { isPrimitive, StateCopier } from "./state_copier.ts";
import { ROOT_PATH } from "./state_path.ts";
import type { CopyMode } from "./types.ts";

const COPIERS: Readonly<Record<CopyMode, StateCopier>> = {
  strict: new StateCopier("strict"),
  own: new StateCopier("own"),
  thawed: new StateCopier("thawed"),
};

/**
 * A deep copy of a state that shares nothing mutable with it: what decoding its encoding would give.
 *
 * @param value Plain data, by the rules of {@linkcode encodeState}; primitives are returned at once.
 * @throws {StateEncodingError} If something in the state is no plain data; `path` tells which.
 */
export function copyState<S>(value: S): S {
  return copyWith("strict", value);
}

/**
 * A deep copy in which nothing is frozen or sealed, for data that is frozen anyway where it is used:
 * parameters and inputs. So their encodings do not depend on whether the caller froze them.
 *
 * @throws {StateEncodingError} As {@linkcode copyState}.
 */
export function copyThawed<S>(value: S): S {
  return copyWith("thawed", value);
}

/**
 * A deep copy of a state that code of this process made, for `get` in a loop: several times faster than
 * {@linkcode copyState}, as it does not look for what only hostile or mistaken values have. It takes accessors
 * and symbol keys for data; encoding at the next checkpoint refuses them.
 *
 * @throws {StateEncodingError} If there is anything in it but plain data: a function, a class instance.
 */
export function cloneState<S>(state: S): S {
  return cloneFlat(state) ?? copyWith("own", state);
}

/** The copy of an object or array in which there are only primitives, as most small states are. */
function cloneFlat<S>(state: S): S | undefined {
  if (typeof state !== "object" || state === null || !isExtensible(state)) return undefined;
  const prototype: unknown = getPrototypeOf(state);
  if (prototype === ObjectPrototype) {
    const copy = { ...state } as Record<string, unknown>;
    for (const name in copy) {
      if (!isPrimitive(copy[name])) return undefined;
    }
    return copy as S;
  }
  if (prototype !== ArrayPrototype || !isArray(state)) return undefined;
  for (let i = 0; i < state.length; i++) {
    const value: unknown = state[i];
    if (typeof value !== "number" && !isPrimitive(value)) return undefined;
  }
  return copyArray(state) as S;
}

function copyWith<S>(mode: CopyMode, value: S): S {
  if (isPrimitive(value)) return value;
  let cause: unknown;
  try {
    if (typeof value === "object") {
      const shared = COPIERS[mode];
      const copier = shared.busy ? new StateCopier(mode) : shared;
      return copier.copy(value as object) as S;
    }
  } catch (error) {
    cause = error;
  }
  // The encoder refuses the same, and knows the path.
  encodeState(value);
  if (cause instanceof StateEncodingError) throw cause;
  throw new StateEncodingError(ROOT_PATH, "cannot be copied; see the cause", { cause });
}
