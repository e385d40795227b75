/**
 * The source map that an artifact may carry: where in its author's files the source of the step module comes
 * from. Only its shape is looked at here.
 * This module is browser compatible.
 *
 * @module
 */

import { damaged } from "./damaged.ts";

/** A source map (ECMA-426) as JSON has it. */
export interface EncodedMap {
  version: 3;
  /** Names of the author's files. */
  sources: (string | null)[];
  /** Their texts, where they are embedded. */
  sourcesContent?: (string | null)[];
  /** Names of what stands in them; none in an artifact. */
  names: string[];
  /** Positions, as base-64 differences. */
  mappings: string;
}

/** What a source map tells of its author's machine. */
export interface SourceMapInfo {
  /** Names of the files. */
  readonly sources: readonly string[];
  /** How many of their texts it has. */
  readonly texts: number;
}

/** Characters of mappings: base 64 and what separates. */
const MAPPINGS = /^[\w+/,;]*$/;

/**
 * Reads the source map of an artifact.
 *
 * @throws {ArtifactIntegrityError} If it is none.
 */
export function parseSourceMap(text: string): EncodedMap {
  const map = parseJson(text);
  const { version, sources, sourcesContent, mappings, names } = map;
  const isList = (list: unknown): list is (string | null)[] =>
    Array.isArray(list) && list.every((item) => item === null || typeof item === "string");
  if (version !== 3 || !isList(sources) || !isList(names) || typeof mappings !== "string") {
    throw damaged("its source map is not one");
  }
  if (!MAPPINGS.test(mappings)) throw damaged("its source map has positions that are none");
  if (sourcesContent === undefined) return { version, sources, names: [], mappings };
  if (!isList(sourcesContent)) throw damaged("its source map has texts that are none");
  return { version, sources, sourcesContent, names: [], mappings };
}

/** What a source map tells. @throws {ArtifactIntegrityError} If it is none. */
export function sourceMapInfo(text: string): SourceMapInfo {
  const { sources, sourcesContent = [] } = parseSourceMap(text);
  return {
    sources: sources.map((source) => source ?? ""),
    texts: sourcesContent.filter((content) => content !== null).length,
  };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw damaged("its source map is not JSON");
}
