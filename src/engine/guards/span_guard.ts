/**
 * Sees, while functions look at the states of a recorded run, whether they change them: each span must lead
 * to the next checkpoint.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import type { Rng } from "../../rng/rng.ts";
import { type Grid, spanReach } from "../grid.ts";
import type { BlockStart } from "../record_failure.ts";
import type { Replayer, ReplayPlan } from "../replay.ts";
import { findChange, type Lookers } from "./looked_at.ts";

/** A span that was looked at. */
interface Reached {
  readonly span: number;
  readonly from: BlockStart;
  readonly to: number;
  readonly bytes: Uint8Array;
  readonly rng: Rng | undefined;
}

/**
 * Guards one pass over spans. A span that is followed by the next one is compared with that one's checkpoint; any
 * other is replayed once more without the functions.
 */
export class SpanGuard<S> {
  readonly #plan: ReplayPlan<S>;
  readonly #grid: Grid;
  readonly #lookers: Lookers<S>;
  #from: (BlockStart & { readonly span: number }) | undefined;
  #reached: Reached | undefined;

  /**
   * @param plan What is replayed.
   * @param lookers Functions that are shown every state.
   * @param grid Where spans lie.
   */
  constructor(plan: ReplayPlan<S>, { lookers, grid }: { lookers: Lookers<S>; grid: Grid }) {
    this.#plan = plan;
    this.#grid = grid;
    this.#lookers = lookers;
  }

  /**
   * Called when a span is started, with its checkpoint.
   *
   * @throws {GuardError} If the span before it was changed by a function that looked.
   */
  enter(span: number, bytes: Uint8Array): void {
    const reached = this.#reached;
    this.#reached = undefined;
    if (reached !== undefined) {
      if (reached.span + 1 !== span || !equalBytes(reached.bytes, bytes)) this.#compare(reached);
    }
    this.#from = { span, block: span * this.#grid.stride, bytes };
  }

  /** Called when all states of the span have been looked at, with the replayer that stands on its last one. */
  leave(replayer: Replayer<S>): void {
    const { span } = this.#from!;
    replayer.advance(spanReach(span, this.#grid));
    this.#keep(replayer);
  }

  /** Called when the pass stops within a span, with the replayer that stands on the last state looked at. */
  stop(replayer: Replayer<S>): void {
    this.#keep(replayer);
  }

  /**
   * Called when the pass is over.
   *
   * @throws {GuardError} If the last span was changed by a function that looked.
   */
  end(): void {
    if (this.#reached !== undefined) this.#compare(this.#reached);
    this.#reached = undefined;
  }

  #keep(replayer: Replayer<S>): void {
    const { span, ...from } = this.#from!;
    this.#reached = { span, from, to: replayer.t, bytes: replayer.encode(), rng: replayer.ownRng };
    this.#from = undefined;
  }

  #compare({ from, to, bytes, rng }: Reached): void {
    const error = findChange({
      plan: this.#plan,
      lookers: this.#lookers,
      from,
      to,
      rng,
      reached: bytes,
    });
    if (error !== undefined) throw error;
  }
}
