/**
 * A recorded run as a regression test: whether the code of today still does what it did, and recording it anew.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { RunRecord } from "../engine/types.ts";
import type { BadBlock } from "../engine/verify_types.ts";
import { StoreSource } from "../engine/input_source.ts";
import { divergeSandboxed, type SandboxedDivergence } from "../sandbox/host/diverge_sandboxed.ts";
import { otherObservable } from "../sandbox/host/certify_recording.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import { verifySandboxed } from "../sandbox/host/verify_sandboxed.ts";
import type { StepSource } from "../sandbox/recorder/read_step.ts";

/** What a golden run says of a module. */
export type GoldenVerdict =
  /** The module does what was recorded; `isSameCode` if it is the one in the file. */
  | { readonly kind: "same"; readonly isSameCode: boolean }
  /** It does something else, from that step on. */
  | { readonly kind: "diverged"; readonly divergence: SandboxedDivergence }
  /** A block does not replay, and there is no recorded module to compare with step by step. */
  | { readonly kind: "mismatch"; readonly block: BadBlock }
  /** All states are those recorded, but an observable gives other statistics of them. */
  | { readonly kind: "observable"; readonly name: string }
  /** Its module did not change, and only changed ones are tested. */
  | { readonly kind: "skipped" };

/** How golden runs are tested. */
export interface GoldenOptions extends Omit<ChildOptions, "source" | "sourceMap" | "stepId"> {
  /** Parts of the state that are left out. */
  readonly ignore?: readonly string[] | undefined;
  /** Whether every state is compared. */
  readonly everyState?: boolean | undefined;
  /** Whether a run is passed over whose module is the one in the file. */
  readonly changedOnly?: boolean | undefined;
}

/** Compares a golden run with the module that it came from, as it is today. */
export async function testGolden(
  record: RunRecord,
  module: StepSource,
  { ignore, everyState, changedOnly = false, ...limits }: GoldenOptions,
): Promise<GoldenVerdict> {
  const { math, shims, source, sourceMap, stepId } = record;
  const isSameCode = source === module.source;
  if (isSameCode && changedOnly) return { kind: "skipped" };
  const after: ChildOptions = { ...limits, ...sourceOf(module), math, shims };
  if (source !== undefined && !isSameCode) {
    const before = { ...after, source, sourceMap, stepId };
    const divergence = await divergeSandboxed(record, { before, after }, { ignore, everyState });
    if (divergence.stateT !== undefined) return { kind: "diverged", divergence };
    // Other draws that no state ever shows are no regression. What is left out of states can show in observables.
    const isWhole = ignore === undefined || ignore.length === 0;
    const name = isWhole ? await otherObservable(record, after) : undefined;
    return name === undefined ? { kind: "same", isSameCode } : { kind: "observable", name };
  }
  const { badBlocks: [block] } = await verifySandboxed(record, { ...after, full: false });
  return block === undefined ? { kind: "same", isSameCode } : { kind: "mismatch", block };
}

function sourceOf({ source, sourceMap, stepId }: StepSource) {
  return { source, sourceMap, stepId };
}

/**
 * Records a golden run anew with a module: as many states with the same seed, generator, blocks and inputs, and with
 * the module's own X_0 and parameters where the run was recorded with those of its module.
 */
export async function recordGolden(
  record: RunRecord,
  module: StepSource,
  { ignore: _, everyState: __, changedOnly: ___, ...limits }: GoldenOptions,
): Promise<RunRecord> {
  const { seed, rng, blockSize, origin, gridOffset, generatorState, budget, params } = record;
  const { shims, inputs } = record;
  const steps = record.failure === undefined ? record.steps : record.failure.t + 1;
  const isOwn = await hasOwnParams(record, { ...limits, shims });
  await using session = new SandboxSession({ ...limits, ...sourceOf(module), shims });
  const { observe } = await session.describe();
  const names = record.observables.filter((name) => observe.includes(name));
  const made = await session.record({
    ...{ steps, seed, rng, blockSize, origin, gridOffset, generatorState, budget },
    stepId: module.stepId,
    observe: Object.fromEntries(names.map((name) => [name, undefined])),
    ...(isOwn ? {} : { params: { value: params } }),
    ...(record.start === "init"
      ? {}
      : { start: record.checkpoints.bytesAt(0), startKind: record.start }),
    ...(inputs === undefined
      ? {}
      : { inputs: new StoreSource(inputs, { from: 0, to: inputs.length }) }),
  });
  const { branchPoint, parentHash } = record;
  return { ...made, branchPoint, parentHash };
}

/** Whether a run was recorded with the parameters that its module exports. */
async function hasOwnParams(
  record: RunRecord,
  limits: Omit<ChildOptions, "source" | "sourceMap" | "stepId">,
): Promise<boolean> {
  const { source, seed, rng, params } = record;
  if (source === undefined || record.start !== "init") return false;
  await using session = new SandboxSession({ ...limits, source });
  const own = await session.record({ steps: 1, seed, rng, observe: {}, guards: false });
  return equalBytes(encodeState(own.params), encodeState(params));
}
