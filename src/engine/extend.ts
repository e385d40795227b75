/**
 * Goes on recording a finished run, as if it had never stopped.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { CheckpointLog, MemoryCheckpoints } from "./checkpoint_log.ts";
import { type ExtendableRecord, extensionInputs, inputsUpTo } from "./derived_inputs.ts";
import { recordPlan } from "./record.ts";
import type { RecordPlan, Resumption } from "./record_types.ts";
import { replayPlan } from "./record_view.ts";
import type { ExtendOptions, RunFunctions } from "./run_options.ts";
import type { Observable, RunRecord } from "./types.ts";

/**
 * Records the run up to `steps` states.
 *
 * @throws {RangeError} If that is less than it has, or there are not as many inputs as new transitions.
 * @throws {TypeError} If the run has inputs or observables, and they are not given.
 * @throws {NondeterministicStepError} If the step does not lead to the run's last state.
 */
export function extendRecord<S>(
  record: ExtendableRecord,
  functions: RunFunctions<S>,
  options: ExtendOptions & { readonly steps: number },
): RunRecord {
  const { checkpoints, stride, budget } = record;
  const plan = extensionPlan(record, functions, {
    ...options,
    source: extensionInputs(record, options),
  });
  const kept = new MemoryCheckpoints();
  const lengths: number[] = [];
  for (let i = 0; i < checkpoints.length; i++) {
    const bytes = checkpoints.bytesAt(i);
    kept.push(bytes);
    lengths.push(bytes.length);
  }
  const outcome = recordPlan(plan, {
    checkpoints: new CheckpointLog(kept, { budget, stride, lengths }),
    resumption: resumptionOf(record, record.inputs !== undefined || plan.source !== undefined),
  });
  return { ...record, ...outcome, checkpoints: kept };
}

/**
 * What a recording that goes on is made from.
 *
 * @throws {TypeError} If the run has statistics of observables that are not given.
 */
export function extensionPlan<S>(
  record: RunRecord,
  functions: RunFunctions<S>,
  options: Pick<RecordPlan<S>, "steps" | "source"> & Pick<ExtendOptions, "onProgress" | "signal">,
): RecordPlan<S> {
  return {
    ...replayPlan(record, functions),
    steps: options.steps,
    inputs: undefined,
    source: options.source,
    initial: () => {
      throw new Error("a run that goes on has its initial state");
    },
    observe: observablesOf(record, functions),
    selfCheck: "none",
    until: undefined,
    onProgress: options.onProgress,
    signal: options.signal,
    budget: record.budget,
    second: undefined,
    now: undefined,
  };
}

/** Where the run stopped. */
export function resumptionOf(record: ExtendableRecord, hasInputs: boolean): Resumption {
  const { steps, checkpoints, lastState, accumulators } = record;
  return {
    t: steps - 1,
    checkpoint: checkpoints.bytesAt(checkpoints.length - 1),
    lastState,
    accumulators,
    inputs: hasInputs ? inputsUpTo(record, steps - 1) : undefined,
  };
}

/** The observables whose statistics the run has, in its order. */
function observablesOf<S>(
  { observables, accumulators }: RunRecord,
  { observe = {} }: RunFunctions<S>,
): Record<string, Observable<S>> {
  const chosen: Record<string, Observable<S>> = {};
  for (const name of observables) {
    if (!Object.hasOwn(observe, name)) {
      throw new ArgumentTypeError(
        `Cannot extend the run: it has statistics of '${name}', and this observable is missing`,
        { hint: "pass it as 'observe' where the run is loaded" },
      );
    }
    if (!Object.hasOwn(accumulators, name)) {
      throw new ArgumentTypeError(
        `Cannot extend the run: the exact sums behind the statistics of '${name}' are not in its file`,
      );
    }
    chosen[name] = observe[name]!;
  }
  return chosen;
}
