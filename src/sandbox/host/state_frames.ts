/**
 * States together with what their module draws of them.
 *
 * @module
 */

import type { RunRecord } from "../../engine/types.ts";
import { escapeText } from "../../text/escape_text.ts";
import type { DrawnPicture } from "../wire/answers.ts";
import { failedPlace } from "./author_places.ts";
import { framesOfClaim } from "./claims.ts";
import { decodeClaim, refuse } from "../wire/frame_reader.ts";
import type { SandboxSession } from "./session.ts";
import type { StatesRange } from "./session_options.ts";

/** Which states, and whether of a module with a codec what functions of the state see. */
export interface FramesRange extends StatesRange {
  /** Whether they are shown as `get` shows them, decoded by the module's codec. @default {false} */
  readonly isShown?: boolean;
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

/** Some states of a range, in one job: ask for no more than fit into memory. */
export async function framesOf(
  session: SandboxSession,
  record: RunRecord,
  range: FramesRange,
): Promise<StateFrame[]> {
  const { from, every = 1 } = range;
  const batches = await Array.fromAsync(session.states(record, { ...range, pictures: true }));
  const items = batches.flat();
  const frames: StateFrame[] = [];
  for (let i = 0; i < items.length; i += 2) {
    const drawn = decodeClaim(items[i + 1]!);
    if (typeof drawn !== "object" || drawn === null) throw refuse("it is no picture");
    const { picture, error } = drawn as DrawnPicture;
    frames.push({
      t: from + i / 2 * every,
      bytes: items[i]!,
      picture,
      error: typeof error === "string" ? await placed(error, drawn, session) : undefined,
    });
  }
  return frames;
}

/** The text of an error, with its place in the author's files. */
async function placed(error: string, claim: unknown, { options }: SandboxSession): Promise<string> {
  const place = await failedPlace(framesOfClaim(claim), options);
  return escapeText(error) + (place === undefined ? "" : ` (at ${place.text})`);
}
