/**
 * One worker of the page that runs a step: gives it jobs, watches that it lives, and treats every answer as a
 * claim. It takes the place of `sandbox/host/sandbox_child.ts` in the page's program, so that all that asks
 * children and gives verdicts is the same code as in the command line.
 *
 * @module
 */

/// <reference lib="dom" />

import type {
  ChildFault as DenoFault,
  ChildOptions,
  Messages,
  SandboxChild as DenoChild,
} from "../../../sandbox/host/sandbox_child.ts";
import { checkLimits } from "../../../sandbox/host/sandbox_limits.ts";
import { checkSource } from "../../../sandbox/host/static_rules.ts";
import { encodeState } from "../../../codec/encode_state.ts";
import { SandboxError } from "../../../errors.ts";
import { PAGE_HANG_MS } from "../../../limits.ts";
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
import type { JobInput, JobRequest, SessionRequest } from "../../../sandbox/wire/requests.ts";
import { LOOK_MS, measureShare, Silence } from "./pace.ts";
import {
  askFrame,
  replaceLostFrame,
  startWorker,
  type WorkerEnd,
  type WorkerHandle,
} from "./worker_frame.ts";

export type { ChildOptions, Messages };

/** A worker has this long to read its own program, in milliseconds: nothing of the step runs yet. */
const BOOT_MS = 20_000;

/** A message of a worker: an answer's bytes, or the t that its step is at. */
type Message = Uint8Array | number;

/** One worker. */
export class SandboxChild implements Pick<DenoChild, keyof DenoChild> {
  readonly #worker: WorkerHandle;
  readonly #frames: FrameReader;
  readonly #outputBytesMax: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () =>
    this.#end(new SandboxError("aborted", "Cannot go on: the pass was stopped"));
  readonly #received: Message[] = [];
  #wake: (() => void) | undefined;
  #isReady = false;
  /** Where the step was when it last told. */
  #t = LOADING;
  readonly #silence = new Silence();
  #death: SandboxError | undefined;

  /**
   * Starts a worker for one step module.
   *
   * @throws {UnsafeArtifactError} If the source breaks a static rule.
   */
  constructor(options: ChildOptions) {
    const { source, math = "portable", shims, signal } = options;
    const { outputBytesMax, memoryBytesMax } = checkLimits(options);
    checkSource(source);
    signal?.throwIfAborted();
    this.#outputBytesMax = outputBytesMax;
    this.#signal = signal;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    this.#frames = new FrameReader(nonce);
    this.#worker = startWorker();
    this.#worker.port.onmessage = ({ data }) => this.#take(data);
    this.#worker.onEnd = (how) => this.#end(this.#endedError(how));
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    const session: SessionRequest = {
      ...{ nonce, signature: "", parentPid: 0, memoryBytesMax, source, math, shims },
    };
    this.#worker.port.postMessage([encodeState(session)]);
  }

  /** As the child process of the command line does it. */
  async *run(job: JobInput, messages: Messages = []): AsyncGenerator<Item[], unknown, void> {
    const request = { ...job, timeoutMs: Infinity } as JobRequest;
    const following = Symbol.iterator in messages
      ? [...messages]
      // Behind what comes asynchronously, an empty message is the end.
      : [...await Array.fromAsync(messages), new Uint8Array(0)];
    this.#frames.expect(this.#outputBytesMax);
    this.#silence.heard();
    measureShare();
    this.#worker.port.postMessage([encodeState(request), ...following]);
    const timer = setInterval(() => this.#look(), LOOK_MS);
    let ended = false;
    try {
      for (;;) {
        for (const { kind, payload } of await this.#nextFrames()) {
          if (kind === FRAME_KIND.items) {
            yield decodeItems(payload);
          } else {
            ended = true;
            if (kind === FRAME_KIND.error) throw new ChildFault(decodeClaim(payload));
            return decodeClaim(payload);
          }
        }
      }
    } finally {
      clearInterval(timer);
      if (!ended) await this[Symbol.asyncDispose]();
    }
  }

  /**
   * Ends the worker, so that nothing runs after its last answer.
   *
   * @throws {SandboxError} If it had said more.
   */
  async close(): Promise<void> {
    await this[Symbol.asyncDispose]();
    if (this.#received.some((message) => typeof message !== "number")) {
      throw refuse("it went on after its answer");
    }
  }

  /** Kills the worker. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#worker.kill();
    return Promise.resolve();
  }

  #take(message: unknown): void {
    this.#silence.heard();
    if (message === "ready") this.#isReady = true;
    else if (message === "rejected") this.#end(rejectedError());
    else if (typeof message === "number") this.#t = message;
    else if (message instanceof Uint8Array) {
      this.#received.push(message);
      this.#wake?.();
    } else this.#end(refuse("it is no bytes"));
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
    if (silentMs < (this.#isReady ? PAGE_HANG_MS : BOOT_MS)) return;
    // It may be that all of its process died.
    if (replaceLostFrame()) return;
    this.#end(
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
    if (!this.#isReady && how === "failed") {
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

  #end(death: SandboxError, how: { readonly hangs?: boolean } = {}): void {
    this.#death ??= death;
    this.#worker.kill(how);
    this.#wake?.();
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
