/**
 * How much of a processor a busy worker gets. On a machine with other work, two seconds in which a step tells nothing
 * may be a tenth of a second of its own time: a step must not be stopped for that.
 *
 * @module
 */

/// <reference lib="dom" />

import { startWorker } from "./worker_frame.ts";

/** What the measuring worker is told to be. */
export const PACE = "pace";

/** For so long it works, in milliseconds of its own. */
const OWN_MS = 15;

/** Between two looks at the clock no more time than this passes, in milliseconds, unless somebody else ran. */
const GAP_MS = 2.5;

/** In a worker: works for a while, and tells what part of the time was its own. */
export function measurePace(): number {
  const start = performance.now();
  let last = start;
  let taken = 0;
  while (last - start - taken < OWN_MS) {
    const at = performance.now();
    if (at - last > GAP_MS) taken += at - last;
    last = at;
  }
  return OWN_MS / Math.max(OWN_MS, last - start);
}

let port: MessagePort | undefined;
let share = 1;
/** When the measurement under way was asked for. */
let askedAt: number | undefined;

/** The part of a processor that a worker gets now; each call asks for a newer measurement. */
export function currentShare(): number {
  if (port === undefined) {
    ({ port } = startWorker(PACE));
    port.onmessage = ({ data }) => {
      share = Number(data);
      askedAt = undefined;
    };
  }
  const now = performance.now();
  if (askedAt === undefined) {
    askedAt = now;
    port.postMessage(0);
    return share;
  }
  // An answer that does not come tells as much.
  return Math.min(share, OWN_MS / Math.max(OWN_MS, now - askedAt));
}
