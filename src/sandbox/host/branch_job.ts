/**
 * What to record for a branch of a run whose step is not trusted.
 *
 * @module
 */

import { branchInputs, branchOrigin } from "../../engine/derived_inputs.ts";
import { keepParameterKind } from "../../engine/given_value.ts";
import { gridPhase } from "../../engine/block_grid.ts";
import { changeParameters } from "../../engine/same_kind.ts";
import type { RunRecord } from "../../engine/types.ts";
import { deriveBranchSeed, normalizeSeed } from "../../rng/derive_seed.ts";
import type { SandboxedBranchOptions } from "./sandboxed_run_options.ts";
import type { SandboxSession } from "./session.ts";
import type { SandboxRecordOptions } from "./session_options.ts";
import type { InputSource } from "../../engine/record_types.ts";

/** Where and how to branch. */
export interface BranchJobOptions extends SandboxedBranchOptions {
  /** The t of the parent's state to start from. */
  readonly point: number;
  /** Canonical bytes of that state. */
  readonly start: Uint8Array;
}

/**
 * What to record for a branch, besides its observables.
 *
 * @param record The parent.
 * @param session A child with the parent's step: it makes the generator's state, and sees whether the parent goes on from
 * a copy of its state as it does from the state.
 * @throws {GuardError} If it does not.
 */
export async function branchJob(
  record: RunRecord,
  session: Pick<SandboxSession, "generatorAt">,
  options: BranchJobOptions,
): Promise<SandboxRecordOptions & { readonly inputs: InputSource | undefined }> {
  const { point, start, mutate, seed, steps = record.steps - point, until, guards } = options;
  const { onNote } = options;
  const given = options.params === undefined ? [] : [{ path: [], value: options.params }];
  const changes = [...given, ...options.paramChanges ?? []];
  const keepsDraws = seed === "same";
  const offset = record.gridOffset + point;
  const isTried = guards ?? true;
  // Elsewhere the run itself goes on from a copy, with a generator that is seeded anew.
  const generatorState = (keepsDraws || isTried) && gridPhase({ ...record, gridOffset: offset }) > 0
    ? await session.generatorAt(record, point, isTried ? point + steps - 1 : point)
    : undefined;
  return {
    steps,
    seed: keepsDraws
      ? record.seed
      : seed === undefined
      ? deriveBranchSeed(record.seed, point)
      : normalizeSeed(seed),
    rng: record.rng,
    params: { value: changeParameters(record.params, changes, keepParameterKind) },
    start,
    startKind: mutate === undefined ? "parent" : "given",
    origin: branchOrigin(record, point, steps),
    gridOffset: keepsDraws ? offset : 0,
    ...(keepsDraws ? { blockSize: record.blockSize, generatorState } : {}),
    inputs: branchInputs(record, { ...options, point, steps }),
    ...(mutate === undefined ? {} : { mutate }),
    ...(until === undefined ? {} : { until }),
    ...(guards === undefined ? {} : { guards }),
    ...(onNote === undefined ? {} : { onNote }),
    stepId: record.stepId,
  };
}

/** Those of some observables that the module exports, to be taken again. */
export async function exportedAmong(
  names: readonly string[],
  session: Pick<SandboxSession, "describe">,
): Promise<Record<string, undefined>> {
  if (names.length === 0) return {};
  const { observe } = await session.describe();
  const known = names.filter((name) => observe.includes(name));
  return Object.fromEntries(known.map((name) => [name, undefined]));
}
