/**
 * The first state at which two recorded runs differ.
 *
 * @module
 */

import { describeSharing } from "../codec/compare_sharing.ts";
import { describeDifference, equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { StateDifference } from "../errors.ts";
import { openRun as openSandboxed } from "../sandbox/host/open_run.ts";
import { spanStart } from "../engine/grid.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { CommandContext, Values } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { printableLine } from "../text/printable.ts";
import { type LIMIT_OPTIONS, sandboxLimits } from "./sandbox_options.ts";
import { grouped } from "./table.ts";

/** Compares two artifacts state by state and prints where they part. */
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
  const steps = Math.min(a.steps, b.steps);
  const { t, difference, sharing } = await firstDifference(a, b, steps);
  const isSame = t === undefined && a.steps === b.steps;
  if (json) {
    output.json({
      same: isSame,
      steps: [a.steps, b.steps],
      firstDifferentStep: t ?? null,
      difference: difference === undefined
        ? null
        : { ...difference, ulps: difference.ulps === undefined ? null : `${difference.ulps}` },
      otherSharing: sharing ?? null,
    });
  } else {
    output.line(describe({ steps: [a.steps, b.steps], t, difference }));
    if (sharing !== undefined) {
      const { path, expected, actual } = sharing.difference;
      output.note(printableLine(
        `from step ${grouped(sharing.t)} on, equal values share other objects: ` +
          `${path} is ${expected} and ${actual}`,
      ));
    }
  }
  return isSame ? EXIT_OK : EXIT_NO;
}

function describe({ steps: [a, b], t, difference }: {
  steps: [number, number];
  t: number | undefined;
  difference: StateDifference | undefined;
}): string {
  if (t !== undefined && difference !== undefined) {
    const { path, expected, actual } = difference;
    return printableLine(`differ from step ${grouped(t)} on: ${path} is ${expected} and ${actual}`);
  }
  return a === b
    ? `the same: all ${grouped(a)} states are equal`
    : `the same for ${grouped(Math.min(a, b))} states, then one ends: ${grouped(a)} and ${
      grouped(b)
    } steps`;
}

/** Where two runs differ. */
interface FirstDifference {
  /** The first t at which the values differ; undefined if there is none. */
  readonly t: number | undefined;
  readonly difference: StateDifference | undefined;
  /** The first t at which only the sharing differs, if that comes before. */
  readonly sharing: { readonly t: number; readonly difference: StateDifference } | undefined;
}

/** Finds the first t below `steps` at which two runs differ. */
async function firstDifference(
  a: SandboxedRun,
  b: SandboxedRun,
  steps: number,
): Promise<FirstDifference> {
  const isAligned = spanStart(1, a.record) === spanStart(1, b.record) &&
    spanStart(2, a.record) === spanStart(2, b.record);
  const from = isAligned ? lastEqualCheckpoint(a, b, steps) : 0;
  const others = b.states(from, steps);
  // One of Python's sets has no order, whatever the other run is.
  const unorderedSets = a.record.unorderedSets || b.record.unorderedSets;
  let sharing: FirstDifference["sharing"];
  try {
    let t = from;
    for await (const state of a.states(from, steps)) {
      const { value } = await others.next();
      if (!equalBytes(encodeState(state), encodeState(value))) {
        const difference = describeDifference(state, value, { unorderedSets });
        if (difference !== undefined) return { t, difference, sharing };
        const isNew = sharing === undefined && !unorderedSets;
        const other = isNew ? describeSharing(state, value) : undefined;
        if (other !== undefined) sharing = { t, difference: other };
      }
      t++;
    }
    return { t: undefined, difference: undefined, sharing };
  } finally {
    await others.return();
  }
}

/** t of the checkpoint before the first that differs; states are compared one by one from there on. */
function lastEqualCheckpoint(a: SandboxedRun, b: SandboxedRun, steps: number): number {
  let last = 0;
  for (let span = 0; spanStart(span, a.record) < steps; span++) {
    const [left, right] = [a, b].map((run) => run.record.checkpoints.bytesAt(span));
    if (!equalBytes(left!, right!)) break;
    last = spanStart(span, a.record);
  }
  return last;
}
