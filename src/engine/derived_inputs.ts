/**
 * The inputs of a run that comes from another one: of a branch, with where it lies in global time, and of a run that
 * goes on.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { counted, grouped } from "../text/quantity.ts";
import { checkSteps } from "./run_bounds.ts";
import { InputLog, UNDEFINED_BYTES } from "./input_log.ts";
import { checkInputCount, inputSourceOf, StoreSource } from "./input_source.ts";
import type { BranchOptions, ExtendOptions } from "./run_options.ts";
import type { RunRecord } from "./types.ts";
import type { InputSource } from "./record_types.ts";

/** Global time of a branch's X_0. @throws {RangeError} If it would reach beyond what t can count. */
export function branchOrigin(parent: RunRecord, point: number, steps: number): number {
  const origin = parent.origin + point;
  if (origin + steps <= STEPS_MAX) return origin;
  throw new ArgumentRangeError(
    `Cannot branch at step ${point}: ${steps} more steps would lead beyond step 2^52 of the root run`,
  );
}

/**
 * The inputs of a branch: those given, or the parent's from t on, perhaps some of them replaced.
 *
 * @throws {RangeError} If there are not as many as the branch has transitions, or one to be replaced is none
 * of them.
 */
export function branchInputs(
  { inputs }: RunRecord,
  options: Pick<BranchOptions<unknown>, "inputs" | "setInputs"> & { point: number; steps: number },
): InputSource | undefined {
  const { point, steps } = options;
  const end = point + steps - 1;
  const replaced = replacedInputs(options.setInputs, { from: point, to: end });
  if (options.inputs !== undefined && replaced.size > 0) {
    throw new ArgumentTypeError("Cannot branch: 'inputs' and 'setInputs' exclude each other", {
      hint: "put all into 'inputs'",
    });
  }
  let source: InputSource | undefined;
  if (options.inputs !== undefined) {
    source = inputSourceOf(options.inputs);
  } else if (inputs !== undefined || replaced.size > 0) {
    const to = inputs === undefined ? end : Math.min(end, inputs.length);
    source = new StoreSource(inputs, { from: point, to }, replaced);
  }
  checkInputCount(source, { steps });
  return source;
}

/** Checks which inputs are to be replaced. @throws {RangeError} If the branch has no such transition. */
function replacedInputs(
  given: BranchOptions<unknown>["setInputs"],
  { from, to }: { from: number; to: number },
): ReadonlyMap<number, unknown> {
  const entries = given instanceof Map ? [...given] : Object.entries(given ?? {});
  const replaced = new Map<number, unknown>();
  for (const [key, value] of entries) {
    const t = Number(key);
    if (!Number.isInteger(t) || t < from || t >= to) {
      throw new ArgumentRangeError(
        `Cannot set the input of the transition from state ${key}: the branch has those from states ` +
          `${from} to ${to - 1}, as this run counts them`,
      );
    }
    replaced.set(t, value);
  }
  return replaced;
}

/** A run to go on with; it knows its last state. */
export type ExtendableRecord = RunRecord & { readonly lastState: Uint8Array };

/** The inputs of the transitions before X_to, undefined for a run without; the one that a step failed on is to be given anew. */
export function inputsUpTo({ inputs }: RunRecord, to: number): InputLog {
  const log = new InputLog();
  if (inputs === undefined) {
    if (to > 0) log.pushBytes(UNDEFINED_BYTES, to);
    return log;
  }
  while (log.length < to) {
    const row = inputs.chunkAt(log.length).rowAt(log.length);
    log.pushBytes(row.bytes, Math.min(row.to, to) - log.length);
  }
  return log;
}

/**
 * Where the inputs of the new transitions come from; undefined for a run without.
 *
 * @throws {RangeError} If the run has more states, or there are not as many inputs as new transitions.
 * @throws {TypeError} If the run has inputs, and none are given.
 */
export function extensionInputs(
  record: RunRecord,
  { inputs, steps }: Pick<ExtendOptions, "inputs"> & { readonly steps: number },
): InputSource | undefined {
  checkSteps(steps);
  if (steps < record.steps) {
    throw new ArgumentRangeError(
      `Cannot extend the run to ${counted(steps, "step")}: it has ${grouped(record.steps)}`,
    );
  }
  const missing = steps - record.steps;
  if (inputs === undefined) {
    if (record.inputs === undefined || missing === 0) return undefined;
    throw new ArgumentTypeError(
      `Cannot extend the run: it has inputs, and those of ${
        counted(missing, "transition")
      } are missing`,
      { hint: "pass them as 'inputs'" },
    );
  }
  const source = inputSourceOf(inputs);
  if (source.length !== undefined && source.length !== missing) {
    throw new ArgumentRangeError(
      `Cannot extend the run: there are ${counted(source.length, "input")} for ${
        counted(missing, "transition")
      }`,
    );
  }
  return source;
}
