/**
 * Replays blocks: from a checkpoint, with the block's seed, forward to any state of the block.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSlab } from "../codec/byte_sink.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { copyState } from "../codec/copy_state.ts";
import { isPrimitive } from "../codec/state_copier.ts";
import { BlockSeeder } from "../rng/derive_seed.ts";
import { captureState, type GeneratorState } from "../rng/backends.ts";
import type { Rng } from "../rng/rng.ts";
import { copyWith, decodeWith, encodeWith } from "./user_codec.ts";
import { freezeData } from "./freeze_data.ts";
import type { InputChunk } from "./input_chunk.ts";
import { GeneratorLease } from "./generator_lease.ts";
import { missingInput, stepError } from "./step_errors.ts";
import type { Lent } from "./diverge/lent.ts";
import { type Loops, loopsFor } from "./hot_loops.ts";
import { blockStart, seedBlock } from "./block_grid.ts";
import type { BlockStart, InputStore, LoopPosition, Observable, ReplayPlan } from "./types.ts";
import type { Traced } from "./types.ts";
import type { StatsAccumulator } from "./stats.ts";
import { holds, PREDICATE } from "./predicate_result.ts";
import { DrawTracer } from "./trace.ts";

/** Most inputs that are looked up at a time. */
const INPUT_WINDOW = 512;

/**
 * One generator and one live state walking through blocks. The state belongs to the replayer: a step
 * may change it in place, so callers copy what they hand out.
 */
export class Replayer<S> {
  #plan: ReplayPlan<S>;
  readonly #loops: Loops;
  readonly #seeder: BlockSeeder;
  /** The step's own copy of the parameters: a step that changes them cannot reach the record. */
  params: unknown;
  /** Whether that copy serves all blocks: nothing in it can be changed, or its owner sees to that. */
  #isParamsShared: boolean;
  readonly #position: LoopPosition;
  /** Inputs that were looked up, from transition `#position.first` on; their chunk, if the next one may go on with it. */
  readonly #window: unknown[] = [];
  #windowEnd = -1;
  #chunk: InputChunk | undefined;
  #block = 0;
  /** Index of the state that the next block starts with. */
  #blockEnd = 0;
  /** Its right to the generator. */
  readonly lease: GeneratorLease;
  /** The generator that was made for this replay; undefined if it is the one that the step's replays share. */
  readonly ownRng: Rng | undefined;
  /** What the live state was made from. */
  #from: BlockStart | undefined;
  /** The live state X_t; valid after {@linkcode Replayer.start}. */
  state!: S;

  /**
   * @param plan The run; no step is called yet.
   * @param rng A generator for this replay; the one that all replays of the step share by default.
   */
  constructor(plan: ReplayPlan<S>, rng?: Rng) {
    const { inputs, origin } = plan;
    this.#plan = plan;
    this.#position = {
      ...{ t: 0, seen: 0, first: 0, origin },
      inputs: inputs === undefined ? undefined : this.#window,
    };
    this.#loops = loopsFor(plan.step, plan.steps);
    this.#seeder = new BlockSeeder(plan.seed);
    this.lease = new GeneratorLease(plan.step, rng ?? plan.rng);
    this.ownRng = rng;
    this.params = copyState(plan.params);
    this.#isParamsShared = freezeData(this.params);
  }

  /** Hands the step this very value as its parameters, in all blocks. */
  useParams(params: unknown): void {
    this.params = params;
    this.#isParamsShared = true;
  }

  /** Index of the live state. */
  get t(): number {
    return this.#position.t;
  }

  /** Takes inputs from here on; those of the transitions before are there too. */
  useInputs(inputs: InputStore): void {
    this.#plan = { ...this.#plan, inputs };
    this.#position.inputs = this.#window;
    this.#windowEnd = -1;
  }

  /** Index of the state that the next block starts with. */
  get blockEnd(): number {
    return this.#blockEnd;
  }

  /** Goes to the start of `block`: state X_t from its bytes, generator reseeded. */
  start(block: number, bytes: Uint8Array): void {
    this.enter(block, decodeWith(this.#plan.codec, bytes), bytes);
  }

  /** Goes to the start of `block` with this very object as X_t; the step may change it. */
  enter(block: number, state: S, bytes?: Uint8Array): void {
    this.#from = bytes && { block, bytes };
    this.#position.t = blockStart(block, this.#plan);
    this.#position.seen = this.#position.t;
    this.#windowEnd = -1;
    this.#begin(block, state);
  }

  /**
   * Goes from the live state, which starts the next block, on into that block. It goes on from a copy, which may be
   * given with its bytes; nothing that the state hides from the codec can reach the next block.
   */
  cross(next?: { state: S; bytes: Uint8Array }): void {
    const block = this.#block + 1;
    if (next !== undefined) this.#from = { block, bytes: next.bytes };
    this.#begin(block, next === undefined ? this.copy() : next.state);
  }

  #begin(block: number, state: S): void {
    const plan = this.#plan;
    this.state = state;
    this.#block = block;
    this.#blockEnd = blockStart(block + 1, plan);
    if (!this.#isParamsShared) {
      this.params = copyState(plan.params);
      freezeData(this.params);
    }
    this.#seeder.seek(seedBlock(block, plan));
    this.lease.use((rng) => {
      rng.reseed(this.#seeder.hi, this.#seeder.lo);
      if (block === 0 && plan.generatorState !== undefined) rng.restore(plan.generatorState);
    });
  }

  /**
   * Gets ready for the next transition.
   *
   * @returns Up to which state, at most X_to, the loops may run at once.
   */
  #prepare(to: number): number {
    const { t, inputs } = this.#position;
    this.#remake();
    if (t === this.#blockEnd) this.cross();
    const end = Math.min(to, this.#blockEnd);
    return inputs === undefined ? end : this.#lookUp(t, end);
  }

  /** Makes the live state again where it may lie in memory of the step, which others had write to it since. */
  #remake(): void {
    const { t, lease: { desk, isHolder } } = this;
    const from = this.#from;
    if (isHolder || from === undefined || t === blockStart(this.#block, this.#plan)) return;
    if (isPrimitive(this.state) || ++desk.turns < desk.looksAt) return;
    const before = encodeWith(this.#plan.codec, this.state);
    this.start(from.block, from.bytes);
    this.advance(t);
    desk.looksAt = equalBytes(before, this.encode()) ? 2 * desk.turns : 0;
  }

  /** Looks inputs up, from that of the transition from X_t on; returns up to which state they lead. */
  #lookUp(t: number, to: number): number {
    const position = this.#position;
    if (t < position.first || t >= this.#windowEnd) {
      const chunk = this.#plan.inputs!.chunkAt(t);
      if (t === this.#windowEnd) chunk.follow(t, this.#window[t - 1 - position.first], this.#chunk);
      position.first = t;
      const wanted = Math.min(t + INPUT_WINDOW, Math.max(to, t + INPUT_WINDOW / 8));
      const end = this.#windowEnd = Math.min(wanted, this.#blockEnd, chunk.end);
      if (end <= t) throw missingInput(t);
      // The next block starts with a copy of its state, which shares nothing with an input.
      this.#chunk = chunk.read(this.#window, t, end) && end < this.#blockEnd ? chunk : undefined;
    }
    return Math.min(to, this.#windowEnd);
  }

  /** Makes the states up to and with X_to. @throws {StepError} If the step throws. */
  advance(to: number): void {
    const position = this.#position;
    while (position.t < to) {
      const end = this.#prepare(to);
      const outer = this.lease.begin();
      try {
        this.state = this.#loops.advance(
          this.#plan.step,
          this.state,
          this.lease.rng,
          this.params,
          position,
          end,
        );
      } catch (cause) {
        throw this.#place(cause);
      } finally {
        this.lease.end(outer);
      }
    }
  }

  /** Lends what it makes its next states with, to a loop that makes those of another replay as well. */
  lend(to: number): Lent<S> {
    const end = this.#prepare(to);
    return {
      ...{ step: this.#plan.step, rng: this.lease.rng, state: this.state },
      ...{ params: this.params, position: this.#position, end },
    };
  }

  /** Moves on to X_to; of a state that starts a block, to the copy that the block goes on from. */
  goTo(to: number): void {
    this.advance(to);
    if (to === this.#blockEnd) this.cross();
  }

  /**
   * Makes the states up to and with X_to and keeps X_t as `values[t - first]`, up to the first that is
   * no number.
   *
   * @returns Index of the last state that was kept.
   * @throws {StepError} If the step throws.
   */
  collect(to: number, values: Float64Array, first: number): number {
    const position = this.#position;
    while (position.t < to) {
      const end = this.#prepare(to);
      const outer = this.lease.begin();
      try {
        this.state = this.#loops.collect(
          this.#plan.step,
          this.state,
          this.lease.rng,
          this.params,
          position,
          end,
          values,
          first,
        );
      } catch (cause) {
        throw stepError(position.t + 1, cause);
      } finally {
        this.lease.end(outer);
      }
      if (position.seen < end) break;
    }
    return position.seen;
  }

  /**
   * Makes the states up to and with X_to and gives each to the accumulators. Of a state that starts a block
   * they are given the copy that the block goes on from.
   *
   * @throws {StepError} If the step throws; what an observable throws passes through.
   */
  observe(
    to: number,
    observables: readonly Observable<S>[],
    accumulators: readonly StatsAccumulator[],
  ): void {
    const position = this.#position;
    while (position.t < to) {
      const end = this.#prepareInside(to);
      if (end === undefined) {
        for (let i = 0; i < observables.length; i++) {
          accumulators[i]!.add(observables[i]!(this.state));
        }
        continue;
      }
      const outer = this.lease.begin();
      try {
        this.state = this.#loops.observe(
          this.#plan.step,
          this.state,
          this.lease.rng,
          this.params,
          position,
          end,
          observables,
          accumulators,
        );
      } catch (cause) {
        throw this.#place(cause);
      } finally {
        this.lease.end(outer);
      }
    }
  }

  /**
   * Makes states up to X_to or to the first that satisfies `predicate`; returns whether one did. Of a state
   * that starts a block it is given the copy that the block goes on from.
   *
   * @throws {StepError} If the step throws; what the predicate throws passes through.
   */
  search(to: number, predicate: (state: S, t: number) => unknown): boolean {
    const position = this.#position;
    while (position.t < to) {
      const end = this.#prepareInside(to);
      if (end === undefined) {
        if (holds(predicate(this.state, position.t), PREDICATE)) return true;
        continue;
      }
      let answer: unknown;
      const outer = this.lease.begin();
      try {
        const reached = this.#loops.search(
          this.#plan.step,
          this.state,
          this.lease.rng,
          this.params,
          position,
          end,
          predicate,
        );
        this.state = reached.state;
        answer = reached.answer;
      } catch (cause) {
        throw this.#place(cause);
      } finally {
        this.lease.end(outer);
      }
      if (answer) return holds(answer, PREDICATE);
    }
    return false;
  }

  /**
   * As {@linkcode Replayer.#prepare}, but makes the state that starts the next block here, where it is next,
   * and goes on into that block; undefined then.
   */
  #prepareInside(to: number): number | undefined {
    const end = this.#prepare(to);
    if (end < this.#blockEnd) return end;
    if (this.t < end - 1) return end - 1;
    this.advance(end);
    this.cross();
    return undefined;
  }

  /**
   * Makes the next transition and looks at it.
   *
   * @param seek Goes to the state from which it leads, by {@linkcode Replayer.start}.
   * @param place Says in a draw where it was made.
   * @throws {StepError} If a step before it throws.
   */
  look(seek: () => void, place?: () => unknown): Traced {
    return this.lease.use((rng) => {
      const tracer = new DrawTracer(rng, place);
      try {
        seek();
        return tracer.trace(() => this.advance(this.t + 1));
      } finally {
        tracer.release();
      }
    });
  }

  /** State of the generator where the next transition begins, as plain data. */
  generatorState(): GeneratorState {
    return this.lease.use(captureState);
  }

  /** Where the generator is in its stream, as its `position` gives it. */
  generatorPosition(): string {
    return this.lease.use((rng) => rng.position());
  }

  /** Canonical bytes of the live state; small ones with memory from `slab` where that is given. */
  encode(slab?: ByteSlab): Uint8Array {
    this.#remake();
    return encodeWith(this.#plan.codec, this.state, slab);
  }

  /** A state as data: what the codec encodes it to, where there is one. */
  dataOf(state: S): unknown {
    return this.#plan.codec === undefined ? state : this.#plan.codec.encode(state);
  }

  /** A copy of the live state. */
  copy(): S {
    this.#remake();
    return copyWith(this.#plan.codec, this.state);
  }

  /** Tells a step that threw from an observable or predicate that did. */
  #place(cause: unknown): unknown {
    const { t, seen } = this.#position;
    return seen < t ? cause : stepError(t + 1, cause);
  }
}
