/**
 * The objects that a walk through a state has met, numbered at first visit.
 *
 * A table of thousands of objects costs as much as half their encoding. It is not needed where the walk meets, one
 * after another, the objects that an earlier walk from the same root has met: those are different ones.
 * This module is browser compatible.
 *
 * @module
 */

import { mapClear, mapGet, mapSet, NativeMap, weakMapGet, weakMapSet } from "./intrinsics.ts";

/** So many objects are compared one by one. */
const COMPARED_MAX = 8;

/** Stands where no object is held. */
const NOTHING = {};

/** By the root of a walk: the objects that it met, in their order, all of them different. */
const walks = new WeakMap<object, object[]>();

/**
 * Remembers what a walk from `objects[0]` would meet: different objects, no two of which share memory. The list must not
 * be changed afterwards.
 */
export function rememberWalk(objects: object[]): void {
  if (objects.length > COMPARED_MAX) weakMapSet(walks, objects[0]!, objects);
}

/** Numbers of objects. */
export class Visits {
  #count = 0;
  /** The objects by their numbers. */
  #objects: object[] = [];
  /** What an earlier walk met, as long as this one meets the same. */
  #earlier: object[] | undefined = undefined;
  #isHashed = false;
  readonly #numbers = new NativeMap<object, number>();

  /** The number of an object that was visited before; -1 for any other, which is given the next one. */
  visit(object: object): number {
    const count = this.#count;
    if (this.#earlier !== undefined) {
      if (this.#earlier[count] === object) {
        this.#count = count + 1;
        return -1;
      }
      this.#leaveEarlier();
    }
    if (this.#isHashed) {
      const number = mapGet(this.#numbers, object);
      if (number !== undefined) return number;
      mapSet(this.#numbers, object, count);
    } else {
      for (let i = 0; i < count; i++) if (this.#objects[i] === object) return i;
    }
    this.#objects[count] = object;
    this.#count = count + 1;
    if (count + 1 === COMPARED_MAX) this.#joinEarlier();
    return -1;
  }

  /** Goes along with an earlier walk if there is one that began like this; else uses a table from now on. */
  #joinEarlier(): void {
    const earlier = weakMapGet(walks, this.#objects[0]!);
    if (earlier !== undefined) {
      let i = 1;
      while (i < COMPARED_MAX && earlier[i] === this.#objects[i]) i++;
      if (i === COMPARED_MAX) {
        this.#earlier = earlier;
        return;
      }
    }
    this.#hash();
  }

  #leaveEarlier(): void {
    const earlier = this.#earlier!;
    for (let i = COMPARED_MAX; i < this.#count; i++) this.#objects[i] = earlier[i]!;
    this.#earlier = undefined;
    this.#hash();
  }

  #hash(): void {
    for (let i = 0; i < this.#count; i++) mapSet(this.#numbers, this.#objects[i], i);
    this.#isHashed = true;
  }

  /** Whether all objects are those of an earlier walk, of which no two share memory. */
  get isKnown(): boolean {
    return this.#earlier !== undefined;
  }

  /** Forgets all. A long walk in which no two objects shared memory can be remembered for the next from its root. */
  clear(isRemembered: boolean): void {
    if (this.#isHashed) {
      if (isRemembered) rememberWalk(this.#objects);
      mapClear(this.#numbers);
      this.#isHashed = false;
      this.#objects = [];
    } else {
      // Beyond these, it went along with an earlier walk.
      const held = this.#count < COMPARED_MAX ? this.#count : COMPARED_MAX;
      for (let i = 0; i < held; i++) this.#objects[i] = NOTHING;
    }
    this.#count = 0;
    this.#earlier = undefined;
  }
}
