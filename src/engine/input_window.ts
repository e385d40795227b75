/**
 * The inputs that a replay needs next, looked up some at a time.
 * This module is browser compatible.
 *
 * @module
 */

import type { InputChunk } from "./input_chunk.ts";
import type { LoopPosition } from "./types.ts";
import { missingInput } from "./step_errors.ts";
import type { InputStore } from "./types.ts";

/** Most inputs that are looked up at a time. */
const INPUT_WINDOW = 512;

/**
 * Inputs from transition `position.first` on. Within a block, equal inputs in a row are one object, if a step
 * cannot change it: what a state that keeps some of them shares must not depend on how inputs were cut into
 * chunks, nor on what was forgotten meanwhile.
 */
export class InputWindow {
  /** The values; shared with the loops. */
  readonly values: unknown[] = [];
  /** One past the last transition whose input is there. */
  #end = 0;
  /** The chunk that the last of them is from; undefined if the next one is not to follow it. */
  #chunk: InputChunk | undefined;

  /** Forgets what was looked up: the replay goes elsewhere, or its inputs are others. */
  empty(): void {
    this.#end = 0;
    this.#chunk = undefined;
  }

  /** Says that a block starts: its state is a copy, which shares nothing with an input. */
  beginBlock(): void {
    this.#chunk = undefined;
  }

  /**
   * Looks inputs up from that of the transition from X_t on, where `t` is that of `position`.
   *
   * @returns Up to which state, at most X_to, they lead.
   * @throws {ArgumentRangeError} If there is none.
   */
  lookUp(
    inputs: InputStore,
    position: LoopPosition,
    { to, blockEnd }: { to: number; blockEnd: number },
  ): number {
    const { t, first } = position;
    if (t < first || t >= this.#end) {
      const chunk = inputs.chunkAt(t);
      if (this.#chunk !== undefined && t === this.#end) {
        chunk.follow(t, this.values[t - 1 - first], this.#chunk);
      }
      position.first = t;
      this.#end = Math.min(t + INPUT_WINDOW, blockEnd, chunk.end);
      if (this.#end <= t) throw missingInput(t);
      this.#chunk = chunk.read(this.values, t, this.#end) ? chunk : undefined;
    }
    return Math.min(to, this.#end);
  }
}
