/**
 * From places in the source of a step module to places in the files of its author.
 *
 * @module
 */

import { TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import type { EncodedMap } from "../../artifact/source_map.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** Finds places of the author's files by places in the text that the map is of. */
export class PlaceFinder {
  readonly #map: TraceMap;
  readonly #sources: readonly (string | null)[];

  /** Takes a map. */
  constructor(map: EncodedMap) {
    this.#map = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
    this.#sources = map.sources;
  }

  /** Where the author wrote what is at a line and column, both from 1; undefined where nobody wrote it. */
  placeOf(line: number, column: number): AuthorPlace | undefined {
    const segment = traceSegment(this.#map, line - 1, column - 1);
    if (segment === null || segment.length === 1) return undefined;
    const [start, source, originalLine, originalColumn] = segment;
    const file = this.#sources[source];
    if (typeof file !== "string") return undefined;
    return { file, line: originalLine + 1, column: originalColumn + column - start };
  }
}
