/**
 * Runs one training command to its end: in a folder of its own, seeded, its metrics read while they are
 * written.
 *
 * @module
 */

import { CHILD_OUTPUT_BYTES_MAX } from "../limits.ts";
import { FOREIGN_TEXT_UNITS_MAX } from "../../limits.ts";
import { TrainingLogError } from "../log/errors.ts";
import { listFingerprints } from "../log/fingerprint_files.ts";
import { FieldResolver } from "../log/field_roles.ts";
import type { LogRow } from "../log/jsonl_tail.ts";
import { readLog, type ReadRunOptions } from "../log/read_run.ts";
import type { RunLog } from "../log/run_log.ts";
import type { FingerprintRequest } from "./fingerprint_request.ts";
import { type ChildResult, runChild, type StopRequest } from "./child_process.ts";
import { isSharedLog, type MetricsPlace, openMetricsPlace, OUTPUT } from "./metrics_place.ts";
import { MetricsWatch } from "./metrics_watch.ts";
import { createPythonInjection, type InjectionEvent } from "./python_injection.ts";
import type { PythonFacts } from "./python_surroundings.ts";
import { type Device, type OwnChange, replayEnvironment } from "./replay_environment.ts";
import { METRICS_FILE, prepareRunFolder, STDERR_FILE, STDOUT_FILE } from "./run_folder.ts";
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
  /** Whether to seed libraries of Python processes; with a list, these alone. */
  inject: boolean | readonly string[];
  /** Records fingerprints of PyTorch's steps into the folder (default: none). */
  fingerprint?: FingerprintRequest | undefined;
  /** What of the surroundings is left as it is (default: nothing). */
  without?: readonly OwnChange[];
  /** Whether Python processes tell about their surroundings (default false). */
  surroundings?: boolean;
  /** Device that the command may use. */
  device: Device;
  /** Directory to run in (default: this process's). */
  cwd?: string;
  /** Folder that gets `metrics.jsonl`, `stdout.log` and `stderr.log`; made, or emptied of an earlier run. */
  folder: string;
  /**
   * Path of the log that the command writes instead, relative to `cwd`; `{output}` is the folder. What stands
   * at a path outside it is set aside for the run.
   */
  metricsFile?: string;
  /** Path below `{output}` at which the original run wrote its log: read before what the command prints. */
  likelyFile?: string | undefined;
  /** How to read the log. */
  read: ReadRunOptions;
  /** What `{output}` stands for, where that is not `folder`: what an earlier run wrote there stays. */
  output?: string;
  /** Steps after which the command is stopped. */
  maxSteps?: number;
  /** Step at which it is killed (SIGKILL) without having been told of it, as a crash would do. */
  killAt?: number;
  /** Wall time after which it is killed. */
  timeoutMs?: number;
  /** Kills it when aborted. */
  signal?: AbortSignal;
  /** Sees each row of a JSON Lines log as it is written. */
  onRow?: (row: LogRow) => void;
  /** Sees the log so far, now and then; a text that it gives stops the command, and says why. */
  judge?: ((log: RunLog) => string | undefined) | undefined;
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
  /** Whether `judge` stopped it: `log` is then what it decided on. */
  readonly judged: boolean;
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
  /** Libraries that were seeded in its Python processes, and what became of the seeds. */
  readonly injected: readonly InjectionEvent[];
  /** What its Python processes told about their surroundings. */
  readonly python: PythonFacts;
  /** Files of fingerprints that its processes wrote, in order of name; empty unless they were asked for. */
  readonly fingerprints: readonly string[];
}

const NO_FACTS: PythonFacts = { facts: {}, imported: [] };

const PRINTED_FILE = "metrics_from_stdout.jsonl";

/**
 * Runs the command. Whatever it did is in the result; what it wrote stays in the folder.
 *
 * @throws {TrainingCommandError} if it cannot be started.
 * @throws {RangeError} if the preset of `read` is not known.
 */
export async function runCommand(options: CommandRunOptions): Promise<CommandRun> {
  const path = await import("node:path");
  // First of all: a preset that is not known throws, and the folder stays as it is.
  const fields = new FieldResolver(options.read.preset, options.read.fieldMap);
  const cwd = path.resolve(options.cwd ?? ".");
  const folder = path.resolve(options.folder);
  const output = path.resolve(options.output ?? folder);
  const program = options.argv[0]!;
  await prepareRunFolder(folder, program);
  const own = options.metricsFile === undefined
    ? undefined
    : path.resolve(cwd, options.metricsFile.replaceAll(OUTPUT, output));
  const place = own !== undefined && isSharedLog(options.metricsFile)
    ? await openMetricsPlace(own, { folder, cwd, program })
    : undefined;
  let written: string | undefined = own;
  let run: Ran;
  try {
    run = await runWatched(options, { cwd, folder, output, own, place, fields });
  } finally {
    if (place !== undefined) written = await place.close();
  }
  const { child, environment, injected, python, stop, decided, printed } = run;
  const tailed = path.join(folder, METRICS_FILE);
  const found = own === undefined
    ? await readOffered(tailed, {
      ...(options.likelyFile === undefined
        ? {}
        : { likely: path.join(output, options.likelyFile) }),
      ...(printed === undefined ? {} : { printed: printed.path }),
      read: options.read,
    })
    : await readOwn(written, own, options.read);
  const cutShort = child.end === "stopped";
  return {
    child,
    completed: cutShort || (child.end === "exited" && child.exitCode === 0),
    cutShort,
    problem: describeEnd(child, options, stop),
    judged: decided !== undefined,
    ...found,
    ...(decided === undefined ? {} : { log: decided, metricsProblem: undefined }),
    metricsNote: place?.aside === undefined
      ? found.metricsNote
      : `what stood in ${own} was set aside while the command ran, and put back`,
    stdoutPath: path.join(folder, STDOUT_FILE),
    stderrPath: path.join(folder, STDERR_FILE),
    outputNotes: [
      ...describeCut(child.stdoutBytes, "standard output", path.join(folder, STDOUT_FILE)),
      ...describeCut(child.stderrBytes, "standard error", path.join(folder, STDERR_FILE)),
      ...[child.outputError, run.printError].flatMap((why) =>
        why === undefined ? [] : [`its output could not be kept: ${why}`]
      ),
    ],
    environment,
    injected,
    python,
    fingerprints: await listFingerprints(folder),
  };
}

interface Surroundings {
  readonly cwd: string;
  readonly folder: string;
  /** What `{output}` stands for. */
  readonly output: string;
  /** Log that the command writes itself. */
  readonly own: string | undefined;
  readonly place: MetricsPlace | undefined;
  /** Reads the keys of rows that are still being written. */
  readonly fields: FieldResolver;
}

/** A command that has ended. */
interface Ran {
  readonly child: ChildResult;
  readonly environment: Readonly<Record<string, string>>;
  readonly injected: readonly InjectionEvent[];
  readonly python: PythonFacts;
  readonly stop: AbortSignal;
  readonly decided: RunLog | undefined;
  /** Log of the JSON lines that it printed, if it printed any. */
  readonly printed: StdoutMetrics | undefined;
  readonly printError: string | undefined;
}

async function runWatched(options: CommandRunOptions, place: Surroundings): Promise<Ran> {
  const [fs, path, { default: process }] = await Promise.all([
    import("node:fs"),
    import("node:path"),
    import("node:process"),
  ]);
  const { cwd, folder, output, own } = place;
  const tailed = path.join(folder, METRICS_FILE);
  const { inject, without = [], fingerprint } = options;
  const seeded = inject !== false && !without.includes("seeding");
  const { surroundings = false } = options;
  const injection = seeded || surroundings || fingerprint !== undefined
    ? await createPythonInjection(options.seed, {
      pythonPath: options.env.PYTHONPATH ?? process.env.PYTHONPATH,
      only: !seeded ? [] : inject === true ? undefined : inject,
      surroundings,
      fingerprint: fingerprint && { ...fingerprint, folder },
    })
    : undefined;
  const environment = {
    ...replayEnvironment({
      device: options.device,
      metricsPath: tailed,
      maxSteps: options.maxSteps,
      // Seeding one library alone is an experiment in the surroundings of the runs that it is compared with.
      seeded: seeded && inject === true,
      without,
    }),
    ...options.env,
    ...injection?.env,
    ...options.envOverrides,
  };
  const stopper = new AbortController();
  const printed = own === undefined
    ? new StdoutMetrics(fs, path.join(folder, PRINTED_FILE))
    : undefined;
  // What is printed beside a log is seldom the same: it decides nothing while that log is written.
  const offered = options.likelyFile === undefined ? [tailed, printed?.path ?? tailed] : [tailed];
  const watch = new MetricsWatch({
    paths: own === undefined ? offered : [own],
    fields: place.fields,
    read: own === undefined ? { ...options.read, format: "jsonl" } : options.read,
    maxSteps: options.maxSteps,
    killAt: options.killAt,
    onRow: options.onRow,
    judge: options.judge,
    flush: () => printed?.flush(),
  }, stopper);
  let hasPrinted = false;
  try {
    watch.start();
    const child = await runChild(options.argv.map((word) => word.replaceAll(OUTPUT, output)), {
      env: { ...process.env as Record<string, string>, ...environment },
      cwd,
      stdoutPath: path.join(folder, STDOUT_FILE),
      stderrPath: path.join(folder, STDERR_FILE),
      onStdout: (chunk) => printed?.push(chunk),
      timeoutMs: options.timeoutMs,
      signal: options.signal === undefined
        ? stopper.signal
        : AbortSignal.any([stopper.signal, options.signal]),
      interruptsBySignal: options.signal !== undefined,
      place: place.place,
    });
    await watch.finish();
    hasPrinted = printed?.end() ?? false;
    return {
      child,
      environment,
      injected: await injection?.seeded() ?? [],
      python: await injection?.surroundings() ?? NO_FACTS,
      stop: stopper.signal,
      decided: watch.decided,
      printed: hasPrinted ? printed : undefined,
      printError: printed?.error,
    };
  } finally {
    watch.cancel();
    printed?.end();
    await injection?.remove();
  }
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

type Metrics = Pick<CommandRun, "log" | "metricsPath" | "metricsProblem" | "metricsNote">;

function noMetrics(metricsPath: string, why: string): Metrics {
  return {
    log: undefined,
    metricsPath,
    metricsProblem: `no metrics: ${why}`,
    metricsNote: undefined,
  };
}

/** Reads what was written to the path that the command was offered, else what it printed. */
async function readOffered(
  tailed: string,
  { likely, printed, read }: { likely?: string; printed?: string; read: ReadRunOptions },
): Promise<Metrics> {
  const fs = await import("node:fs/promises");
  const statOf = (path: string) => fs.stat(path).catch(() => undefined);
  const info = await statOf(tailed);
  if (info !== undefined && info.size > 0) {
    if (printed !== undefined) await fs.rm(printed);
    return await tryRead(tailed, { ...read, format: "jsonl" });
  }
  const offered = likely === undefined ? undefined : await statOf(likely);
  if (likely !== undefined && offered?.isFile() && offered.size > 0) {
    const note = `metrics were taken from ${likely}, which is called as the original's log, as ` +
      "RLDK_METRICS_PATH was not written";
    return { ...await tryRead(likely, read), metricsNote: note };
  }
  if (printed !== undefined) {
    const note = "metrics were taken from standard output, as RLDK_METRICS_PATH was not written";
    return { ...await tryRead(printed, { ...read, format: "jsonl" }), metricsNote: note };
  }
  return noMetrics(
    tailed,
    `${tailed} ${
      info === undefined ? "was not written" : "is empty"
    }; the command must write JSON lines ` +
      `to the file named by RLDK_METRICS_PATH, or --metrics-file must name its log; what it printed is ` +
      `in stdout.log beside that file, which rewind diff reads`,
  );
}

/** Reads the log that the command writes itself: it is `written` now, and was `own` while it ran. */
async function readOwn(
  written: string | undefined,
  own: string,
  read: ReadRunOptions,
): Promise<Metrics> {
  const fs = await import("node:fs/promises");
  const info = written === undefined ? undefined : await fs.stat(written).catch(() => undefined);
  if (written === undefined || info === undefined) {
    return noMetrics(own, `the command did not write ${own}`);
  }
  if (info.isFile() && info.size === 0) return noMetrics(written, `the command left ${own} empty`);
  return await tryRead(written, read);
}

async function tryRead(metricsPath: string, read: ReadRunOptions): Promise<Metrics> {
  try {
    const log = await readLog(metricsPath, read);
    return { log, metricsPath, metricsProblem: undefined, metricsNote: undefined };
  } catch (error) {
    if (!(error instanceof TrainingLogError)) throw error;
    return noMetrics(metricsPath, error.message);
  }
}
