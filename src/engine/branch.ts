/**
 * Branches: new runs that start from a state of another one.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { deriveBranchSeed } from "../rng/derive_seed.ts";
import type { RngName } from "../rng/backends.ts";
import { gridPhase } from "./grid.ts";
import { type InputSource, inputSourceOf, StoreSource } from "./input_source.ts";
import { checkInputCount } from "./record_options.ts";
import { recordRun, type RecordRunOptions } from "./record.ts";
import type { BranchOptions, RunFunctions } from "./run_options.ts";
import type { StateReader } from "./state_reader.ts";
import type { RunRecord } from "./types.ts";

/** Where and how to branch. */
export interface RecordBranchOptions<S> extends BranchOptions<S> {
  /** Reads the parent's states. */
  readonly reader: StateReader<S>;
  /** The t of the parent's state to start from. */
  readonly point: number;
}

/**
 * Records a branch.
 *
 * @throws {RangeError} If it would have inputs that the parent lacks, or reach beyond what t can count.
 */
export function recordBranch<S>(
  parent: RunRecord,
  functions: RunFunctions<S>,
  options: RecordBranchOptions<S>,
): RunRecord {
  const { reader, point, mutate } = options;
  const steps = options.steps ?? parent.steps - point;
  const origin = branchOrigin(parent, point, steps);
  const keepsDraws = options.seed === "same";
  const replayer = keepsDraws ? reader.seek(point) : undefined;
  const state = replayer?.copy() ?? reader.get(point);
  const mutated = mutate?.(state);
  const initial = mutated === undefined ? state : mutated as S;
  const gridOffset = keepsDraws ? parent.gridOffset + point : 0;
  const isInsideBlock = keepsDraws && gridPhase({ ...parent, gridOffset }) > 0;
  const recordOptions: RecordRunOptions<S, RngName, unknown> = {
    // As a function, so that a state that is itself a function is refused and not called.
    init: () => initial,
    steps,
    seed: options.seed === "same"
      ? parent.seed
      : options.seed ?? deriveBranchSeed(parent.seed, point),
    rng: parent.rng,
    params: "params" in options ? options.params : parent.params,
    stepId: parent.stepId,
    codec: functions.codec,
    observe: functions.observe,
    source: parent.source,
    ...(keepsDraws ? { blockSize: parent.blockSize } : {}),
    inputSource: branchInputs(parent, { ...options, steps }),
    lineage: {
      origin,
      start: mutate === undefined ? "parent" : "given",
      branchPoint: point,
      gridOffset,
      sourceMap: parent.sourceMap,
      generatorState: isInsideBlock ? replayer!.generatorState() : undefined,
    },
  };
  return recordRun(functions.step, recordOptions);
}

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
