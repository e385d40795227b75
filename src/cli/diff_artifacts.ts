/**
 * The first state at which two recorded runs differ.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { spanStart } from "../engine/block_grid.ts";
import { isMadeAlike } from "../engine/same_making.ts";
import type { RunRecord } from "../engine/types.ts";
import { divergeRecorded, type SandboxedDivergence } from "../sandbox/host/diverge_sandboxed.ts";
import { escapeText } from "../text/escape_text.ts";
import { printableLine } from "../text/printable.ts";
import type { CommandContext, Values } from "./command.ts";
import { sideOf } from "./diverge_files.ts";
import {
  divergenceJson,
  divergenceNotes,
  drawText,
  type SideNames,
} from "../testing/divergence_report.ts";
import { EXIT_NO, EXIT_OK, EXIT_REFUSED } from "./exit_codes.ts";
import { type LIMIT_OPTIONS, sandboxLimits } from "./sandbox_options.ts";
import { counted, grouped } from "./table.ts";

const NAMES: SideNames = { before: "in the first run", after: "in the second" };

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
  { timeout, memory, json, output, signal, ignore }:
    & Values<typeof LIMIT_OPTIONS>
    & CommandContext
    & { readonly json: boolean; readonly ignore: readonly string[] },
): Promise<number> {
  const limits = { ...sandboxLimits({ timeout, memory }), signal };
  const a = await sideOf(files.a, { step: undefined, limits });
  const b = await sideOf(files.b, { step: undefined, limits });
  const overlap = overlapOf(a.record, b.record);
  const { from: [fromA, fromB], count } = overlap;
  if (count <= 0) {
    output.problem("Cannot compare the runs: no state of one lies at the t of the other");
    const ranges = `${rangeText(files.a, a.record)}; ${rangeText(files.b, b.record)}`;
    output.note(`hint: ${ranges}, as the root run counts`);
    return EXIT_REFUSED;
  }
  const skipped = isMadeAlike(a.record, b.record)
    ? lastEqualCheckpoint(a.record, b.record, count)
    : 0;
  const found = await divergeRecorded(a, b, {
    ignore,
    // Two runs may differ and agree again within a block.
    everyState: true,
    from: { before: fromA + skipped, after: fromB + skipped },
    onProgress: (t) => output.progress(`step ${grouped(t)}`),
  });
  const { stateT, difference, draw } = found;
  const at = stateT === undefined ? undefined : stateT - fromA;
  const isSame = at === undefined && overlap.endsTogether;
  if (json) {
    output.json({
      same: isSame,
      steps: [a.record.steps, b.record.steps],
      compared: count,
      comparedFrom: [fromA, fromB],
      firstDifferentStep: stateT ?? null,
      firstDifferentSteps: at === undefined ? null : [fromA + at, fromB + at],
      difference: difference === undefined
        ? null
        : { ...difference, ulps: difference.ulps === undefined ? null : `${difference.ulps}` },
      divergence: divergenceJson(found),
      otherSharing: found.sharing ?? null,
    });
    return isSame ? EXIT_OK : EXIT_NO;
  }
  output.line(describe({ runs: [a.record, b.record], overlap, at, found }));
  if (draw !== undefined) output.line(printableLine(drawText(draw, NAMES)));
  const where = (at: number): string => placeText(files, overlap, at);
  if (at !== undefined && fromA !== fromB) output.line(`that is ${where(at)}`);
  else if (fromA !== fromB) output.line(`compared from ${where(0)}`);
  for (const note of divergenceNotes(found, NAMES)) output.note(note);
  return isSame ? EXIT_OK : EXIT_NO;
}

function overlapOf(a: RunRecord, b: RunRecord): Overlap {
  const first = Math.max(a.origin, b.origin);
  const [endA, endB] = [a, b].map(({ origin, steps }) => origin + steps);
  return {
    from: [first - a.origin, first - b.origin],
    count: Math.min(endA!, endB!) - first,
    endsTogether: endA === endB,
  };
}

function rangeText(file: string, { origin, steps }: RunRecord): string {
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

function describe({ runs: [a, b], overlap, at, found }: {
  runs: [RunRecord, RunRecord];
  overlap: Overlap;
  at: number | undefined;
  found: SandboxedDivergence;
}): string {
  const { from: [fromA, fromB], count, endsTogether } = overlap;
  if (at !== undefined) {
    const { path, before, after, errorBefore, errorAfter } = found;
    const what = path === undefined
      ? `${errorBefore ?? "no error"} and ${errorAfter ?? "no error"}`
      : `${path} is ${before} and ${after}`;
    return printableLine(`first difference at step ${grouped(fromA + at)}: ${what}`);
  }
  if (!endsTogether) {
    return `the same for ${counted(count, "state")}, then one ends: ${grouped(a.steps)} and ${
      grouped(b.steps)
    } steps`;
  }
  const which = fromA === fromB ? `all ${grouped(count)} states` : `${counted(count, "state")}`;
  return `the same: ${which} are equal`;
}

/** t of the checkpoint before the first that differs, of runs that are made alike. */
function lastEqualCheckpoint(a: RunRecord, b: RunRecord, steps: number): number {
  let last = 0;
  for (let span = 0; spanStart(span, a) < steps; span++) {
    const [left, right] = [a, b].map(({ checkpoints }) => checkpoints.bytesAt(span));
    if (!equalBytes(left!, right!)) break;
    last = spanStart(span, a);
  }
  return last;
}
