/**
 * What an author is told of words that the sandbox refuses.
 *
 * @module
 */

import { StepModuleError } from "../../errors.ts";
import { placeText } from "../../text/place_text.ts";
import type { Refusal } from "./escape_words.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** Most places that one message names. */
const PLACES_MAX = 5;

/** The error for words that stay, which name the author's places. */
export function refusalError(
  path: string,
  refusals: readonly Refusal[],
  placeOf: (offset: number) => AuthorPlace | undefined,
): StepModuleError {
  const [first] = refusals as [Refusal];
  const reasons = refusals.slice(0, PLACES_MAX).map(({ offset, what }) => {
    const place = placeOf(offset);
    return place === undefined ? what : `${placeText(place)} ${what}`;
  });
  if (refusals.length > PLACES_MAX) reasons.push(`${refusals.length - PLACES_MAX} more`);
  return new StepModuleError(`Cannot load '${path}': ${[...new Set(reasons)].join("; ")}`, {
    place: placeOf(first.offset),
    hint: first.hint,
  });
}
