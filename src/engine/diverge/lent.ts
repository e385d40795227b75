/**
 * What a replay lends to a loop that makes the states of two replays in turn.
 * This module is browser compatible.
 *
 * @module
 */

import type { Rng } from "../../rng/rng.ts";
import type { LoopPosition, StepFunction } from "../types.ts";

/** What a loop makes states with. */
export interface Lent<S> {
  /** The step. */
  readonly step: StepFunction<S>;
  /** The live state. */
  readonly state: S;
  /** Its generator, where it is. */
  readonly rng: Rng;
  /** The parameters as the step is to see them. */
  readonly params: unknown;
  /** Where it is; the loop moves its `t`. */
  readonly position: LoopPosition;
  /** Index of the last state that can be made at once. */
  readonly end: number;
}
