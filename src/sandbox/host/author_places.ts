/**
 * Where in its author's files the code of a step failed, from what the child claims of it.
 *
 * @module
 */

import { type RewindError, StepError } from "../../errors.ts";
import { parseSourceMap } from "../../artifact/source_map.ts";
import { escapeText } from "../../text/escape_text.ts";
import { placeText } from "../../text/place_text.ts";
import type { Frame } from "../wire/answers.ts";
import type { PlaceFinder } from "./place_finder.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** A place, and the function in which it lies. */
export interface FailedPlace {
  /** The place. */
  readonly place: AuthorPlace;
  /** How messages name it: with the function, and for a package with the author's own call of it. */
  readonly text: string;
}

/** The place that frames lead to, innermost first; undefined if they lead to none. */
export async function failedPlace(
  frames: readonly Frame[],
  { sourceMap, stepId }: Pick<ChildOptions, "sourceMap" | "stepId">,
): Promise<FailedPlace | undefined> {
  const found = await authorFrames(frames, { sourceMap, stepId });
  const [first] = found;
  if (first === undefined) return undefined;
  const own = found.find(({ place }) => !isPackage(place));
  const called = own === undefined || own === first ? "" : `, called at ${frameText(own)}`;
  return { place: first.place, text: `${frameText(first)}${called}` };
}

/** The map that was read last: one look at a step asks for the place of each of its draws. */
let known: { readonly sourceMap: string; readonly finder: Promise<PlaceFinder> } | undefined;

function finderOf(sourceMap: string): Promise<PlaceFinder> {
  if (known?.sourceMap !== sourceMap) known = { sourceMap, finder: readMap(sourceMap) };
  return known.finder;
}

async function readMap(sourceMap: string): Promise<PlaceFinder> {
  // What reads maps is loaded where a step failed.
  const { PlaceFinder } = await import("./place_finder.ts");
  return new PlaceFinder(parseSourceMap(sourceMap));
}

interface AuthorFrame {
  readonly place: AuthorPlace;
  readonly name: string;
}

async function authorFrames(
  frames: readonly Frame[],
  { sourceMap, stepId }: Pick<ChildOptions, "sourceMap" | "stepId">,
): Promise<AuthorFrame[]> {
  if (frames.length === 0) return [];
  if (sourceMap === undefined) {
    const file = stepId === undefined || stepId === "" ? "step module" : stepId;
    return frames.map(({ line, column, name }) => ({ place: { file, line, column }, name }));
  }
  const finder = await finderOf(sourceMap);
  return frames.flatMap(({ line, column, name }) => {
    const place = finder.placeOf(line, column);
    return place === undefined ? [] : [{ place, name }];
  });
}

/** Whether a place lies in a package, and not in a file of the author. */
export function isPackage({ file }: AuthorPlace): boolean {
  return /^(?:npm|jsr):/.test(file);
}

function frameText({ place, name }: AuthorFrame): string {
  return name === "" ? placeText(place) : `${placeText(place)} in ${escapeText(name)}()`;
}

/** Adds the place to an error's message. */
export function withPlace(error: RewindError, { place, text }: FailedPlace): RewindError {
  const hint = error.hint === undefined ? "" : `; ${error.hint}`;
  const problem = error.message.endsWith(hint)
    ? error.message.slice(0, error.message.length - hint.length)
    : error.message;
  error.message = `${problem} (at ${text})${hint}`;
  if (error instanceof StepError) error.place = place;
  return error;
}
