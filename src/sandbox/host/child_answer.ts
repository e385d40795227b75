/**
 * The answer of a child part by part, with its account of an error turned into one of ours, at its place in the
 * author's files.
 *
 * @module
 */

import type { RewindError } from "../../errors.ts";
import type { Item } from "../wire/frame_reader.ts";
import { failedPlace, withPlace } from "./author_places.ts";
import { errorOfClaim, framesOfClaim } from "./claims.ts";
import { ChildFault, type ChildOptions } from "./sandbox_child.ts";

/** The next part of an answer, with the child's account of an error turned into one of ours. */
export async function nextOf(
  answer: AsyncGenerator<Item[], unknown, void>,
  options: ChildOptions,
): Promise<IteratorResult<Item[], unknown>> {
  try {
    return await answer.next();
  } catch (error) {
    if (!(error instanceof ChildFault)) throw error;
    throw await placedError(error.claim, options);
  }
}

/** The error that a child tells of, with its place in the author's files. */
export async function placedError(claim: unknown, options: ChildOptions): Promise<RewindError> {
  const error = errorOfClaim(claim);
  const place = await failedPlace(framesOfClaim(claim), options);
  return place === undefined ? error : withPlace(error, place);
}
