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
import { findHandedOn, findHiddenState } from "./hidden_state.ts";
import { findKept } from "./kept_objects.ts";
import { LaterCode, type Suspect } from "./later_code.ts";
import type { StepSource } from "./read_step.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** A module, and what tells where in the author's files its lines come from. */
type Placed = Pick<StepSource, "source" | "sourceMap" | "stepId">;

/** Something that was found, and where in the author's files it is. */
interface PlacedSuspect {
  readonly suspect: Suspect;
  readonly place: AuthorPlace | undefined;
}

/**
 * What is said of one module: sentences on the first function that does something, such as "step assigns `births`
 * (model.ts:12:3)", safe to print; undefined where no function does it, or the parser is older than the module's syntax.
 */
export class ModuleReasons {
  readonly #code: LaterCode | undefined;
  readonly #placeOf: (suspect: Suspect) => AuthorPlace | undefined;

  /** @param module The module that is recorded. */
  constructor({ source, sourceMap, stepId }: Placed) {
    this.#code = codeOf(source);
    const finder = sourceMap === undefined ? undefined : new PlaceFinder(parseSourceMap(sourceMap));
    this.#placeOf = ({ line, column }) =>
      finder === undefined ? { file: stepId, line, column } : finder.placeOf(line, column);
  }

  /**
   * The first function that changes what outlives its calls: of the author's own files where there is one, else of a
   * package.
   *
   * @param expressions Functions that were given as texts.
   */
  hidden(expressions: readonly string[] = []): string | undefined {
    const found = this.#first(findHiddenState);
    if (found !== undefined) return found;
    for (const expression of expressions) {
      const code = codeOf(`const expression = (\n${expression}\n);`);
      const [hidden] = code === undefined ? [] : findHiddenState(code);
      if (hidden !== undefined) return sentence(hidden, undefined);
    }
    return undefined;
  }

  /**
   * The first function of the author's own files that lets go of an object which only a function or a class knows.
   * Packages are full of such objects, and their authors do not choose what a state holds.
   */
  kept(): string | undefined {
    return ownSentence(this.#all(findKept));
  }

  /**
   * Of a run that is known not to replay, and whose module changes nothing by name: the first object of the module that a
   * function hands on.
   *
   * @param place What is known to have changed, such as `stats.births`; any object by default.
   */
  handedOn(place?: string): string | undefined {
    const root = place?.replace(/[.[].*/s, "");
    return this.#first((code) =>
      findHandedOn(code).filter(({ name }) => root === undefined || name === root)
    );
  }

  /**
   * The first function of the author's own files that changes a built-in object, and catches what the sandbox lets it
   * throw there.
   */
  swallowed(): string | undefined {
    return ownSentence(
      this.#all((code) => findHiddenState(code).filter(({ isSwallowed }) => isSwallowed)),
    );
  }

  /** The first that is found, of the author's own files where there is one. */
  #first(find: (code: LaterCode) => Suspect[]): string | undefined {
    const all = this.#all(find);
    const [found] = all;
    return ownSentence(all) ?? (found && sentence(found.suspect, found.place));
  }

  /** All that is found, with its place in the author's files. */
  #all(find: (code: LaterCode) => Suspect[]): PlacedSuspect[] {
    if (this.#code === undefined) return [];
    return find(this.#code).map((suspect) => ({ suspect, place: this.#placeOf(suspect) }));
  }
}

/** The first of the author's own files. */
function ownSentence(all: readonly PlacedSuspect[]): string | undefined {
  const found = all.find(({ place }) => place !== undefined && !isPackage(place));
  return found && sentence(found.suspect, found.place);
}

/** The code of a text; undefined where the parser is older than its syntax. */
function codeOf(text: string): LaterCode | undefined {
  try {
    return new LaterCode(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sentence({ who, what }: Suspect, place: AuthorPlace | undefined): string {
  const where = place === undefined ? "" : ` (${placeText(place)})`;
  return `${who === "" ? "a function" : escapeText(who)} ${escapeText(what)}${where}`;
}
