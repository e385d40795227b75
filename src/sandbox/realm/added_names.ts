/**
 * Names that a mutation put into a state and that look like one that was there: `s.valeu = 5` changes nothing that the
 * step reads.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind } from "../../codec/data_kind.ts";
import { propertySegment, ROOT_PATH } from "../../codec/state_path.ts";
import { objectParts } from "../../codec/object_parts.ts";
import { suggestion } from "../../text/suggestion.ts";

/** Most objects that are looked at. */
const OBJECTS_MAX = 10_000;

/**
 * Says of each such name what may have been meant.
 *
 * @param before The state, as plain data.
 * @param after What was made of it.
 */
export function misspeltNames(before: unknown, after: unknown): string[] {
  const notes: string[] = [];
  const pairs: [path: string, before: unknown, after: unknown][] = [[ROOT_PATH, before, after]];
  const seen = new Set<unknown>();
  for (let i = 0; i < pairs.length && i < OBJECTS_MAX; i++) {
    const [path, old, made] = pairs[i]!;
    if (!isObject(old) || !isObject(made) || seen.has(made)) continue;
    const kind = dataKind(made);
    if (dataKind(old) !== kind) continue;
    seen.add(made);
    if (kind === "Object" || kind === "NullPrototype") {
      const known = Object.keys(old);
      for (const name of Object.keys(made)) {
        const hint = known.includes(name) ? undefined : suggestion(name, known);
        if (hint === undefined) continue;
        notes.push(
          `the branch starts with ${path}${propertySegment(name)}, which was not there: ${hint}`,
        );
      }
    }
    const parts = new Map(Array.from(objectParts(old), (part) => [part.segment(), part.value]));
    for (const { segment, value } of objectParts(made)) {
      pairs.push([path + segment(), parts.get(segment()), value]);
    }
  }
  return notes;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
