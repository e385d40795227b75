/**
 * Finds a function that changes the state it was only given to look at: an observable, a predicate. In a pass over a
 * recorded run each span must lead to the next checkpoint.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../../codec/compare_states.ts";
import { GuardError, StepError } from "../../errors.ts";
import { type Grid, spanReach } from "../block_grid.ts";
import { Replayer } from "../replay.ts";
import type { BlockStart, ReplayPlan } from "../types.ts";
import type { Looked, Lookers, Reached } from "./types.ts";
import type { StateDifference } from "../../error_types.ts";

/** The error that names who made a step throw by changing its state; the step's own where nobody did. */
export function blamed<S>(error: unknown, looked: Omit<Looked<S>, "to" | "reached">): unknown {
  if (!(error instanceof StepError)) return error;
  try {
    return findChange({ ...looked, to: error.t }) ?? error;
  } catch {
    return error;
  }
}

/**
 * Replays a stretch without anybody looking and compares.
 *
 * @param looked What was reached while functions looked.
 * @returns The error that names who changed the state, or undefined: the stretch leads to the same state,
 * or to another one for a reason of its own.
 * @throws {StepError} If the step throws.
 */
export function findChange<S>(looked: Looked<S>): GuardError | undefined {
  const { to, reached, lookers } = looked;
  const alone = replayAlone(looked);
  if (reached !== undefined && compareEncodings(reached, alone).kind !== "value") return undefined;
  // A step that differs from replay to replay is nobody's fault who only looks.
  if (!equalBytes(alone, replayAlone(looked))) return undefined;
  const replayer = replayerAt(looked);
  for (;;) {
    for (const [name, look] of Object.entries(lookers)) {
      const before = replayer.encode();
      look(replayer.state, replayer.t);
      const difference = differenceOf(before, replayer);
      if (difference !== undefined) return changed(name, replayer.t, difference);
    }
    if (replayer.t >= to) return undefined;
    replayer.goTo(replayer.t + 1);
  }
}

function replayAlone<S>(looked: Looked<S>): Uint8Array {
  const replayer = replayerAt(looked);
  replayer.advance(looked.to);
  return replayer.encode();
}

function replayerAt<S>({ plan, rng, from }: Looked<S>): Replayer<S> {
  const replayer = new Replayer(plan, rng);
  replayer.start(from.block, from.bytes);
  return replayer;
}

/** What a look changed. */
function differenceOf<S>(before: Uint8Array, replayer: Replayer<S>): StateDifference | undefined {
  const comparison = compareEncodings(before, replayer.encode());
  return comparison.kind === "value" ? comparison.difference : undefined;
}

/** The error that names a function that changed a state, and where. */
export function changed(
  name: string,
  t: number,
  { path, expected, actual }: StateDifference,
): GuardError {
  return new GuardError(
    { kind: "observer", path, t },
    `Cannot use ${name}: it changes the state that it looks at: at state ${t}, ${path} was ` +
      `${expected} before and is ${actual} after it`,
    { hint: "let it work on a copy, such as [...list].sort() or list.toSorted()" },
  );
}

/**
 * Guards one pass over spans. A span that is followed by the next one is compared with that one's checkpoint; any
 * other is replayed once more without the functions.
 */
export class SpanGuard<S> {
  readonly #grid: Grid;
  readonly #looked: Pick<Looked<S>, "plan" | "lookers">;
  #from: (BlockStart & { readonly span: number }) | undefined;
  #reached: Reached | undefined;

  /**
   * @param plan What is replayed.
   * @param lookers Functions that are shown every state.
   * @param grid Where spans lie.
   */
  constructor(plan: ReplayPlan<S>, { lookers, grid }: { lookers: Lookers<S>; grid: Grid }) {
    this.#grid = grid;
    this.#looked = { plan, lookers };
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

  /** Looks at states of the span. @throws {GuardError} If the step throws as a function changed one of them. */
  look<T>({ ownRng }: Replayer<S>, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw blamed(error, { ...this.#looked, from: this.#from!, rng: ownRng });
    }
  }

  /** Called when all states of the span have been looked at, with the replayer that stands on its last one. */
  leave(replayer: Replayer<S>): void {
    const { span } = this.#from!;
    replayer.advance(spanReach(span, this.#grid));
    this.stop(replayer);
  }

  /** Called when the pass stops within a span, with the replayer that stands on the last state looked at. */
  stop(replayer: Replayer<S>): void {
    const { span, ...from } = this.#from!;
    this.#reached = { span, from, to: replayer.t, bytes: replayer.encode(), rng: replayer.ownRng };
    this.#from = undefined;
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

  #compare({ from, to, bytes, rng }: Reached): void {
    const error = findChange({ ...this.#looked, from, to, rng, reached: bytes });
    if (error !== undefined) throw error;
  }
}
