/**
 * The trials of a campaign in a child: their runs, and what was asked of them besides.
 *
 * @module
 */

import type { ParameterChange } from "../engine/run_options.ts";
import { type RewindError, SandboxError, StateEncodingError, StepError } from "../errors.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import type { SandboxSession } from "../sandbox/host/session.ts";
import { LookFailure } from "../sandbox/host/claims.ts";
import type { TrialResult, TrialsOptions } from "../sandbox/host/trials_in_child.ts";
import type { Keep, TrialSeed } from "../sandbox/wire/trial_requests.ts";
import type { RngName } from "../rng/backends.ts";
import type { TaskResult } from "./child_pool.ts";
import type { Trial } from "./plan.ts";

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
  /** SHA-256 of the module's text, lower-case hexadecimal. */
  readonly sourceHash: string;
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

/** How trials are recorded: each as `rewind record` would, with its seed and parameters. */
export function trialsOptions(
  question: TrialQuestion,
  trials: readonly TrialSeed[],
  { keep, ...known }: {
    /** Which runs are given. */
    readonly keep: Keep;
    /** Whether one instance of the module serves all trials of a child; see {@linkcode canReuse}. */
    readonly reuses: boolean;
    /** Why a trial may not be that of a plain loop. */
    readonly doubt: string | undefined;
  },
): TrialsOptions {
  const { steps, rng, blockSize, observe, where, until, final, points, stepId, sourceHash } =
    question;
  return {
    recording: {
      ...{ steps, stepId },
      ...(rng === undefined ? {} : { rng }),
      ...(blockSize === undefined ? {} : { blockSize }),
      ...(observe === undefined ? {} : { observe }),
      ...(until === undefined ? {} : { until }),
    },
    trial: { where, stops: false, offset: 0, final, points, ...known },
    ...{ trials, keep, hashed: { stepId, sourceHash } },
  };
}

/** What a trial has of its own, and its set's changes of the module's parameters. */
export function trialSeed(
  { seed, seedIndex }: Pick<Trial, "seed" | "seedIndex">,
  paramChanges: readonly ParameterChange[],
  { guards }: Pick<TrialQuestion, "guards">,
): TrialSeed {
  // Each parameter set is tried once: a model that breaks the rules does so with every seed.
  return { seed, paramChanges, isTried: guards && seedIndex === 0 };
}

/**
 * Runs trials, in one job. An error of the step, of a state or of a function that looks at one is a result.
 *
 * @throws {GuardError | NondeterministicStepError} If the model breaks the rules: no result of it is worth anything.
 * @throws {SandboxError} If the module or a text cannot be used, or the child died.
 */
export async function* runTrials(
  session: SandboxSession,
  options: TrialsOptions,
): AsyncGenerator<TaskResult<TrialResult>[], void, void> {
  for await (const results of session.trials(options)) {
    const done: TaskResult<TrialResult>[] = [];
    let broken: { readonly error: RewindError } | undefined;
    for (const result of results) {
      const { ms: elapsedMs, error, trial } = result;
      if (error !== undefined && !isResult(error)) {
        broken = { error };
        break;
      }
      done.push({ result, elapsedMs, memoryBytes: trial?.memoryBytes ?? 0 });
    }
    yield done;
    if (broken !== undefined) throw broken.error;
  }
}

/** Whether an error says something of one trial, and not of the campaign. */
function isResult(error: RewindError): boolean {
  return error instanceof StepError || error instanceof StateEncodingError ||
    error instanceof LookFailure || (error instanceof SandboxError && error.reason === "output");
}
