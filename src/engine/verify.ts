/**
 * Compares replayed blocks with recorded ones. What replays them is passed in, so the same comparison
 * serves a replay in this process and one in the sandbox.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../codec/compare_states.ts";
import { RewindError } from "../errors.ts";
import { type Grid, indicesOf, spanReach, spanStart } from "./block_grid.ts";
import type { RemadeStart, RunRecord } from "./types.ts";
import type {
  BadBlock,
  MismatchCause,
  OtherSharing,
  SpanVerdict,
  VerifyReport,
  VerifySpansOptions,
} from "./verify_types.ts";

/** Causes that a replay can show, in a file that is whole. */
export const MISMATCH_CAUSES: readonly MismatchCause[] = [
  "code changed",
  "engine changed",
  "nondeterministic",
  "states changed",
];

/** Collects the verdicts on spans. */
export class Verdicts {
  readonly #record: RunRecord;
  readonly #checked = new Set<number>();
  readonly #bad = new Map<number, BadBlock>();
  readonly #otherSharing = new Map<number, OtherSharing>();

  /** Starts with none. */
  constructor(record: RunRecord) {
    this.#record = record;
  }

  /** How many spans were found bad. */
  get badCount(): number {
    return this.#bad.size;
  }

  /** Takes the verdict on a span that was compared; of several, the first bad one holds. */
  add(span: number, verdict: SpanVerdict): void {
    this.#checked.add(span);
    if (verdict === undefined) return;
    if (!("from" in verdict)) this.#otherSharing.set(span, verdict);
    else this.addBad(verdict);
  }

  /** Takes what was found bad apart from the comparison of a span. */
  addBad(bad: BadBlock): void {
    if (!this.#bad.has(bad.block)) this.#bad.set(bad.block, bad);
  }

  /** The report on the spans so far. */
  report(): VerifyReport {
    return {
      ok: this.#bad.size === 0,
      blocks: this.#record.checkpoints.length,
      checked: this.#checked.size,
      badBlocks: inOrder(this.#bad),
      otherSharing: inOrder(this.#otherSharing),
    };
  }
}

function inOrder<T extends { readonly block: number }>(found: ReadonlyMap<number, T>): T[] {
  return [...found.values()].sort((a, b) => a.block - b.block);
}

/** The recorded state that ends a span; undefined where the artifact holds none. */
export function recordedEnd(record: RunRecord, span: number): Uint8Array | undefined {
  const next = span + 1;
  return next < record.checkpoints.length ? record.checkpoints.bytesAt(next) : record.lastState;
}

/** Compares one replayed span with the recorded one; undefined if they agree. */
export function judgeSpan(
  record: RunRecord,
  span: number,
  replayed: Uint8Array,
): SpanVerdict {
  const expected = recordedEnd(record, span);
  if (expected === undefined) return undefined;
  const comparison = compareEncodings(expected, replayed, record);
  if (comparison.kind === "equal") return undefined;
  const { difference } = comparison;
  const { block, from, to } = spanPlace(span, record);
  return comparison.kind === "sharing"
    ? { block, to, difference }
    : { block, from, to, difference, error: undefined };
}

/** The entry for a span whose replay failed. */
export function failedSpan(record: RunRecord, span: number, error: string): BadBlock {
  return { ...spanPlace(span, record), difference: undefined, error };
}

/** How the account of a start that differs begins. */
const START_PROBLEM = "state 0 is not ";

/** Compares X_0 with what was made in its place; undefined if they agree. */
export function judgeStart(
  record: RunRecord,
  { bytes, maker }: RemadeStart,
): BadBlock | undefined {
  const comparison = compareEncodings(record.checkpoints.bytesAt(0), bytes);
  if (comparison.kind !== "value") return undefined;
  const { path, expected, actual } = comparison.difference;
  return failedSpan(
    record,
    0,
    `${START_PROBLEM}${maker}: ${path} is ${expected}, and ${actual} there`,
  );
}

/** One sentence on a failed verification, for an error message. */
export function describeFailure(report: VerifyReport): string {
  const first = report.badBlocks[0]!;
  const what = first.error ??
    (first.difference === undefined
      ? "the bytes differ"
      : `${first.difference.path}: recorded ${first.difference.expected}, replayed ${first.difference.actual}`);
  const others = report.badBlocks.length - 1;
  const head = what.startsWith(START_PROBLEM)
    ? ""
    : `block ${first.block} does not replay to state ${first.to}: `;
  return `Cannot verify the run: ${head}${what}` +
    (others > 0 ? `; ${others} more ${others === 1 ? "block differs" : "blocks differ"}` : "");
}

/**
 * Replays spans in this process and compares them.
 *
 * @param record The recorded run.
 * @param replay Gives the bytes of the state that ends a span; it may throw.
 */
export function verifySpans(
  record: RunRecord,
  replay: (span: number) => Uint8Array,
  { full, spans, start }: VerifySpansOptions,
): VerifyReport {
  const verdicts = new Verdicts(record);
  for (const span of indicesOf(spans)) {
    if (recordedEnd(record, span) === undefined) continue;
    const verdict = verifySpan(record, span, () => {
      const badStart = span === 0 && start !== undefined ? judgeStart(record, start()) : undefined;
      return badStart ?? judgeSpan(record, span, replay(span));
    });
    verdicts.add(span, verdict);
    if (verdicts.badCount > 0 && !full) break;
  }
  return verdicts.report();
}

function verifySpan(
  record: RunRecord,
  span: number,
  judge: () => SpanVerdict,
): SpanVerdict {
  try {
    return judge();
  } catch (error) {
    // A damaged artifact is no verdict on the step.
    if (error instanceof RewindError && error.code === "ARTIFACT_INTEGRITY") throw error;
    return failedSpan(record, span, error instanceof Error ? error.message : String(error));
  }
}

/** The index of a span, and the first and last state of its replay. */
export function spanPlace(
  span: number,
  grid: Grid,
): { block: number; from: number; to: number } {
  return {
    block: span,
    from: spanStart(span, grid),
    to: spanReach(span, grid),
  };
}
