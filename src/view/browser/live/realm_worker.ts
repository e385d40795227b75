/**
 * The realm in a worker of the page: it is told by messages what to do and answers by messages; the step
 * that runs in it can do neither.
 *
 * @module
 */

/// <reference lib="dom" />

import * as jobs from "../../../sandbox/realm/jobs.ts";
import { nameStepFile } from "../../../sandbox/realm/frames.ts";
import type { RealmIo, RealmPart } from "../../../sandbox/realm/realm_io.ts";
import { runRealm } from "../../../sandbox/realm/run_realm.ts";
import * as numpy from "../../../rng/numpy/generator.ts";
import { measurePace, PACE } from "./pace.ts";
import { STEP_MODULE_ID } from "../../../sandbox/wire/answers.ts";
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
  const evaluator = new Evaluator();
  const messages = new Messages(() => evaluator.prepare());
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
    evaluate: evaluator.evaluate,
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
  readonly #onIdle: () => void;
  #wake: (() => void) | undefined;

  /** @param onIdle Called when all that came was answered. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  add(message: Uint8Array[]): void {
    this.#waiting.push(message);
    this.#wake?.();
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.#waiting.length === 0) {
      this.#onIdle();
      await new Promise<void>((wake) => this.#wake = wake);
    }
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

/** What a module is loaded from. */
interface ModuleUrls {
  readonly text: string;
  readonly module: string;
  readonly wrapper: string;
}

/** Loads modules from blobs: the worker's policy lets nothing else be loaded. Each time is a module of its own. */
class Evaluator {
  readonly #createUrl = URL.createObjectURL;
  readonly #revokeUrl = URL.revokeObjectURL;
  readonly #Blob = Blob;
  /** Text of the step module. */
  #step: string | undefined;
  /** To make them takes as long as most jobs. */
  #ready: ModuleUrls | undefined;

  readonly evaluate: RealmIo["evaluate"] = async (id, source) => {
    const urls = this.#ready?.text === source ? this.#ready : this.#urlsOf(source);
    if (id === STEP_MODULE_ID) {
      this.#step = source;
      nameStepFile(urls.module);
    }
    if (urls === this.#ready) this.#ready = undefined;
    try {
      return await import(urls.wrapper);
    } finally {
      this.#revokeUrl(urls.module);
      this.#revokeUrl(urls.wrapper);
    }
  };

  /** Makes ready for the step module once more; to be called while nobody waits. */
  prepare(): void {
    if (this.#step !== undefined) this.#ready ??= this.#urlsOf(this.#step);
  }

  #urlsOf(text: string): ModuleUrls {
    const module = this.#urlOf(text);
    // No promise may resolve with the module itself: a `then` that it exports would be called.
    const wrapper = `import * as exports from ${JSON.stringify(module)}; export { exports };`;
    return { text, module, wrapper: this.#urlOf(wrapper) };
  }

  #urlOf(text: string): string {
    return this.#createUrl(new this.#Blob([text], { type: "text/javascript" }));
  }
}
