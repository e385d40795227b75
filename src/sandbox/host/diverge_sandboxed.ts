/**
 * A recorded run against another module, or against another recorded run; children run both.
 *
 * @module
 */

import { describeDifference, equalBytes } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { PathFilter } from "../../codec/path_filter.ts";
import { compareRuns } from "../../engine/diverge/compare_runs.ts";
import type { Divergence } from "../../engine/diverge/divergence.ts";
import type { Side } from "../../engine/diverge/side.ts";
import type { RunRecord } from "../../engine/types.ts";
import { SandboxError } from "../../errors.ts";
import { ChildLender } from "./child_lender.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxedSide } from "./sandboxed_side.ts";
import type { StateDifference } from "../../error_types.ts";

/** How thorough a comparison is. */
export interface DivergeSandboxedOptions {
  /** Places of the state that are left out. */
  readonly ignore?: readonly string[] | undefined;
  /** Whether every state is compared; where that takes no time to speak of by default. */
  readonly everyState?: boolean | undefined;
  /** Whether the module takes the recorded parameters, also where it has others of its own. */
  readonly keepsParams?: boolean | undefined;
  /** Called as the comparison goes on, with the t that both have reached. */
  readonly onProgress?: (t: number) => void;
}

/** A comparison with what was compared. */
export interface SandboxedDivergence extends Divergence {
  /** Where the parameters of the two differ first, if they do. */
  readonly params: StateDifference | undefined;
}

/**
 * Where a run and another module first diverge. The module starts from what its `init` makes where the run did so,
 * and takes its own `params` where the run was recorded with those of its module.
 *
 * @param record The recorded run.
 * @param sources The source that made it, and the other one, with the limits of their children.
 */
export async function divergeSandboxed(
  record: RunRecord,
  sources: { readonly before: ChildOptions; readonly after: ChildOptions },
  options: DivergeSandboxedOptions = {},
): Promise<SandboxedDivergence> {
  await using before = new ChildLender(sources.before);
  await using after = new ChildLender(sources.after);
  const { params, start } = await remade(record, { before, after }, options);
  const old = new SandboxedSide(record, { children: before, options: sources.before });
  const made = new SandboxedSide(
    { ...record, params },
    { children: after, options: sources.after },
    start ?? record.checkpoints.bytesAt(0),
  );
  return await compared(old, made, { ...options, from: { before: 0, after: 0 } });
}

/** Where two recorded runs first diverge, from the first state that they have in common. */
export async function divergeRecorded(
  before: { readonly record: RunRecord; readonly options: ChildOptions },
  after: { readonly record: RunRecord; readonly options: ChildOptions },
  options: DivergeSandboxedOptions & { readonly from: { before: number; after: number } },
): Promise<SandboxedDivergence> {
  await using oldChildren = new ChildLender(before.options);
  await using newChildren = new ChildLender(after.options);
  return await compared(
    new SandboxedSide(before.record, { ...before, children: oldChildren }),
    new SandboxedSide(after.record, { ...after, children: newChildren }),
    options,
  );
}

async function compared(
  before: Side,
  after: Side,
  { ignore = [], everyState, onProgress, from }: DivergeSandboxedOptions & {
    readonly from: { before: number; after: number };
  },
): Promise<SandboxedDivergence> {
  const divergence = await compareRuns(before, after, {
    ignore: new PathFilter(ignore),
    everyState,
    from,
    arePositionsComparable: drawAlike(before.record, after.record, from),
    onProgress,
  });
  const params = describeDifference(before.record.params, after.record.params);
  return {
    ...divergence,
    params: params && { ...params, path: params.path.replace(/^state/, "params") },
  };
}

/** Whether two runs start with generators in the same state, which are then seeded anew at the same states. */
function drawAlike(
  a: RunRecord,
  b: RunRecord,
  from: { readonly before: number; readonly after: number },
): boolean {
  return a.seed === b.seed && a.rng === b.rng && a.blockSize === b.blockSize &&
    a.gridOffset + from.before === b.gridOffset + from.after;
}

/** The parameters of another module's run, and the X_0 that it makes, if it is to make it. */
async function remade(
  record: RunRecord,
  { before, after }: { readonly before: ChildLender; readonly after: ChildLender },
  { keepsParams = false }: DivergeSandboxedOptions,
): Promise<{ params: unknown; start: Uint8Array | undefined }> {
  const { params } = record;
  const [old, own] = await Promise.all([
    firstOf(record, before),
    firstOf(record, after),
  ]);
  const isOwn = !keepsParams && old !== undefined && isSame(old.params, params);
  const chosen = isOwn && own !== undefined ? own.params : params;
  if (record.start !== "init" || own === undefined) return { params: chosen, start: undefined };
  const start = isSame(own.params, chosen)
    ? own.checkpoints.bytesAt(0)
    : await after.lend((session) => session.initial({ ...record, params: chosen }));
  return { params: chosen, start };
}

/** The shortest run of a module, with its own parameters; undefined where it makes none of its own. */
async function firstOf(
  { seed, rng }: RunRecord,
  children: ChildLender,
): Promise<RunRecord | undefined> {
  try {
    const options = { steps: 1, seed, rng, observe: {}, guards: false };
    return await children.lend((session) => session.record(options));
  } catch (error) {
    // A module need not export `init`; what is wrong with its step shows later.
    if (error instanceof SandboxError && error.reason === "refused") return undefined;
    throw error;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return equalBytes(encodeState(a), encodeState(b));
}
