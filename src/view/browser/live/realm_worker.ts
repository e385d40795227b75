/**
 * The realm in a worker of the page: it is told by messages what to do and answers by messages; the step
 * that runs in it can do neither.
 *
 * @module
 */

/// <reference lib="dom" />

import * as jobs from "../../../sandbox/realm/jobs.ts";
import type { RealmIo, RealmPart } from "../../../sandbox/realm/realm_io.ts";
import { runRealm } from "../../../sandbox/realm/run_realm.ts";
import * as numpy from "../../../rng/numpy/generator.ts";
import { measurePace, PACE } from "./pace.ts";
import { LOADING, type Position } from "../../../sandbox/wire/position.ts";

/** Most steps between two looks at the clock. */
const STEPS_UNWATCHED_MAX = 64;

/** As long as steps take at least this many milliseconds in all, the clock is looked at after each. */
const SLOW_MS = 20;

/** How often the page hears that steps are being made, in milliseconds. */
const BEAT_MS = 100;

/** Waits for the page's port, then answers jobs until the worker ends. */
export function runWorker(): void {
  addEventListener("message", ({ data, ports }) => {
    const [port] = ports;
    if (port === undefined) return;
    if (data === PACE) port.onmessage = () => port.postMessage(measurePace());
    else void serve(port);
  }, { once: true });
}

async function serve(port: MessagePort): Promise<void> {
  // All that is needed after the lock-down, which takes it away.
  const post = port.postMessage.bind(port);
  const now = performance.now.bind(performance);
  const messages = new Messages();
  port.onmessage = ({ data }) => messages.add(data as Uint8Array[]);
  const parts = { jobs, numpy } as unknown as Record<RealmPart, Record<string, unknown>>;
  const io: RealmIo = {
    request: () => messages.next(),
    checkpoint: () => messages.rest.shift(),
    send: (bytes) => {
      const copy = bytes.slice();
      post(copy, [copy.buffer]);
    },
    memoryBytes: () => 0,
    now,
    position: beating(post, now),
    enforce: () => {},
    loadPart: (part) => Promise.resolve(parts[part]),
    evaluate: evaluator(),
  };
  // Its child process would end by this in the command line.
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    post("rejected");
  });
  post("ready");
  await runRealm(io);
}

/** What the page sends: a request, and with it all that the request needs. */
class Messages {
  /** What came with the request at hand and was not yet read. */
  rest: Uint8Array[] = [];
  readonly #waiting: Uint8Array[][] = [];
  #wake: (() => void) | undefined;

  add(message: Uint8Array[]): void {
    this.#waiting.push(message);
    this.#wake?.();
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.#waiting.length === 0) await new Promise<void>((wake) => this.#wake = wake);
    const [request, ...rest] = this.#waiting.shift()!;
    this.rest = rest;
    return request;
  }
}

/** A place that tells the page from time to time that it is being written to. */
function beating(post: (t: number) => void, now: () => number): Position {
  let t = LOADING;
  let every = 1;
  let left = 1;
  let lookedAt = now();
  let toldAt = lookedAt;
  const look = (): void => {
    const at = now();
    every = at - lookedAt > SLOW_MS ? 1 : Math.min(2 * every, STEPS_UNWATCHED_MAX);
    left = every;
    lookedAt = at;
    if (at - toldAt < BEAT_MS) return;
    toldAt = at;
    post(t);
  };
  return {
    get 0() {
      return t;
    },
    set 0(value) {
      t = value;
      if (--left <= 0) look();
    },
    1: 0,
  };
}

/** Modules come from blobs: the worker's policy lets nothing else be loaded. */
function evaluator(): RealmIo["evaluate"] {
  const { createObjectURL, revokeObjectURL } = URL;
  const BlobClass = Blob;
  const urlOf = (text: string): string =>
    createObjectURL(new BlobClass([text], { type: "text/javascript" }));
  return async (_, source) => {
    const url = urlOf(source);
    // No promise may resolve with the module itself: a `then` that it exports would be called.
    const wrapper = urlOf(`import * as exports from ${JSON.stringify(url)}; export { exports };`);
    try {
      return await import(wrapper);
    } finally {
      revokeObjectURL(url);
      revokeObjectURL(wrapper);
    }
  };
}
