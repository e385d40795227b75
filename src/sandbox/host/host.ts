/**
 * Starts a sandbox child, gives it jobs, limits it, and treats every answer as a claim. The only place
 * where a process is started to run a step.
 *
 * @module
 */

import type { MathKind } from "../../engine/types.ts";
import { SandboxError, type SandboxFailure } from "../../errors.ts";
import {
  SANDBOX_MEMORY_BYTES_MAX,
  SANDBOX_OUTPUT_BYTES_MAX,
  SANDBOX_STDERR_BYTES_MAX,
  SANDBOX_TIMEOUT_MS,
} from "../../limits.ts";
import { SANDBOX_CHILD_ARGUMENT } from "../child/bootstrap.ts";
import { BOOTSTRAP_TEXT, CHILD_TEXTS } from "./harness.generated.ts";
import {
  decodeClaim,
  decodeItems,
  encodeMessages,
  encodeRequest,
  FRAME_KIND,
  FrameReader,
  type Item,
  type JobRequest,
  NONCE_BYTES,
  refuse,
} from "../wire/protocol.ts";
import { LOADING } from "../child/watch_memory.ts";
import { checkSource } from "./static_rules.ts";

/** Bounds of a sandboxed pass. */
export interface SandboxLimits {
  /**
   * Resident memory that the processes of one pass may take together, in bytes.
   *
   * @default {500_000_000}
   */
  memoryBytesMax?: number;
  /**
   * Time that one job may take, in milliseconds; Infinity for no limit.
   *
   * @default {60_000}
   */
  timeoutMs?: number;
  /**
   * What one job may send back, in bytes.
   *
   * @default {268_435_456}
   */
  outputBytesMax?: number;
}

/** What a child is started with. */
export interface ChildOptions extends SandboxLimits {
  /** Source of the step module, one import-free ES module. */
  source: string;
  /**
   * Which transcendental functions the step sees as `Math`.
   *
   * @default {"portable"}
   */
  math?: MathKind;
  /** Kills the child when aborted. */
  signal?: AbortSignal;
}

/** The child needs some for itself; less could not run any step. */
const MEMORY_BYTES_MIN = 120_000_000;

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
    this.#process = spawn(limits.memoryBytesMax);
    this.#output = this.#process.stdout.getReader();
    this.#input = this.#process.stdin.getWriter();
    this.#errors = this.#readErrors();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    const session = encodeRequest({
      nonce,
      signature: this.#signature,
      parentPid: Deno.pid,
      memoryBytesMax: limits.memoryBytesMax,
      source,
      math,
    });
    // Queued at once and in order; the first job is queued behind them.
    for (const bytes of texts()) void this.#send(bytes);
    void this.#send(session);
  }

  /**
   * Gives the child a job and its checkpoints; yields the items of the answer, as many together as come
   * together, and returns what its end says. A caller that stops early ends the child.
   *
   * @param job What to do; its time limit is the child's.
   * @param checkpoints Read one by one, at most as fast as the child takes them.
   * @throws {ChildFault} If the child tells of an error in user code.
   * @throws {SandboxError} If a limit is hit, the child dies or its answer is not to be trusted.
   */
  async *run(
    job: JobInput,
    checkpoints: Iterable<Uint8Array> = [],
  ): AsyncGenerator<Item[], unknown, void> {
    this.#frames.expect(this.#outputBytesMax);
    const timer = this.#startTimer();
    const feeding = this.#feed(job, checkpoints);
    let ended = false;
    try {
      for (;;) {
        const { value, done } = await this.#output.read();
        if (done) throw await this.#reasonOfDeath();
        for (const { kind, payload } of this.#frames.push(value)) {
          if (kind === FRAME_KIND.items) {
            yield decodeItems(payload);
          } else {
            ended = true;
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

  /** Sends a job and its checkpoints; waits where the child does not read as fast. */
  async #feed(job: JobInput, checkpoints: Iterable<Uint8Array>): Promise<void> {
    try {
      await this.#send(encodeRequest({ ...job, timeoutMs: this.#timeoutMs } as JobRequest));
      for (const bytes of encodeMessages(checkpoints)) await this.#send(bytes);
    } catch (error) {
      this.#feedError = error;
      this.#kill("crashed");
    }
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
    return failure({ ...known, reason: killedFor ?? known.reason }, status);
  }
}

/** A job without its time limit, which is the child's. */
export type JobInput = JobRequest extends infer J
  ? J extends JobRequest ? Omit<J, "timeoutMs"> : never
  : never;

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

/** Takes defaults and checks limits. */
export function checkLimits(limits: SandboxLimits): Required<SandboxLimits> {
  const checked = {
    memoryBytesMax: limits.memoryBytesMax ?? SANDBOX_MEMORY_BYTES_MAX,
    timeoutMs: limits.timeoutMs ?? SANDBOX_TIMEOUT_MS,
    outputBytesMax: limits.outputBytesMax ?? SANDBOX_OUTPUT_BYTES_MAX,
  };
  for (const [name, value] of Object.entries(checked)) {
    if (!(value > 0)) {
      throw new RangeError(
        `Cannot use '${name}' as it must be greater than 0: current value is ${value}`,
      );
    }
  }
  if (checked.memoryBytesMax < MEMORY_BYTES_MIN) {
    throw new RangeError(
      `Cannot use 'memoryBytesMax' as a sandboxed process needs at least ${MEMORY_BYTES_MIN} ` +
        `bytes for itself: current value is ${checked.memoryBytesMax}`,
    );
  }
  return checked;
}

/** Before 2.9 a process without permission to run others may not kill itself: no watchdog then. */
const DENO_MINOR_MIN = 9;

function spawn(memoryBytesMax: number): Deno.ChildProcess {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  if (major! < 2 || (major === 2 && minor! < DENO_MINOR_MIN)) {
    throw new SandboxError(
      "crashed",
      `Cannot start the sandbox as Deno ${Deno.version.deno} lacks what makes it safe: use Deno ` +
        `2.${DENO_MINOR_MIN} or newer`,
    );
  }
  const command = Deno.execPath();
  try {
    return new Deno.Command(command, {
      args: Deno.build.standalone ? [SANDBOX_CHILD_ARGUMENT] : runtimeArguments(memoryBytesMax),
      clearEnv: true,
      // A folder under a file can never be made, so the runtime keeps nothing between runs.
      env: { TZ: "UTC", LANG: "C", NO_COLOR: "1", DENO_DIR: `${command}/none` },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      throw new SandboxError(
        "permission",
        `Cannot start the sandbox as rewind may not run processes: run it with ` +
          `--allow-run=${command}`,
        { cause },
      );
    }
    throw new SandboxError("crashed", `Cannot start the sandbox as ${command} does not run`, {
      cause,
    });
  }
}

/** Flags that take everything from the child which a flag can take. */
function runtimeArguments(memoryBytesMax: number): string[] {
  // The heap alone can just not reach the limit of the whole process, so that the watchdog, which
  // tells why and leaves no core dump, comes first.
  const heapMiB = Math.ceil(memoryBytesMax / 2 ** 20);
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
    "--no-code-cache",
    ...["read", "write", "net", "env", "sys", "run", "ffi", "import"].map((name) =>
      `--deny-${name}`
    ),
    // With a young generation of 4 MiB from the start, nothing is collected before the first frame:
    // it spares two collections of 2 ms each. Marking a heap bit by bit would let large arrays that
    // a step drops pile up to several times what it holds; there is nobody to notice a pause.
    `--v8-flags=--max-old-space-size=${heapMiB},--min-semi-space-size=4,--no-incremental-marking,` +
    "--disallow-code-generation-from-strings,--stack-trace-limit=0",
    `data:text/javascript;base64,${btoa(BOOTSTRAP_TEXT)}`,
  ];
}

let encodedTexts: Uint8Array[] | undefined;

/** Watchdog and harness as they go to every child. */
function texts(): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return encodedTexts ??= [...encodeMessages(CHILD_TEXTS.map((text) => encoder.encode(text)))];
}

/** Why a child died, and where user code was then. */
interface Death {
  readonly reason: SandboxFailure;
  /** " at t=17", " while loading" or nothing. */
  readonly place: string;
}

/** Reads why a child died: the watchdog signs its words with one that the step cannot know. */
function deathIn(text: string, status: Deno.CommandStatus, signature: string): Death {
  const start = text.indexOf(`${signature}:`);
  if (start >= 0) {
    const [, reason, position] = text.slice(start).split(":", 3);
    const t = Number(position);
    return {
      reason: reason === "memory" || reason === "timeout" ? reason : "crashed",
      place: t === LOADING ? " while loading" : t >= 0 ? ` at t=${t}` : "",
    };
  }
  // A terminal sends Ctrl-C to every process in the foreground.
  if (status.signal === "SIGINT") return { reason: "aborted", place: "" };
  // The harness always ends by a signal; with a code the runtime ends for an unhandled rejection.
  if (status.signal === null && status.code === 1) return { reason: "refused", place: "" };
  const isHeap = /heap limit|out of memory/i.test(text);
  return { reason: isHeap ? "memory" : "crashed", place: "" };
}

function failure({ reason, place }: Death, status: Deno.CommandStatus): SandboxError {
  const how = status.signal ?? `exit code ${status.code}`;
  const messages: Record<SandboxFailure, string> = {
    timeout:
      `Cannot go on as the step exceeded the limit for time${place} and was killed: it may ` +
      "loop for ever; if it only needs longer, raise the limit ('timeoutMs', --timeout)",
    memory:
      `Cannot go on as the step exceeded the limit for memory${place} and was killed: if it ` +
      "needs so much, raise the limit ('memoryBytesMax', --memory)",
    output:
      "Cannot go on as the step's process wrote more than the limit for output and was killed",
    aborted: "Cannot go on as the sandboxed pass was aborted",
    crashed: `Cannot go on as the step's process ended before it answered (${how})`,
    refused:
      "Cannot go on as the step module failed outside of any call, such as by a promise that " +
      "was rejected and not handled: a step must be synchronous",
    protocol: "Cannot go on as the step's process gave an answer that cannot be trusted",
    permission: "Cannot go on as the sandbox lacks a permission",
  };
  return new SandboxError(reason, messages[reason]);
}

function ignore(): void {}
