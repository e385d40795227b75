/**
 * One sandbox child: gives it jobs, limits it, and treats every answer as a claim.
 *
 * @module
 */

import type { MathKind, Shims } from "../../engine/types.ts";
import { SANDBOX_STDERR_BYTES_MAX } from "../wire/limits.ts";
import { decodeClaim, decodeItems, FrameReader, type Item, refuse } from "../wire/frame_reader.ts";
import { FRAME_KIND, NONCE_BYTES } from "../wire/frames.ts";
import { encodeMessage, encodeMessages, encodeRequest } from "../wire/messages.ts";
import type { JobInput, JobRequest } from "../wire/requests.ts";
import { deathError, deathIn } from "./child_death.ts";
import { sendTexts } from "./child_texts.ts";
import { checkLimits, type SandboxLimits } from "./sandbox_limits.ts";
import { startChild } from "./spawn_child.ts";
import { checkSource } from "./static_rules.ts";
import type { SandboxFailure } from "../../error_types.ts";

/** What follows a job. */
export type Messages = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What a child is started with. */
export interface ChildOptions extends SandboxLimits {
  /** Source of the step module, one import-free ES module. */
  source: string;
  /** Name of the module's file, for errors. */
  stepId?: string | undefined;
  /** Source map of that source as JSON, where it is not what its author wrote. */
  sourceMap?: string | undefined;
  /**
   * Which transcendental functions the step sees as `Math`.
   *
   * @default {"portable"}
   */
  math?: MathKind;
  /** What the step sees of clock and randomness; nothing by default. */
  shims?: Shims | undefined;
  /** Kills the child when aborted. */
  signal?: AbortSignal;
}

/**
 * The child's watchdog kills it at the time limit and can tell at which t; this process does where it
 * has not after this time more.
 */
const TIMEOUT_SLACK_MS = 1000;

/** `setTimeout` takes no longer delay. */
const TIMER_MS_MAX = 2 ** 31 - 1 - TIMEOUT_SLACK_MS;

/** As much of the child's stderr as is kept for telling why it died. */
const STDERR_KEPT_BYTES = 4096;

/** One sandbox child. */
export class SandboxChild implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #frames: FrameReader;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #signature: string;
  readonly #timeoutMs: number;
  readonly #outputBytesMax: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#kill("aborted");
  readonly #errors: Promise<string>;
  #killedFor: SandboxFailure | undefined;
  /** Set when what the parent should send cannot be read; the child is killed then. */
  #feedError: unknown;

  /**
   * Starts a child for one step module. Nothing of the module runs before the first job.
   *
   * @throws {UnsafeArtifactError} If the source breaks a static rule.
   * @throws {RangeError} If a limit is not a positive number.
   * @throws {SandboxError} If no process can be started.
   */
  constructor(options: ChildOptions) {
    const { source, math = "portable", signal } = options;
    const limits = checkLimits(options);
    checkSource(source);
    signal?.throwIfAborted();
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    this.#signature = crypto.randomUUID();
    this.#frames = new FrameReader(nonce);
    this.#timeoutMs = limits.timeoutMs;
    this.#outputBytesMax = limits.outputBytesMax;
    this.#signal = signal;
    const child = startChild(limits.memoryBytesMax);
    this.#process = child.process;
    this.#output = this.#process.stdout.getReader();
    this.#input = child.input;
    this.#errors = this.#readErrors();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    const session = encodeRequest({
      nonce,
      signature: this.#signature,
      parentPid: Deno.pid,
      memoryBytesMax: limits.memoryBytesMax,
      source,
      math,
      shims: options.shims,
    });
    // Queued at once and in order; the first job is queued behind them.
    void sendTexts(child);
    void this.#send(session);
  }

  /**
   * Gives the child a job and what follows it, such as checkpoints; yields the items of the answer, as many together as come
   * together, and returns what its end says. A caller that stops early ends the child.
   *
   * @param job What to do; its time limit is the child's.
   * @param messages What follows the job, read one by one, at most as fast as the child takes them. Behind
   * those that come asynchronously, as many as there are until the answer ends, an empty one is sent.
   * @param options Of how many parts the job is: each has the limits to itself, and what it gives comes in soon.
   * @throws {ChildFault} If the child tells of an error in user code.
   * @throws {SandboxError} If a limit is hit, the child dies or its answer is not to be trusted.
   */
  async *run(
    job: JobInput,
    messages: Messages = [],
    { parts = 1 }: { readonly parts?: number } = {},
  ): AsyncGenerator<Item[], unknown, void> {
    this.#frames.expect(this.#outputBytesMax * parts);
    let timer = this.#startTimer();
    const answered = Promise.withResolvers<undefined>();
    const feeding = this.#feed(job, messages, answered.promise);
    let ended = false;
    try {
      for (;;) {
        const { value, done } = await this.#output.read();
        if (done) throw await this.#reasonOfDeath();
        if (parts > 1) {
          clearTimeout(timer);
          timer = this.#startTimer();
        }
        for (const { kind, payload } of this.#frames.push(value)) {
          if (kind === FRAME_KIND.items) {
            yield decodeItems(payload);
          } else {
            ended = true;
            answered.resolve(undefined);
            await feeding;
            if (kind === FRAME_KIND.error) throw new ChildFault(decodeClaim(payload));
            return decodeClaim(payload);
          }
        }
      }
    } finally {
      clearTimeout(timer);
      if (!ended) {
        this.#kill("crashed");
        answered.resolve(undefined);
        await feeding;
      }
    }
  }

  /**
   * Ends the child, so that nothing runs after its last answer, and makes sure that it had said nothing
   * more.
   *
   * @throws {SandboxError} If it had.
   */
  async close(): Promise<void> {
    this.#kill("crashed");
    const { done } = await this.#output.read();
    if (!done) throw refuse("it went on after its answer");
    await this[Symbol.asyncDispose]();
  }

  /** Kills the child and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#kill("crashed");
    await this.#input.abort().catch(ignore);
    await this.#output.cancel().catch(ignore);
    await this.#errors;
    await this.#process.status;
  }

  #startTimer(): ReturnType<typeof setTimeout> | undefined {
    if (this.#timeoutMs > TIMER_MS_MAX) return undefined;
    return setTimeout(() => this.#kill("timeout"), this.#timeoutMs + TIMEOUT_SLACK_MS);
  }

  #kill(reason: SandboxFailure): void {
    this.#killedFor ??= reason;
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It is already gone.
    }
  }

  /** Sends a job and what follows it; waits where the child does not read as fast. */
  async #feed(job: JobInput, messages: Messages, answered: Promise<undefined>): Promise<void> {
    try {
      await this.#send(encodeRequest({ ...job, timeoutMs: this.#timeoutMs } as JobRequest));
      if (Symbol.asyncIterator in messages) return await this.#feedLive(messages, answered);
      for (const bytes of encodeMessages(messages)) await this.#send(bytes);
    } catch (error) {
      this.#feedError = error;
      this.#kill("crashed");
    }
  }

  /** Sends messages as they come, until there are no more or nobody needs them. */
  async #feedLive(
    messages: AsyncIterable<Uint8Array>,
    answered: Promise<undefined>,
  ): Promise<void> {
    const iterator = messages[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([iterator.next(), answered]);
      if (next === undefined || next.done) break;
      await this.#send(encodeMessage(next.value));
    }
    await this.#send(encodeMessage(new Uint8Array(0)));
    // Not waited for: it may itself wait for a message that never comes.
    void iterator.return?.();
  }

  /** Writes to the child; that it no longer reads shows where its output ends. */
  #send(message: Uint8Array): Promise<void> {
    return this.#input.write(message).catch(ignore);
  }

  /** Keeps a little of stderr, never shown, and ends a child that floods it. */
  async #readErrors(): Promise<string> {
    const decoder = new TextDecoder();
    let bytes = 0;
    let text = "";
    try {
      for await (const chunk of this.#process.stderr) {
        bytes += chunk.length;
        if (bytes > SANDBOX_STDERR_BYTES_MAX) this.#kill("output");
        else if (text.length < STDERR_KEPT_BYTES) text += decoder.decode(chunk, { stream: true });
      }
    } catch {
      // The stream broke with the process.
    }
    return text;
  }

  async #reasonOfDeath(): Promise<unknown> {
    if (this.#feedError !== undefined) return this.#feedError;
    const killedFor = this.#killedFor;
    const [text, status] = await Promise.all([this.#errors, this.#process.status]);
    const known = deathIn(text, status, this.#signature);
    return deathError({ ...known, reason: killedFor ?? known.reason }, status);
  }
}

/** An error in user code, as the child tells it; not yet checked or escaped. */
export class ChildFault extends Error {
  /** What the child says. */
  readonly claim: unknown;

  /** Carries what the child says. */
  constructor(claim: unknown) {
    super("the child reports an error");
    this.claim = claim;
  }
}

function ignore(): void {}
