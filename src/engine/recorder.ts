/**
 * The forward sweep: makes every state once, keeps one checkpoint per span.
 * This module is browser compatible.
 *
 * The engine goes on from a copy at each block start, not from the live object, so a replay from a
 * checkpoint is the recording, whatever the state hides from the codec.
 *
 * @module
 */

import { ByteSlab } from "../codec/byte_sink.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { NondeterministicStepError, StateEncodingError } from "../errors.ts";
import type { CheckpointLog } from "./checkpoint_log.ts";
import { blockOf, blockStart, isSample } from "./block_grid.ts";
import { RecordingGuard } from "./guards/recording_guard.ts";
import { InputLog, UNDEFINED_BYTES } from "./input_log.ts";
import { Observers } from "./observers.ts";
import { checkBlock, endEarly } from "./record_failure.ts";
import type {
  EarlyEnd,
  RecorderOptions,
  RecordOutcome,
  RecordPlan,
  Resumption,
} from "./record_types.ts";
import { missingInput } from "./step_errors.ts";
import { Replayer } from "./replay.ts";
import { holds } from "./predicate_result.ts";
import { copyWith, dataWith, encodeWith } from "./user_codec.ts";
import type { BlockStart, PartialStatsData } from "./types.ts";

/** A recording that goes as far as it is told to. */
export class Recorder<S> {
  #plan: RecordPlan<S>;
  readonly #checkpoints: CheckpointLog;
  readonly #inputs: InputLog;
  readonly #observers: Observers<S>;
  readonly #replayer: Replayer<S>;
  readonly #onBlock: RecorderOptions["onBlock"];
  /** Whether nobody looks at states inside of blocks. */
  readonly #isBlind: boolean;
  /** The block that is being made, and the bytes of its first state. */
  #block = 0;
  #start: Uint8Array;
  /** Memory of the checkpoints. */
  readonly #slab = new ByteSlab();
  #isStopped = false;
  #early: EarlyEnd | undefined;
  #error: unknown;
  #guard: RecordingGuard<S> | undefined;

  /**
   * Takes X_0, or goes on where an earlier recording stopped.
   *
   * @throws {StateEncodingError | NondeterministicStepError} If X_0 is not data, or the step does not lead there.
   */
  constructor(plan: RecordPlan<S>, options: RecorderOptions) {
    const { checkpoints, resumption, onBlock, onResume } = options;
    this.#onBlock = onBlock;
    this.#inputs = resumption?.inputs ?? new InputLog();
    const hasInputs = plan.source !== undefined || this.#inputs.isUsed;
    this.#plan = { ...plan, inputs: hasInputs ? this.#inputs : undefined };
    this.#checkpoints = checkpoints;
    this.#observers = resumption === undefined
      ? new Observers(plan.observe)
      : new Observers(plan.observe, { ...resumption, steps: resumption.t + 1 });
    this.#isBlind = plan.until === undefined && this.#observers.names.length === 0;
    this.#replayer = new Replayer(this.#plan);
    plan.signal?.throwIfAborted();
    if (plan.second !== undefined) this.#guard = new RecordingGuard(this.#plan, plan.second);
    this.#guard?.watch(this.#replayer);
    if (resumption === undefined) {
      const initial = plan.initial();
      refusePromise(initial);
      this.#start = encodeWith(plan.codec, initial);
      checkpoints.push(this.#start);
      this.#guard?.begin(this.#start, dataWith(plan.codec, initial));
      onBlock?.(0, this.#start, initial, this.#replayer.params);
      // As the bytes would be decoded, but of the hidden class that the step is compiled for.
      this.#replayer.enter(0, copyWith(plan.codec, initial), this.#start);
      this.#look();
    } else {
      this.#start = this.#goOn(resumption);
      onBlock?.(this.#block, this.#start, this.state, this.#replayer.params);
      onResume?.(this.#replayer.encode());
    }
  }

  /** Index of the last state made. */
  get t(): number {
    return this.#replayer.t;
  }

  /** The live state X_t; the step goes on from it. */
  get state(): S {
    return this.#replayer.state;
  }

  /** Whether `until` ended the recording. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** What ended the recording, if a step threw or gave something that is not data; else undefined. */
  get error(): unknown {
    return this.#error;
  }

  /** The inputs so far; not those of transitions at the end that nobody gave one for. */
  get inputs(): InputLog {
    return this.#inputs;
  }

  /** The exact sums of what the observables took in so far, by name. */
  get accumulators(): Readonly<Record<string, PartialStatsData>> {
    return this.#observers.sums();
  }

  /** Takes the input of the next transition, in a recording whose inputs are given one by one. */
  give(input: unknown): void {
    if (this.#plan.inputs === undefined) {
      if (input === undefined) return;
      const before = this.t - this.#inputs.length;
      if (before > 0) this.#inputs.pushBytes(UNDEFINED_BYTES, before);
      this.#plan = { ...this.#plan, inputs: this.#inputs };
      this.#replayer.useInputs(this.#inputs);
    }
    this.#inputs.push(input);
  }

  /**
   * Makes states up to and with X_to, or up to the one that `until` or an error ends the recording with.
   *
   * @throws {RangeError} If there is no input for a transition.
   * @throws {StateEncodingError} If a state of the first block, or an input, is not data. Later states end
   * the run as a failure, so that hours of recording are not lost.
   * @throws {NondeterministicStepError} If a block replays differently.
   */
  advanceTo(to: number): void {
    while (this.t < to && !this.#isStopped && this.#error === undefined) {
      this.#make(this.#supply(Math.min(to, this.#replayer.blockEnd)));
    }
  }

  /**
   * What is recorded so far, as it would be if it ended here; the recording goes on.
   *
   * @throws {StateEncodingError} If the live state is not data: the end of its block will tell.
   */
  soFar(): Omit<RecordOutcome, "observed" | "inputs"> {
    const isStart = this.t === blockStart(this.#block, this.#plan);
    return {
      steps: this.t + 1,
      lastState: isStart ? this.#start : this.#encode(),
      observables: this.#observers.names,
      accumulators: this.#observers.sums(),
      failure: undefined,
      stride: this.#checkpoints.stride,
    };
  }

  /** Ends the recording; what is recorded then is all that there is. */
  finish(): RecordOutcome {
    this.#plan.source?.close();
    if (this.#error === undefined) {
      try {
        if (this.t > blockStart(this.#block, this.#plan)) this.#finishBlock(true);
        else {
          const looked = { plan: this.#plan, from: this.#from(), to: this.t };
          this.#guard?.endShown({ ...looked, reached: this.#encode() });
        }
        this.#guard?.finish(this.#plan, this.t);
        this.#guard?.certify(this.#plan);
      } catch (error) {
        this.#fail(error);
      }
    }
    if (this.#early === undefined && this.#error !== undefined) throw this.#error;
    const { failure, lastState } = this.#early ?? { failure: undefined, lastState: this.#start };
    const steps = failure?.t ?? this.t + 1;
    const inputs = this.#plan.inputs === undefined ? undefined : this.#inputs;
    // The one that the step failed on is kept too.
    inputs?.truncate(failure?.t ?? this.t);
    return {
      steps,
      lastState,
      observables: this.#observers.names,
      observed: this.#observers.result(),
      accumulators: this.#observers.sums(),
      failure,
      stride: this.#checkpoints.stride,
      inputs: inputs?.isUsed ? inputs : undefined,
    };
  }

  /** Sees to the inputs of the next transitions; returns up to which state they lead. */
  #supply(to: number): number {
    const { t } = this;
    const { source, inputs } = this.#plan;
    if (inputs === undefined) return to;
    const given = this.#inputs.length - t;
    if (given > 0) return Math.min(to, t + given);
    const pulled = source?.pull(this.#inputs, Math.min(to - t, source.ahead)) ?? 0;
    if (pulled === 0) throw missingInput(t);
    return t + pulled;
  }

  /** Makes states up to and with X_to, which lie in one block or start the next one. */
  #make(to: number): void {
    try {
      if (this.t === 0) this.#makeFirst();
      if (!this.#isStopped) this.#makeEarly(to);
      if (!this.#isStopped) this.#makeTo(to);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Gives the guard the state that it wants to have within the first block, once it is there. */
  #makeEarly(to: number): void {
    const { earlyT = Infinity } = this.#guard ?? {};
    if (this.#block > 0 || this.t >= earlyT || to < earlyT) return;
    this.#makeTo(earlyT);
    if (this.t === earlyT && this.#block === 0) this.#guard!.takeEarly(this.#encode());
  }

  /**
   * Makes X_1, and tells an author what is wrong with it at once, before anybody looks at it: that it is no state, or
   * undefined where X_0 is not, as the step returns nothing.
   */
  #makeFirst(): void {
    this.#replayer.advance(1);
    this.#encode();
    if (this.state !== undefined || equalBytes(this.#start, UNDEFINED_BYTES)) {
      return this.#replayer.blockEnd === 1 ? this.#cross() : this.#look();
    }
    throw new StateEncodingError(
      "state",
      "is undefined once state 1 is made: the step must return the next state, also where it changes it in place",
    );
  }

  #makeTo(to: number): void {
    const replayer = this.#replayer;
    const { blockEnd } = replayer;
    // A block's first state is looked at as a copy.
    const seen = this.#isBlind ? replayer.t : Math.min(to, blockEnd - 1);
    if (replayer.t < seen) this.#lookUpTo(seen);
    if (this.#isStopped) return;
    replayer.advance(to);
    if (replayer.t === blockEnd) this.#cross();
  }

  /** Ends the block and goes on into the next one, whose first state is the live one. */
  #cross(): void {
    const state = this.#finishBlock();
    this.#inputs.endBlock();
    this.#block++;
    if (this.#block === this.#checkpoints.nextBlock) this.#checkpoints.push(this.#start);
    this.#onBlock?.(this.#block, this.#start, this.state, this.#replayer.params);
    this.#observers.mark(this.t);
    this.#plan.signal?.throwIfAborted();
    this.#replayer.cross({ state, bytes: this.#start });
    this.#look();
  }

  /** Encodes the live state, and sees whether a replay of the block leads to it again; a copy from before that. */
  #finishBlock(isLast = false): S {
    const end = this.#encode();
    const state = this.#replayer.copy();
    const { selfCheck } = this.#plan;
    if (selfCheck === "all" || (selfCheck === "some" && (isLast || isSample(this.#block)))) {
      checkBlock(this.#plan, this.#from(), { t: this.t, end, isDriven: selfCheck === "some" });
    }
    this.#guard?.endBlock(this.#plan, {
      ...{ block: this.#block, t: this.t, end, isLast },
      state,
      sums: this.#block === 0 ? this.#observers.sums() : undefined,
    });
    this.#start = end;
    this.#plan.onProgress?.({ t: this.t, steps: this.#plan.steps });
    return state;
  }

  #encode(): Uint8Array {
    refusePromise(this.state);
    // Of thinned checkpoints each would hold a slab.
    return this.#replayer.encode(this.#checkpoints.stride === 1 ? this.#slab : undefined);
  }

  /** Shows the live state to the observables and to `until`. */
  #look(): void {
    this.#observers.add(this.state);
    const { until } = this.#plan;
    if (until !== undefined && holds(until(this.state, this.t), "until")) this.#isStopped = true;
  }

  /** Makes states up to and with X_to and shows each to the observables and to `until`. */
  #lookUpTo(to: number): void {
    const { until } = this.#plan;
    const observers = this.#observers;
    if (until === undefined) {
      this.#replayer.observe(to, observers.functions, observers.accumulators);
      return;
    }
    this.#isStopped = this.#replayer.search(to, (state, t) => {
      observers.add(state);
      return until(state, t);
    });
  }

  /** Makes the last block again, as far as it was made, and goes on from there. */
  #goOn({ t, checkpoint, lastState }: Resumption): Uint8Array {
    const replayer = this.#replayer;
    const { stride, count } = this.#checkpoints;
    const stored = (count - 1) * stride;
    replayer.start(stored, checkpoint);
    this.#block = blockOf(t, this.#plan);
    replayer.advance(blockStart(this.#block, this.#plan));
    const start = stored === this.#block ? checkpoint : replayer.encode();
    if (stored < this.#block) replayer.cross();
    replayer.advance(t);
    if (lastState !== undefined && !equalBytes(replayer.encode(), lastState)) {
      throw new NondeterministicStepError(
        t,
        `Cannot go on from state ${t}: the step, replayed from state ${
          blockStart(stored, this.#plan)
        }, leads to another state`,
        { hint: "use the step that made the run, and let it depend on its arguments only" },
      );
    }
    return start;
  }

  /** The block that is being made. */
  #from(): BlockStart {
    return { block: this.#block, bytes: this.#start };
  }

  /** Keeps what was recorded before an error, where that ends the run; throws it again where not. */
  #fail(error: unknown): void {
    const from = this.#from();
    this.#error = error;
    if (this.#guard?.hasFound(error)) throw error;
    this.#error = this.#guard === undefined ? error : this.#guard.explain(this.#plan, from, error);
    const observers = this.#observers;
    this.#early = endEarly(this.#plan, { observers, from, to: this.t, error: this.#error });
  }
}

function refusePromise(value: unknown): void {
  if (typeof (value as { then?: unknown } | null | undefined)?.then !== "function") return;
  throw new StateEncodingError(
    "state",
    "is a Promise: a step must be synchronous, and so must init: do all waiting before the run",
  );
}
