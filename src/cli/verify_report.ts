/**
 * How a verification is told, whether one process made it or several shards.
 *
 * @module
 */

import type { MathKind } from "../engine/types.ts";
import type { BadBlock, MismatchCause, VerifyReport } from "../engine/verify_types.ts";
import type { SandboxedDivergence } from "../sandbox/host/diverge_sandboxed.ts";
import { divergenceJson } from "../testing/divergence_report.ts";
import type { Output } from "./output.ts";
import { printableLine } from "../text/printable.ts";
import { CAUSES, describeBad, goodBlocks } from "../engine/verify_text.ts";
import { counted, grouped } from "./table.ts";

/** A verification with all that is told of it. */
export interface Verified {
  /** What was found. */
  readonly report: VerifyReport;
  /** Likely cause, if something failed and it was looked for. */
  readonly cause: MismatchCause | undefined;
  /** The run. */
  readonly run: {
    readonly steps: number;
    readonly contentHash: string;
    readonly math: MathKind;
  };
  /** How long it took; undefined for a merge, as no part says it. */
  readonly seconds: number | undefined;
  /** What it took, for people: seconds or shards. */
  readonly effort: string;
}

/** Bad blocks shown to people; `--json` lists all of them. */
const SHOWN_MAX = 5;

/** Prints a verification as JSON. */
export function printVerifyJson(
  output: Output,
  { report, cause, run, seconds, divergence }: Verified & {
    /** Where the step that was given first differs from the recorded one, if that is known. */
    readonly divergence?: SandboxedDivergence | undefined;
  },
): void {
  output.json({
    ok: report.ok,
    blocks: report.blocks,
    checked: report.checked,
    badBlocks: report.badBlocks.map((bad) => ({ ...bad, difference: differenceJson(bad) })),
    otherSharing: report.otherSharing,
    cause: cause ?? null,
    divergence: divergence === undefined ? null : divergenceJson(divergence),
    contentHash: run.contentHash,
    // An artifact whose content does not have its hash is not replayed.
    contentHashStatus: "verified",
    math: run.math,
    seconds: seconds ?? null,
  });
}

function differenceJson({ difference }: BadBlock): unknown {
  return difference === undefined
    ? null
    : { ...difference, ulps: difference.ulps === undefined ? null : `${difference.ulps}` };
}

/** Prints a verification for people. */
export function printVerified(output: Output, { report, cause, run, effort }: Verified): void {
  if (!report.ok) {
    printFailure(output, report, cause);
    return;
  }
  output.line(
    `${output.paint("OK", "good")}: ${goodBlocks(report.checked, report.blocks)} (${
      grouped(run.steps)
    } steps, ${effort})`,
  );
  noteOtherSharing(output, report);
  if (report.checked < report.blocks) {
    output.note(`the end of the last block cannot be compared: this format does not store it`);
  }
}

/** Says where the values were the recorded ones, but not which objects are one. */
export function noteOtherSharing(output: Output, { otherSharing }: VerifyReport): void {
  const [first] = otherSharing;
  if (first === undefined) return;
  const { to, difference: { path, expected, actual } } = first;
  output.note(printableLine(
    `${counted(otherSharing.length, "block")} with equal values share other objects: at step ` +
      `${grouped(to)}, ${path} is ${actual} where ${expected} was recorded`,
  ));
}

/** Prints the bad blocks and the likely cause. */
export function printFailure(
  output: Output,
  { badBlocks, checked }: VerifyReport,
  cause: MismatchCause | undefined,
): void {
  output.line(
    `${output.paint("FAILED", "bad")}: ${grouped(badBlocks.length)} of ${
      counted(checked, "block")
    } do not replay to the recorded state`,
  );
  for (const bad of badBlocks.slice(0, SHOWN_MAX)) output.line(`  ${describeBad(bad)}`);
  const more = badBlocks.length - SHOWN_MAX;
  if (more > 0) output.line(`  ... and ${grouped(more)} more (--json lists all)`);
  if (cause !== undefined) output.line(`cause: ${cause}: ${CAUSES[cause]}`);
}
