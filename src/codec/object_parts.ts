/**
 * Walks through the objects of a state that need not be the fastest: what is in an object, one after another in the
 * order of the encoding, and where an object is. Other walks keep no path while they follow references over thousands of
 * levels; for the one path that a message needs, the object is looked for. Runs no code of the state: getters are passed
 * over.
 * This module is browser compatible.
 *
 * @module
 */

import { PATH_SEARCH_PARTS_MAX } from "../limits.ts";
import {
  getOwnPropertyDescriptor,
  mapEntries,
  mapNext,
  mapSize,
  objectKeys,
  setNext,
  setSize,
  setValues,
} from "./intrinsics.ts";
import { dataKind } from "./data_kind.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  setValueSegment,
} from "./state_path.ts";
import type { ObjectPart, Place } from "./types.ts";

/** The values of an array, plain object, Map (keys and values) or Set; nothing for any other object. */
export function* objectParts(object: object): Generator<ObjectPart, void, void> {
  switch (dataKind(object)) {
    case "Object":
    case "NullPrototype":
      for (const key of objectKeys(object)) {
        const value: unknown = getOwnPropertyDescriptor(object, key)?.value;
        yield { segment: () => propertySegment(key), value };
      }
      break;
    case "Array":
      for (let i = 0; i < (object as unknown[]).length; i++) {
        const value: unknown = getOwnPropertyDescriptor(object, i)?.value;
        yield { segment: () => elementSegment(i), value };
      }
      break;
    case "Map": {
      const iterator = mapEntries(object as Map<unknown, unknown>);
      const size = mapSize(object);
      for (let i = 0; i < size; i++) {
        const step = mapNext(iterator);
        if (step.done) return;
        const [key, value] = step.value;
        yield { segment: () => mapKeySegment(i), value: key };
        yield { segment: () => mapValueSegment(key, i), value };
      }
      break;
    }
    case "Set": {
      const iterator = setValues(object as Set<unknown>);
      const size = setSize(object);
      for (let i = 0; i < size; i++) {
        const step = setNext(iterator);
        if (step.done) return;
        yield { segment: () => setValueSegment(i), value: step.value };
      }
      break;
    }
  }
}

/** All objects of a state, each once. */
export function* objectsOf(state: unknown): Generator<object, void, void> {
  if (typeof state !== "object" || state === null) return;
  const seen = new Set<object>([state]);
  for (const object of seen) {
    yield object;
    for (const { value } of objectParts(object)) {
      if (typeof value === "object" && value !== null) seen.add(value);
    }
  }
}

/** Segments of a path that are written; of a longer one the middle is left out. */
const SEGMENTS_SHOWN_MAX = 200;
const SEGMENTS_SHOWN_AT_END = 8;

/** Joins the segments of a path; of a longer one than `shownMax` segments the middle is left out and counted. */
export function joinPath(
  root: string,
  segments: readonly string[],
  shownMax = SEGMENTS_SHOWN_MAX,
): string {
  const { length } = segments;
  if (length <= shownMax) return root + segments.join("");
  const start = segments.slice(0, SEGMENTS_SHOWN_AT_END).join("");
  const end = segments.slice(length - SEGMENTS_SHOWN_AT_END).join("");
  return `${root}${start}...(${length - 2 * SEGMENTS_SHOWN_AT_END} levels)...${end}`;
}

/** The shortest path from `root` to `target`, as its segments; undefined if none was found in bounded time. */
export function findSegments(root: unknown, target: object): string[] | undefined {
  if (root === target) return [];
  if (typeof root !== "object" || root === null) return undefined;
  const seen = new Set<object>([root]);
  const queue: { object: object; place: Place | undefined }[] = [{
    object: root,
    place: undefined,
  }];
  let looked = 0;
  for (let i = 0; i < queue.length; i++) {
    const { object, place: parent } = queue[i]!;
    for (const { segment, value } of objectParts(object)) {
      if (++looked > PATH_SEARCH_PARTS_MAX) return undefined;
      if (typeof value !== "object" || value === null || seen.has(value)) continue;
      const place: Place = { parent, segment };
      if (value === target) return segmentsOf(place);
      seen.add(value);
      queue.push({ object: value, place });
    }
  }
  return undefined;
}

/** The segments of the path to a place; the root has none. */
export function segmentsOf(place: Place | undefined): string[] {
  const segments: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    segments.push(at.segment());
  }
  return segments.reverse();
}
