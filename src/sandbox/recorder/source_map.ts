/**
 * Source maps (ECMA-426) of the one module that is recorded: back to the files that its author wrote.
 *
 * @module
 */

import remapping from "@jridgewell/remapping";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { AuthorPlace } from "../../errors.ts";
import type { EncodedMap } from "./encoded_map.ts";

/** The map of a text that was changed twice: `outer` leads to what `inner` leads from. */
export function composeMaps(outer: EncodedMap, inner: EncodedMap): EncodedMap {
  const { sources, sourcesContent, names, mappings } = remapping(
    [outer, inner] as Parameters<typeof remapping>[0],
    () => null,
  );
  return {
    version: 3,
    sources: [...sources],
    ...(sourcesContent === undefined ? {} : { sourcesContent: [...sourcesContent] }),
    names: [...names],
    mappings: mappings as string,
  };
}

/** Finds places of the author's files by places in the text that the map is of. */
export class PlaceFinder {
  readonly #map: TraceMap;

  /** Takes a map. */
  constructor(map: EncodedMap) {
    this.#map = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
  }

  /** Where the author wrote what is at a line and column, both from 1; undefined where nobody wrote it. */
  placeOf(line: number, column: number): AuthorPlace | undefined {
    const found = originalPositionFor(this.#map, { line, column: column - 1 });
    if (found.source === null || found.line === null) return undefined;
    return { file: found.source, line: found.line, column: found.column + 1 };
  }
}
