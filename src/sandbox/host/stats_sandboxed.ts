/**
 * Statistics of a recorded run with untrusted step source: children replay groups of blocks, this process
 * merges their exact sums. The result does not depend on how many children there are.
 *
 * @module
 */

import { indexAtOrAfter, spanCount, spanOf, spanStart } from "../../engine/block_grid.ts";
import { type ExtrasPart, SeriesExtras } from "../../engine/series_extras.ts";
import { StatsAccumulator } from "../../engine/stats.ts";
import type { IndexRange, RunRecord, SeriesRange } from "../../engine/types.ts";
import type { CheckedStats } from "./stats_claims.ts";
import type { SandboxSession } from "./session.ts";
import type { StatsTaking } from "./session_options.ts";
import { childrenOf, runShared, type SharedPassOptions, type SharedWork } from "./shared_pass.ts";

/** Options of {@linkcode statsSandboxed}. */
export interface StatsSandboxedOptions extends SharedPassOptions, StatsTaking {
  /** Takes the last blocks first; of moments only. @default {false} */
  isBackwards?: boolean;
  /** Spans whose states to take; all by default. */
  spans?: IndexRange;
}

/** Groups of blocks per child: children that share end within one group of each other. */
const GROUPS_PER_CHILD = 16;

/** What was taken. */
export interface SandboxedStats {
  /** The moments. */
  readonly moments: StatsAccumulator;
  /** What was asked for besides. */
  readonly extras: ExtrasPart | undefined;
}

/**
 * Takes statistics over the states of blocks in children. Long runs are shared by several.
 *
 * @throws What {@linkcode runShared} throws.
 */
export async function statsSandboxed(
  record: RunRecord,
  options: StatsSandboxedOptions,
): Promise<SandboxedStats> {
  const children = childrenOf(options);
  const all = { from: 0, to: spanCount(record) };
  const spans = options.spans ?? spansWithin(record, options.range) ?? all;
  const { isBackwards = false } = options;
  const isWhole = children === 1 && !isBackwards;
  const groups = groupsOf(spans, isWhole ? 1 : children * GROUPS_PER_CHILD);
  if (isBackwards) groups.reverse();
  return await runShared(options, () => new StatsWork(record, groups, options));
}

/** The spans that hold the states of a range; undefined without one. */
function spansWithin(record: RunRecord, range: SeriesRange | undefined): IndexRange | undefined {
  if (range === undefined || range.from >= range.to) return undefined;
  return { from: spanOf(range.from, record), to: spanOf(range.to - 1, record) + 1 };
}

/** At most `count` ranges of about the same length that together make a range. */
function groupsOf({ from, to }: IndexRange, count: number): IndexRange[] {
  const groups: IndexRange[] = [];
  const size = Math.ceil((to - from) / count);
  for (let start = from; start < to; start += size) {
    groups.push({ from: start, to: Math.min(start + size, to) });
  }
  return groups;
}

/** Groups of blocks as units of work. */
class StatsWork implements SharedWork<CheckedStats, SandboxedStats> {
  readonly #record: RunRecord;
  readonly #groups: readonly IndexRange[];
  readonly #taking: StatsTaking;
  readonly #taken: (CheckedStats | undefined)[];

  constructor(record: RunRecord, groups: readonly IndexRange[], taking: StatsTaking) {
    this.#record = record;
    this.#groups = groups;
    this.#taking = taking;
    this.#taken = groups.map(() => undefined);
  }

  get count(): number {
    return this.#groups.length;
  }

  answers(session: SandboxSession, units: Uint32Array): AsyncIterable<CheckedStats> {
    const groups = Array.from(units, (unit) => this.#groups[unit]!);
    return session.stats(this.#record, groups, this.#taking);
  }

  take(unit: number, answer: CheckedStats): boolean {
    this.#taken[unit] ??= answer;
    return true;
  }

  /** In the order of the blocks, so that an error does not depend on which child was faster. */
  result(): SandboxedStats {
    const { range, extras } = this.#taking;
    const moments = new StatsAccumulator();
    const [group] = this.#groups;
    const first = group === undefined || range === undefined
      ? 0
      : indexAtOrAfter(spanStart(group.from, this.#record), range);
    const series = extras && new SeriesExtras(extras, first);
    for (const taken of this.#taken) {
      moments.merge(taken!.partial);
      if (taken!.extras !== undefined) series?.merge(taken!.extras);
    }
    return { moments, extras: series?.part() };
  }
}
