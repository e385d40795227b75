/**
 * Where two states that are equal in their values differ in which objects are one, or in which views share
 * memory. This module is browser compatible.
 *
 * @module
 */

import { dataKind, isRawKind } from "./data_kind.ts";
import { joinPath, objectParts, segmentsOf } from "./object_parts.ts";
import { rawView } from "./plain_data.ts";
import { ROOT_PATH } from "./state_path.ts";
import { Trail } from "./trail.ts";
import { ViewGroups } from "./view_groups.ts";
import type { Place, RawView } from "./types.ts";
import type { StateDifference } from "../error_types.ts";
import type { Level, Visit } from "./types.ts";

/**
 * The first place, in the order of the encoding, at which only one of two states has an object that was
 * there before, or shares memory with one; undefined if they share alike.
 *
 * @param expected The recorded state, as decoded.
 * @param actual The replayed state, as decoded, with the same values.
 */
export function describeSharing(
  expected: unknown,
  actual: unknown,
): StateDifference | undefined {
  const left = new Side();
  const right = new Side();
  const open: Level[] = [];
  let place: Place | undefined = undefined;
  let a = expected;
  let b = actual;
  for (;;) {
    if (isObject(a) && isObject(b)) {
      const earlierLeft = left.visit(a, place);
      const earlierRight = right.visit(b, place);
      if (earlierLeft?.number !== earlierRight?.number) {
        return {
          path: pathOf(place),
          expected: identityText(earlierLeft),
          actual: identityText(earlierRight),
        };
      }
      if (earlierLeft === undefined) {
        open.push({ left: objectParts(a), right: objectParts(b), place });
      }
    }
    const next = nextPair(open);
    if (next === undefined) return describeMemory(left, right);
    [a, b, place] = next;
  }
}

function nextPair(open: Level[]): [unknown, unknown, Place] | undefined {
  for (;;) {
    const level = open.at(-1);
    if (level === undefined) return undefined;
    const a = level.left.next();
    const b = level.right.next();
    if (!a.done && !b.done) {
      const { segment } = a.value;
      return [a.value.value, b.value.value, { parent: level.place, segment }];
    }
    open.pop();
  }
}

function pathOf(place: Place | undefined): string {
  return joinPath(ROOT_PATH, segmentsOf(place));
}

function identityText(earlier: Visit | undefined): string {
  return earlier === undefined
    ? "an object of its own"
    : `the same object as ${pathOf(earlier.place)}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** One of the states: its objects, and those of them that hold bytes. */
class Side {
  readonly #visits = new Map<object, Visit>();
  readonly views: RawView[] = [];
  readonly places: (Place | undefined)[] = [];

  /** The first visit of an object that was visited before; undefined for any other. */
  visit(object: object, place: Place | undefined): Visit | undefined {
    const earlier = this.#visits.get(object);
    if (earlier !== undefined) return earlier;
    this.#visits.set(object, { number: this.#visits.size, place });
    const kind = dataKind(object);
    if (kind !== undefined && isRawKind(kind)) {
      this.views.push(rawView(object, kind, new Trail()));
      this.places.push(place);
    }
    return undefined;
  }
}

/** Which view, of those visited before, each one first shares memory with: itself if with none. */
function firstSharers(views: readonly RawView[]): number[] {
  const groups = new ViewGroups();
  for (const view of views) groups.note(view, false);
  groups.join();
  const firsts = new Map<object, number>();
  return views.map(({ value }, i) => {
    const group = groups.groupOf(value);
    if (group === undefined) return i;
    const first = firsts.get(group);
    if (first === undefined) firsts.set(group, i);
    return first ?? i;
  });
}

function describeMemory(left: Side, right: Side): StateDifference | undefined {
  const leftFirsts = firstSharers(left.views);
  const rightFirsts = firstSharers(right.views);
  for (const [i, first] of leftFirsts.entries()) {
    const expected = memoryText(left, i, first);
    const actual = memoryText(right, i, rightFirsts[i]!);
    if (expected !== actual) return { path: pathOf(left.places[i]), expected, actual };
  }
  return undefined;
}

function memoryText({ views, places }: Side, at: number, first: number): string {
  if (first === at) return "memory of its own";
  const offset = views[at]!.start - views[first]!.start;
  return `memory at byte ${offset} of ${pathOf(places[first])}`;
}
