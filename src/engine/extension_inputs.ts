/**
 * The inputs of a run that goes on: those that it has, and where those of the new transitions come from.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { counted, grouped } from "../text/quantity.ts";
import { checkSteps } from "./blocks.ts";
import { InputLog, UNDEFINED_BYTES } from "./input_log.ts";
import { type InputSource, inputSourceOf } from "./input_source.ts";
import type { ExtendOptions } from "./run_options.ts";
import type { RunRecord } from "./types.ts";

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
