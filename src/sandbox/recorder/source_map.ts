/**
 * Source maps (ECMA-426) of the one module that is recorded: back to the files that its author wrote.
 *
 * @module
 */

import remapping from "@jridgewell/remapping";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { AuthorPlace } from "../../errors.ts";

/** A source map as JSON has it. */
export interface EncodedMap {
  version: 3;
  /** Names of the author's files. */
  sources: (string | null)[];
  /** Their texts, where they are embedded. */
  sourcesContent?: (string | null)[];
  /** Names of what stands in them. */
  names: string[];
  /** Positions, as base-64 differences. */
  mappings: string;
}

const MAP_COMMENT = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Separates a text from the map at its end; undefined if there is none. */
export function inlineMap(output: string): { text: string; map: EncodedMap } | undefined {
  const [comment, encoded] = MAP_COMMENT.exec(output) ?? [];
  if (encoded === undefined) return undefined;
  const bytes = Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0));
  const map = JSON.parse(new TextDecoder().decode(bytes)) as EncodedMap;
  return { text: `${output.slice(0, -comment!.length)}\n`, map };
}

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

/** A map of one file, with its name and without its text. */
export function named(map: EncodedMap | undefined, name: string): EncodedMap | undefined {
  if (map === undefined) return undefined;
  return { version: 3, sources: [name], names: [], mappings: map.mappings };
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
