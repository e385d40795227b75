/**
 * One worker that runs a step: gives it jobs, watches that it lives, and treats every answer as a claim.
 *
 * @module
 */

/// <reference lib="dom" />

import { encodeState } from "../../../codec/encode_state.ts";
import type { MathKind, Shims } from "../../../engine/types.ts";
import { SandboxError } from "../../../errors.ts";
import { PAGE_FRAME_BUSY_MS, PAGE_FRAME_SILENCE_MS, PAGE_HANG_MS } from "../../limits.ts";
import type { ChildFault as DenoFault } from "../../../sandbox/host/sandbox_child.ts";
import {
  decodeClaim,
  decodeItems,
  type Frame,
  FrameReader,
  type Item,
  refuse,
} from "../../../sandbox/wire/frame_reader.ts";
import { FRAME_KIND, NONCE_BYTES } from "../../../sandbox/wire/frames.ts";
import { LOADING } from "../../../sandbox/wire/position.ts";
import type { JobRequest, SessionRequest } from "../../../sandbox/wire/requests.ts";
import { LOOK_MS, measureShare, Silence } from "./pace.ts";
import {
  askFrame,
  replaceLostFrame,
  startWorker,
  type WorkerEnd,
  type WorkerHandle,
} from "./worker_frame.ts";

/** A worker has this long to read its own program, in milliseconds: nothing of the step runs yet. */
const BOOT_MS = 20_000;

/** A message of a worker: an answer's bytes, or the t that its step is at. */
type Message = Uint8Array | number;

/** The module that a worker runs. */
export interface WorkerModule {
  readonly source: string;
  readonly math: MathKind;
  readonly shims: Shims | undefined;
  readonly memoryBytesMax: number;
}

/** One worker. */
export class StepWorker {
  readonly #worker: WorkerHandle;
  readonly #frames: FrameReader;
  readonly #received: Message[] = [];
  readonly #silence = new Silence();
  #wake: (() => void) | undefined;
  /** When it was there; Infinity before. */
  #readyAt = Infinity;
  #isBusy = false;
  #isLost = false;
  /** Where the step was when it last told. */
  #t = LOADING;
  #death: SandboxError | undefined;
  #workedMs = 0;

  /** Starts it; nothing of the module runs before the first job. */
  constructor(module: WorkerModule) {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    this.#frames = new FrameReader(nonce);
    this.#worker = startWorker();
    this.#worker.port.onmessage = ({ data }) => this.#take(data);
    this.#worker.onEnd = (how) => {
      // What ended while nothing of the step ran in it was not to blame.
      this.#isLost = how === "lost" && !(this.#isBusy && this.isReady);
      this.end(this.#endedError(how));
    };
    const session: SessionRequest = { nonce, signature: "", parentPid: 0, ...module };
    this.#worker.port.postMessage([encodeState(session)]);
  }

  /** Whether it has read its program. */
  get isReady(): boolean {
    return this.#readyAt !== Infinity;
  }

  /** For how long it had jobs since it was ready, in milliseconds. */
  get workedMs(): number {
    return this.#workedMs;
  }

  /** Whether it ended with the process of others, while nothing of the step ran in it. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether something of an answer is there that nobody has asked for. */
  get saidMore(): boolean {
    return this.#received.some((message) => typeof message !== "number");
  }

  /** Gives it a job; yields the items of the answer, and returns what its end says. */
  async *run(
    job: JobRequest,
    messages: readonly Uint8Array[],
    outputBytesMax: number,
  ): AsyncGenerator<Item[], unknown, void> {
    this.#frames.expect(outputBytesMax);
    this.#silence.heard();
    this.#isBusy = true;
    measureShare();
    const started = performance.now();
    this.#worker.port.postMessage([encodeState(job), ...messages]);
    const timer = setInterval(() => this.#look(), LOOK_MS);
    try {
      for (;;) {
        for (const { kind, payload } of await this.#nextFrames()) {
          if (kind === FRAME_KIND.items) {
            yield decodeItems(payload);
          } else if (kind === FRAME_KIND.error) throw new ChildFault(decodeClaim(payload));
          else return decodeClaim(payload);
        }
      }
    } finally {
      clearInterval(timer);
      this.#isBusy = false;
      this.#workedMs += Math.max(0, performance.now() - Math.max(started, this.#readyAt));
    }
  }

  /** Ends it, for a reason that whoever waits for it is told. */
  end(death: SandboxError, how: { readonly hangs?: boolean } = {}): void {
    this.#death ??= death;
    this.#worker.kill(how);
    this.#wake?.();
  }

  /** Ends it; nobody waits for it. */
  kill(): void {
    this.#worker.kill();
  }

  #take(message: unknown): void {
    this.#silence.heard();
    if (message === "ready") this.#readyAt = performance.now();
    else if (message === "rejected") this.end(rejectedError());
    else if (typeof message === "number") this.#t = message;
    else if (message instanceof Uint8Array) {
      this.#received.push(message);
      this.#wake?.();
    } else this.end(refuse("it is no bytes"));
  }

  async #nextFrames(): Promise<Frame[]> {
    while (this.#received.length === 0) {
      if (this.#death !== undefined) throw this.#death;
      await new Promise<void>((wake) => this.#wake = wake);
    }
    const frames: Frame[] = [];
    for (const message of this.#received.splice(0)) {
      if (message instanceof Uint8Array) frames.push(...this.#frames.push(message));
    }
    return frames;
  }

  /** A worker that died tells nothing, as one that hangs. */
  #look(): void {
    const silentMs = this.#silence.look();
    if (silentMs === 0) return;
    askFrame();
    if (silentMs < PAGE_HANG_MS) return;
    // It may be that all of its process died.
    if (replaceLostFrame(this.isReady ? PAGE_FRAME_SILENCE_MS : PAGE_FRAME_BUSY_MS)) return;
    if (!this.isReady && silentMs < BOOT_MS) return;
    this.end(
      new SandboxError(
        "timeout",
        `Cannot go on: the step gave no sign of life for ${PAGE_HANG_MS / 1000} s and was stopped` +
          `${this.#place()}: it loops, or it ran out of memory`,
        { hint: HINT },
      ),
      { hangs: true },
    );
  }

  #endedError(how: WorkerEnd): SandboxError {
    if (!this.isReady && how === "failed") {
      return new SandboxError("crashed", "Cannot go on: the step's worker could not run");
    }
    const what = how === "failed" ? "the step's worker" : "the process in which the step ran";
    return new SandboxError(
      "memory",
      `Cannot go on: the browser ended ${what}${this.#place()}: it probably ran out of memory`,
      { hint: HINT },
    );
  }

  #place(): string {
    return this.#t === LOADING ? "" : ` (it was at t=${this.#t} or a little later)`;
  }
}

/** What to do instead. */
const HINT = "the command line has limits that can be raised: --timeout, --memory";

function rejectedError(): SandboxError {
  return new SandboxError(
    "refused",
    "Cannot go on: the step module failed outside of any call, such as by a promise that was rejected and not " +
      "handled",
    { hint: "make the step synchronous" },
  );
}

/** An error in user code, as the worker tells it; not yet checked or escaped. */
export class ChildFault extends Error implements DenoFault {
  /** What the worker says. */
  readonly claim: unknown;

  /** Carries what the worker says. */
  constructor(claim: unknown) {
    super("the worker reports an error");
    this.claim = claim;
  }
}
