/**
 * Prints a step module that imports nothing but rewind itself: its text stays what its author wrote, but for words that the
 * sandbox refuses.
 *
 * @module
 */

import { Edits } from "./edits.ts";
import { escapeWords } from "./escape_words.ts";
import { refusalError } from "./refusal_error.ts";
import { isOwnModule, linkOwnImports } from "./own_imports.ts";
import { powerOperatorIn } from "./power_operator.ts";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { named } from "./encoded_map.ts";
import { PlaceFinder } from "../host/place_finder.ts";
import { composeMaps, thinMap } from "./source_map.ts";
import type { Stripped } from "./strip_types.ts";
import { type AnyNode, LineIndex, parseModule, type Syntax, visitsOf } from "./syntax.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** What a module is called, and how its map is to be. */
export interface PlainModule {
  /** Path of the module, for messages. */
  readonly path: string;
  /** Name of its file. */
  readonly stepId: string;
  /** Its text as the author wrote it. */
  readonly text: string;
  /** Whether the map holds that text. */
  readonly embedSources: boolean;
}

/** A module for the sandbox. */
export interface PrintedPlain {
  /** Its text. */
  readonly source: string;
  /** The map back; undefined where line and column are those of the file. */
  readonly map: EncodedMap | undefined;
  /** Where `**` is used first, if anywhere. */
  readonly powerPlace: AuthorPlace | undefined;
  /** Always false: there is no package in it. */
  readonly mayShimLoad: false;
  /** What the author should know. */
  readonly notes: readonly string[];
}

/**
 * The text for the sandbox, and its map; undefined for a module that loads others, or that this parser does
 * not know.
 *
 * @throws {StepModuleError} If it has a word that the sandbox refuses where it cannot be written otherwise.
 */
export function printPlain(
  plain: Stripped,
  { path, stepId, text, embedSources }: PlainModule,
): PrintedPlain | undefined {
  const syntax = parsed(plain.text);
  if (syntax === undefined || loadsModules(syntax)) return undefined;
  const lines = new LineIndex(plain.text);
  const places = plain.map === undefined ? undefined : new PlaceFinder(plain.map);
  const placeOf = (offset: number): AuthorPlace => {
    const { line, column } = lines.positionOf(offset);
    return { ...places?.placeOf(line, column) ?? { line, column }, file: stepId };
  };
  const edits = new Edits();
  const refusals = [...linkOwnImports(syntax, edits), ...escapeWords(syntax, edits)];
  if (refusals.length > 0) throw refusalError(path, refusals, placeOf);
  const power = powerOperatorIn(syntax);
  const powerPlace = power === undefined ? undefined : placeOf(power);
  if (edits.isEmpty && !embedSources) {
    const map = plain.map && thinMap(plain.map);
    return {
      source: plain.text,
      map: named(map, stepId),
      powerPlace,
      mayShimLoad: false,
      notes: [],
    };
  }
  const printed = edits.apply(plain.text);
  const map = plain.map === undefined ? printed.map : composeMaps(printed.map, plain.map);
  return {
    source: printed.text,
    powerPlace,
    mayShimLoad: false,
    notes: [],
    map: {
      version: 3,
      sources: [stepId],
      ...(embedSources ? { sourcesContent: [text] } : {}),
      names: [],
      mappings: thinMap(map).mappings,
    },
  };
}

function parsed(text: string): Syntax | undefined {
  try {
    return parseModule(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a module imports or exports from others, besides rewind itself. */
function loadsModules({ program }: Syntax): boolean {
  for (const { node } of visitsOf(program)) {
    if (node.type === "ImportExpression") return true;
    const { source } = node as { source?: AnyNode | null };
    if (source?.type !== "Literal" || !/^(?:Im|Ex)port/.test(node.type)) continue;
    if (!isOwnModule(`${source.value}`)) return true;
  }
  return false;
}
