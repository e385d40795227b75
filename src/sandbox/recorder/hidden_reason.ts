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
import { findHandedOn, findHiddenState, type HandedOn, type HiddenState } from "./hidden_state.ts";
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
  module: Placed,
  expressions: readonly string[] = [],
): string | undefined {
  const found = firstIn(module, findHiddenState);
  if (found !== undefined) return found;
  for (const expression of expressions) {
    const [hidden] = foundIn(`const expression = (\n${expression}\n);`, findHiddenState);
    if (hidden !== undefined) return sentence(hidden, undefined);
  }
  return undefined;
}

/**
 * Of a run that is known not to replay, and whose module changes nothing by name: the first object of the module that a
 * function hands on, as a sentence like that of {@linkcode hiddenReason}.
 *
 * @param place What is known to have changed, such as `stats.births`; any object by default.
 */
export function handedOnReason(module: Placed, place?: string): string | undefined {
  const root = place?.replace(/[.[].*/s, "");
  const isMeant = ({ name }: HandedOn) => root === undefined || name === root;
  return firstIn(module, (text) => findHandedOn(text).filter(isMeant));
}

/**
 * The first function of the author's own files that changes a built-in object, and catches what the sandbox lets it throw
 * there, as a sentence like that of {@linkcode hiddenReason}.
 */
export function swallowedReason(module: Placed): string | undefined {
  const found = placesOf(module, findHiddenState).find(({ hidden, place }) =>
    hidden.isSwallowed === true && place !== undefined && !isPackage(place)
  );
  return found && sentence(found.hidden, found.place);
}

/** A module, and what tells where in the author's files its lines come from. */
type Placed = Pick<StepSource, "source" | "sourceMap" | "stepId">;

/** The first that is found, of the author's own files where there is one. */
function firstIn(module: Placed, find: (text: string) => HiddenState[]): string | undefined {
  const all = placesOf(module, find);
  const found = all.find(({ place }) => place !== undefined && !isPackage(place)) ?? all[0];
  return found && sentence(found.hidden, found.place);
}

/** All that is found, with its place in the author's files. */
function placesOf(
  { source, sourceMap, stepId }: Placed,
  find: (text: string) => HiddenState[],
): { readonly hidden: HiddenState; readonly place: AuthorPlace | undefined }[] {
  const finder = sourceMap === undefined ? undefined : new PlaceFinder(parseSourceMap(sourceMap));
  return foundIn(source, find).map((hidden) => {
    const { line, column } = hidden;
    const place = finder === undefined
      ? { file: stepId, line, column }
      : finder.placeOf(line, column);
    return { hidden, place };
  });
}

/** What is found in a text; nothing where the parser is older than its syntax. */
function foundIn(text: string, find: (text: string) => HiddenState[]): HiddenState[] {
  try {
    return find(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function sentence({ who, what }: HiddenState, place: AuthorPlace | undefined): string {
  const where = place === undefined ? "" : ` (${placeText(place)})`;
  return `${who === "" ? "a function" : escapeText(who)} ${escapeText(what)}${where}`;
}
