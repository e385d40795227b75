/**
 * Where two runs first diverge. Both are made again untraced and compared at the ends of blocks, by the bytes of their
 * states and by where their generators are; only the first block that differs is looked into.
 * This module is browser compatible.
 *
 * @module
 */

import { describeSharing } from "../../codec/compare_sharing.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { PathFilter } from "../../codec/path_filter.ts";
import { StepError } from "../../errors.ts";
import { blockOf, blockStart } from "../block_grid.ts";
import { errorText } from "../step_errors.ts";
import { checkFailure, checkRecorded, notRepeated } from "./baseline.ts";
import { firstOtherDraw } from "./compare_draws.ts";
import { areLastBits, countedDifferences, type Divergence } from "./divergence.ts";
import { type MarkReader, readBoth, readMarks } from "./mark_reader.ts";
import { type Mark, UNDIGESTED } from "./marks.ts";
import { scanTogether, type Suspect } from "./scan_together.ts";
import type { Look, Side } from "./side.ts";
import { nextStart, startBefore, type Starts, stateAt } from "./starts.ts";
import type { BlockStart } from "../types.ts";
import type { StateDifference } from "../../error_types.ts";

/** How two runs are compared. */
export interface CompareRunsOptions {
  /** Places that are left out. */
  readonly ignore: PathFilter;
  /**
   * Whether every state is compared; otherwise all that are numbers, and of others the ends of blocks and some
   * between. It is by default where that takes no time to speak of.
   */
  readonly everyState: boolean | undefined;
  /** The t of the old and of the new run that are compared first. */
  readonly from: { readonly before: number; readonly after: number };
  /** Whether the generators start alike, so that the bits drawn so far can be compared. */
  readonly arePositionsComparable: boolean;
  /** Called as the comparison goes on, with the t of the old run. */
  readonly onProgress?: ((t: number) => void) | undefined;
}

/** A pair that differs, and the block it lies in. */
interface Found {
  /** Index of the state, in the old run. */
  readonly t: number;
  readonly starts: Starts;
  readonly before: Mark | StepError;
  readonly after: Mark | StepError;
}

/** Compares two runs; each must give the states of its record where it has to. */
export async function compareRuns(
  before: Side,
  after: Side,
  options: CompareRunsOptions,
): Promise<Divergence> {
  return await new Comparison(before, after, options).run();
}

class Comparison {
  readonly #before: Side;
  readonly #after: Side;
  readonly #options: CompareRunsOptions;
  /** Number of states that both have. */
  readonly #count: number;
  /** What to add to a t of the old run to have that of the new one. */
  readonly #shift: number;
  /** Whether blocks begin at the same states on both sides. */
  readonly #isBlockwise: boolean;
  readonly #unorderedSets: boolean;
  /** Distance of the states within blocks that are compared. */
  readonly #digestEvery: number;
  #sharing: Divergence["sharing"];

  constructor(before: Side, after: Side, options: CompareRunsOptions) {
    const { from } = options;
    this.#before = before;
    this.#after = after;
    this.#options = options;
    this.#count = Math.min(before.record.steps - from.before, after.record.steps - from.after);
    this.#shift = from.after - from.before;
    this.#isBlockwise = from.before === 0 && from.after === 0 &&
      [0, 1].every((block) =>
        blockStart(block, before.record) === blockStart(block, after.record)
      ) && before.record.blockSize === after.record.blockSize;
    this.#digestEvery = digestEveryOf(before.start.length, this.#count, options);
    this.#unorderedSets = Boolean(before.record.unorderedSets || after.record.unorderedSets);
  }

  async run(): Promise<Divergence> {
    const first = await this.#firstStates();
    if (first !== undefined) return await this.#atStart(first);
    const { before, after } = this.#options.from;
    const starts = {
      before: startBefore(this.#before, before),
      after: startBefore(this.#after, after),
    };
    const found = await this.#scan(starts, this.#options.arePositionsComparable) ??
      await this.#behindTheEnd();
    return found === undefined ? this.#equal() : await this.#describe(found);
  }

  /** The first states, if they differ. */
  async #firstStates(): Promise<readonly [Uint8Array, Uint8Array] | undefined> {
    const { before: t, after: u } = this.#options.from;
    const pair = [await stateAt(this.#before, t), await stateAt(this.#after, u)] as const;
    return await this.#isOther(...pair, t) ? pair : undefined;
  }

  /**
   * Goes over both runs, block by block where their blocks agree, else state by state.
   *
   * @param positions Whether other positions of the generators are a difference.
   */
  async #scan(starts: Starts, positions: boolean): Promise<Found | undefined> {
    const end = this.#options.from.before + this.#count - 1;
    if (!this.#isBlockwise) return await this.#lookThrough(starts, end, positions);
    const suspect = this.#scanTogether(starts, end, positions);
    if (suspect === undefined) return undefined;
    const found = await this.#lookThrough(suspect.starts, suspect.to, positions);
    return found ?? await this.#scanApart(suspect.starts, end, positions);
  }

  /** Both in turn, in this process; the first block where that cannot be done. */
  #scanTogether(starts: Starts, to: number, positions: boolean): Suspect | undefined {
    const { ignore, onProgress } = this.#options;
    const before = ignore.isEmpty ? this.#before.replayer?.() : undefined;
    const after = before && this.#after.replayer?.();
    if (before === undefined || after === undefined) {
      return { starts, to: blockStart(starts.before.block, this.#before.record) };
    }
    return scanTogether(
      { side: this.#before, replayer: before },
      { side: this.#after, replayer: after },
      starts,
      { to, every: this.#digestEvery, positions, onProgress },
    );
  }

  /** Each by itself, compared at the ends of blocks. */
  async #scanApart(starts: Starts, end: number, positions: boolean): Promise<Found | undefined> {
    const digestEvery = this.#digestEvery;
    const request = { from: 0, to: end, every: "block", digestEvery, positions } as const;
    return await readBoth(
      this.#before.marks({ ...request, start: starts.before }),
      this.#after.marks({ ...request, start: starts.after }),
      (before, after) => this.#firstOtherBlock(starts, { before, after }, positions),
    );
  }

  async #firstOtherBlock(
    starts: Starts,
    { before, after }: { readonly before: MarkReader; readonly after: MarkReader },
    positions: boolean,
  ): Promise<Found | undefined> {
    for (let last = starts;;) {
      const [old, own] = await Promise.all([before.next(), after.next()]);
      if (old === undefined || own === undefined) return undefined;
      if (old instanceof StepError || own instanceof StepError) {
        return await this.#lookThrough(last, Math.min(old.t, own.t), positions);
      }
      checkRecorded(this.#before, old);
      checkRecorded(this.#after, own);
      const isSuspect = positions && old.position !== own.position || old.digest !== own.digest ||
        await this.#isOther(old.state, own.state, old.t);
      if (isSuspect) {
        const found = await this.#lookThrough(last, old.t, positions);
        if (found !== undefined) return found;
      }
      this.#options.onProgress?.(old.t);
      last = {
        before: { block: blockOf(old.t, this.#before.record), bytes: old.state },
        after: { block: blockOf(own.t, this.#after.record), bytes: own.state },
      };
    }
  }

  /** Compares every state from two starts up to X_to. */
  async #lookThrough(starts: Starts, to: number, positions: boolean): Promise<Found | undefined> {
    const shift = this.#shift;
    const from = Math.max(
      this.#options.from.before,
      blockStart(starts.before.block, this.#before.record),
      blockStart(starts.after.block, this.#after.record) - shift,
    ) + 1;
    if (from > to) return undefined;
    const request = { every: "state", ...UNDIGESTED } as const;
    return await readBoth(
      this.#before.marks({ ...request, from, to, start: starts.before }),
      this.#after.marks({ ...request, from: from + shift, to: to + shift, start: starts.after }),
      (before, after) => this.#firstOtherState(starts, { before, after, from, to }, positions),
    );
  }

  async #firstOtherState(
    starts: Starts,
    { before, after, from, to }: {
      readonly before: MarkReader;
      readonly after: MarkReader;
      readonly from: number;
      readonly to: number;
    },
    positions: boolean,
  ): Promise<Found | undefined> {
    let last = starts;
    for (let t = from; t <= to; t++) {
      const [old, own] = await Promise.all([before.next(), after.next()]);
      if (old === undefined || own === undefined) return undefined;
      const isFailed = old instanceof StepError || own instanceof StepError;
      if (old instanceof StepError) checkFailure(this.#before, old);
      if (own instanceof StepError) checkFailure(this.#after, own);
      if (!isFailed) {
        checkRecorded(this.#before, old);
        checkRecorded(this.#after, own);
      }
      if (
        isFailed || positions && old.position !== own.position ||
        await this.#isOther(old.state, own.state, t)
      ) return { t, starts: last, before: old, after: own };
      last = this.#isBlockwise ? last : {
        before: nextStart(last.before, old, this.#before),
        after: nextStart(last.after, own, this.#after),
      };
      if (!this.#isBlockwise) this.#options.onProgress?.(t);
    }
    return undefined;
  }

  /** The transition on which the old step failed, if it did. */
  async #behindTheEnd(): Promise<Found | undefined> {
    const { record } = this.#before;
    if (record.failure === undefined || !this.#isBlockwise || this.#after.isRecorded) {
      return undefined;
    }
    const t = record.steps;
    // The states of both are equal here, so both go on from the recorded one.
    const start = startBefore(this.#before, t - 1);
    const starts = { before: start, after: start };
    const looks = await this.#looks(starts, t);
    const [old, own] = looks;
    if (old.error === own.error) return undefined;
    return {
      t,
      starts,
      before: new StepError(t, old.error ?? ""),
      after: own.error === undefined ? await this.#markOf(start, t) : new StepError(t, own.error),
    };
  }

  async #markOf(start: BlockStart, t: number): Promise<Mark> {
    const request = { start, from: t, to: t, every: "state", ...UNDIGESTED } as const;
    const mark = await readMarks(this.#after.marks(request), (marks) => marks.next());
    if (mark === undefined || mark instanceof StepError) throw notRepeated(t);
    return mark;
  }

  async #looks({ before, after }: Starts, t: number): Promise<[Look, Look]> {
    return await Promise.all([
      this.#before.look(before, t),
      this.#after.look(after, t + this.#shift),
    ]);
  }

  async #describe(found: Found): Promise<Divergence> {
    const { t, starts, before, after } = found;
    const [old, own] = await this.#looks(starts, t);
    const draw = isUpToThrow(old, own, this.#options) || isUpToThrow(own, old, this.#options)
      ? undefined
      : firstOtherDraw(old, own, this.#options);
    const isUntraced = !old.isWhole || !own.isWhole;
    if (before instanceof StepError || after instanceof StepError) {
      return {
        ...this.#equal(),
        ...{ kind: draw === undefined ? "value" : "draws", t, draw, stateT: t },
        errorBefore: before instanceof StepError ? toldError(old, before) : undefined,
        errorAfter: after instanceof StepError ? toldError(own, after) : undefined,
        compared: t - this.#options.from.before,
      };
    }
    const others = await this.#differences(before.state, after.state);
    const [difference] = others;
    if (difference !== undefined) {
      const isDraw = draw !== undefined || isUntraced && before.position !== after.position;
      const kind = isDraw ? "draws" : areLastBits(others) ? "last-bits" : "value";
      return this.#diverged({ kind, t, draw, stateT: t, difference });
    }
    // Another draw that did not matter at once.
    const later = await this.#scan(starts, false);
    const found2 = later === undefined ? undefined : await this.#laterState(later);
    return this.#diverged({ kind: "draws", t, draw, stateT: later?.t, ...found2 });
  }

  async #laterState({ before, after }: Found): Promise<Partial<Divergence>> {
    if (before instanceof StepError || after instanceof StepError) {
      return {
        errorBefore: before instanceof StepError ? errorText(before) : undefined,
        errorAfter: after instanceof StepError ? errorText(after) : undefined,
      };
    }
    return { difference: (await this.#differences(before.state, after.state))[0] };
  }

  #diverged(found: Partial<Divergence> & { readonly t: number }): Divergence {
    const { difference } = found;
    return {
      ...this.#equal(),
      ...found,
      path: difference?.path,
      before: difference?.expected,
      after: difference?.actual,
      compared: found.t - this.#options.from.before,
    };
  }

  async #atStart(pair: readonly [Uint8Array, Uint8Array]): Promise<Divergence> {
    const others = await this.#differences(...pair);
    const t = this.#options.from.before;
    const kind = areLastBits(others) ? "last-bits" : "value";
    return this.#diverged({ kind, t, stateT: t, difference: others[0] });
  }

  #equal(): Divergence {
    return {
      kind: "equal",
      t: undefined,
      draw: undefined,
      stateT: undefined,
      path: undefined,
      before: undefined,
      after: undefined,
      difference: undefined,
      errorBefore: undefined,
      errorAfter: undefined,
      sharing: this.#sharing,
      compared: this.#count,
      isEveryStateCompared: this.#digestEvery === 1 || !this.#isBlockwise,
    };
  }

  /** Whether two states differ in a value that counts; notes where only the sharing does. */
  async #isOther(before: Uint8Array, after: Uint8Array, t: number): Promise<boolean> {
    if (equalBytes(before, after)) return false;
    if ((await this.#differences(before, after)).length > 0) return true;
    if (this.#sharing === undefined && !this.#unorderedSets && this.#options.ignore.isEmpty) {
      const difference = describeSharing(decodeState(before), decodeState(after));
      if (difference !== undefined) this.#sharing = { t, difference };
    }
    return false;
  }

  /** What differs in what functions of the states see; where that is nothing, in what is stored. */
  async #differences(before: Uint8Array, after: Uint8Array): Promise<StateDifference[]> {
    if (equalBytes(before, after)) return [];
    const options = { ignore: this.#options.ignore, unorderedSets: this.#unorderedSets };
    const [old, own] = await Promise.all([this.#before.shown(before), this.#after.shown(after)]);
    if (old !== undefined || own !== undefined) {
      const pair = [old ?? before, own ?? after] as const;
      const isSeen = countedDifferences(...pair, { ...options, ignore: NOTHING }).length > 0;
      if (isSeen) return countedDifferences(...pair, options);
    }
    return countedDifferences(before, after, options);
  }
}

/** Leaves nothing out. */
const NOTHING = new PathFilter([]);

/** The states of a run are all compared by default if they take this much altogether, in canonical bytes. */
const EVERY_STATE_BYTES_MAX = 2 ** 25;

/** Canonical bytes of a number: those are always compared. */
const NUMBER_BYTES = 9;

/** Distance of the states that are compared within a block, so that encoding them costs a part of the replay. */
const SPARSE_STATES_MIN = 32;

/** Distance of the states that are compared, by the size of the first one. */
function digestEveryOf(
  bytes: number,
  count: number,
  { everyState, ignore }: Pick<CompareRunsOptions, "everyState" | "ignore">,
): number {
  if (everyState ?? (bytes <= NUMBER_BYTES || count * bytes <= EVERY_STATE_BYTES_MAX)) return 1;
  // What is left out would show in every hash.
  return ignore.isEmpty ? SPARSE_STATES_MIN + bytes : Infinity;
}

/** Whether a step throws, and draws as the other one does until then: what it draws no more follows from that. */
function isUpToThrow(thrower: Look, other: Look, options: CompareRunsOptions): boolean {
  const draws = other.draws.slice(0, thrower.draws.length);
  return thrower.error !== undefined && firstOtherDraw(thrower, { draws }, options) === undefined;
}

/** What a step threw, with its place where that is known; the mark's error stands in where it did not throw again. */
function toldError({ error, cause }: Look, thrown: StepError): string {
  if (error === undefined) return errorText(thrown);
  return cause?.message.startsWith(error) ? cause.message : error;
}
