/**
 * States together with what their module draws of them.
 *
 * @module
 */

import { escapeText } from "../../text/escape_text.ts";
import type { DrawnPicture } from "../wire/answers.ts";
import { decodeClaim, refuse } from "../wire/frame_reader.ts";

/** Which states. */
export interface StatesRange {
  /** First t. */
  readonly from: number;
  /** One past the last t. */
  readonly to: number;
  /** Distance in t from one to the next; 1 by default. */
  readonly every?: number;
}

/** Which states, and what of them. */
export interface StatesOptions extends StatesRange {
  /** Of a module with a codec, what functions of the state see. */
  readonly isShown?: boolean;
  /** Whether a picture follows each. */
  readonly pictures?: boolean;
}

/** A state and its picture. */
export interface StateFrame {
  /** Index of the state. */
  readonly t: number;
  /** Its canonical bytes; a claim until decoded. */
  readonly bytes: Uint8Array;
  /** What the module's `picture` gave, as data that is not yet checked; undefined if it exports none. */
  readonly picture: unknown;
  /** Why there is no picture, escaped; undefined where nothing went wrong. */
  readonly error: string | undefined;
}

/** Joins states and pictures, as a realm sends them in turn. */
export function framesOf(
  items: readonly Uint8Array[],
  { from, every = 1 }: StatesRange,
): StateFrame[] {
  return Array.from({ length: items.length / 2 }, (_, i): StateFrame => {
    const drawn = decodeClaim(items[2 * i + 1]!);
    if (typeof drawn !== "object" || drawn === null) throw refuse("it is no picture");
    const { picture, error } = drawn as DrawnPicture;
    return {
      t: from + i * every,
      bytes: items[2 * i]!,
      picture,
      error: typeof error === "string" ? escapeText(error) : undefined,
    };
  });
}
