/**
 * Why a run of a step module may not replay, in words for its author.
 *
 * @module
 */

import { parseSourceMap } from "../../artifact/source_map.ts";
import { escapeText } from "../../text/escape_text.ts";
import { placeText } from "../../text/place_text.ts";
import { isPackage } from "../host/author_places.ts";
import { PlaceFinder } from "../host/place_finder.ts";
import { findHiddenState, type HiddenState } from "./hidden_state.ts";
import type { StepSource } from "./read_step.ts";
import type { AuthorPlace } from "../../error_types.ts";

/**
 * One sentence on the first function that changes what outlives its calls, such as "step assigns `births` (model.ts:12:3)":
 * of the author's own files where there is one, else of a package.
 *
 * @param module The module that is recorded.
 * @param expressions Functions that were given as texts.
 * @returns The sentence, safe to print; undefined if there is no such function.
 */
export function hiddenReason(
  { source, sourceMap, stepId }: Pick<StepSource, "source" | "sourceMap" | "stepId">,
  expressions: readonly string[] = [],
): string | undefined {
  const finder = sourceMap === undefined ? undefined : new PlaceFinder(parseSourceMap(sourceMap));
  const inModule = hiddenIn(source).map((hidden) => {
    const { line, column } = hidden;
    const place = finder === undefined
      ? { file: stepId, line, column }
      : finder.placeOf(line, column);
    return { hidden, place };
  });
  const found = inModule.find(({ place }) => place !== undefined && !isPackage(place)) ??
    inModule[0];
  if (found !== undefined) return sentence(found.hidden, found.place);
  for (const expression of expressions) {
    const [hidden] = hiddenIn(`const expression = (\n${expression}\n);`);
    if (hidden !== undefined) return sentence(hidden, undefined);
  }
  return undefined;
}

/** What a text hides; nothing where the parser is older than its syntax. */
function hiddenIn(text: string): HiddenState[] {
  try {
    return findHiddenState(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function sentence({ who, what }: HiddenState, place: AuthorPlace | undefined): string {
  const where = place === undefined ? "" : ` (${placeText(place)})`;
  return `${who === "" ? "a function" : escapeText(who)} ${escapeText(what)}${where}`;
}
