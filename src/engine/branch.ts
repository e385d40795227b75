/**
 * Branches: new runs that start from a state of another one.
 * This module is browser compatible.
 *
 * @module
 */

import { deriveBranchSeed } from "../rng/derive_seed.ts";
import type { RngName } from "../rng/backends.ts";
import { gridPhase } from "./block_grid.ts";
import { branchInputs, branchOrigin } from "./derived_inputs.ts";
import { tryCopy } from "./guards/first_blocks.ts";
import { recordRun } from "./record.ts";
import { replayPlan } from "./record_view.ts";
import { Replayer } from "./replay.ts";
import type { RecordBranchOptions, RunFunctions } from "./run_options.ts";
import { changeParameters, mutatedState } from "./same_kind.ts";
import type { RunRecord } from "./types.ts";
import { copyWith } from "./user_codec.ts";
import type { RecordRunOptions } from "./record_types.ts";

/**
 * Records a branch.
 *
 * @throws {RangeError} If it would have inputs that the parent lacks, or reach beyond what t can count.
 * @throws {GuardError} If what is changed does not keep its kind, there is no such parameter, or the parent goes on
 * from a copy of that state otherwise.
 */
export function recordBranch<S>(
  parent: RunRecord,
  functions: RunFunctions<S>,
  options: RecordBranchOptions<S>,
): RunRecord {
  const { reader, point, mutate, guards = true } = options;
  const steps = options.steps ?? parent.steps - point;
  const origin = branchOrigin(parent, point, steps);
  const keepsDraws = options.seed === "same";
  if (guards) {
    const plan = replayPlan(parent, functions);
    const replayer = new Replayer(plan);
    tryCopy(replayer, () => reader.seek(point, replayer), { plan, last: point + steps - 1 });
  }
  const replayer = keepsDraws ? reader.seek(point) : undefined;
  const state = replayer?.copy() ?? reader.get(point);
  const initial = mutate === undefined
    ? state
    : mutatedState(state, mutate, guards ? copyWith(functions.codec, state) : undefined);
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
    params: options.params === undefined
      ? parent.params
      : changeParameters(parent.params, [{ path: [], value: options.params }]),
    guards,
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
