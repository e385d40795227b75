/**
 * Which typed arrays, DataViews and ArrayBuffers of a state share memory. Those that overlap, directly or
 * through others, are a group with one buffer. A view that overlaps no other has a buffer of its own, even
 * where many views lie side by side in one pool.
 * This module is browser compatible.
 *
 * @module
 */

import { arraySort, mapClear, mapGet, mapSet, NativeMap } from "./intrinsics.ts";
import type { Hull, RawView, TypedArrayKind, ViewGroup } from "./types.ts";

/** Up to so many views are compared one by one. */
const COMPARED_MAX = 8;

/** The raw objects that a walk has met, then their groups. */
export class ViewGroups {
  #count = 0;
  readonly #views: RawView[] = [];
  /** Whether two views of one buffer were met, or it was not asked for all of them. */
  #mayShare = false;
  #hulls: Map<ArrayBuffer, Hull> | undefined = undefined;
  readonly #groupOf = new NativeMap<object, ViewGroup>();
  #groups: ViewGroup[] = [];

  /**
   * Takes in a raw object of the state; each is given once.
   *
   * @param isKnown Whether it is known that it shares no memory with those before it.
   * @returns Whether it seems to overlap one of those before it.
   */
  note(view: RawView, isKnown: boolean): boolean {
    const at = this.#count++;
    this.#views[at] = view;
    if (isKnown) {
      this.#mayShare = true;
      return false;
    }
    if (at >= COMPARED_MAX) return this.#widenHull(view);
    let overlaps = false;
    for (let i = 0; i < at; i++) {
      const other = this.#views[i]!;
      if (other.buffer !== view.buffer) continue;
      this.#mayShare = true;
      if (view.start < other.end && other.start < view.end) overlaps = true;
    }
    return overlaps;
  }

  #widenHull(view: RawView): boolean {
    if (this.#hulls === undefined) {
      this.#hulls = new NativeMap();
      for (let i = 0; i < this.#count - 1; i++) this.#widenHull(this.#views[i]!);
    }
    const { buffer, start, end } = view;
    const hull = mapGet(this.#hulls, buffer);
    if (hull === undefined) {
      mapSet(this.#hulls, buffer, { start, end });
      return false;
    }
    this.#mayShare = true;
    const overlaps = start < hull.end && hull.start < end;
    if (start < hull.start) hull.start = start;
    if (end > hull.end) hull.end = end;
    return overlaps;
  }

  /** Ends the first walk: finds the groups, and tells whether there are any. */
  join(): boolean {
    if (!this.#mayShare) return false;
    const byBuffer = new NativeMap<ArrayBuffer, RawView[]>();
    const shared: RawView[][] = [];
    for (let i = 0; i < this.#count; i++) {
      const view = this.#views[i]!;
      const others = mapGet(byBuffer, view.buffer);
      if (others === undefined) {
        mapSet(byBuffer, view.buffer, [view]);
        continue;
      }
      if (others.length === 1) shared[shared.length] = others;
      others[others.length] = view;
    }
    for (let i = 0; i < shared.length; i++) this.#joinWithin(shared[i]!);
    return this.#groups.length > 0;
  }

  /** Finds the groups among views of one buffer. */
  #joinWithin(views: readonly RawView[]): void {
    // Views of nothing have no byte to share.
    const parts: RawView[] = [];
    for (let i = 0; i < views.length; i++) {
      const view = views[i]!;
      // The buffer itself overlaps all of its views.
      if (view.kind === "ArrayBuffer") return this.#add(views, 0, views.length);
      if (view.end > view.start) parts[parts.length] = view;
    }
    arraySort(parts, byStart);
    let from = 0;
    let end = 0;
    for (let i = 0; i < parts.length; i++) {
      const view = parts[i]!;
      if (view.start >= end) {
        this.#add(parts, from, i);
        from = i;
      }
      if (view.end > end) end = view.end;
    }
    this.#add(parts, from, parts.length);
  }

  /** Makes a group of `views[from, to)`, if they are more than one. */
  #add(views: readonly RawView[], from: number, to: number): void {
    if (to - from < 2) return;
    const { buffer, kind } = views[from]!;
    let { start, end } = views[from]!;
    let elementBytes = 1;
    let isOneKind = typeof kind === "object";
    let hasBuffer = false;
    for (let i = from; i < to; i++) {
      const view = views[i]!;
      if (view.kind !== kind) isOneKind = false;
      if (view.kind === "ArrayBuffer") hasBuffer = true;
      if (view.start < start) start = view.start;
      if (view.end > end) end = view.end;
      if (typeof view.kind === "object" && view.kind.elementBytes > elementBytes) {
        elementBytes = view.kind.elementBytes;
      }
    }
    const padding = start % elementBytes;
    const group: ViewGroup = {
      buffer,
      identity: hasBuffer ? buffer : {},
      start: start - padding,
      padding,
      end,
      kind: isOneKind ? kind as TypedArrayKind : undefined,
      missing: to - from,
      copy: undefined,
    };
    for (let i = from; i < to; i++) mapSet(this.#groupOf, views[i]!.value, group);
    this.#groups[this.#groups.length] = group;
  }

  /** The groups. */
  get all(): readonly ViewGroup[] {
    return this.#groups;
  }

  /** The group of an object, in the second walk; undefined if it shares nothing. */
  groupOf(value: object): ViewGroup | undefined {
    if (this.#groups.length === 0) return undefined;
    const group = mapGet(this.#groupOf, value);
    if (group !== undefined) group.missing--;
    return group;
  }

  /** Whether the second walk has met all members of all groups: those of a Proxy may have changed. */
  areComplete(): boolean {
    for (let i = 0; i < this.#groups.length; i++) {
      if (this.#groups[i]!.missing !== 0) return false;
    }
    return true;
  }

  /** Forgets all. */
  clear(): void {
    if (this.#count === 0) return;
    this.#views.length = 0;
    this.#count = 0;
    this.#mayShare = false;
    this.#hulls = undefined;
    if (this.#groups.length === 0) return;
    mapClear(this.#groupOf);
    this.#groups = [];
  }
}

function byStart(a: RawView, b: RawView): number {
  return a.start - b.start;
}
