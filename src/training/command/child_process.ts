/**
 * Runs one command as a process group of its own, streams what it prints into bounded files, and sees
 * to it that nothing of it is left behind, however it ends.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import type nodeProcess from "node:process";
import { CHILD_OUTPUT_BYTES_MAX, CHILD_STDERR_TAIL_BYTES } from "../limits.ts";
import { TrainingCommandError } from "./errors.ts";
import { startGuard } from "./orphan_guard.ts";
import type { MetricsPlace } from "./metrics_place.ts";

/** How to run a command. */
export interface ChildOptions {
  /** The whole environment of the child. */
  env: Readonly<Record<string, string>>;
  /** Directory to run in. */
  cwd: string;
  /** File that gets standard output; replaced if it is there. */
  stdoutPath: string;
  /** File that gets standard error; replaced if it is there. */
  stderrPath: string;
  /** Sees all of standard output, in chunks that are valid during the call. */
  onStdout?: (chunk: Uint8Array) => void;
  /** Wall time after which the whole group is killed; none by default. */
  timeoutMs?: number;
  /** Kills the whole group when aborted. A reason of type `StopRequest` says which kind of stop it is. */
  signal?: AbortSignal;
  /**
   * Whether the user's Ctrl-C comes through `signal` (default false: Ctrl-C ends this process, and the
   * child with it).
   */
  interruptsBySignal?: boolean;
  /** A log that was set aside, to be put back should this process be killed. */
  place?: MetricsPlace | undefined;
}

/**
 * How a child ended: by itself with a code, by a signal from elsewhere, at its time limit, because the
 * user interrupted, or because the caller had seen enough.
 */
export type ChildEnd = "exited" | "signaled" | "timeout" | "interrupted" | "stopped";

/** What became of a child. */
export interface ChildResult {
  /** How it ended. */
  readonly end: ChildEnd;
  /** Its exit code; undefined if it was killed. */
  readonly exitCode: number | undefined;
  /** The signal that killed it. */
  readonly killedBy: string | undefined;
  /** Wall time in milliseconds. */
  readonly durationMs: number;
  /** Bytes that it wrote to standard output; the file holds at most the first `CHILD_OUTPUT_BYTES_MAX`. */
  readonly stdoutBytes: number;
  /** Bytes that it wrote to standard error; bounded in the file likewise. */
  readonly stderrBytes: number;
  /** Last lines of standard error. */
  readonly stderrTail: string;
  /** Why output could not be kept, such as a full disk. */
  readonly outputError: string | undefined;
  /** Processes that were still there when it had ended, and were killed. */
  readonly leftBehind: number;
}

/** The reason to abort with when the caller has seen enough, as opposed to an interruption. */
export class StopRequest extends Error {
  /** Whether the child gets no chance to end in order. */
  readonly force: boolean;

  /** Says what was seen; `force` kills the child at once (default false: it gets SIGTERM and a second). */
  constructor(message: string, { force = false }: { force?: boolean } = {}) {
    super(message);
    this.name = "StopRequest";
    this.force = force;
  }
}

type NodeProcess = typeof nodeProcess;

/** Environment variable that marks every process of one child, so that strays are found. */
const MARK = "REWIND_PROCESS_MARK";
const TERM_GRACE_MS = 1000;

/**
 * Runs `argv` to its end.
 *
 * @throws {TrainingCommandError} if it cannot be started.
 */
export async function runChild(
  argv: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  const [{ spawn, spawnSync }, fs, { default: process }, { performance }] = await Promise.all([
    import("node:child_process"),
    import("node:fs"),
    import("node:process"),
    import("node:perf_hooks"),
  ]);
  const program = argv[0]!;
  if (!fs.existsSync(options.cwd)) {
    throw new TrainingCommandError(
      program,
      `Cannot run "${program}" as its working directory does not exist: ${options.cwd}`,
    );
  }
  const mark = `${process.pid}-${crypto.randomUUID()}`;
  const stdout = new OutputFile(fs, options.stdoutPath);
  const stderr = new OutputFile(fs, options.stderrPath);
  const guard = await startGuard(`${MARK}=${mark}`, options.place);
  const startedAt = performance.now();
  let child: ChildProcess;
  try {
    child = spawn(program, argv.slice(1), {
      cwd: options.cwd,
      env: { ...options.env, [MARK]: mark },
      // A session and process group of its own: Ctrl-C reaches us alone, and one signal reaches all of it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid !== undefined) guard.watch(child.pid);
    await started(child, program);
  } catch (error) {
    stdout.close();
    stderr.close();
    await guard.dismiss();
    throw error;
  }
  const group = child.pid!;
  child.stdout!.on("data", (chunk: Uint8Array) => {
    stdout.write(chunk);
    options.onStdout?.(chunk);
  });
  child.stderr!.on("data", (chunk: Uint8Array) => stderr.write(chunk));

  let end: ChildEnd | undefined;
  let killTimer: ReturnType<typeof setTimeout> | undefined;
  const stop = (why: ChildEnd): void => {
    if (end !== undefined) return;
    end = why;
    const reason: unknown = options.signal?.reason;
    const force = reason instanceof StopRequest && reason.force;
    signalGroup(process, group, force ? "SIGKILL" : "SIGTERM");
    killTimer = setTimeout(() => signalGroup(process, group, "SIGKILL"), TERM_GRACE_MS);
  };
  const onAbort = (): void =>
    stop(options.signal?.reason instanceof StopRequest ? "stopped" : "interrupted");
  // Covers process.exit() and uncaught errors in this process while the child runs.
  const onExit = (): void => signalGroup(process, group, "SIGKILL");
  const deadly = ["SIGTERM", "SIGHUP", ...(options.interruptsBySignal ? [] : ["SIGINT"])] as const;
  // The child has left our session, so that what ends us would not reach it.
  const onDeadly = (signal: NodeJS.Signals): void => {
    killStrays(spawnSync, process, group, mark);
    for (const name of deadly) process.off(name, onDeadly);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const name of deadly) process.on(name, onDeadly);
  const timer = options.timeoutMs === undefined
    ? undefined
    // A longer time does not fit into a timer, and would end at once.
    : setTimeout(() => stop("timeout"), Math.min(options.timeoutMs, 2 ** 31 - 1));
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  process.on("exit", onExit);

  try {
    const { code, signal } = await exited(child);
    clearTimeout(killTimer);
    const leftBehind = killStrays(spawnSync, process, group, mark);
    // What the pipes still hold; a stray that kept them open is dead by now.
    await drained(child);
    return {
      end: end ?? (signal === null ? "exited" : "signaled"),
      exitCode: code ?? undefined,
      killedBy: signal ?? undefined,
      durationMs: performance.now() - startedAt,
      stdoutBytes: stdout.bytes,
      stderrBytes: stderr.bytes,
      stderrTail: stderr.tail(),
      outputError: stdout.error ?? stderr.error,
      leftBehind,
    };
  } finally {
    signalGroup(process, group, "SIGKILL");
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    process.off("exit", onExit);
    for (const name of deadly) process.off(name, onDeadly);
    stdout.close();
    stderr.close();
    await guard.dismiss();
  }
}

function started(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve());
    child.once("error", (error: Error & { code?: string }) => {
      const why = error.code === "ENOENT"
        ? "no such program was found; check its spelling and PATH"
        : error.code === "EACCES"
        ? "it is not executable; make it so with chmod +x, or name its interpreter"
        : error.message;
      reject(
        new TrainingCommandError(program, `Cannot run "${program}" as ${why}`, { cause: error }),
      );
    });
  });
}

function exited(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve({ code: child.exitCode, signal: child.signalCode });
    } else {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    }
  });
}

/** Waits until both pipes have ended, but not for long: a stray in another session may hold them. */
function drained(child: ChildProcess): Promise<void> {
  const streams = [child.stdout!, child.stderr!];
  return new Promise((resolve) => {
    let open = streams.filter((stream) => !stream.readableEnded && !stream.destroyed).length;
    const finish = (): void => {
      clearTimeout(timer);
      for (const stream of streams) stream.destroy();
      resolve();
    };
    const timer = setTimeout(finish, 2000);
    if (open === 0) return finish();
    for (const stream of streams) {
      stream.once("close", () => {
        if (--open === 0) finish();
      });
    }
  });
}

function signalGroup(
  process: NodeProcess,
  group: number,
  signal: NodeJS.Signals,
): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: the group is gone already, which is what was wanted.
  }
}

/**
 * Kills what is left of the group, then (where there is /proc) every process that carries the mark: one
 * that made a session of its own has left the group, but not its environment. Returns how many it met.
 */
function killStrays(
  spawnSync: typeof import("node:child_process").spawnSync,
  process: NodeProcess,
  group: number,
  mark: string,
): number {
  signalGroup(process, group, "SIGKILL");
  const met = new Set<number>();
  // A stray may fork while it is looked for: look again until nobody is met.
  for (let round = 0; round < 5; round++) {
    const strays = markedProcesses(spawnSync, mark).filter((pid) => pid !== group);
    for (const pid of strays) {
      try {
        process.kill(pid, "SIGKILL");
        met.add(pid);
      } catch {
        // Gone meanwhile.
      }
    }
    if (strays.length === 0) break;
  }
  return met.size;
}

/**
 * Processes whose environment has the mark. Deno reads /proc itself only with `--allow-all`, so grep does it;
 * where there is no grep or no /proc, none are found.
 */
function markedProcesses(
  spawnSync: typeof import("node:child_process").spawnSync,
  mark: string,
): number[] {
  const script = 'exec grep -ls -- "$0" /proc/[0-9]*/environ';
  const { stdout } = spawnSync("sh", ["-c", script, `${MARK}=${mark}`], {
    encoding: "latin1",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return [...(stdout ?? "").matchAll(/^\/proc\/(\d+)\//gm)].map((match) => Number(match[1]));
}

/** A file that takes a bounded amount, counts the rest, and remembers the last bytes. */
class OutputFile {
  #fs: typeof import("node:fs");
  #file: number | undefined;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  /** Bytes seen. */
  bytes = 0;
  /** Why nothing more is kept. */
  error: string | undefined;

  constructor(fs: typeof import("node:fs"), path: string) {
    this.#fs = fs;
    try {
      this.#file = fs.openSync(path, "w");
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  write(chunk: Uint8Array): void {
    const room = CHILD_OUTPUT_BYTES_MAX - this.bytes;
    this.bytes += chunk.length;
    // A copy, as the chunk is far larger. It bounds memory, too: V8 counts what it allocates itself, and
    // would let gigabytes of chunks, which Deno allocates, pass by before it looks for garbage.
    const last = new Uint8Array(chunk.subarray(-CHILD_STDERR_TAIL_BYTES));
    this.#tail.push(last);
    this.#tailBytes += last.length;
    while (
      this.#tail.length > 1 && this.#tailBytes - this.#tail[0]!.length >= CHILD_STDERR_TAIL_BYTES
    ) {
      this.#tailBytes -= this.#tail.shift()!.length;
    }
    if (room <= 0 || this.#file === undefined || this.error !== undefined) return;
    try {
      const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
      for (let done = 0; done < part.length;) {
        done += this.#fs.writeSync(this.#file, part, done, part.length - done);
      }
    } catch (error) {
      // A full disk must not stop the child from being watched and ended in order.
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  tail(): string {
    const bytes = new Uint8Array(this.#tailBytes);
    let at = 0;
    for (const chunk of this.#tail) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return new TextDecoder().decode(bytes.subarray(-CHILD_STDERR_TAIL_BYTES)).trimEnd();
  }

  close(): void {
    if (this.#file === undefined) return;
    this.#fs.closeSync(this.#file);
    this.#file = undefined;
  }
}
