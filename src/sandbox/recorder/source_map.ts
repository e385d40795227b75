/**
 * Source maps (ECMA-426) of the one module that is recorded: back to the files that its author wrote.
 *
 * @module
 */

import remapping from "@jridgewell/remapping";
import {
  decodedMappings,
  encodedMappings,
  type SourceMapSegment,
  TraceMap,
} from "@jridgewell/trace-mapping";
import type { EncodedMap } from "../../artifact/source_map.ts";

/** The map of a text that was changed twice: `outer` leads to what `inner` leads from. */
export function composeMaps(outer: EncodedMap, inner: EncodedMap): EncodedMap {
  const { sources, mappings } = remapping(
    [outer, inner] as Parameters<typeof remapping>[0],
    () => null,
  );
  return { version: 3, sources: [...sources], names: [], mappings: mappings as string };
}

/**
 * The same map with half of its size: names go, and so does every segment that a `PlaceFinder` finds
 * from the one before it. Other readers are given the right line then, and a column before the right one.
 */
export function thinMap(map: EncodedMap): EncodedMap {
  const lines = decodedMappings(traceMapOf(map)).map((line) => {
    let last: SourceMapSegment | undefined;
    return line.filter((segment) => {
      const isExpected = last !== undefined && follows(last, segment);
      last = segment;
      return !isExpected;
    }).map((segment) => segment.slice(0, 4) as SourceMapSegment);
  });
  const thin = new TraceMap({ version: 3, names: [], sources: [...map.sources], mappings: lines });
  return { ...map, names: [], mappings: encodedMappings(thin) };
}

/** Whether a segment lies on the same line as the one before it, as far behind it as in the text. */
function follows(before: SourceMapSegment, segment: SourceMapSegment): boolean {
  if (before.length === 1 || segment.length === 1) return before.length === segment.length;
  return before[1] === segment[1] && before[2] === segment[2] &&
    segment[3] - before[3] === segment[0] - before[0];
}

function traceMapOf(map: EncodedMap): TraceMap {
  return new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
}
