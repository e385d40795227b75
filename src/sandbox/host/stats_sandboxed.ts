/**
 * Statistics of a recorded run with untrusted step source: children replay groups of blocks, this process
 * merges their exact sums. The result does not depend on how many children there are.
 *
 * @module
 */

import { spanCount } from "../../engine/grid.ts";
import type { PartialStats } from "../../engine/partial_stats.ts";
import { StatsAccumulator } from "../../engine/stats.ts";
import type { IndexRange, RunRecord } from "../../engine/types.ts";
import type { SandboxSession } from "./session.ts";
import type { ObservableChoice } from "./session_options.ts";
import { childrenOf, runShared, type SharedPassOptions, type SharedWork } from "./shared_pass.ts";

/** Options of {@linkcode statsSandboxed}. */
export interface StatsSandboxedOptions extends SharedPassOptions {
  /** What to observe; the states themselves by default. */
  observable?: ObservableChoice | undefined;
  /** Takes the last blocks first. @default {false} */
  isBackwards?: boolean;
  /** Spans whose states to take; all by default. */
  spans?: IndexRange;
}

/** Groups of blocks per child: children that share end within one group of each other. */
const GROUPS_PER_CHILD = 16;

/**
 * Takes statistics over the states of blocks in children. Long runs are shared by several.
 *
 * @throws What {@linkcode runShared} throws.
 */
export async function statsSandboxed(
  record: RunRecord,
  options: StatsSandboxedOptions,
): Promise<StatsAccumulator> {
  const children = childrenOf(options);
  const all = { from: 0, to: spanCount(record) };
  const { observable, isBackwards = false, spans = all } = options;
  const isWhole = children === 1 && !isBackwards;
  const groups = groupsOf(spans, isWhole ? 1 : children * GROUPS_PER_CHILD);
  if (isBackwards) groups.reverse();
  return await runShared(options, () => new StatsWork(record, groups, observable));
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
class StatsWork implements SharedWork<PartialStats, StatsAccumulator> {
  readonly #record: RunRecord;
  readonly #groups: readonly IndexRange[];
  readonly #observable: ObservableChoice | undefined;
  readonly #partials: (PartialStats | undefined)[];

  constructor(
    record: RunRecord,
    groups: readonly IndexRange[],
    observable: ObservableChoice | undefined,
  ) {
    this.#record = record;
    this.#groups = groups;
    this.#observable = observable;
    this.#partials = groups.map(() => undefined);
  }

  get count(): number {
    return this.#groups.length;
  }

  answers(session: SandboxSession, units: Uint32Array): AsyncIterable<PartialStats> {
    const groups = Array.from(units, (unit) => this.#groups[unit]!);
    return session.stats(this.#record, groups, this.#observable);
  }

  take(unit: number, answer: PartialStats): boolean {
    this.#partials[unit] ??= answer;
    return true;
  }

  /** In the order of the groups, so that an error does not depend on which child was faster. */
  result(): StatsAccumulator {
    const accumulator = new StatsAccumulator();
    for (const partial of this.#partials) accumulator.merge(partial!);
    return accumulator;
  }
}
