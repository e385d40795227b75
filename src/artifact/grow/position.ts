/**
 * How far an unfinished recording has come, and how it is to go on: what its tail file says besides the
 * sections that would follow if it ended now.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { STEPS_MAX } from "../../limits.ts";
import { damaged } from "../damaged.ts";
import { isPlainObject } from "../header_values.ts";

/** How a recording goes on when it is resumed. What is undefined was not asked for. */
export interface RecordingSettings {
  /** Number of states to record; undefined if that is open. */
  readonly steps?: number | undefined;
  /** Text of the predicate that ends it. */
  readonly until?: string | undefined;
  /** Texts of the observables that the module does not export, by name. */
  readonly expressions?: Readonly<Record<string, string>> | undefined;
  /** Whether each block is replayed at once. */
  readonly selfCheck?: boolean | undefined;
  /** Most seconds between two flushes. */
  readonly flushSeconds: number;
  /** Content hash of the finished artifact that this one is to replace at its end; undefined if none. */
  readonly replaces?: Uint8Array | undefined;
}

/** What a tail file says. */
export interface Position {
  /** Length of the part of the artifact that it belongs to. */
  readonly prefixBytes: number;
  /** SHA-256 of the first bytes of that part and of the entries of its sections. */
  readonly prefixHash: Uint8Array;
  /** How the recording goes on. */
  readonly settings: RecordingSettings;
}

const KEYS = [
  "prefixBytes",
  "prefixHash",
  "steps",
  "until",
  "expressions",
  "selfCheck",
  "flushSeconds",
  "replaces",
];

/** Length of a hash. */
const HASH_BYTES = 32;

/** Canonical bytes of a position; what is undefined is left out. */
export function encodePosition({ prefixBytes, prefixHash, settings }: Position): Uint8Array {
  const { steps, until, expressions, selfCheck, flushSeconds, replaces } = settings;
  const isEmpty = expressions === undefined || Object.keys(expressions).length === 0;
  const value = {
    prefixBytes,
    prefixHash,
    steps,
    until,
    expressions: isEmpty ? undefined : { ...expressions },
    selfCheck: selfCheck === true ? true : undefined,
    flushSeconds,
    replaces,
  };
  return encodeState(
    Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)),
  );
}

/**
 * Reads a position.
 *
 * @throws {ArtifactIntegrityError} If it is none.
 */
export function decodePosition(bytes: Uint8Array): Position {
  const value = decodeState(bytes);
  if (!isPlainObject(value) || !isInOrder(Object.keys(value))) throw bad("list of fields");
  const { prefixBytes, prefixHash, steps, until, expressions, selfCheck } = value;
  const { flushSeconds, replaces } = value;
  if (!isWhole(prefixBytes)) throw bad("prefixBytes");
  if (!isHash(prefixHash)) throw bad("prefixHash");
  if (steps !== undefined && !(isWhole(steps) && steps >= 1 && steps <= STEPS_MAX)) {
    throw bad("steps");
  }
  if (until !== undefined && typeof until !== "string") throw bad("until");
  if (expressions !== undefined && !areTexts(expressions)) throw bad("expressions");
  if (selfCheck !== undefined && selfCheck !== true) throw bad("selfCheck");
  if (typeof flushSeconds !== "number" || !(flushSeconds > 0)) throw bad("flushSeconds");
  if (replaces !== undefined && !isHash(replaces)) throw bad("replaces");
  return {
    prefixBytes,
    prefixHash,
    settings: { steps, until, expressions, selfCheck: selfCheck ?? false, flushSeconds, replaces },
  };
}

function isInOrder(names: readonly string[]): boolean {
  let next = 0;
  for (const name of names) {
    const at = KEYS.indexOf(name, next);
    if (at < 0) return false;
    next = at + 1;
  }
  return true;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_BYTES;
}

function areTexts(value: unknown): value is Record<string, string> {
  return isPlainObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function bad(field: string): Error {
  return damaged(`its tail has a bad ${field}`);
}
