/**
 * Whether a run is that of a plain loop, which never copies a state: a module may keep objects of the state, or ask
 * whether two of them are one, in a way that comes out the same each time that blocks start from copies.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { spanReach } from "../../engine/block_grid.ts";
import type { RunRecord } from "../../engine/types.ts";
import { recordedEnd } from "../../engine/verify.ts";
import { RewindError } from "../../errors.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";

/** Where a plain loop has another state. */
export interface OtherInPlainLoop {
  /** Index of the first such state that was looked at: the end of a block. */
  readonly t: number;
  /** What differs there, as a phrase that follows "where". */
  readonly text: string;
}

/** The first end of a block at which a plain loop has another state than the run; undefined if there is none. */
export async function otherInPlainLoop(
  record: RunRecord,
  options: ChildOptions,
): Promise<OtherInPlainLoop | undefined> {
  await using session = new SandboxSession(options);
  const spans = new Uint32Array(record.checkpoints.length).map((_, span) => span);
  const live = record.start === "init" ? "init" : "stored";
  let span = 0;
  for await (const answer of session.replaySpans(record, spans, { oneInstance: true, live })) {
    const t = spanReach(span, record);
    if (answer instanceof RewindError) return { t, text: `the step fails: ${answer.message}` };
    const expected = recordedEnd(record, span++);
    if (expected === undefined) return undefined;
    const comparison = compareEncodings(answer, expected, { mayBeFrozen: true });
    if (comparison.kind !== "value") continue;
    const { path, expected: plain, actual } = comparison.difference;
    return { t, text: `${path} is ${plain}, and ${actual} in the run` };
  }
  return undefined;
}
