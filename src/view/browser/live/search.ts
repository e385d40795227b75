/**
 * Searches a run for states, piece by piece, so that one sees how far it is and can stop it.
 *
 * @module
 */

/// <reference lib="dom" />

import type { LiveRun } from "./live_run.ts";

/** How long a piece should take, in milliseconds. */
const PIECE_MS = 250;

/** What is searched for, and where. */
export interface SearchOptions {
  /** Text of a predicate of state and t. */
  readonly where: string;
  /** First t. */
  readonly from: number;
  /** One past the last t. */
  readonly to: number;
  /** From the end on. */
  readonly backwards: boolean;
  readonly signal: AbortSignal;
  /** Called with how much of it is done, from 0 to 1. */
  readonly onProgress: (part: number) => void;
}

/** The nearest t; undefined if there is none. */
export async function search(live: LiveRun, options: SearchOptions): Promise<number | undefined> {
  const { where, from, to, backwards, signal, onProgress } = options;
  await using session = live.session(signal);
  const find = (first: number, end: number): Promise<number | undefined> =>
    session.find(live.record, where, { from: first, to: end });
  let size = 2 * live.record.blockSize;
  for (let done = 0; done < to - from;) {
    const started = performance.now();
    const count = Math.min(size, to - from - done);
    const first = backwards ? to - done - count : from + done;
    const found = await find(first, first + count);
    if (found !== undefined) return backwards ? await last(find, found, first + count) : found;
    done += count;
    onProgress(done / (to - from));
    const spent = performance.now() - started;
    size = Math.ceil(size * Math.min(4, Math.max(0.25, PIECE_MS / Math.max(1, spent))));
  }
  return undefined;
}

/** The last hit below `end`, given one. */
async function last(
  find: (from: number, to: number) => Promise<number | undefined>,
  hit: number,
  end: number,
): Promise<number> {
  let known = hit;
  let high = end;
  while (high - known > 1) {
    const middle = known + Math.ceil((high - known) / 2);
    const found = await find(middle, high);
    if (found === undefined) high = middle;
    else known = found;
  }
  return known;
}
