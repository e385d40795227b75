/**
 * What a recording is asked for, and what that comes to once defaults are taken and all is checked.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState } from "../codec/copy_state.ts";
import { ArgumentRangeError, ArgumentTypeError, StepError } from "../errors.ts";
import { BLOCKS_MAX } from "../limits.ts";
import { createRng } from "../rng/backends.ts";
import { deriveInitSeed, normalizeSeed } from "../rng/derive_seed.ts";
import type { Rng } from "../rng/rng.ts";
import type { RngName } from "../rng/backends.ts";
import { blockCount, checkBlockSize, checkSteps, defaultBlockSize } from "./blocks.ts";
import { errorText, type ReplayPlan } from "./replay.ts";
import { parameterProblem } from "./step_parameters.ts";
import type { InitFunction, Observable, StateCodec, StepFunction } from "./types.ts";
import type { RngByName } from "../rng/backends.ts";

/** How far a recording has come. */
export interface RecordProgress {
  /** Index of the last state made. */
  readonly t: number;
  /** Number of states asked for. */
  readonly steps: number;
}

/** Options of {@linkcode record}. */
export interface RecordOptions<S, N extends RngName = "python", P = undefined> {
  /**
   * X_0, or a function of the parameters and a generator of its own that makes it. It is copied, never
   * changed.
   */
  init: S | InitFunction<S, RngByName[N], P>;
  /** Number of states T, X_0 among them: an integer from 1 to 2^52. */
  steps: number;
  /** Master seed: any safe integer or bigint. */
  seed: number | bigint;
  /**
   * Generator backend.
   *
   * @default {"python"}
   */
  rng?: N;
  /** States per block; ceil(sqrt(steps)) by default. */
  blockSize?: number;
  /** Plain data handed to `init` and to every step; stored in the artifact. */
  params?: P;
  /** Named functions of the state whose exact statistics are computed while recording. */
  observe?: Readonly<Record<string, Observable<S>>>;
  /**
   * Replays each block as soon as it is recorded and throws where the result differs; doubles the
   * time.
   *
   * @default {false}
   */
  selfCheck?: boolean;
  /** Ends the recording after the first state for which it returns true; that state is kept. */
  until?: (state: S, t: number) => boolean;
  /** Called at the end of every block. */
  onProgress?: (progress: RecordProgress) => void;
  /**
   * Checked at every block start; the recording throws `signal.reason`. Use `until` to stop and keep
   * what was recorded.
   */
  signal?: AbortSignal;
  /** Free text stored in the artifact that names the step; the function's name by default. */
  stepId?: string;
  /** For states that are not plain data. */
  codec?: StateCodec<S>;
  /** Source of the step module to embed, as one import-free ES module. */
  source?: string;
}

/** What a recording starts from, all defaults taken and everything checked. */
export interface RecordPlan<S> extends ReplayPlan<S> {
  /** X_0; never changed. */
  readonly initial: S;
  /** States per block. */
  readonly blockSize: number;
  /** Observables by name. */
  readonly observe: Readonly<Record<string, Observable<S>>>;
  /** Whether each block is replayed at once. */
  readonly selfCheck: boolean;
  /** Early end, if any. */
  readonly until: ((state: S, t: number) => boolean) | undefined;
  /** Progress report, if any. */
  readonly onProgress: ((progress: RecordProgress) => void) | undefined;
  /** Cancellation, if any. */
  readonly signal: AbortSignal | undefined;
}

/** Takes defaults and checks the options of {@linkcode record}. */
export function planRecord<S, N extends RngName, P>(
  step: StepFunction<S, RngByName[N], P>,
  options: RecordOptions<S, N, P>,
): RecordPlan<S> {
  if (typeof step !== "function") {
    throw new ArgumentTypeError(
      `Cannot record: 'step' must be a function (state, rng, params, t, input) => state: it is of type ${typeof step}`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new ArgumentTypeError("Cannot record: the options {init, steps, seed} are missing");
  }
  const problem = parameterProblem(step);
  if (problem !== undefined) throw new ArgumentTypeError(`Cannot record: ${problem}`);
  checkSteps(options.steps);
  const blockSize = options.blockSize ?? defaultBlockSize(options.steps);
  checkBlockSize(blockSize);
  const blocks = blockCount(options.steps, blockSize);
  // With `until` the run may end long before.
  if (blocks > BLOCKS_MAX && options.until === undefined) {
    throw new ArgumentRangeError(
      `Cannot record ${blocks} blocks: at most ${BLOCKS_MAX} are allowed`,
      { hint: "use a larger block size" },
    );
  }
  if (!("init" in options)) {
    throw new ArgumentTypeError("Cannot record: 'init', the initial state, is missing");
  }
  const observe = options.observe ?? {};
  for (const [name, observable] of Object.entries(observe)) {
    if (typeof observable !== "function") {
      throw new ArgumentTypeError(`Cannot observe '${name}': it must be a function of the state`);
    }
  }
  const params = copyState(options.params);
  const seed = normalizeSeed(options.seed);
  const rng = options.rng ?? "python";
  return {
    // The backend's name and class are tied by the signature above; inside, one type serves all.
    step: step as unknown as StepFunction<S, Rng>,
    codec: options.codec,
    params,
    origin: 0,
    seed,
    rng,
    steps: options.steps,
    initial: typeof options.init === "function"
      ? makeInitial(options.init as InitFunction<S>, { params, seed, rng })
      : options.init as S,
    blockSize,
    observe,
    selfCheck: options.selfCheck ?? false,
    until: options.until,
    onProgress: options.onProgress,
    signal: options.signal,
  };
}

/**
 * X_0, as a function of the parameters and of a generator that is seeded for it alone makes it.
 *
 * @throws {StepError} If it throws.
 */
export function makeInitial<S>(
  init: InitFunction<S>,
  { params, seed, rng }: Pick<ReplayPlan<S>, "params" | "seed" | "rng">,
): S {
  try {
    return init(copyState(params), createRng(rng, deriveInitSeed(seed)));
  } catch (cause) {
    throw new StepError(0, `Cannot make state 0: init threw: ${errorText(cause)}`, { cause });
  }
}
