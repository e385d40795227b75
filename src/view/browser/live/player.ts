/**
 * Plays a run: makes frames ahead of those that are shown.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Cursor } from "./page_cursor.ts";

/** Frames a second, at most. */
const FRAMES_PER_SECOND = 30;

/** Frames made in one job. */
const CHUNK = 24;

/** What frames are made by. */
export interface FrameMaker {
  /** Makes those of a range, and resolves when they are there. */
  prefetch(range: { from: number; to: number; every: number }): Promise<void>;
  /** Whether all that is shown at t is there. */
  isReady(t: number): boolean;
}

/** Moves the cursor at a chosen speed. */
export class Player {
  readonly #cursor: Cursor;
  readonly #maker: FrameMaker;
  /** Called when it starts or stops, and with what stopped it. */
  onChange: (problem?: unknown) => void = () => {};
  /** States a second. */
  speed = 30;
  /** Whether it starts again at the end of what is in sight. */
  loops = true;
  #round = 0;

  /** Plays nothing yet. */
  constructor(cursor: Cursor, maker: FrameMaker) {
    this.#cursor = cursor;
    this.#maker = maker;
  }

  get isPlaying(): boolean {
    return this.#round % 2 === 1;
  }

  /** Starts, or stops. */
  toggle(): void {
    this.#round++;
    this.onChange();
    if (this.isPlaying) void this.#play(this.#round);
  }

  stop(): void {
    if (this.isPlaying) this.toggle();
  }

  async #play(round: number): Promise<void> {
    const cursor = this.#cursor;
    if (cursor.t >= cursor.to - 1) cursor.go(cursor.from);
    let made = cursor.t;
    let shownAt = performance.now();
    let making: Promise<void> | undefined;
    try {
      while (this.#round === round) {
        const every = Math.max(1, Math.round(this.speed / FRAMES_PER_SECOND));
        // However large a stride is, the last state is shown.
        let next = Math.min(cursor.t + every, cursor.to - 1);
        if (cursor.t >= cursor.to - 1) {
          if (!this.loops) break;
          next = cursor.from;
          made = Math.min(made, next);
        }
        if (
          making === undefined && (!this.#maker.isReady(next) || made < next + every * CHUNK / 2)
        ) {
          const from = this.#maker.isReady(next) ? Math.max(next, made) : next;
          const to = Math.min(cursor.to, from + every * CHUNK);
          making = this.#maker.prefetch({ from, to, every }).then(() => {
            made = to;
          });
          making.then(() => making = undefined, () => {});
        }
        if (!this.#maker.isReady(next)) await making;
        const wait = shownAt + 1000 * every / this.speed - performance.now();
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (this.#round !== round) return;
        shownAt = performance.now();
        cursor.go(next);
      }
    } catch (problem) {
      if (this.#round !== round) return;
      this.#round++;
      this.onChange(problem);
      return;
    }
    if (this.#round === round) this.stop();
  }
}
