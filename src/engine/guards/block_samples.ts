/**
 * Which blocks of a recording are tried again when it is over: the last and the first, some in which something rare
 * happened, which shows in the shape of the state, and some by chance.
 * This module is browser compatible.
 *
 * @module
 */

import { shapeOf } from "../../codec/state_shape.ts";
import { blockStart } from "../block_grid.ts";
import type { ReplayPlan } from "../types.ts";

/** Most blocks that are kept of each kind. */
const SAMPLES_MAX = 6;

/** Most bytes of a state for which blocks are kept by shape or by chance. */
const SAMPLE_BYTES_MAX = 2 ** 19;

/** Start and end of what was recorded of a block. */
export interface Stretch {
  /** Index of the block. */
  readonly block: number;
  /** Index of its first state. */
  readonly from: number;
  /** Index of the last state that it leads to. */
  readonly to: number;
  /** Canonical bytes of its first state. */
  readonly start: Uint8Array;
  /** Canonical bytes of the last. */
  readonly end: Uint8Array;
}

/** The first state of a block. */
interface Start {
  readonly block: number;
  readonly bytes: Uint8Array;
}

/** A block and what follows it. */
interface Kept {
  readonly start: Start;
  readonly end: Uint8Array;
}

/** Chooses blocks as they are recorded. */
export class BlockSamples {
  readonly #chance: () => number;
  readonly #rare = new Reservoir();
  readonly #random = new Reservoir();
  readonly #first: Start[] = [];
  #previous: Start | undefined;
  #last: Start | undefined;
  #shape = 0;

  /** @param chance Gives numbers in [0, 1) that the step does not know. */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /** Takes the first state of the next block. */
  keep(bytes: Uint8Array, block: number): void {
    const start = { block, bytes };
    if (this.#first.length < 2) this.#first.push(start);
    const before = this.#last;
    this.#previous = before;
    this.#last = start;
    if (bytes.length > SAMPLE_BYTES_MAX) return;
    const shape = shapeOf(bytes);
    if (before !== undefined) {
      const kept = { start: before, end: bytes };
      if (shape !== this.#shape) this.#rare.offer(kept, this.#chance);
      this.#random.offer(kept, this.#chance);
    }
    this.#shape = shape;
  }

  /** Canonical bytes of X_0. */
  get start(): Uint8Array | undefined {
    return this.#first[0]?.bytes;
  }

  /**
   * What to try again: the last block first, so that hidden state which counts calls shows, then the first, those
   * with something rare, and those by chance; each once.
   */
  stretches<S>(
    { steps, lastState }: { readonly steps: number; readonly lastState: Uint8Array },
    plan: ReplayPlan<S>,
  ): Stretch[] {
    const [start, second] = this.#first as [Start, Start | undefined];
    const last = this.#last!;
    const kept: Kept[] = [
      { start: last, end: lastState },
      ...this.#previous === undefined ? [] : [{ start: this.#previous, end: last.bytes }],
      { start, end: second?.bytes ?? lastState },
      ...this.#rare.kept(),
      ...this.#random.kept(),
    ];
    const stretches = new Map<number, Stretch>();
    for (const { start: { block, bytes }, end } of kept) {
      const from = blockStart(block, plan);
      const to = Math.min(blockStart(block + 1, plan), steps - 1);
      // Of a block with one state there is nothing to replay.
      if (from < to && !stretches.has(block)) {
        stretches.set(block, { block, from, to, start: bytes, end });
      }
    }
    return [...stretches.values()];
  }
}

/** Some of what it is offered, each with the same chance (Vitter's algorithm R). */
class Reservoir {
  readonly #kept: Kept[] = [];
  #offered = 0;

  offer(kept: Kept, chance: () => number): void {
    this.#offered++;
    if (this.#kept.length < SAMPLES_MAX) {
      this.#kept.push(kept);
      return;
    }
    const at = Math.floor(chance() * this.#offered);
    if (at < SAMPLES_MAX) this.#kept[at] = kept;
  }

  /** The latest first, so that a replay meets them in another order. */
  kept(): Kept[] {
    return this.#kept.toSorted((a, b) => b.start.block - a.start.block);
  }
}
