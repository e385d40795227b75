/**
 * What the step module draws of a state, as data.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { decodeWith } from "../../engine/user_codec.ts";
import type { DrawnPicture } from "../wire/answers.ts";
import type { ReplayShape } from "../wire/requests.ts";
import { describeError } from "./child_error.ts";
import type { StepInstance } from "./step_module.ts";

/**
 * Draws a state for one job.
 *
 * @returns A function from the bytes of a state and its t to those of a {@linkcode DrawnPicture}. What it throws, or
 * gives that is no data, is an error of this picture only.
 */
export function pictureDrawer(
  { picture, codec }: Pick<StepInstance, "picture" | "codec">,
  { params, origin }: Pick<ReplayShape, "params" | "origin">,
): (bytes: Uint8Array, t: number) => Uint8Array {
  if (picture === undefined) {
    const nothing = encodeState({} satisfies DrawnPicture);
    return () => nothing;
  }
  const own = decodeState(params);
  return (bytes, t) => {
    try {
      const drawn: DrawnPicture = { picture: picture(decodeWith(codec, bytes), own, origin + t) };
      return encodeState(drawn);
    } catch (error) {
      const { message, frames } = describeError(error, t);
      return encodeState({ error: message, frames } satisfies DrawnPicture);
    }
  };
}
