/**
 * A plain loop beside a recording, on a state that is never copied, for as long as that takes little: of a short run that
 * is the whole of it. It finds what matters only after the first blocks: a constant of the module that a late step
 * compares by identity, a field that a codec forgets, a state that is not data.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { StateEncodingError, StepError } from "../../errors.ts";
import type { ReplayPlan } from "../types.ts";
import { Replayer } from "../replay.ts";
import { Effort } from "./guard_time.ts";
import { errorText } from "../step_errors.ts";
import { decodeWith, encodeWith } from "../user_codec.ts";
import type { BesideRecording, LiveEnd, Looked, SecondInstance } from "./second_instance.ts";
import { firstLoss, heldParameter, lostInCopy } from "./codec_losses.ts";

/** Share of the recording's time that the loop may take. */
const TIME_SHARE = 0.005;

/** Or so many milliseconds, whichever is more. */
const FREE_MS = 3;

/** A block that has taken so many times what it may is not made to its end. */
const OVERDUE = 2;

/** A larger state is not kept twice. */
const STATE_BYTES_MAX = 2 ** 20;

/** The loop. */
export class PlainLoop<S> implements BesideRecording<S> {
  readonly #second: Pick<SecondInstance<S>, "step" | "codec">;
  readonly #look: (looked: Looked<S>) => void;
  readonly #now: () => number;
  readonly #startedAt: number;
  #live: LiveEnd<S> | undefined;
  #replayer: Replayer<S> | undefined;
  readonly #effort: Effort;

  /**
   * @param live Where the loop is.
   * @param options The functions to run, who looks at the ends of blocks, and a clock.
   */
  constructor(
    live: LiveEnd<S>,
    { second, look, now }: {
      readonly second: Pick<SecondInstance<S>, "step" | "codec">;
      readonly look: (looked: Looked<S>) => void;
      readonly now: () => number;
    },
  ) {
    this.#live = live;
    this.#second = second;
    this.#look = look;
    this.#now = now;
    this.#startedAt = now();
    this.#effort = new Effort(now);
  }

  /**
   * Makes a block as a plain loop would, if there is time.
   *
   * @throws {GuardError | StateEncodingError} If its end differs from the recorded one, or is not data.
   */
  endBlock(
    plan: ReplayPlan<S>,
    { block, t, end }: { readonly block: number; readonly t: number; readonly end: Uint8Array },
  ): void {
    const live = this.#live;
    if (live === undefined || live.block !== block) return;
    const budgetMs = Math.max(FREE_MS, TIME_SHARE * (this.#now() - this.#startedAt));
    if (this.#effort.spentMs > budgetMs || end.length > STATE_BYTES_MAX) return this.#stop();
    const { step, codec } = this.#second;
    const replayer = this.#replayer ??= new Replayer({ ...plan, step, codec });
    if (live.before !== undefined) replayer.useParams(live.params);
    replayer.enter(block, live.state);
    const loss = codec && firstLoss(live.state, decodeWith(codec, live.bytes));
    const found = this.#advance(replayer, { t, end, budgetMs: OVERDUE * budgetMs });
    if (replayer.t < t && found === undefined) return this.#stop();
    if (found !== undefined) {
      throw (live.before && heldParameter(live.before, live.params, found)) ??
        lostInCopy(found, loss, codec !== undefined);
    }
    this.#look({ live: replayer.state, bytes: end, t, codec });
    this.#live = { ...live, state: replayer.state, block: block + 1, bytes: end };
  }

  #stop(): void {
    this.#live = undefined;
    this.#replayer = undefined;
  }

  /** Makes the states up to X_t, as far as there is time; what differs there. */
  #advance(
    replayer: Replayer<S>,
    { t, end, budgetMs }: {
      readonly t: number;
      readonly end: Uint8Array;
      readonly budgetMs: number;
    },
  ): { t: number; path: string; text: string } | undefined {
    const { codec } = this.#second;
    const effort = this.#effort;
    effort.start();
    try {
      const isOverdue = replayer.search(t - 1, (state) => {
        encodeWith(codec, state);
        return effort.count() > budgetMs;
      });
      if (isOverdue) return undefined;
      replayer.advance(t);
      effort.count();
    } catch (error) {
      if (error instanceof StateEncodingError) {
        const why = error.problem.slice(error.path.length + 1);
        throw new StateEncodingError(error.path, `${why} (at state ${replayer.t})`, {
          cause: error,
        });
      }
      if (!(error instanceof StepError)) throw error;
      return { t: error.t, path: "state", text: `the step throws: ${errorText(error.cause)}` };
    }
    const comparison = compareEncodings(encodeWith(codec, replayer.state), end, {
      mayBeFrozen: true,
    });
    // Where the bytes differ, if only in what is frozen, both states are decoded.
    effort.count();
    if (comparison.kind !== "value") return undefined;
    const { path, expected, actual } = comparison.difference;
    return { t, path, text: `${path} is ${expected}, and ${actual} after a checkpoint` };
  }
}
