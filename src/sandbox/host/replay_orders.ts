/**
 * Whether states within blocks depend on what was replayed before: what a module remembers may come round again by the
 * end of each block, where a verification looks.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../../codec/compare_states.ts";
import { spanEnd, spanStart } from "../../engine/block_grid.ts";
import type { RunRecord } from "../../engine/types.ts";
import { REPLAY_ORDER_BYTES_MAX } from "../wire/limits.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";

/** Spans of a window, which are replayed one behind the other. */
const SPANS_MAX = 8;

/** Windows: the first one and others by chance. */
const WINDOWS = 3;

/**
 * The first t found whose state is another one where the spans before were replayed by the same instance of the module,
 * each without its last transition, than where its span was replayed alone; undefined if none was found.
 */
export async function otherInOrder(
  record: RunRecord,
  options: ChildOptions,
): Promise<number | undefined> {
  await using session = new SandboxSession(options);
  for (const [first, end] of windowsOf(record)) {
    const together = await statesOf(session, record, { first, end });
    for (let span = first; span < end; span++) {
      const alone = await statesOf(session, record, { first: span, end: span + 1 });
      const shift = spanStart(span, record) - spanStart(first, record);
      const at = alone.findIndex((bytes, i) => isOther(bytes, together[shift + i]!));
      if (at >= 0) return spanStart(span, record) + at;
    }
  }
  return undefined;
}

function isOther(a: Uint8Array, b: Uint8Array): boolean {
  return !equalBytes(a, b) && compareEncodings(a, b).kind === "value";
}

/** Ranges of spans, of no more states than there is room for. */
function windowsOf(record: RunRecord): [first: number, end: number][] {
  const { length } = record.checkpoints;
  const bytes = record.checkpoints.bytesAt(length - 1).length;
  const spanBytes = bytes * (spanEnd(0, record) - spanStart(0, record));
  const size = Math.min(SPANS_MAX, length, Math.floor(REPLAY_ORDER_BYTES_MAX / spanBytes));
  // One span alone has nothing before it.
  if (size < 2) return [];
  return Array.from({ length: Math.min(WINDOWS, Math.ceil(length / size)) }, (_, i) => {
    const first = i === 0 ? 0 : Math.floor(Math.random() * (length - size + 1));
    return [first, first + size];
  });
}

async function statesOf(
  session: SandboxSession,
  record: RunRecord,
  { first, end }: { first: number; end: number },
): Promise<Uint8Array[]> {
  const to = Math.min(record.steps, spanStart(end, record));
  const range = { from: spanStart(first, record), to };
  return (await Array.fromAsync(session.states(record, range))).flat();
}
