/**
 * Source maps as they come at the end of a text; what reads them is loaded only where a place is looked for.
 *
 * @module
 */

import type { EncodedMap } from "../../artifact/source_map.ts";

const MAP_COMMENT = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Separates a text from the map at its end; undefined if there is none. */
export function inlineMap(output: string): { text: string; map: EncodedMap } | undefined {
  const [comment, encoded] = MAP_COMMENT.exec(output) ?? [];
  if (encoded === undefined) return undefined;
  const bytes = Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0));
  const map = JSON.parse(new TextDecoder().decode(bytes)) as EncodedMap;
  return { text: `${output.slice(0, -comment!.length)}\n`, map };
}

/** A map of one file, with its name and without its text. */
export function named(map: EncodedMap | undefined, name: string): EncodedMap | undefined {
  if (map === undefined) return undefined;
  return { version: 3, sources: [name], names: [], mappings: map.mappings };
}
