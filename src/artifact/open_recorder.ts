/**
 * Recording in the caller's own loop: a game, an environment that is driven from outside.
 * This module is browser compatible.
 *
 * @module
 */

import { CheckpointLog, MemoryCheckpoints } from "../engine/checkpoint_log.ts";
import { checkOptionNames, type OptionNames } from "../engine/option_names.ts";
import { recordOf } from "../engine/record.ts";
import { planRecord, type RecordOptions, type RecordPlan } from "../engine/record_options.ts";
import { Recorder } from "../engine/recorder.ts";
import type { StepFunction } from "../engine/types.ts";
import { ArgumentRangeError } from "../errors.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { counted, grouped } from "../text/quantity.ts";
import { type Run, runOf } from "./run.ts";

/** Options of {@linkcode openRecorder}: those of `record`, except that the caller's loop decides when to end. */
export interface OpenRecorderOptions<S, N extends RngName = "python", P = undefined> extends
  Omit<
    RecordOptions<S, N, P>,
    "steps" | "inputs" | "until" | "onProgress" | "signal" | "selfCheck"
  > {
  /**
   * Most states, if that is known; `blockSize` is then ceil(sqrt(steps)) by default. Without, it is 1,024 by
   * default.
   */
  steps?: number;
  /**
   * Replays each block as soon as it is recorded and throws where the result differs. By default blocks 0,
   * 1, 2, 4, 8, ... and the last are: a state that was changed outside the step shows there.
   */
  selfCheck?: boolean;
}

const OPEN_RECORDER_OPTION_NAMES: OptionNames<OpenRecorderOptions<unknown, RngName, unknown>> = {
  init: true,
  steps: true,
  seed: true,
  rng: true,
  blockSize: true,
  params: true,
  maxSize: true,
  maxCheckpoints: true,
  observe: true,
  selfCheck: true,
  guards: true,
  stepId: true,
  codec: true,
  source: true,
};

/** A recording that goes on as far as its caller says. */
export class OpenRecorder<S, I = unknown> {
  readonly #step: StepFunction<S>;
  readonly #options: OpenRecorderOptions<S, RngName, unknown>;
  readonly #plan: RecordPlan<S>;
  readonly #isBounded: boolean;
  readonly #checkpoints = new MemoryCheckpoints();
  readonly #recorder: Recorder<S>;
  #run: Run<S> | undefined;

  /** Takes X_0; use {@linkcode openRecorder}. */
  constructor(step: StepFunction<S>, options: OpenRecorderOptions<S, RngName, unknown>) {
    const plan = planRecord(step as StepFunction<S, RngByName[RngName]>, {
      ...options,
      isOpen: true,
    });
    this.#step = step;
    this.#options = options;
    this.#isBounded = options.steps !== undefined;
    // The live state is in the caller's hands.
    this.#plan = options.selfCheck === undefined ? { ...plan, selfCheck: "some" } : plan;
    const log = new CheckpointLog(this.#checkpoints, this.#plan);
    this.#recorder = new Recorder(this.#plan, { checkpoints: log });
  }

  /** Index of the last state made. */
  get t(): number {
    return this.#recorder.t;
  }

  /**
   * The live state X_t. It must not be changed, as the step goes on from it; it is valid until the next one
   * is made.
   *
   * @throws {unknown} What ended the recording, if a step threw.
   */
  get state(): S {
    this.#checkError();
    return this.#recorder.state;
  }

  /**
   * Makes one state.
   *
   * @param input What the step is given from outside, plain data; it is copied. A run in which no transition
   * has one is a run without inputs.
   * @returns The live state, as {@linkcode OpenRecorder.state} gives it.
   * @throws {StepError} If the step throws. The states before are kept: `close` gives a run with `failure`.
   * @throws {StateEncodingError} If the input, or the first state, is not plain data; nothing is made then.
   * @throws {RangeError} If the recorder is closed, or all states that were planned are made.
   */
  advance(input?: I): S {
    this.#checkOpen(this.t + 1);
    this.#recorder.give(input);
    return this.#advance(this.t + 1);
  }

  /**
   * Makes the states up to and with X_to, in a run without inputs.
   *
   * @param to Index of a state that is not before the last one.
   * @returns The live state.
   * @throws {RangeError} If the run has inputs, or as {@linkcode OpenRecorder.advance} does.
   * @throws {StepError} If the step throws.
   */
  advanceTo(to: number): S {
    this.#checkOpen(to);
    return this.#advance(to);
  }

  /**
   * Ends the recording. Called again, it gives the same run.
   *
   * @throws {NondeterministicStepError} If the last block replays differently.
   */
  close(): Run<S> {
    return this.#run ??= runOf(
      recordOf(this.#plan, this.#checkpoints, {
        ...this.#recorder.finish(),
        stepId: this.#options.stepId ?? this.#step.name,
        source: this.#options.source,
      }),
      this.#step,
      this.#options,
    );
  }

  #advance(to: number): S {
    this.#recorder.advanceTo(to);
    this.#checkError();
    return this.#recorder.state;
  }

  #checkError(): void {
    if (this.#recorder.error !== undefined) throw this.#recorder.error;
  }

  #checkOpen(to: number): void {
    this.#checkError();
    const { steps } = this.#plan;
    if (this.#run !== undefined) {
      throw new ArgumentRangeError(
        `Cannot make state ${grouped(to)}: the recorder is closed`,
        { hint: "extend the run that it gave" },
      );
    }
    if (!Number.isInteger(to) || to < this.t || to >= steps) {
      throw new ArgumentRangeError(
        `Cannot make state ${Number.isInteger(to) ? grouped(to) : to}: ${
          this.#isBounded && to >= steps
            ? `the recorder was opened for ${counted(steps, "step")}`
            : `the last one made is ${grouped(this.t)}, and t is a whole number`
        }`,
      );
    }
  }
}

/**
 * Opens a recording whose loop is the caller's: each call of `advance` makes one step, and `close` gives the
 * run, as `record` would have recorded it.
 *
 * @param step One transition; all its randomness must come from `rng`, all that is random from outside from
 * `input`.
 * @param options What to start from, with which seed.
 * @throws {TypeError | RangeError} If an option is wrong.
 * @throws {StateEncodingError} If X_0 is not plain data.
 *
 * @example Usage
 * ```ts
 * import { openRecorder, type PythonRandom } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom, _params: unknown, _t: number, key: string) =>
 *   x + (key === "right" ? 1 : -1) * rng.randint(1, 3);
 * const recorder = openRecorder(step, { init: 0, seed: 42 });
 * for (const key of ["right", "right", "left"]) recorder.advance(key);
 *
 * const run = recorder.close();
 * assertEquals(run.steps, 4);
 * assertEquals(run.get(-1), recorder.state);
 * ```
 */
export function openRecorder<S, N extends RngName = "python", P = undefined, I = unknown>(
  step: StepFunction<S, RngByName[N], P, I>,
  options: OpenRecorderOptions<S, N, P>,
): OpenRecorder<S, I> {
  checkOptionNames<OpenRecorderOptions<S, N, P>>(
    options,
    OPEN_RECORDER_OPTION_NAMES,
    "openRecorder",
  );
  return new OpenRecorder<S, I>(
    step as unknown as StepFunction<S>,
    options as unknown as OpenRecorderOptions<S, RngName, unknown>,
  );
}
