/**
 * What changed from one state to the next, object by object. States are graphs: each object is looked at once, and
 * its parts count where they are reached first.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind, isRawKind } from "../codec/data_kind.ts";
import { describeDifference } from "../codec/compare_states.ts";
import { type Parts, partsOf } from "./state_parts.ts";

/** Stands for a place that was not there. */
export const ABSENT = Symbol("absent");

/** What was in the place of a value before: ABSENT if there was no such place. */
export type Before = { readonly value: unknown } | typeof ABSENT;

/** The place of a part in the state before. */
export function partBefore(parts: Parts, i: number, before: Parts | undefined): Before {
  const at = before === undefined ? undefined : parts.indexIn(before, i);
  return at === undefined ? ABSENT : { value: before!.value(at) };
}

/** The parts of the value before, if it was of the same kind. */
export function partsBefore(value: unknown, before: Before): Parts | undefined {
  if (before === ABSENT || !isSameKind(value, before.value)) return undefined;
  return partsOf(before.value);
}

function isSameKind(a: unknown, b: unknown): boolean {
  return typeof a === "object" && a !== null && typeof b === "object" && b !== null &&
    dataKind(a) === dataKind(b);
}

/** An object whose parts are being looked at. */
interface Open {
  readonly object: object;
  readonly parts: Parts;
  readonly before: Parts | undefined;
  next: number;
}

/** The objects of a state that are not as they were. */
export class StateChanges {
  readonly #changed = new Set<object>();
  /** What each object was before. */
  readonly #origins = new Map<object, Before>();
  /** In which object each one was reached first. */
  readonly #homes = new Map<object, object>();
  readonly #open: Open[] = [];

  /** Compares a state with the one before. */
  constructor(state: unknown, previous: unknown) {
    this.#visit(state, { value: previous }, undefined);
    for (let level = this.#open.at(-1); level !== undefined; level = this.#open.at(-1)) {
      const { object, parts, before } = level;
      if (level.next === parts.length) {
        this.#open.pop();
        const outer = this.#open.at(-1);
        if (outer !== undefined && this.#changed.has(object)) this.#changed.add(outer.object);
        continue;
      }
      const i = level.next++;
      const key = parts.keyObject(i);
      const keyBefore = before?.keyObject(i);
      if (
        key !== undefined &&
        this.#visit(key, keyBefore === undefined ? ABSENT : { value: keyBefore }, object)
      ) {
        this.#changed.add(object);
      }
      if (this.#visit(parts.value(i), partBefore(parts, i, before), object)) {
        this.#changed.add(object);
      }
    }
  }

  /** Whether a value is not what it was, or there is an object in it that is not. */
  isChanged(value: unknown, before: Before): boolean {
    if (before === ABSENT) return true;
    if (typeof value !== "object" || value === null) return !Object.is(value, before.value);
    return this.#changed.has(value) || this.isOther(value, before);
  }

  /** The same, but an object that was reached first outside of `owner` counts there only. */
  isChangedHere(value: unknown, before: Before, owner: object | undefined): boolean {
    return typeof value === "object" && value !== null && this.#homes.get(value) !== owner
      ? this.isOther(value, before)
      : this.isChanged(value, before);
  }

  /** Whether an object is another one than before in this place. */
  isOther(object: object, before: Before): boolean {
    const origin = this.#origins.get(object);
    return before === ABSENT || origin === undefined || origin === ABSENT ||
      origin.value !== before.value;
  }

  /** Whether a value changed as far as is known before its parts are looked at. */
  #visit(value: unknown, before: Before, owner: object | undefined): boolean {
    if (typeof value !== "object" || value === null) return this.isChanged(value, before);
    if (this.#origins.has(value)) return this.isOther(value, before);
    this.#origins.set(value, before);
    if (owner !== undefined) this.#homes.set(value, owner);
    const parts = partsOf(value);
    if (parts === undefined) {
      const isSame = before !== ABSENT && isSameKind(value, before.value) &&
        describeDifference(before.value, value) === undefined;
      if (!isSame) this.#changed.add(value);
      return !isSame;
    }
    const there = partsBefore(value, before);
    // Something gone, or come, is a change that no part shows.
    const isOther = there === undefined || there.label !== parts.label;
    if (isOther) this.#changed.add(value);
    const kind = dataKind(value)!;
    if (!isRawKind(kind)) this.#open.push({ object: value, parts, before: there, next: 0 });
    else if (!isOther && hasOtherElements(parts, there)) this.#changed.add(value);
    return this.#changed.has(value);
  }
}

function hasOtherElements(parts: Parts, before: Parts): boolean {
  for (let i = 0; i < parts.length; i++) {
    if (!Object.is(parts.value(i), before.value(i))) return true;
  }
  return false;
}
