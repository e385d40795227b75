/**
 * One trial in a child: its run, and what was asked of it besides.
 *
 * @module
 */

import type { ParameterChange } from "../engine/run_options.ts";
import {
  GuardError,
  NondeterministicStepError,
  RewindError,
  SandboxError,
  StateEncodingError,
  StepError,
} from "../errors.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import type { SandboxSession } from "../sandbox/host/session.ts";
import { LookFailure } from "../sandbox/host/claims.ts";
import type { SandboxRecordOptions } from "../sandbox/host/session_options.ts";
import type { TrialEnd } from "../sandbox/wire/answers.ts";
import type { RngName } from "../rng/backends.ts";
import type { TaskResult } from "./child_pool.ts";
import type { Trial } from "./plan.ts";
import type { TrialResult } from "./trial_row.ts";

/** What is asked of every trial of a campaign. */
export interface TrialQuestion {
  /** Number of states. */
  readonly steps: number;
  /** Generator backend; what the module exports, or python, if undefined. */
  readonly rng: RngName | undefined;
  /** States per block; the default if undefined. */
  readonly blockSize: number | undefined;
  /** Observables by name, as texts or (undefined) exports of the module; all exports if undefined. */
  readonly observe: Readonly<Record<string, string | undefined>> | undefined;
  /** Text of the predicate whose first t is looked for. */
  readonly where: string | undefined;
  /** Text of a predicate that ends a trial. */
  readonly until: string | undefined;
  /** Text of a function of the last state. */
  readonly final: string | undefined;
  /** The t at which values of the observables are kept. */
  readonly points: Float64Array;
  /** Name of the module, as it is stored in kept runs. */
  readonly stepId: string;
  /** Whether guards look for mistakes in the model. */
  readonly guards: boolean;
}

/**
 * Whether one instance of a module serves trial after trial as a fresh one would: where it is plain from its text
 * that it keeps nothing between calls. What V8 compiled for it then serves all of them too.
 */
export async function canReuse(
  { source, shims }: Pick<ChildOptions, "source" | "shims">,
): Promise<boolean> {
  // What it sees of the clock while it loads may be another time in each trial.
  if (shims !== undefined) return false;
  // The parser takes a while to load, and the children start meanwhile.
  const { isMemoryless } = await import("../sandbox/recorder/memoryless.ts");
  return isMemoryless(source);
}

/** How the run of a trial is recorded: as `rewind record` would, with its seed and parameters. */
export function trialOptions(
  question: TrialQuestion,
  { seed, seedIndex }: Trial,
  { paramChanges, reuses }: {
    /** What its set changes of the module's parameters. */
    readonly paramChanges: readonly ParameterChange[];
    /** Whether one instance of the module serves all trials of a child; see {@linkcode canReuse}. */
    readonly reuses: boolean;
  },
): SandboxRecordOptions {
  const { steps, rng, blockSize, observe, where, until, final, points, stepId, guards } = question;
  // Each parameter set is tried once: a model that breaks the rules does so with every seed.
  const isTried = guards && seedIndex === 0;
  return {
    ...{ steps, seed, stepId, paramChanges },
    ...(rng === undefined ? {} : { rng }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(observe === undefined ? {} : { observe }),
    ...(until === undefined ? {} : { until }),
    guards: isTried,
    trial: { where, stops: false, offset: 0, final, points, certify: isTried, reuses },
  };
}

/**
 * Runs a trial. An error of the step, of a state or of a function that looks at one is its result.
 *
 * @throws {GuardError | NondeterministicStepError} If the model breaks the rules: no result of it is worth anything.
 * @throws {SandboxError} If the module or a text cannot be used, or the child died.
 */
export async function runTrial(
  session: SandboxSession,
  options: SandboxRecordOptions,
  signal?: AbortSignal,
): Promise<TaskResult<TrialResult>> {
  let end: TrialEnd | undefined;
  try {
    const record = await session.record({ ...options, onTrial: (given) => end = given });
    // What is kept of a recording that was aborted is no trial.
    signal?.throwIfAborted();
    if (end === undefined) throw new SandboxError("aborted", "Cannot go on: the trial was aborted");
    return { result: { record, end }, memoryBytes: end.memoryBytes };
  } catch (error) {
    if (!isResult(error)) throw error;
    return { result: { error }, memoryBytes: 0 };
  }
}

/** Whether an error says something of one trial, and not of the campaign. */
function isResult(error: unknown): boolean {
  if (error instanceof GuardError || error instanceof NondeterministicStepError) return false;
  return error instanceof RewindError &&
    (error instanceof StepError || error instanceof StateEncodingError ||
      error instanceof LookFailure);
}
