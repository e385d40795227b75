/**
 * Takes the defaults of what a recording is asked for, and checks it.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState, copyThawed } from "../codec/copy_state.ts";
import { ROOT_PATH } from "../codec/state_path.ts";
import { ArgumentRangeError, ArgumentTypeError, StateEncodingError, StepError } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { createRng, type RngByName, type RngName } from "../rng/backends.ts";
import { deriveInitSeed, normalizeSeed } from "../rng/derive_seed.ts";
import type { Rng } from "../rng/rng.ts";
import { checkBlockSize, checkSteps, defaultBlockSize } from "./run_bounds.ts";
import { errorText } from "./step_errors.ts";
import type {
  InitFunction,
  Observable,
  OptionNames,
  ReplayPlan,
  StepFunction,
  StorageBudget,
} from "./types.ts";
import type { LiveStart } from "./guards/second_instance.ts";
import type { PlanOptions, RecordOptions, RecordPlan } from "./record_types.ts";
import { parameterProblem } from "./step_parameters.ts";
import { inputSourceOf } from "./input_source.ts";

/** The names of all options of {@linkcode record}. */
export const RECORD_OPTION_NAMES: OptionNames<RecordOptions<unknown, RngName, unknown>> = {
  init: true,
  steps: true,
  seed: true,
  rng: true,
  blockSize: true,
  params: true,
  inputs: true,
  maxSize: true,
  maxCheckpoints: true,
  observe: true,
  selfCheck: true,
  until: true,
  onProgress: true,
  guards: true,
  signal: true,
  stepId: true,
  codec: true,
  source: true,
};

/** States per block of a recording whose length is not known. */
export const OPEN_BLOCK_SIZE = 1024;

/** Takes defaults and checks the options of {@linkcode record}. */
export function planRecord<S, N extends RngName, P, I>(
  step: StepFunction<S, RngByName[N], P, I>,
  options: PlanOptions<S, N, P, I>,
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
  const { steps, blockSize } = sizesOf(options);
  if (!("init" in options)) {
    throw new ArgumentTypeError("Cannot record: 'init', the initial state, is missing");
  }
  const observe = checkObserve(options.observe ?? {});
  const params = copyParams(options.params);
  const seed = normalizeSeed(options.seed);
  const rng = options.rng ?? "python";
  const { init } = options;
  const source = options.inputs === undefined ? undefined : inputSourceOf(options.inputs);
  const isMade = typeof init === "function";
  const make = (own: unknown): S =>
    makeInitialOf(init as InitFunction<S>, { params: own, seed, rng });
  const initial = (): S => isMade ? make(copyState(params)) : init as S;
  const live = (): LiveStart<S> => {
    const own = copyState(params);
    return { state: make(own), params: own };
  };
  // The backend's name and class are tied by the signature above; inside, one type serves all.
  const functions = { step: step as unknown as StepFunction<S, Rng>, codec: options.codec };
  return {
    ...functions,
    params,
    origin: 0,
    gridOffset: 0,
    generatorState: undefined,
    seed,
    rng,
    steps,
    initial,
    second: options.guards ?? true
      ? { ...functions, initial: isMade ? live : undefined, isOwn: false }
      : undefined,
    blockSize,
    inputs: undefined,
    source,
    budget: budgetOf(options),
    observe,
    selfCheck: options.selfCheck ? "all" : "none",
    until: options.until,
    onProgress: options.onProgress,
    signal: options.signal,
    now: undefined,
  };
}

/** A copy of parameters. @throws {StateEncodingError} If they are no data. */
export function copyParams<P>(params: P): P {
  try {
    return copyThawed(params);
  } catch (error) {
    if (!(error instanceof StateEncodingError)) throw error;
    const { path, problem } = error;
    const [why] = problem.slice(path.length + 1).split(";");
    const place = path.replace(ROOT_PATH, "params");
    throw new StateEncodingError(place, `${why}; parameters are data`, { cause: error });
  }
}

/** Number of states and states per block; a recording of unknown length may have as many as can be counted. */
function sizesOf(
  options: { steps?: number | undefined; blockSize?: number; isOpen?: true },
): { steps: number; blockSize: number } {
  const isUnknown = options.isOpen === true && options.steps === undefined;
  const steps = isUnknown ? STEPS_MAX : options.steps as number;
  checkSteps(steps);
  const blockSize = options.blockSize ?? (isUnknown ? OPEN_BLOCK_SIZE : defaultBlockSize(steps));
  checkBlockSize(blockSize);
  return { steps, blockSize };
}

/** Refuses what is no object of functions: a Map or a list would be read as one without observables. */
function checkObserve<S>(
  observe: Readonly<Record<string, Observable<S>>>,
): Readonly<Record<string, Observable<S>>> {
  const prototype: unknown = typeof observe === "object" && observe !== null &&
    Object.getPrototypeOf(observe);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ArgumentTypeError("Cannot take 'observe': it must be an object of named functions", {
      hint: "write {name: (state) => state.value}",
    });
  }
  for (const [name, observable] of Object.entries(observe)) {
    if (typeof observable !== "function") {
      throw new ArgumentTypeError(`Cannot observe '${name}': it must be a function of the state`);
    }
  }
  return observe;
}

/** What `maxSize` and `maxCheckpoints` come to; undefined without. */
export function budgetOf(
  { maxSize, maxCheckpoints }: {
    maxSize?: number | undefined;
    maxCheckpoints?: number | undefined;
  },
): StorageBudget | undefined {
  if (maxSize === undefined && maxCheckpoints === undefined) return undefined;
  checkWhole("maxSize", maxSize, 1);
  checkWhole("maxCheckpoints", maxCheckpoints, 2);
  return { bytesMax: maxSize, checkpointsMax: maxCheckpoints };
}

function checkWhole(name: string, value: number | undefined, min: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return;
  throw new ArgumentRangeError(
    `Cannot use '${name}': it must be an integer of at least ${min}, not ${value}`,
  );
}

/** What makes X_0 of a run again, for a verification; undefined where no function made it. */
export function remakerOf<S>(
  init: S | InitFunction<S> | undefined,
  run: Pick<ReplayPlan<S>, "params" | "seed" | "rng">,
): (() => S) | undefined {
  return typeof init === "function" ? () => makeInitial(init as InitFunction<S>, run) : undefined;
}

/**
 * X_0, as a function of the parameters and of a generator that is seeded for it alone makes it.
 *
 * @throws {StepError} If it throws.
 */
export function makeInitial<S>(
  init: InitFunction<S>,
  { params, ...run }: Pick<ReplayPlan<S>, "params" | "seed" | "rng">,
): S {
  return makeInitialOf(init, { params: copyState(params), ...run });
}

/** The same of these very parameters, parts of which the state may then hold. */
export function makeInitialOf<S>(
  init: InitFunction<S>,
  { params, seed, rng }: Pick<ReplayPlan<S>, "params" | "seed" | "rng">,
): S {
  try {
    return init(params, createRng(rng, deriveInitSeed(seed)));
  } catch (cause) {
    throw new StepError(0, `Cannot make state 0: init threw: ${errorText(cause)}`, { cause });
  }
}
