/**
 * Where a branch lies in global time, and where its inputs come from.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { checkInputCount, type InputSource, inputSourceOf, StoreSource } from "./input_source.ts";
import type { BranchOptions } from "./run_options.ts";
import type { RunRecord } from "./types.ts";

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
