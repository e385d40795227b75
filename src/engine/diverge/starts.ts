/**
 * From where a comparison goes on: the first states of blocks.
 * This module is browser compatible.
 *
 * @module
 */

import { StepError } from "../../errors.ts";
import { blockOf, blockStart, spanOf } from "../block_grid.ts";
import { notReplayed } from "./baseline.ts";
import { readMarks } from "./mark_reader.ts";
import { type Mark, UNDIGESTED } from "./marks.ts";
import type { Side } from "./side.ts";
import type { BlockStart } from "../types.ts";

/** Starts of the same block on both sides. */
export interface Starts {
  readonly before: BlockStart;
  readonly after: BlockStart;
}

/** The last known start of a block at or before X_t. */
export function startBefore({ record, start }: Side, t: number): BlockStart {
  const span = spanOf(t, record);
  return span === 0
    ? { block: 0, bytes: start }
    : { block: span * record.stride, bytes: record.checkpoints.bytesAt(span) };
}

/** The start from which what comes behind a mark is made. */
export function nextStart(start: BlockStart, mark: Mark, { record }: Side): BlockStart {
  return blockStart(blockOf(mark.t, record), record) === mark.t
    ? { block: blockOf(mark.t, record), bytes: mark.state }
    : start;
}

/** Canonical bytes of X_t. */
export async function stateAt(side: Side, t: number): Promise<Uint8Array> {
  const start = startBefore(side, t);
  if (blockStart(start.block, side.record) === t) return start.bytes;
  const request = { start, from: t, to: t, every: "state", ...UNDIGESTED } as const;
  const mark = await readMarks(side.marks(request), (marks) => marks.next());
  if (mark === undefined || mark instanceof StepError) {
    throw notReplayed(mark === undefined ? `there is no state ${t}` : mark.message);
  }
  return mark.state;
}
