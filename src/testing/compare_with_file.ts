/**
 * Compares what a step of this process does with what a file holds.
 *
 * @module
 */

import { PathFilter } from "../codec/path_filter.ts";
import { storedState } from "../engine/diverge/baseline.ts";
import { compareRuns } from "../engine/diverge/compare_runs.ts";
import { countedDifferences, type Divergence } from "../engine/diverge/divergence.ts";
import { readMarks } from "../engine/diverge/mark_reader.ts";
import { UNDIGESTED } from "../engine/diverge/marks.ts";
import { LocalSide } from "../engine/diverge/side.ts";
import { makeInitial } from "../engine/record_options.ts";
import { replayPlan } from "../engine/record_view.ts";
import type { InitFunction, RunRecord, StateCodec, StepFunction } from "../engine/types.ts";
import { encodeWith } from "../engine/user_codec.ts";
import { StepError } from "../errors.ts";
import { later } from "../later.ts";
import { divergenceLines, RECORDED_AND_NOW } from "./divergence_report.ts";

/** Why a run does not replay. */
export interface ReplayProblem {
  /** As lines for people. */
  readonly lines: readonly string[];
  /** The exact place, if it is known. */
  readonly divergence?: Divergence | undefined;
}

/** Replays a run with a step of this process; undefined if it leads to the states in the file. */
export async function compareWithFile<S>(
  record: RunRecord,
  { step, init, codec }: {
    // deno-lint-ignore no-explicit-any -- the backend, and so the generator's class, is in the file
    readonly step: StepFunction<S, any, any, any>;
    // deno-lint-ignore no-explicit-any -- as for the step
    readonly init?: InitFunction<S, any, any>;
    readonly codec?: StateCodec<S>;
  },
  ignore: readonly string[],
): Promise<ReplayProblem | undefined> {
  const filter = new PathFilter(ignore);
  const isMade = record.start === "init" && typeof init === "function";
  const start = isMade
    ? encodeWith(codec, makeInitial(init as InitFunction<S>, record))
    : record.checkpoints.bytesAt(0);
  const side = new LocalSide<S>(
    record,
    replayPlan(record, { step: step as StepFunction<S>, codec }),
    start,
  );
  const block = await firstOtherCheckpoint(side, filter);
  if (block === undefined) return undefined;
  const divergence = await exactPlace(side, filter);
  return divergence === undefined
    ? { lines: [block] }
    : { lines: divergenceLines(divergence, RECORDED_AND_NOW), divergence };
}

/** The first stored state that the step does not lead to, as a sentence. */
async function firstOtherCheckpoint<S>(
  side: LocalSide<S>,
  filter: PathFilter,
): Promise<string | undefined> {
  const { record, start } = side;
  const { unorderedSets } = record;
  const differenceOf = (recorded: Uint8Array, made: Uint8Array): string | undefined => {
    const [found] = countedDifferences(recorded, made, { ignore: filter, unorderedSets });
    return found && `${found.path} is ${found.expected} recorded, ${found.actual} now`;
  };
  const first = differenceOf(record.checkpoints.bytesAt(0), start);
  if (first !== undefined) return `at t = 0: ${first}`;
  const request = { from: 0, to: record.steps - 1, every: "block", ...UNDIGESTED } as const;
  const made = side.marks({ ...request, start: { block: 0, bytes: start } });
  return await readMarks(made, async (marks) => {
    for (let last = 0;;) {
      const mark = await marks.next();
      if (mark === undefined) return undefined;
      if (mark instanceof StepError) return `at t = ${mark.t}: ${mark.message}`;
      const { t, state } = mark;
      const stored = storedState(record, t);
      if (stored === undefined) continue;
      const other = differenceOf(stored, state);
      if (other !== undefined) return `between t = ${last} and t = ${t}: ${other}`;
      last = t;
    }
  });
}

/** The exact place, where the recorded step can be run; the failure stands even if that is not possible. */
async function exactPlace<S>(
  side: LocalSide<S>,
  ignore: PathFilter,
): Promise<Divergence | undefined> {
  const { record } = side;
  const { source, sourceMap, stepId, math, shims } = record;
  if (source === undefined || !("Deno" in globalThis)) return undefined;
  try {
    const { ChildLender } = await later<typeof import("../sandbox/host/child_lender.ts")>(
      "sandbox/host/child_lender.ts",
    );
    const { SandboxedSide } = await later<typeof import("../sandbox/host/sandboxed_side.ts")>(
      "sandbox/host/sandboxed_side.ts",
    );
    const options = { source, sourceMap, stepId, math, shims };
    const children = new ChildLender(options);
    try {
      const found = await compareRuns(new SandboxedSide(record, { children, options }), side, {
        ignore,
        everyState: undefined,
        from: { before: 0, after: 0 },
        arePositionsComparable: true,
      });
      return found.kind === "equal" ? undefined : found;
    } finally {
      await children[Symbol.asyncDispose]();
    }
  } catch {
    return undefined;
  }
}
