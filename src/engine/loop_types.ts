/**
 * What the compiled loops of a replay are.
 * This module is browser compatible.
 *
 * @module
 */

import type { LoopPosition, Observable, StepFunction } from "./types.ts";
import type { Rng } from "../rng/rng.ts";
import type { StatsAccumulator } from "./stats.ts";

/** Makes the states after `position.t` up to and with X_to; returns X_to. */
export type AdvanceLoop = <S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
) => S;

/** As {@linkcode AdvanceLoop}, and keeps the states made, up to the first that is no number. */
export type CollectLoop = <S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
  values: Float64Array,
  first: number,
) => S;

/** As {@linkcode AdvanceLoop}, and gives every state made to the observables' accumulators. */
export type ObserveLoop = <S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
  observables: readonly Observable<S>[],
  accumulators: readonly StatsAccumulator[],
) => S;

/** As {@linkcode AdvanceLoop}, but stops after the first state of which `predicate` says anything true; gives what it said. */
export type SearchLoop = <S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
  predicate: (state: S, t: number) => unknown,
) => { state: S; answer: unknown };
