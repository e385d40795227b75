/**
 * How much of a processor a busy worker gets. On a machine with other work, two seconds in which a step tells nothing
 * may be a tenth of a second of its own time: a step must not be stopped for that.
 *
 * @module
 */

/// <reference lib="dom" />

/** What the measuring worker is told to be. It is the page's own, in no frame, and runs no code of a file. */
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

/** With so much of a processor, or more, a worker is waited for no longer than with all of it. */
const SHARE_ENOUGH = 0.5;

/** However busy a machine is, waiting has an end: no part of a processor is taken for smaller than this. */
const SHARE_MIN = 0.1;

/** Between two measurements, in milliseconds. */
const EVERY_MS = 1000;

let port: MessagePort | undefined;
/** Time counts this much. */
let weight = 1;
let askedAt = -Infinity;

/**
 * Measures what part of a processor a worker gets now. To be called while steps tell that they are made: of one that
 * hangs it would be measured what it takes itself.
 */
export function measureShare(): void {
  const now = performance.now();
  if (now - askedAt < EVERY_MS) return;
  askedAt = now;
  port ??= startMeasuring();
  port.postMessage(0);
}

function startMeasuring(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const { rewindProgram } = globalThis as unknown as { rewindProgram: string };
  const url = URL.createObjectURL(new Blob([rewindProgram], { type: "text/javascript" }));
  new Worker(url).postMessage(PACE, [port2]);
  port1.onmessage = ({ data }) => {
    weight = Math.min(1, Math.max(SHARE_MIN, Number(data)) / SHARE_ENOUGH);
  };
  return port1;
}

/** How often one looks whether a worker lives, in milliseconds. */
export const LOOK_MS = 100;

/** Between two looks no more time than this counts, in milliseconds: what is more was taken from the page. */
const PASSED_MAX_MS = 250;

/** Silence so short is none, in milliseconds. */
const QUIET_MS = 300;

/** How long somebody has told nothing. Time that the page, or other programs, took from them does not count. */
export class Silence {
  #ms = 0;
  #lookedAt: number | undefined;

  /** Ends it. */
  heard(): void {
    this.#ms = 0;
    this.#lookedAt = undefined;
  }

  /** Milliseconds so far, to be asked for every {@linkcode LOOK_MS}; 0 where it is too short to be one. */
  look(): number {
    const now = performance.now();
    const passed = Math.min(PASSED_MAX_MS, now - (this.#lookedAt ?? now));
    this.#lookedAt = now;
    if (this.#ms === 0) measureShare();
    this.#ms += this.#ms < QUIET_MS ? passed : passed * weight;
    return this.#ms < QUIET_MS ? 0 : this.#ms;
  }
}
