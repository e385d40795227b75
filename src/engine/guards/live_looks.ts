/**
 * What a plain loop has and a checkpoint has not: numbers that a codec rounds, and what an observable says of a state
 * that was never copied.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, differences, equalBytes } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { formatValue } from "../../codec/format_value.ts";
import { plainView } from "../../codec/plain_view.ts";
import { GuardError } from "../../errors.ts";
import type { Observable } from "../types.ts";
import { decodeWith, encodeWith } from "../user_codec.ts";
import { PlainLoop } from "./plain_loop.ts";
import type { LiveLooks, Looked, SecondInstance } from "./second_instance.ts";

/**
 * Looks at live states, and goes on from them beside the recording.
 *
 * @param second The functions to run, which nobody else has.
 * @param observe The observables that the module exports.
 * @param now A clock, in milliseconds.
 */
export function liveLooks<S>(
  second: SecondInstance<S>,
  observe: Readonly<Record<string, Observable<S>>>,
  now: () => number,
): LiveLooks<S> {
  const look = (looked: Looked<S>): void => checkLooks(observe, looked);
  return {
    start: look,
    end(looked): void {
      checkRounding(looked);
      look(looked);
    },
    goOn: (live) => new PlainLoop(live, { second, look, now }),
  };
}

/**
 * Finds an observable that tells a state from a copy of it.
 *
 * @throws {GuardError} If one says something else of the live state than of the decoded one.
 */
function checkLooks<S>(
  observe: Readonly<Record<string, Observable<S>>>,
  { live, bytes, t, codec }: Looked<S>,
): void {
  for (const [name, look] of Object.entries(observe)) {
    const said = saying(look, live);
    const copied = saying(look, decodeWith(codec, bytes));
    if (said === undefined || copied === undefined || said === copied) continue;
    // One that remembers what it saw is another mistake.
    if (saying(look, live) !== said) continue;
    // Nor is it to blame where the state is another one, which the step is blamed for.
    const { kind } = compareEncodings(encodeWith(codec, live), bytes, { mayBeFrozen: true });
    if (kind === "value") return;
    throw new GuardError(
      { kind: "observer", path: `observe.${name}`, t },
      `Cannot use observe.${name}: it tells a state from a copy of it: of state ${t} as a plain loop has it, it is ` +
        `${said}, and ${copied} after a checkpoint`,
      {
        hint:
          "compare values or names, not whether two objects are one: a state is copied at each checkpoint",
      },
    );
  }
}

/** What an observable gives, as text; undefined where it throws or gives no data, which is told where it is taken. */
function saying<S>(look: Observable<S>, state: S): string | undefined {
  try {
    const value: unknown = look(state);
    encodeState(value);
    return formatValue(value);
  } catch {
    return undefined;
  }
}

/** Parts of a number by which a codec changes it where it rounds. */
const ROUNDING_MAX = 1e-3;

/** Most differences that are looked through: what a codec leaves out is no mistake in itself. */
const DIFFERENCES_MAX = 1000;

/**
 * Finds a codec that rounds.
 *
 * @throws {GuardError} If a number of the live state is almost the same in the decoded one.
 */
function checkRounding<S>({ live, bytes, t, codec }: Looked<S>): void {
  if (codec === undefined) return;
  const views = [plainView(live), plainView(decodeWith(codec, bytes))] as const;
  if (equalBytes(encodeState(views[0]), encodeState(views[1]))) return;
  let left = DIFFERENCES_MAX;
  for (const { path, expected, actual, ulps } of differences(...views)) {
    if (left-- === 0) return;
    const [before, after] = [Number(expected), Number(actual)];
    if (ulps === undefined || Number.isInteger(before) && Number.isInteger(after)) continue;
    if (Math.abs(before - after) > ROUNDING_MAX * Math.abs(before)) continue;
    throw new GuardError(
      { kind: "lost", path, t },
      `Cannot record: the codec rounds ${path}: it is ${expected} in state ${t}, and ${actual} after a checkpoint; a ` +
        "plain loop would go on from another state",
      { hint: "let the codec keep all digits, or let the step round as the codec does" },
    );
  }
}
