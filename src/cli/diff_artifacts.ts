/**
 * The first state at which two recorded runs differ.
 *
 * @module
 */

import { describeSharing } from "../codec/compare_sharing.ts";
import { describeDifference, equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import { spanStart } from "../engine/grid.ts";
import { isMadeAlike } from "../engine/same_making.ts";
import type { StateDifference } from "../errors.ts";
import { openRun as openSandboxed } from "../sandbox/host/open_run.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { escapeText } from "../text/escape_text.ts";
import { printableLine } from "../text/printable.ts";
import type { CommandContext, Values } from "./command.ts";
import { EXIT_NO, EXIT_OK, EXIT_REFUSED } from "./exit_codes.ts";
import { type LIMIT_OPTIONS, sandboxLimits } from "./sandbox_options.ts";
import { counted, grouped } from "./table.ts";

/** The states that two runs have at the same global time. */
interface Overlap {
  /** The t of the first one, in each run. */
  readonly from: readonly [number, number];
  /** How many there are; not above 0 if there are none. */
  readonly count: number;
  /** Whether both runs end with the last one. */
  readonly endsTogether: boolean;
}

/**
 * Compares two artifacts state by state and prints where they differ. A branch is held against its parent from where
 * it left it: states are compared that lie at the same t of the root run.
 */
export async function diffArtifacts(
  files: { a: string; b: string },
  { timeout, memory, json, output, signal }:
    & Values<typeof LIMIT_OPTIONS>
    & CommandContext
    & { readonly json: boolean },
): Promise<number> {
  const options = { ...sandboxLimits({ timeout, memory }), signal };
  await using a = await openSandboxed(files.a, options);
  await using b = await openSandboxed(files.b, options);
  const overlap = overlapOf(a, b);
  const { from: [fromA, fromB], count } = overlap;
  if (count <= 0) {
    output.problem("Cannot compare the runs: no state of one lies at the t of the other");
    output.note(`hint: ${rangeText(files.a, a)}; ${rangeText(files.b, b)}, as the root run counts`);
    return EXIT_REFUSED;
  }
  const { at, difference, sharing } = await firstDifference(a, b, overlap);
  const isSame = at === undefined && overlap.endsTogether;
  if (json) {
    output.json({
      same: isSame,
      steps: [a.steps, b.steps],
      compared: count,
      comparedFrom: [fromA, fromB],
      firstDifferentStep: at === undefined ? null : fromA + at,
      firstDifferentSteps: at === undefined ? null : [fromA + at, fromB + at],
      difference: difference === undefined
        ? null
        : { ...difference, ulps: difference.ulps === undefined ? null : `${difference.ulps}` },
      otherSharing: sharing === undefined
        ? null
        : { t: fromA + sharing.at, difference: sharing.difference },
    });
    return isSame ? EXIT_OK : EXIT_NO;
  }
  output.line(describe({ runs: [a, b], overlap, at, difference }));
  const where = (at: number): string => placeText(files, overlap, at);
  if (at !== undefined && fromA !== fromB) output.line(`that is ${where(at)}`);
  else if (fromA !== fromB) output.line(`compared from ${where(0)}`);
  if (sharing !== undefined) {
    const { path, expected, actual } = sharing.difference;
    output.note(printableLine(
      `from step ${grouped(fromA + sharing.at)} on, equal values share other objects: ` +
        `${path} is ${expected} and ${actual}`,
    ));
  }
  return isSame ? EXIT_OK : EXIT_NO;
}

function overlapOf(a: SandboxedRun, b: SandboxedRun): Overlap {
  const first = Math.max(a.record.origin, b.record.origin);
  const [endA, endB] = [a, b].map(({ record }) => record.origin + record.steps);
  return {
    from: [first - a.record.origin, first - b.record.origin],
    count: Math.min(endA!, endB!) - first,
    endsTogether: endA === endB,
  };
}

function rangeText(file: string, { record: { origin, steps } }: SandboxedRun): string {
  return `${escapeText(file)} has ${grouped(origin)} to ${grouped(origin + steps - 1)}`;
}

function placeText(
  files: { a: string; b: string },
  { from: [fromA, fromB] }: Overlap,
  at: number,
): string {
  return `step ${grouped(fromA + at)} of ${escapeText(files.a)} and step ${
    grouped(fromB + at)
  } of ${escapeText(files.b)}`;
}

function describe({ runs: [a, b], overlap, at, difference }: {
  runs: [SandboxedRun, SandboxedRun];
  overlap: Overlap;
  at: number | undefined;
  difference: StateDifference | undefined;
}): string {
  const { from: [fromA, fromB], count, endsTogether } = overlap;
  if (at !== undefined && difference !== undefined) {
    const { path, expected, actual } = difference;
    return printableLine(
      `first difference at step ${grouped(fromA + at)}: ${path} is ${expected} and ${actual}`,
    );
  }
  if (!endsTogether) {
    return `the same for ${counted(count, "state")}, then one ends: ${grouped(a.steps)} and ${
      grouped(b.steps)
    } steps`;
  }
  const which = fromA === fromB ? `all ${grouped(count)} states` : `${counted(count, "state")}`;
  return `the same: ${which} are equal`;
}

/** Where two runs differ; `at` counts from the first states that are compared. */
interface FirstDifference {
  /** The first place at which the values differ; undefined if there is none. */
  readonly at: number | undefined;
  readonly difference: StateDifference | undefined;
  /** The first place at which only the sharing differs, if that comes before. */
  readonly sharing: { readonly at: number; readonly difference: StateDifference } | undefined;
}

/** Finds the first states at which two runs differ. */
async function firstDifference(
  a: SandboxedRun,
  b: SandboxedRun,
  { from: [fromA, fromB], count }: Overlap,
): Promise<FirstDifference> {
  const skipped = isMadeAlike(a.record, b.record) ? lastEqualCheckpoint(a, b, count) : 0;
  const others = b.states(fromB + skipped, fromB + count);
  // One of Python's sets has no order, whatever the other run is.
  const unorderedSets = a.record.unorderedSets || b.record.unorderedSets;
  let sharing: FirstDifference["sharing"];
  try {
    let at = skipped;
    for await (const state of a.states(fromA + skipped, fromA + count)) {
      const { value } = await others.next();
      if (!equalBytes(encodeState(state), encodeState(value))) {
        const difference = describeDifference(state, value, { unorderedSets });
        if (difference !== undefined) return { at, difference, sharing };
        const isNew = sharing === undefined && !unorderedSets;
        const other = isNew ? describeSharing(state, value) : undefined;
        if (other !== undefined) sharing = { at, difference: other };
      }
      at++;
    }
    return { at: undefined, difference: undefined, sharing };
  } finally {
    await others.return();
  }
}

/** t of the checkpoint before the first that differs, of runs that are made alike. */
function lastEqualCheckpoint(a: SandboxedRun, b: SandboxedRun, steps: number): number {
  let last = 0;
  for (let span = 0; spanStart(span, a.record) < steps; span++) {
    const [left, right] = [a, b].map((run) => run.record.checkpoints.bytesAt(span));
    if (!equalBytes(left!, right!)) break;
    last = spanStart(span, a.record);
  }
  return last;
}
