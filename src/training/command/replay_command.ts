/**
 * Runs one training command to its end: in a folder of its own, seeded, its metrics read while they are
 * written.
 *
 * @module
 */

import { CHILD_OUTPUT_BYTES_MAX, FOREIGN_TEXT_UNITS_MAX } from "../../limits.ts";
import { type ChildResult, runChild, StopRequest } from "./child_process.ts";
import { TrainingLogError } from "../log/errors.ts";
import type { FieldResolver } from "../log/fields.ts";
import { JsonlTail, type LogRow } from "../log/jsonl_tail.ts";
import { createPythonInjection, type InjectionEvent } from "./python_injection.ts";
import { type Device, replayEnvironment } from "./replay_environment.ts";
import { readRun, type ReadRunOptions } from "../log/read_run.ts";
import type { RunLog } from "../log/run_log.ts";
import { StdoutMetrics } from "./stdout_metrics.ts";

/** How to run a command. */
export interface CommandRunOptions {
  /** The program and its arguments, with the seed in them. */
  argv: readonly string[];
  /** Variables that the command or the seed's place add. */
  env: Readonly<Record<string, string>>;
  /** Variables that win over everything else here, such as a perturbation's. */
  envOverrides?: Readonly<Record<string, string>>;
  /** The seed, for the injection. */
  seed: bigint;
  /** Whether to seed libraries of Python processes. */
  inject: boolean;
  /** Device that the command may use. */
  device: Device;
  /** Directory to run in (default: this process's). */
  cwd?: string;
  /** Folder that gets `metrics.jsonl`, `stdout.log` and `stderr.log`; made if it is not there. */
  folder: string;
  /** Path of the log that the command writes instead, relative to `cwd`; `{output}` is the folder. */
  metricsFile?: string;
  /** How to read the log. */
  read: ReadRunOptions;
  /** Reads the keys of rows that are still being written. */
  fields: FieldResolver;
  /** Steps after which the command is stopped. */
  maxSteps?: number;
  /** Wall time after which it is killed. */
  timeoutMs?: number;
  /** Kills it when aborted. */
  signal?: AbortSignal;
  /** Sees each row as it is written; a text that it returns stops the command, and says why. */
  onRow?: (row: LogRow) => string | undefined;
}

/** What came of a command. */
export interface CommandRun {
  /** How the process ended. */
  readonly child: ChildResult;
  /** Whether it did what it was to do: exit code 0, or a stop that was asked for. */
  readonly completed: boolean;
  /** Whether it was stopped on purpose, so that its log ends early. */
  readonly cutShort: boolean;
  /** What went wrong, or why it was stopped; undefined if all went well. */
  readonly problem: string | undefined;
  /** Its metrics; undefined if it wrote none that can be read. */
  readonly log: RunLog | undefined;
  /** File that the metrics were read from. */
  readonly metricsPath: string;
  /** Why no metrics could be read; undefined if some were. */
  readonly metricsProblem: string | undefined;
  /** Where else than expected they were found, if so. */
  readonly metricsNote: string | undefined;
  /** File that holds its standard output. */
  readonly stdoutPath: string;
  /** File that holds its standard error. */
  readonly stderrPath: string;
  /** What was not kept of what it printed, and why. */
  readonly outputNotes: readonly string[];
  /** Variables that were set on top of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Libraries that were seeded in its Python processes. */
  readonly injected: readonly InjectionEvent[];
}

const POLL_MS = 50;

/**
 * Runs the command. Whatever it did is in the result; what it wrote stays in the folder.
 *
 * @throws {TrainingCommandError} if it cannot be started.
 */
export async function runCommand(options: CommandRunOptions): Promise<CommandRun> {
  const [fs, nodeFs, path, { default: process }] = await Promise.all([
    import("node:fs/promises"),
    import("node:fs"),
    import("node:path"),
    import("node:process"),
  ]);
  const cwd = path.resolve(options.cwd ?? ".");
  const folder = path.resolve(options.folder);
  await fs.mkdir(folder, { recursive: true });
  const tailed = path.join(folder, "metrics.jsonl");
  const stdoutPath = path.join(folder, "stdout.log");
  const stderrPath = path.join(folder, "stderr.log");
  // A script appends: rows of an earlier replay in the same folder would be compared with this one's.
  await fs.rm(tailed, { force: true });
  await fs.rm(path.join(folder, STDOUT_METRICS), { force: true });

  const injection = options.inject
    ? await createPythonInjection(options.seed, options.env.PYTHONPATH ?? process.env.PYTHONPATH)
    : undefined;
  const environment = {
    ...replayEnvironment({
      device: options.device,
      metricsPath: tailed,
      maxSteps: options.maxSteps,
    }),
    ...options.env,
    ...injection?.env,
    ...options.envOverrides,
  };
  const stopper = new AbortController();
  const tail = new MetricsTail(tailed, options, stopper);
  const printed = options.metricsFile === undefined
    ? new StdoutMetrics(nodeFs, path.join(folder, STDOUT_METRICS))
    : undefined;
  const startedAtMs = Date.now();
  let child: ChildResult;
  let injected: InjectionEvent[];
  let hasPrinted = false;
  try {
    tail.start();
    child = await runChild(options.argv.map((word) => word.replaceAll("{output}", folder)), {
      env: { ...process.env as Record<string, string>, ...environment },
      cwd,
      stdoutPath,
      stderrPath,
      onStdout: (chunk) => printed?.push(chunk),
      timeoutMs: options.timeoutMs,
      signal: options.signal === undefined
        ? stopper.signal
        : AbortSignal.any([stopper.signal, options.signal]),
      interruptsBySignal: options.signal !== undefined,
    });
    await tail.finish();
    injected = await injection?.seeded() ?? [];
  } finally {
    tail.cancel();
    hasPrinted = printed?.end() ?? false;
    await injection?.remove();
  }

  const metricsPath = options.metricsFile === undefined
    ? tailed
    : path.resolve(cwd, options.metricsFile.replaceAll("{output}", folder));
  const metrics = await readMetrics(
    { metricsPath, printedPath: hasPrinted ? printed!.path : undefined, startedAtMs },
    options,
  );
  if (hasPrinted && metrics.metricsPath !== printed!.path) await fs.rm(printed!.path);
  const cutShort = child.end === "stopped";
  return {
    child,
    completed: cutShort || (child.end === "exited" && child.exitCode === 0),
    cutShort,
    problem: describeEnd(child, options, stopper.signal),
    ...metrics,
    stdoutPath,
    stderrPath,
    outputNotes: [
      ...describeCut(child.stdoutBytes, "standard output", stdoutPath),
      ...describeCut(child.stderrBytes, "standard error", stderrPath),
      ...[child.outputError, printed?.error].flatMap((why) =>
        why === undefined ? [] : [`its output could not be kept: ${why}`]
      ),
    ],
    environment,
    injected,
  };
}

function describeEnd(
  child: ChildResult,
  options: CommandRunOptions,
  stop: AbortSignal,
): string | undefined {
  const tail = child.stderrTail === ""
    ? "; it wrote nothing to stderr"
    : `; its stderr ends with:\n${lastLines(child.stderrTail)}`;
  switch (child.end) {
    case "exited":
      return child.exitCode === 0
        ? undefined
        : `the command exited with code ${child.exitCode}${tail}`;
    case "signaled":
      return `the command was killed by ${child.killedBy}${
        child.killedBy === "SIGKILL" ? " (perhaps out of memory)" : ""
      }${tail}`;
    case "timeout":
      return `the command was stopped after its ${options.timeoutMs! / 1000} s${tail}`;
    case "interrupted":
      return "the replay was interrupted, and the command stopped";
    case "stopped":
      return (stop.reason as StopRequest).message;
  }
}

function lastLines(text: string): string {
  return text.split("\n").slice(-8).map((line) =>
    line.length > FOREIGN_TEXT_UNITS_MAX
      ? `  ${line.slice(0, FOREIGN_TEXT_UNITS_MAX)}...`
      : `  ${line}`
  ).join("\n");
}

function describeCut(bytes: number, what: string, path: string): string[] {
  if (bytes <= CHILD_OUTPUT_BYTES_MAX) return [];
  const mebibytes = (count: number): string => `${Math.round(count / 2 ** 20)} MiB`;
  return [
    `it wrote ${mebibytes(bytes)} to ${what}, of which the first ` +
    `${mebibytes(CHILD_OUTPUT_BYTES_MAX)} are kept in ${path}`,
  ];
}

/** Reads the growing metrics file in steps, bounded in memory, and hands its rows on. */
class MetricsTail {
  readonly #path: string;
  readonly #options: CommandRunOptions;
  readonly #stopper: AbortController;
  readonly #tail: JsonlTail;
  #offset = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(path: string, options: CommandRunOptions, stopper: AbortController) {
    this.#path = path;
    this.#options = options;
    this.#stopper = stopper;
    this.#tail = new JsonlTail(options.fields);
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#read().then(() => {
        if (this.#timer !== undefined) this.start();
      });
    }, POLL_MS);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Reads what is left once the command has ended. */
  async finish(): Promise<void> {
    this.cancel();
    await this.#running;
    await this.#read();
    for (const row of this.#tail.end()) this.#see(row);
  }

  async #read(): Promise<void> {
    const fs = await import("node:fs/promises");
    let file;
    try {
      file = await fs.open(this.#path, "r");
    } catch {
      return; // Not there yet, or never: what that means is decided when the command has ended.
    }
    try {
      const chunk = new Uint8Array(1 << 18);
      while (!this.#stopper.signal.aborted) {
        const { bytesRead } = await file.read(chunk, 0, chunk.length, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        for (const row of this.#tail.push(chunk.slice(0, bytesRead))) this.#see(row);
      }
    } finally {
      await file.close();
    }
  }

  #see(row: LogRow): void {
    if (this.#stopper.signal.aborted) return;
    const { maxSteps, onRow } = this.#options;
    const why = maxSteps !== undefined && row.step > maxSteps
      ? `the command was stopped after step ${maxSteps}, as asked`
      : onRow?.(row);
    if (why !== undefined) this.#stopper.abort(new StopRequest(why));
  }
}

const STDOUT_METRICS = "metrics_from_stdout.jsonl";

type Metrics = Pick<CommandRun, "log" | "metricsPath" | "metricsProblem" | "metricsNote">;

function noMetrics(metricsPath: string, why: string): Metrics {
  return {
    log: undefined,
    metricsPath,
    metricsProblem: `no metrics: ${why}`,
    metricsNote: undefined,
  };
}

interface MetricsPlace {
  metricsPath: string;
  /** Log of the JSON lines that it printed, if it printed any. */
  printedPath: string | undefined;
  startedAtMs: number;
}

async function readMetrics(
  place: MetricsPlace,
  options: CommandRunOptions,
): Promise<Metrics> {
  const fs = await import("node:fs/promises");
  const { metricsPath } = place;
  const info = await fs.stat(metricsPath).catch(() => undefined);
  // File systems may round times down by as much as two seconds.
  if (
    options.metricsFile !== undefined && info !== undefined &&
    await newestChangeMs(metricsPath) < place.startedAtMs - 2000
  ) {
    return noMetrics(
      metricsPath,
      `${metricsPath} is older than the replay: the command did not write it`,
    );
  }
  if (info === undefined || (info.isFile() && info.size === 0)) {
    if (place.printedPath === undefined) {
      const what = info === undefined ? "was not written" : "is empty";
      return noMetrics(
        metricsPath,
        `${metricsPath} ${what}; the command must write JSON lines to the file named by ` +
          `RLDK_METRICS_PATH, or --metrics-file must name its log`,
      );
    }
    const note = "metrics were taken from standard output, as RLDK_METRICS_PATH was not written";
    return { ...await tryRead(place.printedPath, options), metricsNote: note };
  }
  return tryRead(metricsPath, options);
}

/** When the file, or the newest one in the directory, was last written. */
async function newestChangeMs(path: string): Promise<number> {
  const fs = await import("node:fs/promises");
  const info = await fs.stat(path);
  if (!info.isDirectory()) return info.mtimeMs;
  let newest = 0;
  for (const name of await fs.readdir(path, { recursive: true })) {
    const inner = await fs.stat(`${path}/${name}`).catch(() => undefined);
    if (inner?.isFile()) newest = Math.max(newest, inner.mtimeMs);
  }
  return newest;
}

async function tryRead(
  metricsPath: string,
  options: CommandRunOptions,
): Promise<Metrics> {
  try {
    const forced = options.metricsFile === undefined ? { format: "jsonl" as const } : {};
    const log = await readRun(metricsPath, { ...options.read, ...forced });
    return { log, metricsPath, metricsProblem: undefined, metricsNote: undefined };
  } catch (error) {
    if (!(error instanceof TrainingLogError)) throw error;
    return noMetrics(metricsPath, error.message);
  }
}
