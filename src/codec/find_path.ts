/**
 * Where an object is in a state. Walks keep no path while they follow references over thousands of levels; for the one
 * path that a message needs, the object is looked for. This module is browser compatible.
 *
 * @module
 */

import { PATH_SEARCH_PARTS_MAX } from "../limits.ts";
import { objectParts } from "./object_parts.ts";

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

/** Where an object is: in which other one, and how the way from there is written. */
export interface Place {
  readonly parent: Place | undefined;
  readonly segment: () => string;
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
