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
import { findHandedOn, findHiddenState, type HandedOn } from "./hidden_state.ts";
import { findKept } from "./kept_objects.ts";
import type { Suspect } from "./later_code.ts";
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
 * The first function of the author's own files that lets go of an object which only a function or a class knows, as a
 * sentence like that of {@linkcode hiddenReason}. Packages are full of such objects, and their authors do not choose what
 * a state holds.
 */
export function keptReason(module: Placed): string | undefined {
  const found = ownIn(placesOf(module, findKept));
  return found && sentence(found.suspect, found.place);
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
  const changed = placesOf(module, findHiddenState);
  const found = ownIn(changed.filter(({ suspect }) => suspect.isSwallowed === true));
  return found && sentence(found.suspect, found.place);
}

/** A module, and what tells where in the author's files its lines come from. */
type Placed = Pick<StepSource, "source" | "sourceMap" | "stepId">;

/** Something that was found, and where in the author's files it is. */
interface PlacedSuspect<S extends Suspect> {
  readonly suspect: S;
  readonly place: AuthorPlace | undefined;
}

/** The first that is found, of the author's own files where there is one. */
function firstIn(module: Placed, find: (text: string) => Suspect[]): string | undefined {
  const all = placesOf(module, find);
  const found = ownIn(all) ?? all[0];
  return found && sentence(found.suspect, found.place);
}

/** The first of the author's own files. */
function ownIn<S extends Suspect>(all: readonly PlacedSuspect<S>[]): PlacedSuspect<S> | undefined {
  return all.find(({ place }) => place !== undefined && !isPackage(place));
}

/** All that is found, with its place in the author's files. */
function placesOf<S extends Suspect>(
  { source, sourceMap, stepId }: Placed,
  find: (text: string) => S[],
): PlacedSuspect<S>[] {
  const finder = sourceMap === undefined ? undefined : new PlaceFinder(parseSourceMap(sourceMap));
  return foundIn(source, find).map((suspect) => {
    const { line, column } = suspect;
    const place = finder === undefined
      ? { file: stepId, line, column }
      : finder.placeOf(line, column);
    return { suspect, place };
  });
}

/** What is found in a text; nothing where the parser is older than its syntax. */
function foundIn<S extends Suspect>(text: string, find: (text: string) => S[]): S[] {
  try {
    return find(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function sentence({ who, what }: Suspect, place: AuthorPlace | undefined): string {
  const where = place === undefined ? "" : ` (${placeText(place)})`;
  return `${who === "" ? "a function" : escapeText(who)} ${escapeText(what)}${where}`;
}
