/**
 * When a part of the state of a run changed; a child goes over the states.
 *
 * @module
 */

import type { StatePath } from "../../codec/path_reader.ts";
import { spanOf, spanStart } from "../../engine/block_grid.ts";
import type { RunRecord } from "../../engine/types.ts";
import type { Change } from "../../engine/when.ts";
import type { JobInput } from "../wire/requests.ts";
import { fields, isInRange, malformed } from "./claims.ts";
import type { ChildLender } from "./child_lender.ts";
import { checkExpression, checkpointsOf, shapeOf, spansOf } from "./job_requests.ts";

/** What to look for. */
export interface WhenSearch {
  /** Where. */
  readonly path: StatePath;
  /** First t. */
  readonly from: number;
  /** One past the last t. */
  readonly to: number;
  /** Text of a predicate of the new value, the old one and t. */
  readonly where?: string | undefined;
}

/** What was found. */
export interface WhenFound {
  /** The changes, in order. */
  readonly changes: readonly Change[];
  /** Whether any state that was looked at has the part. */
  readonly isSeen: boolean;
}

/** Spans that are looked through first for the last change; then twice as many, and so on. */
const LAST_SPANS = 8;

/** Most changes that one job gives. */
const CHANGES_PER_JOB = 4096;

/** The last change of a range. */
export async function lastChange(
  record: RunRecord,
  children: ChildLender,
  search: WhenSearch,
): Promise<WhenFound> {
  const first = spanOf(Math.max(0, search.from - 1), record);
  let last = spanOf(Math.max(0, search.to - 2), record);
  let isSeen = false;
  for (let count = LAST_SPANS; last >= first; count *= 2) {
    const start = Math.max(first, last - count + 1);
    const from = Math.max(search.from, spanStart(start, record) + 1);
    const to = Math.min(search.to, spanStart(last + 1, record) + 1);
    const found = await changesIn(record, children, {
      ...{ ...search, from, to },
      ...{ isLast: true, countMax: 1 },
    });
    isSeen ||= found.isSeen;
    if (found.changes.length > 0) return found;
    last = start - 1;
  }
  return { changes: [], isSeen };
}

/** The first change of a range. */
export async function firstChange(
  record: RunRecord,
  children: ChildLender,
  search: WhenSearch,
): Promise<WhenFound> {
  return await changesIn(record, children, { ...search, isLast: false, countMax: 1 });
}

/** All changes of a range, in order, as many together as one job gives. */
export async function* allChanges(
  record: RunRecord,
  children: ChildLender,
  search: WhenSearch,
): AsyncGenerator<WhenFound, void, void> {
  for (let from = search.from;;) {
    const asked = { ...search, from, isLast: false, countMax: CHANGES_PER_JOB };
    const found = await changesIn(record, children, asked);
    yield found;
    if (found.changes.length < CHANGES_PER_JOB) return;
    from = found.changes.at(-1)!.t + 1;
  }
}

async function changesIn(
  record: RunRecord,
  children: ChildLender,
  search: WhenSearch & { readonly isLast: boolean; readonly countMax: number },
): Promise<WhenFound> {
  const { path, where, isLast, countMax } = search;
  checkExpression(where);
  const from = Math.max(1, search.from);
  const { to } = search;
  // X_0 alone cannot change, but it may have the part.
  const spans = spansOf(record, from - 1, Math.max(from, to - 1));
  const job: JobInput = {
    ...{ kind: "when", run: shapeOf(record), spans, path: [...path] },
    ...{ from, to: Math.max(from, to), countMax, isLast, expression: where },
  };
  const claim = await children.lend((session) => session.end(job, checkpointsOf(record, spans)));
  return checkChanges(claim, { from, to, countMax });
}

function checkChanges(
  claim: unknown,
  { from, to, countMax }: { from: number; to: number; countMax: number },
): WhenFound {
  const { changes, isSeen } = fields(claim);
  if (!Array.isArray(changes) || changes.length > countMax) throw malformed();
  let last = from - 1;
  return {
    changes: changes.map((change: unknown) => {
      const { t, kind, before, after } = fields(change);
      const isKind = kind === "changed" || kind === "appeared" || kind === "disappeared";
      if (!isKind || !isInRange(t, { from: last + 1, to })) throw malformed();
      last = t;
      return { t, kind, before, after };
    }),
    isSeen: isSeen === true,
  };
}
