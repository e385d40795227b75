/**
 * Whether functions of a state see what `get` would show of it. Between checkpoints nobody reads a state but
 * the next step and such functions: a Proxy, a getter or an instance of a class can tell them other numbers
 * than its bytes hold.
 * This module is browser compatible.
 *
 * Some states are looked at twice: the function is called with what decoding the state's bytes would give,
 * and with the state itself, and must say the same. All of them while that takes little, then as many as a
 * small share of the time allows, chosen by chance that the step does not know.
 *
 * @module
 */

import { StateEncodingError } from "../../errors.ts";
import { decodeWith, encodeWith } from "../../engine/user_codec.ts";
import type { StateCodec } from "../../engine/types.ts";
import { createRng } from "../../rng/backends.ts";
import type { RealmIo } from "./realm_io.ts";

/** So many states are looked at twice whatever it takes. */
const FREE_LOOKS = 100;

/** And more, until that has taken so long, in milliseconds. */
const FREE_MS = 20;

/** Then this share of the time goes into it. */
const TIME_SHARE = 0.05;

/** Most states on average from one that is looked at twice to the next. */
const GAP_MAX = 65_536;

/** Decides which states are looked at twice, and looks. One per job. */
export class DoubleLook {
  readonly #now: () => number;
  readonly #codec: StateCodec<unknown> | undefined;
  readonly #chance: { random(): number };
  readonly #startedAt: number;
  #looks = 0;
  #spentMs = 0;
  /** States to pass over. */
  #left = 0;
  /** How many are passed over on average. */
  #gap = 1;

  /**
   * @param io A clock.
   * @param options Translation of states, and a number that the step does not know.
   */
  constructor(
    { now }: Pick<RealmIo, "now">,
    { codec, secret }: { codec: StateCodec<unknown> | undefined; secret: bigint },
  ) {
    this.#now = now;
    this.#codec = codec;
    this.#chance = createRng("sfc32", secret);
    this.#startedAt = now();
  }

  /**
   * A function of states that looks twice.
   *
   * @param who What the function is called in messages.
   * @param look The function; it must depend on its arguments alone.
   * @param same Whether two of its answers are the same.
   * @throws {StateEncodingError} If it does not say the same of a state and of its copy, or the state is no
   * data.
   */
  watch<A extends unknown[], T>(
    who: string,
    look: (state: unknown, ...rest: A) => T,
    same: (a: T, b: T) => boolean,
  ): (state: unknown, ...rest: A) => T {
    return (state, ...rest) => {
      if (!this.#isDue(state)) return look(state, ...rest);
      const started = this.#now();
      const shown = look(shownOf(this.#codec, state), ...rest);
      if (!same(shown, look(state, ...rest))) throw unlike(who);
      this.#plan(started);
      return shown;
    };
  }

  /** A number, a text or the like cannot lie. */
  #isDue(state: unknown): boolean {
    if ((typeof state !== "object" || state === null) && typeof state !== "function") return false;
    return this.#left-- <= 0;
  }

  #plan(started: number): void {
    const now = this.#now();
    this.#spentMs += now - started;
    if (++this.#looks < FREE_LOOKS) return;
    const isDear = this.#spentMs > Math.max(FREE_MS, TIME_SHARE * (now - this.#startedAt));
    this.#gap = isDear ? Math.min(2 * this.#gap, GAP_MAX) : Math.max(this.#gap / 2, 1);
    this.#left = Math.floor(2 * (this.#gap - 1) * this.#chance.random());
  }
}

/** What `get` would show: not a copy made by other means, which a Proxy could tell something else. */
function shownOf(codec: StateCodec<unknown> | undefined, state: unknown): unknown {
  return decodeWith(codec, encodeWith(codec, state));
}

/** The error for a state that is not what it seems, or a function that does not depend on it alone. */
export function unlike(who: string): StateEncodingError {
  return new StateEncodingError(
    "state",
    `reads otherwise to ${who} than \`get\` shows it: it must be plain data through and through, with all that ` +
      `${who} reads kept by the codec if there is one, and ${who} must depend on its arguments alone`,
  );
}

/** Whether two predicates' answers are the same. */
export function sameTruth(a: unknown, b: unknown): boolean {
  return Boolean(a) === Boolean(b);
}

/** Whether two answers of an observable are: numbers or vectors; of anything else others will say so. */
export function sameObservation(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const [left, right] = [a as ArrayLike<unknown>, b as ArrayLike<unknown>];
  const { length } = left;
  if (length !== right.length) return false;
  for (let i = 0; i < length; i++) {
    const isRefused = isObject(left[i]) && isObject(right[i]);
    if (!isRefused && !Object.is(left[i], right[i])) return false;
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
