/**
 * Replays blocks: from a checkpoint, with the block's seed, forward to any state of the block.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState } from "../codec/copy_state.ts";
import { createRng } from "../rng/backends.ts";
import { BlockSeeder } from "../rng/derive_seed.ts";
import type { Rng } from "../rng/rng.ts";
import type { RngName } from "../rng/backends.ts";
import { StepError } from "../errors.ts";
import { copyWith, decodeWith, encodeWith } from "./user_codec.ts";
import { type LoopPosition, type Loops, loopsFor } from "./loops.ts";
import type { Observable, StateCodec, StepFunction } from "./types.ts";
import type { StatsAccumulator } from "./stats.ts";

/** What a replayer needs to know of a run. */
export interface ReplayPlan<S> {
  /** The user's step. */
  readonly step: StepFunction<S>;
  /** Translation of states that are not plain data. */
  readonly codec: StateCodec<S> | undefined;
  /** Third argument of every step; a copy is taken. */
  readonly params: unknown;
  /** What the step is told of t: origin + t. */
  readonly origin: number;
  /** Master seed. */
  readonly seed: bigint;
  /** Generator backend. */
  readonly rng: RngName;
  /** Number of states, for choosing the loops. */
  readonly steps: number;
}

/**
 * One generator and one live state walking through blocks. The state belongs to the replayer: a step
 * may change it in place, so callers copy what they hand out.
 */
export class Replayer<S> {
  readonly #plan: ReplayPlan<S>;
  readonly #loops: Loops;
  readonly #seeder: BlockSeeder;
  /** The step's own copy of the parameters: a step that changes them cannot reach the record. */
  #params: unknown;
  readonly #position: LoopPosition;
  /** The generator, as the step sees it. */
  readonly rng: Rng;
  /** The live state X_t; valid after {@linkcode Replayer.start}. */
  state!: S;

  /** Prepares a generator; no step is called yet. */
  constructor(plan: ReplayPlan<S>, rng: Rng = createRng(plan.rng, 0)) {
    this.#plan = plan;
    this.#position = { t: 0, seen: 0, origin: plan.origin, inputs: undefined, first: 0 };
    this.#loops = loopsFor(plan.step, plan.steps);
    this.#seeder = new BlockSeeder(plan.seed);
    this.rng = rng;
  }

  /** Index of the live state. */
  get t(): number {
    return this.#position.t;
  }

  /** Goes to the start of `block`: state X_t from its bytes, parameters fresh, generator reseeded. */
  start(block: number, t: number, bytes: Uint8Array): void {
    this.#position.t = t;
    this.#position.seen = t;
    this.#begin(block, decodeWith(this.#plan.codec, bytes));
  }

  /**
   * Goes from the live state, which has just been encoded, to the block that starts with it. The block goes
   * on from a copy, which is what decoding those bytes would give, only sooner: nothing that the state
   * hides from the codec can reach the next block.
   */
  startNext(block: number): void {
    this.#begin(block, this.copy());
  }

  #begin(block: number, state: S): void {
    this.state = state;
    this.#params = copyState(this.#plan.params);
    this.#seeder.seek(block);
    this.rng.reseed(this.#seeder.hi, this.#seeder.lo);
  }

  /** Makes the states up to and with X_to. @throws {StepError} If the step throws. */
  advance(to: number): void {
    try {
      this.state = this.#loops.advance(
        this.#plan.step,
        this.state,
        this.rng,
        this.#params,
        this.#position,
        to,
      );
    } catch (cause) {
      throw this.#place(cause);
    }
  }

  /**
   * Makes the states up to and with X_to and keeps X_t as `values[t - first]`, up to the first that is
   * no number.
   *
   * @returns Index of the last state that was kept.
   * @throws {StepError} If the step throws.
   */
  collect(to: number, values: Float64Array, first: number): number {
    try {
      this.state = this.#loops.collect(
        this.#plan.step,
        this.state,
        this.rng,
        this.#params,
        this.#position,
        to,
        values,
        first,
      );
    } catch (cause) {
      throw stepError(this.#position.t + 1, cause);
    }
    return this.#position.seen;
  }

  /**
   * Makes the states up to and with X_to and gives each to the accumulators.
   *
   * @throws {StepError} If the step throws; what an observable throws passes through.
   */
  observe(
    to: number,
    observables: readonly Observable<S>[],
    accumulators: readonly StatsAccumulator[],
  ): void {
    try {
      this.state = this.#loops.observe(
        this.#plan.step,
        this.state,
        this.rng,
        this.#params,
        this.#position,
        to,
        observables,
        accumulators,
      );
    } catch (cause) {
      throw this.#place(cause);
    }
  }

  /**
   * Makes states up to X_to or to the first that satisfies `predicate`; returns whether one did.
   *
   * @throws {StepError} If the step throws; what the predicate throws passes through.
   */
  search(to: number, predicate: (state: S, t: number) => unknown): boolean {
    try {
      const { state, found } = this.#loops.search(
        this.#plan.step,
        this.state,
        this.rng,
        this.#params,
        this.#position,
        to,
        predicate,
      );
      this.state = state;
      return found;
    } catch (cause) {
      throw this.#place(cause);
    }
  }

  /**
   * Calls the step once with `rng` in the place of the generator, as the next transition.
   *
   * @throws {StepError} If the step throws.
   */
  stepWith(rng: Rng): void {
    const { t, origin } = this.#position;
    try {
      this.state = this.#plan.step(this.state, rng, this.#params, origin + t, undefined);
    } catch (cause) {
      throw stepError(t + 1, cause);
    }
    this.#position.t++;
  }

  /** Canonical bytes of the live state. */
  encode(): Uint8Array {
    return encodeWith(this.#plan.codec, this.state);
  }

  /** A copy of the live state that the caller owns. */
  copy(): S {
    return copyWith(this.#plan.codec, this.state);
  }

  /** Tells a step that threw from an observable or predicate that did. */
  #place(cause: unknown): unknown {
    const { t, seen } = this.#position;
    return seen < t ? cause : stepError(t + 1, cause);
  }
}

/** The error for a step that threw while making X_t. */
export function stepError(t: number, cause: unknown): StepError {
  return new StepError(t, `Cannot make state ${t}: the step threw: ${errorText(cause)}`, {
    cause,
  });
}

/** Name and message of anything thrown, without calling code of its own. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return typeof thrown === "object" || typeof thrown === "function"
    ? "a value that is not an Error"
    : String(thrown);
}
