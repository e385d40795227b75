/**
 * Two runs of this process, made step by step in turn, so that every state can be compared as it lives: nothing is
 * encoded between the ends of blocks.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { blockOf, blockStart } from "../block_grid.ts";
import { loopOfItsOwn } from "../hot_loops.ts";
import type { Replayer } from "../replay.ts";
import type { RunRecord } from "../types.ts";
import { checkRecorded } from "./baseline.ts";
import type { Lent } from "./lent.ts";
import type { Mark } from "./marks.ts";
import { type SurelySame, surelySameAs } from "./same_state.ts";
import type { Side } from "./side.ts";
import type { Starts } from "./starts.ts";

/** What is compared. */
export interface TogetherOptions {
  /** Index of the last state. */
  readonly to: number;
  /** Distance in t of the states within a block that are compared; 1 for all. */
  readonly every: number;
  /** Whether other positions of the generators are a difference. */
  readonly positions: boolean;
  /** Called after each block. */
  readonly onProgress?: ((t: number) => void) | undefined;
}

/** A side with what makes it. */
export interface Made<S> {
  readonly side: Side;
  readonly replayer: Replayer<S>;
}

/** A block in which something may differ. */
export interface Suspect {
  /** Its start; all before is equal. */
  readonly starts: Starts;
  /** Index of the state up to which the block was made. */
  readonly to: number;
}

/**
 * Makes two runs whose blocks begin at the same states up to the end of the first block in which something may differ;
 * undefined if nothing does.
 */
export function scanTogether<S>(
  before: Made<S>,
  after: Made<S>,
  starts: Starts,
  options: TogetherOptions,
): Suspect | undefined {
  const old = before.replayer;
  const own = after.replayer;
  old.start(starts.before.block, starts.before.bytes);
  own.start(starts.after.block, starts.after.bytes);
  if (!old.lease.beginBeside()) return { starts, to: old.t + 1 };
  try {
    if (!own.lease.beginBeside()) return { starts, to: old.t + 1 };
    try {
      return new Scan(before, after, options).run(starts);
    } finally {
      own.lease.endBeside();
    }
  } finally {
    old.lease.endBeside();
  }
}

/** Makes states of both up to the first that are not surely the same; returns whether there was none. */
type PairLoop = <S>(
  old: Lent<S>,
  own: Lent<S>,
  made: { old: S; own: S },
  to: number,
  options: Pick<TogetherOptions, "every" | "positions">,
  isSame: SurelySame,
) => boolean;

class Scan<S> {
  readonly #before: Made<S>;
  readonly #after: Made<S>;
  readonly #options: TogetherOptions;
  readonly #isSame: SurelySame;
  readonly #loop: PairLoop;

  constructor(before: Made<S>, after: Made<S>, options: TogetherOptions) {
    this.#before = before;
    this.#after = after;
    this.#options = options;
    this.#isSame = surelySameAs(before.replayer.state);
    this.#loop = loopOfItsOwn(makeInTurn, options.to - before.replayer.t);
  }

  run(first: Starts): Suspect | undefined {
    const { to, positions, onProgress } = this.#options;
    const old = this.#before.replayer;
    const own = this.#after.replayer;
    const { record } = this.#before.side;
    let starts = first;
    while (old.t < to) {
      const end = Math.min(blockStart(blockOf(old.t, record) + 1, record), to);
      if (!this.#makeBlock(end)) return { starts, to: end };
      const marks = [markOf(old), markOf(own)] as const;
      checkRecorded(this.#before.side, marks[0]);
      checkRecorded(this.#after.side, marks[1]);
      if (
        positions && marks[0].position !== marks[1].position ||
        !equalBytes(marks[0].state, marks[1].state)
      ) return { starts, to: end };
      onProgress?.(end);
      starts = { before: startAt(marks[0], record), after: startAt(marks[1], record) };
    }
    return undefined;
  }

  /** Makes one block of both; false where something may differ, a step threw or others drew. */
  #makeBlock(end: number): boolean {
    const old = this.#before.replayer;
    const own = this.#after.replayer;
    while (old.t < end) {
      const lentOld = old.lend(end);
      const lentOwn = own.lend(end);
      const made = { old: lentOld.state, own: lentOwn.state };
      const to = Math.min(lentOld.end, lentOwn.end);
      let isSame = false;
      try {
        isSame = this.#loop(lentOld, lentOwn, made, to, this.#options, this.#isSame);
      } catch {
        // Whoever looks closer finds which of them throws, and what.
      }
      old.state = made.old;
      own.state = made.own;
      const areTheirs = old.lease.isHolder && own.lease.isHolder;
      if (!isSame || !areTheirs) return false;
    }
    return true;
  }
}

function markOf<S>(replayer: Replayer<S>): Mark {
  const position = replayer.generatorPosition();
  return { t: replayer.t, state: replayer.encode(), position, digest: "" };
}

function startAt({ t, state }: Mark, record: RunRecord): Starts["before"] {
  return { block: blockOf(t, record), bytes: state };
}

/** The hot loop; it must not refer to anything outside itself. */
function makeInTurn<S>(
  old: Lent<S>,
  own: Lent<S>,
  made: { old: S; own: S },
  to: number,
  options: { readonly every: number; readonly positions: boolean },
  isSame: (a: unknown, b: unknown) => boolean,
): boolean {
  const { step: oldStep, rng: oldRng, params: oldParams, position: oldPosition } = old;
  const { step: ownStep, rng: ownRng, params: ownParams, position: ownPosition } = own;
  const { inputs: oldInputs, first: oldFirst, origin: oldOrigin } = oldPosition;
  const { inputs: ownInputs, first: ownFirst, origin: ownOrigin } = ownPosition;
  const { every, positions } = options;
  let a = old.state;
  let b = own.state;
  let t = oldPosition.t;
  let left = every;
  let isAlike = true;
  while (t < to && isAlike) {
    const oldInput = oldInputs === undefined ? undefined : oldInputs[t - oldFirst];
    a = oldStep(a, oldRng, oldParams, oldOrigin + t, oldInput);
    const ownInput = ownInputs === undefined ? undefined : ownInputs[t - ownFirst];
    b = ownStep(b, ownRng, ownParams, ownOrigin + t, ownInput);
    t++;
    if (positions && oldRng.quickPosition() !== ownRng.quickPosition()) isAlike = false;
    if (--left > 0) continue;
    left = every;
    if (typeof a === "number" && typeof b === "number") {
      if (a === b ? a === 0 && 1 / a !== 1 / b : a === a || b === b) isAlike = false;
    } else if (!isSame(a, b)) isAlike = false;
  }
  made.old = a;
  made.own = b;
  oldPosition.t = t;
  ownPosition.t = t;
  return isAlike;
}
