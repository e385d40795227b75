/**
 * A replay that says where it is: the state and the position of the generator, at the end of every block or at every
 * state. Nothing is traced.
 * This module is browser compatible.
 *
 * @module
 */

import { QuickHash } from "../../bytes/quick_hash.ts";
import { blockOf, blockStart } from "../grid.ts";
import type { Replayer } from "../replay.ts";
import type { BlockStart } from "../record_failure.ts";
import type { RunRecord } from "../types.ts";

/** Where a replay was. */
export interface Mark {
  /** Index of the state. */
  readonly t: number;
  /** Its canonical bytes. */
  readonly state: Uint8Array;
  /** Where the generator was behind the transition into it. */
  readonly position: string;
  /** The states since the mark before up to this one, where all of them are numbers. */
  readonly values: Float64Array | undefined;
  /** A hash of some of those states, or of all, as asked for, where they are not; else empty. */
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
}

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
  { start, from, to, every, digestEvery }: MarkRequest,
): Generator<Mark, void, void> {
  const { replayer, grid, onBlock, otherPosition } = source;
  onBlock?.(start.block);
  replayer.start(start.block, start.bytes);
  const digester = new Digester(replayer, digestEvery);
  const mark = ({ values, digest }: Passed): Mark => {
    const own = replayer.generatorPosition();
    return {
      t: replayer.t,
      state: replayer.encode(),
      position: otherPosition === undefined ? own : `${own} ${otherPosition()}`,
      values,
      digest,
    };
  };
  while (replayer.t < to) {
    const block = blockOf(replayer.t, grid);
    if (block !== start.block) onBlock?.(block);
    const end = Math.min(blockStart(block + 1, grid), to);
    if (every === "block") {
      const passed = digester.advance(end);
      if (end >= from) yield mark(passed);
      continue;
    }
    replayer.advance(Math.min(Math.max(from - 1, replayer.t), end));
    while (replayer.t < end) {
      replayer.advance(replayer.t + 1);
      yield mark(NOTHING);
    }
  }
}

/** What is said of the states between two marks. */
type Passed = Pick<Mark, "values" | "digest">;

const NOTHING: Passed = { values: undefined, digest: "" };

/** Moves a replayer on and says what it passes. */
class Digester<S> {
  readonly #replayer: Replayer<S>;
  readonly #every: number;
  #isNumeric: boolean;

  constructor(replayer: Replayer<S>, every: number) {
    this.#replayer = replayer;
    this.#every = every;
    this.#isNumeric = typeof replayer.state === "number";
  }

  advance(to: number): Passed {
    const replayer = this.#replayer;
    if (this.#isNumeric) {
      const first = replayer.t + 1;
      const values = new Float64Array(to - first + 1);
      if (replayer.collect(to, values, first) === to) return { values, digest: "" };
      this.#isNumeric = false;
    }
    const hash = new QuickHash();
    // The state at the end is compared itself.
    while (replayer.t + this.#every < to) {
      replayer.advance(replayer.t + this.#every);
      hash.bytes(replayer.encode());
    }
    replayer.advance(to);
    return { values: undefined, digest: hash.digest() };
  }
}
