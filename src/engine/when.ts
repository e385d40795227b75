/**
 * When a part of the state changed: the states of a run are gone over once, and what is at a path is compared with
 * what was there one state before.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../codec/compare_states.ts";
import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { MISSING, readPath, type StatePath } from "../codec/path_reader.ts";
import { plainView } from "../codec/plain_view.ts";
import { StateEncodingError } from "../errors.ts";
import { StateDigest } from "./diverge/state_digest.ts";
import type { Replayer } from "./replay.ts";
import { holds } from "./predicate_result.ts";
import type { StateCodec } from "./types.ts";

/** A change of a part of the state. */
export interface Change {
  /** Index of the first state that has the new value. */
  readonly t: number;
  /** Whether the value is another one, or the part was not there before, or is not there any more. */
  readonly kind: "changed" | "appeared" | "disappeared";
  /** The value at t - 1; undefined where the part was not there. */
  readonly before: unknown;
  /** The value at t; undefined where the part is not there. */
  readonly after: unknown;
}

/** Whether a change is one that is looked for. */
export type ChangePredicate = (after: unknown, before: unknown, t: number) => unknown;

/** A value as it can be kept while the state is changed in place: itself, its bytes, or that it is not there. */
export type Snapshot = unknown;

/**
 * Reads a path from state to state. An object is encoded only where a hash says that it is another one than before, so
 * that the same bytes stand for it while it stays as it is.
 */
export class PathReader {
  readonly #path: StatePath;
  readonly #codec: StateCodec<unknown> | undefined;
  readonly #digest = new StateDigest();
  #hash = 0;
  #bytes: Uint8Array | undefined;

  /** Reads nothing yet. With a codec, what the decoded state does not show is read from what it encodes. */
  constructor(path: StatePath, codec: StateCodec<unknown> | undefined) {
    this.#path = path;
    this.#codec = codec;
  }

  /** What is at the path now, to be compared later. */
  read(state: unknown): Snapshot {
    const codec = this.#codec;
    const value = readPath(state, this.#path);
    if (codec !== undefined && (value === MISSING || isInstance(value))) {
      const encoded = readPath(codec.encode(state), this.#path);
      return this.#keep(encoded === MISSING && value !== MISSING ? plainView(value) : encoded);
    }
    return this.#keep(value);
  }

  #keep(value: unknown): Snapshot {
    if (typeof value !== "object" || value === null) return value;
    this.#digest.add(value);
    const hash = this.#digest.takeNumber();
    if (hash !== this.#hash || this.#bytes === undefined) this.#bytes = encodeState(value);
    this.#hash = hash;
    return this.#bytes;
  }
}

/** Whether a value is no plain data, as where it holds an instance of a class. */
function isInstance(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "function";
  try {
    encodeState(value);
    return false;
  } catch (error) {
    if (error instanceof StateEncodingError) return true;
    throw error;
  }
}

/** Whether two snapshots are of the same value. */
export function isSameSnapshot(a: Snapshot, b: Snapshot): boolean {
  if (Object.is(a, b)) return true;
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return false;
  return equalBytes(a, b) || compareEncodings(a, b).kind !== "value";
}

function valueOf(snapshot: Snapshot): unknown {
  if (snapshot === MISSING) return undefined;
  return snapshot instanceof Uint8Array ? decodeState(snapshot) : snapshot;
}

/** Watches one path from state to state. */
export class ChangeWatch {
  /** Whether there was anything at the path in any state so far. */
  isSeen = false;
  /** The change that was seen last. */
  last: Change | undefined;
  readonly #read: (state: unknown) => Snapshot;
  readonly #where: ChangePredicate | undefined;
  #before: Snapshot;

  /**
   * @param where Which changes to look for; all by default.
   * @param read Takes a snapshot of the part.
   */
  constructor(where: ChangePredicate | undefined, read: (state: unknown) => Snapshot) {
    this.#read = read;
    this.#where = where;
  }

  /** Begins with a state that nothing comes before. */
  start(state: unknown): void {
    this.#before = this.#read(state);
    this.isSeen ||= this.#before !== MISSING;
    this.last = undefined;
  }

  /** Looks at the next state; whether it has the change that is looked for. */
  look(state: unknown, t: number): boolean {
    const before = this.#before;
    const after = this.#read(state);
    if (Object.is(before, after)) return false;
    this.#before = after;
    if (isSameSnapshot(before, after)) return false;
    this.isSeen ||= after !== MISSING;
    const kind = before === MISSING ? "appeared" : after === MISSING ? "disappeared" : "changed";
    const answer = this.#where === undefined || this.#where(valueOf(after), valueOf(before), t);
    if (!holds(answer, "where")) return false;
    this.last = { t, kind, before, after };
    return true;
  }

  /** The change that was seen last, with its values. */
  change(): Change | undefined {
    const { last } = this;
    return last && { ...last, before: valueOf(last.before), after: valueOf(last.after) };
  }
}

/** The changes on the way of a replayer from X_t, where it stands, to X_to. */
export function* changesTo(
  replayer: Replayer<unknown>,
  { to, watch }: { readonly to: number; readonly watch: ChangeWatch },
): Generator<Change, void, void> {
  watch.start(replayer.state);
  const look = (state: unknown, t: number): boolean => watch.look(state, t);
  while (replayer.t < to && replayer.search(to, look)) yield watch.change()!;
}

/** The last change on that way. */
export function lastChangeTo(
  replayer: Replayer<unknown>,
  { to, watch }: { readonly to: number; readonly watch: ChangeWatch },
): Change | undefined {
  watch.start(replayer.state);
  replayer.search(to, (state, t) => {
    watch.look(state, t);
    return false;
  });
  return watch.change();
}
