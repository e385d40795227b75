/**
 * When a part of the state of a run changed, in this process.
 * This module is browser compatible.
 *
 * @module
 */

import { parsePath, pathText, type StatePath } from "../codec/path_reader.ts";
import { ArgumentRangeError } from "../errors.ts";
import { resolveRange } from "./run_bounds.ts";
import { spanOf, spanReach, spanStart } from "./block_grid.ts";
import { checkOptionNames } from "./option_names.ts";
import { replayPlan } from "./record_view.ts";
import { Replayer } from "./replay.ts";
import type { RunFunctions, StepRange } from "./run_options.ts";
import type { OptionNames, RunRecord, StateCodec } from "./types.ts";
import {
  type Change,
  type ChangePredicate,
  changesTo,
  ChangeWatch,
  lastChangeTo,
  PathReader,
} from "./when.ts";

/** Options of `changes`. */
export interface ChangesOptions extends StepRange {
  /** Which changes to look for, by the new value, the old one and t; all by default. */
  where?: ChangePredicate;
}

/** Options of `when`. */
export interface WhenOptions extends ChangesOptions {
  /**
   * Looks for the first change and not for the last one.
   *
   * @default {false}
   */
  first?: boolean;
}

const CHANGES_OPTION_NAMES: OptionNames<ChangesOptions> = { from: true, to: true, where: true };
const WHEN_OPTION_NAMES: OptionNames<WhenOptions> = { ...CHANGES_OPTION_NAMES, first: true };

interface Searched<S> {
  readonly record: RunRecord;
  readonly functions: RunFunctions<S>;
  readonly path: string;
}

/** What `Run.when` does. */
export function when<S>(searched: Searched<S>, options: WhenOptions): Change | undefined {
  checkOptionNames(options, WHEN_OPTION_NAMES, "when");
  const { first = false, ...rest } = options;
  const search = new LocalSearch(searched, rest);
  for (const span of search.spans(first ? 1 : -1)) {
    const change = first ? search.changesIn(span).next().value : search.lastIn(span);
    if (change !== undefined) return change;
  }
  search.requireSeen();
  return undefined;
}

/** What `Run.changes` does. */
export function changes<S>(searched: Searched<S>, options: ChangesOptions): Change[] {
  checkOptionNames(options, CHANGES_OPTION_NAMES, "changes");
  const search = new LocalSearch(searched, options);
  const found: Change[] = [];
  for (const span of search.spans(1)) found.push(...search.changesIn(span));
  search.requireSeen();
  return found;
}

class LocalSearch<S> {
  readonly #record: RunRecord;
  readonly #path: StatePath;
  readonly #from: number;
  readonly #to: number;
  readonly #replayer: Replayer<S>;
  readonly #watch: ChangeWatch;

  constructor({ record, functions, path }: Searched<S>, { from, to, where }: ChangesOptions) {
    this.#record = record;
    this.#path = parsePath(path);
    [this.#from, this.#to] = resolveRange(from, to, record.steps);
    this.#replayer = new Replayer(replayPlan(record, functions));
    const reader = new PathReader(this.#path, functions.codec as StateCodec<unknown> | undefined);
    this.#watch = new ChangeWatch(where, (state) => reader.read(state));
  }

  /** The spans in which the states of the range are made, in order or from the last one on. */
  *spans(direction: 1 | -1): Generator<number, void, void> {
    if (this.#from >= this.#to) return;
    const first = spanOf(Math.max(0, this.#from - 1), this.#record);
    const last = spanOf(Math.max(0, this.#to - 2), this.#record);
    const count = last - first + 1;
    for (let i = 0; i < count; i++) yield direction === 1 ? first + i : last - i;
  }

  changesIn(span: number): Generator<Change, void, void> {
    return changesTo(this.#seek(span) as Replayer<unknown>, {
      to: this.#end(span),
      watch: this.#watch,
    });
  }

  lastIn(span: number): Change | undefined {
    return lastChangeTo(this.#seek(span) as Replayer<unknown>, {
      to: this.#end(span),
      watch: this.#watch,
    });
  }

  requireSeen(): void {
    if (this.#watch.isSeen || this.#from >= this.#to) return;
    throw new ArgumentRangeError(
      `Cannot tell when ${pathText(this.#path)} changed: no state of the range has it`,
    );
  }

  #seek(span: number): Replayer<S> {
    const record = this.#record;
    this.#replayer.start(span * record.stride, record.checkpoints.bytesAt(span));
    this.#replayer.goTo(Math.max(spanStart(span, record), this.#from - 1));
    return this.#replayer;
  }

  #end(span: number): number {
    return Math.min(spanReach(span, this.#record), this.#to - 1);
  }
}
