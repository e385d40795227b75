/**
 * Watches a recording for the ordinary mistakes that would make its answers differ from those of a plain loop.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState } from "../../codec/copy_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { StepError } from "../../errors.ts";
import { freezeData } from "../freeze_data.ts";
import { blockStart, isSample } from "../block_grid.ts";
import type { RecordPlan } from "../record_types.ts";
import { dataWith } from "../user_codec.ts";
import type { Replayer } from "../replay.ts";
import { blamed, findChange } from "./changed_by_looking.ts";
import { guardFirstBlocks } from "./first_blocks.ts";
import type { BesideRecording, SecondInstance } from "./second_instance.ts";
import { findParameterChange, parameterError } from "./changed_parameters.ts";
import { tryLate } from "./late_trial.ts";
import { STATES_MIN, TrialLength } from "./guard_time.ts";
import type { BlockStart, PartialStatsData } from "../types.ts";
import type { BlockEnd, EarlyState, Looked, Lookers, Tried } from "./types.ts";

/** Blocks that are tried again. */
const BLOCKS_TRIED = 2;

/** Who looks at the states of a recording, by what messages call them. */
export function lookersOf<S>({ observe, until, untilName = "until" }: RecordPlan<S>): Lookers<S> {
  const lookers = Object.entries(observe).map(([name, look]) => [`observe.${name}`, look]);
  return { ...Object.fromEntries(lookers), ...(until && { [untilName]: until }) };
}

/** The guards of one recording. */
export class RecordingGuard<S> {
  readonly #second: SecondInstance<S>;
  readonly #lookers: Lookers<S>;
  readonly #length: TrialLength;
  /** Canonical bytes of X_0 and of the ends of the first blocks; empty once they were tried, or without any. */
  #ends: Uint8Array[] = [];
  /** Data of the first states of these blocks. */
  #starts: unknown[] = [];
  #early: EarlyState | undefined;
  #found: unknown;
  /** A plain loop beside the recording. */
  #loop: BesideRecording<S> | undefined;
  /** What was tried, for once more at the end. */
  #tried: Tried | undefined;
  #sums: Readonly<Record<string, PartialStatsData>> | undefined;
  /** Parameters of which a part cannot be made read-only, and what they were. */
  #loose: { readonly params: unknown; readonly before: Uint8Array } | undefined;

  /** Prepares to watch; nothing is called yet. */
  constructor(plan: RecordPlan<S>, second: SecondInstance<S>) {
    this.#second = second;
    this.#length = new TrialLength(plan.worked ?? plan.now);
    this.#lookers = lookersOf(plan);
    const params = copyState(plan.params);
    if (!freezeData(params)) this.#loose = { params, before: encodeState(params) };
  }

  /** Gives the recording's step one copy of the parameters, so that changes stay to be seen. */
  watch(replayer: Replayer<S>): void {
    if (this.#loose !== undefined) replayer.useParams(this.#loose.params);
  }

  /** The state that {@linkcode takeEarly} takes: where a step is slow, more than that is not tried. */
  readonly earlyT = STATES_MIN;

  /** Takes the bytes of that state, if it lies within the first block. */
  takeEarly(bytes: Uint8Array): void {
    this.#early = { t: this.earlyT, bytes };
  }

  /** Takes X_0: its bytes, and a copy of its data. */
  begin(start: Uint8Array, data: unknown): void {
    this.#ends = [start];
    this.#starts = [data];
    this.#length.start(0);
  }

  /**
   * Called at the end of every block.
   *
   * @throws {GuardError | StateEncodingError | NondeterministicStepError} See `guardFirstBlocks`.
   */
  endBlock(plan: RecordPlan<S>, { block, t, end, isLast, state, sums }: BlockEnd<S>): void {
    this.#sums ??= sums;
    this.#loop?.endBlock(plan, { block, t, end });
    if (this.#ends.length > 0) {
      this.#ends.push(end);
      this.#length.stop(t);
      if (this.#ends.length > BLOCKS_TRIED) {
        this.finish(plan, t);
      } else {
        this.#starts.push(dataWith(plan.codec, state));
        this.#length.start(t);
      }
    }
    if (this.#loose !== undefined && (isLast || isSample(block))) {
      const { params, before } = this.#loose;
      const error = parameterError(before, encodeState(params), t);
      if (error !== undefined) throw error;
    }
  }

  /** Called when the recording ends at X_t: tries the first blocks, if that was not done before. */
  finish(plan: RecordPlan<S>, t: number): void {
    const ends = this.#ends;
    const starts = this.#starts;
    this.#ends = [];
    this.#starts = [];
    if (ends.length < 2) return;
    const states = this.#length.states(plan.steps);
    const early = this.#early !== undefined && states < blockStart(1, plan)
      ? this.#early
      : undefined;
    // Of other states within the first block nothing is known to compare with.
    const to = Math.min(t, early?.t ?? states);
    if (to === t) this.#tried = { ends, starts, to };
    this.#finding(() => {
      const live = guardFirstBlocks(plan, {
        ...{ ends, starts, to, recordedTo: t, early },
        lookers: this.#lookers,
        second: this.#second,
        now: plan.now,
      });
      if (live !== undefined) this.#loop = this.#second.looks?.goOn(live);
    });
  }

  #finding(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#found = error;
      throw error;
    }
  }

  /**
   * Called when the recording is over: tries the first blocks once more, in another order, as a variable that the
   * step changes may be another one by now.
   *
   * @throws {NondeterministicStepError | GuardError} If a block leads to another state, or an observable says
   * something else of it.
   */
  certify(plan: RecordPlan<S>): void {
    const tried = this.#tried;
    if (tried !== undefined) this.#finding(() => tryLate(plan, { ...tried, sums: this.#sums }));
  }

  /** Whether an error is what the trial of the first blocks found: too early for a run to be kept. */
  hasFound(error: unknown): boolean {
    return error !== undefined && error === this.#found;
  }

  /** Called when the recording ends where a block starts. @throws {GuardError} If a function changed that state. */
  endShown(looked: Omit<Looked<S>, "lookers">): void {
    const error = findChange({ ...looked, lookers: this.#lookers });
    if (error !== undefined) throw error;
  }

  /** Why a step threw, if it tried to change its parameters, or a function changed the state; else the error. */
  explain(plan: RecordPlan<S>, from: BlockStart, error: unknown): unknown {
    if (!(error instanceof StepError)) return error;
    const change = findParameterChange(plan, { from, to: error.t });
    if (change === undefined) return blamed(error, { plan, lookers: this.#lookers, from });
    if (from.block === 0) return change;
    // Later the run is kept up to there.
    return new StepError(error.t, change.message, { cause: change });
  }
}
