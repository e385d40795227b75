/**
 * What the guards of a recording hand to each other.
 * This module is browser compatible.
 *
 * @module
 */

import type { BlockStart, PartialStatsData, ReplayPlan } from "../types.ts";
import type { Rng } from "../../rng/rng.ts";
import type { SecondInstance } from "./second_instance.ts";

/** A value that is there in the live state and not, or otherwise, in the decoded one. */
export interface Loss {
  /** Where it is, such as `state.cooldown`. */
  readonly path: string;
  /** The live value as text. */
  readonly live: string;
  /** The decoded value as text. */
  readonly decoded: string;
}

/** Functions that look at states, by what messages call them, such as `observe.median`. */
export type Lookers<S> = Readonly<Record<string, (state: S, t: number) => unknown>>;

/** A stretch of a block, or of several, that functions looked at. */
export interface Looked<S> {
  /** What was replayed. */
  readonly plan: ReplayPlan<S>;
  /** Who looked. */
  readonly lookers: Lookers<S>;
  /** Where the stretch starts. */
  readonly from: BlockStart;
  /** Index of the last state. */
  readonly to: number;
  /** The generator to replay with, if the step draws from no other. */
  readonly rng?: Rng | undefined;
  /** Canonical bytes of that state, as it was reached while they looked; undefined if the step threw. */
  readonly reached?: Uint8Array;
}

/** A state as it was recorded, kept besides the ends of blocks. */
export interface EarlyState {
  /** Its index. */
  readonly t: number;
  /** Its canonical bytes. */
  readonly bytes: Uint8Array;
}

/** The first blocks, to be tried. */
export interface Tried {
  /** Canonical bytes of X_0 and of the last state of each block that was made. */
  readonly ends: readonly Uint8Array[];
  /** Plain data of the first state of each block, or what the codec encodes it to; not to be changed. */
  readonly starts: readonly unknown[];
  /** Index of the last state to try. */
  readonly to: number;
}

/** What was recorded of the first blocks. */
export interface FirstBlocks<S> extends Tried {
  /** Index of the last state that was made. */
  readonly recordedTo: number;
  /** A state within the first block. */
  readonly early: EarlyState | undefined;
  /** Who looked at the states meanwhile. */
  readonly lookers: Lookers<S>;
  /** What to try with. */
  readonly second: SecondInstance<S>;
  /** A clock, in milliseconds; without one all states are looked at. */
  readonly now: (() => number) | undefined;
}

/** Two objects in the same place. */
export interface Pair {
  readonly path: string;
  readonly live: object;
  readonly decoded: object;
}

/** A span that was looked at. */
export interface Reached {
  readonly span: number;
  readonly from: BlockStart;
  readonly to: number;
  readonly bytes: Uint8Array;
  readonly rng: Rng | undefined;
}

/** States on the way, by their bytes; primitives without a codec, which no copy differs from, are not kept. */
export type Way = Map<number, Uint8Array>;

export interface Trial<S> extends FirstBlocks<S> {
  readonly plan: ReplayPlan<S>;
}

/** Where a live run first differs: the state, the path, both values. */
export interface Found {
  readonly t: number;
  readonly path: string;
  readonly text: string;
}

/** A block that was just made. */
export interface BlockEnd<S> {
  /** What the observables took in so far, at the end of the first block. */
  readonly sums: Readonly<Record<string, PartialStatsData>> | undefined;
  readonly state: S;
  readonly block: number;
  readonly t: number;
  readonly end: Uint8Array;
  readonly isLast: boolean;
}

/** A stretch to try with parameters that can be changed. */
export interface Stretch<S> {
  /** Where it starts; with what makes a fresh first state, if there is anything quicker than decoding it. */
  readonly from: BlockStart & { readonly make?: () => S };
  readonly to: number;
}
