/**
 * A replay that says where it is: the state and the position of the generator, at the end of every block or at every
 * state. Nothing is traced.
 * This module is browser compatible.
 *
 * @module
 */

import { blockOf, blockStart } from "../block_grid.ts";
import type { Replayer } from "../replay.ts";
import type { BlockStart, RunRecord } from "../types.ts";
import { StateDigest } from "./state_digest.ts";

/** Where a replay was. */
export interface Mark {
  /** Index of the state. */
  readonly t: number;
  /** Its canonical bytes. */
  readonly state: Uint8Array;
  /** Where the generator was behind the transition into it. */
  readonly position: string;
  /** A hash of the states since the mark before, as many as was asked for; else empty. */
  readonly digest: string;
}

/** What to mark. */
export interface MarkRequest {
  /** Where to start. */
  readonly start: BlockStart;
  /** Index of the first state to mark; behind the start. */
  readonly from: number;
  /** Index of the last one. */
  readonly to: number;
  /** Whether to mark every state, or the first of each block and X_to. */
  readonly every: "block" | "state";
  /** Distance in t of the states within a block that the marks of block ends say something of; 1 for all. */
  readonly digestEvery: number;
  /** Whether they say where the generator was, too. */
  readonly positions: boolean;
}

/** Of a request for marks that say nothing of other states. */
export const UNDIGESTED = { digestEvery: Infinity, positions: false } as const;

/** What a replay of marks works with. */
export interface MarkSource<S> {
  /** What replays; it may be anywhere. */
  readonly replayer: Replayer<S>;
  /** Where the blocks of the run lie. */
  readonly grid: Pick<RunRecord, "blockSize" | "gridOffset">;
  /** Called before the transitions of each block. */
  readonly onBlock?: (block: number) => void;
  /** Where generators besides the step's own are. */
  readonly otherPosition?: () => string;
}

/**
 * Replays and marks.
 *
 * @throws {StepError} If the step throws, behind the marks before it.
 */
export function* marksOf<S>(
  source: MarkSource<S>,
  { start, from, to, every, digestEvery, positions }: MarkRequest,
): Generator<Mark, void, void> {
  const { replayer, grid, onBlock, otherPosition } = source;
  onBlock?.(start.block);
  replayer.start(start.block, start.bytes);
  const digester = new Digester(replayer, { every: digestEvery, positions });
  const mark = (digest: string): Mark => {
    const own = replayer.generatorPosition();
    return {
      t: replayer.t,
      state: replayer.encode(),
      position: otherPosition === undefined ? own : `${own} ${otherPosition()}`,
      digest,
    };
  };
  while (replayer.t < to) {
    const block = blockOf(replayer.t, grid);
    if (block !== start.block) onBlock?.(block);
    const end = Math.min(blockStart(block + 1, grid), to);
    if (every === "block") {
      const digest = digester.advance(end);
      if (end >= from) yield mark(digest);
      continue;
    }
    replayer.advance(Math.min(Math.max(from - 1, replayer.t), end));
    while (replayer.t < end) {
      replayer.advance(replayer.t + 1);
      yield mark("");
    }
  }
}

/** Moves a replayer on and says what it passes. */
class Digester<S> {
  readonly #replayer: Replayer<S>;
  readonly #every: number;
  readonly #digest = new StateDigest();
  readonly #look: (state: S) => false;

  constructor(
    replayer: Replayer<S>,
    { every, positions }: { readonly every: number; readonly positions: boolean },
  ) {
    this.#replayer = replayer;
    this.#every = every;
    const digest = this.#digest;
    const rng = positions ? replayer.ownRng : undefined;
    this.#look = (state) => {
      digest.add(replayer.dataOf(state));
      if (rng !== undefined) digest.number(rng.quickPosition());
      return false;
    };
  }

  /** Makes the states up to X_to, which is compared itself; what lies between goes into the hash. */
  advance(to: number): string {
    const replayer = this.#replayer;
    if (this.#every === 1) replayer.search(to - 1, this.#look);
    while (replayer.t + this.#every < to) {
      replayer.advance(replayer.t + this.#every);
      this.#look(replayer.state);
    }
    replayer.advance(to);
    return this.#digest.take();
  }
}
