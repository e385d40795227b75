/**
 * Recording to a file that grows, as the verbs that record do it: the place is claimed before the work starts,
 * and every stop keeps what was recorded and names the command that goes on.
 *
 * @module
 */

import { claimRecording, type RecordingClaim } from "../artifact/grow/claim.ts";
import type { SealedFile } from "../artifact/grow/growing_file.ts";
import { PART_SUFFIX } from "../artifact/grow/paths.ts";
import { folderOf } from "../disk/disk.ts";
import { FileError, NondeterministicStepError, SandboxError } from "../errors.ts";
import { blockCount } from "../engine/block_grid.ts";
import { escapeText } from "../text/escape_text.ts";
import { FLUSH_SECONDS } from "../artifact/limits.ts";
import { type FileRecordingParts, recordToFile } from "../sandbox/host/record_to_file.ts";
import type { RecordedRun } from "../sandbox/host/session_options.ts";
import type { CommandContext } from "./command.ts";
import { reportError } from "./error_report.ts";
import { EXIT_INTERRUPTED } from "./exit_codes.ts";
import { grouped as group, integer, number, size } from "./options.ts";
import { resumeCommand } from "./resume_command.ts";
import { asInputError, type Overwriting, requireFile } from "./output_path.ts";
import type { Output } from "./output.ts";
import { StorageEstimate } from "./storage_estimate.ts";
import { byteText, counted, grouped } from "./table.ts";
import { integerJson, statsJson, statsRows } from "./print_values.ts";
import { InputError } from "./usage_error.ts";

/** How long after its child this process may be told to stop, in milliseconds. */
const ARRIVAL_MS = 250;

/** Options of verbs that record to a file that grows. */
export const GROWING_OPTIONS = group("File", {
  flush: number(
    "SECONDS",
    "Longest time between two moments at which what was recorded is made durable",
    {
      above: 0,
      fallback: `${FLUSH_SECONDS}`,
    },
  ),
});

/** Options that bound what a recording stores. */
export const BUDGET_OPTIONS = group("File", {
  maxSize: size(
    "Most bytes of stored states before compression, such as 200MB: beyond, every other one is given up",
    { min: 1 },
  ),
  maxCheckpoints: integer("N", "Most stored states; beyond, every other one is given up", {
    min: 2,
  }),
});

/** How a file that is recorded to is claimed. */
export interface Claiming extends Overwriting {
  /** Whether a finished file is replaced; as `force` says by default. */
  readonly overwrite?: boolean;
  /** Whether an unfinished recording that is there is to go on. */
  readonly resume?: boolean;
  /** Most seconds between two flushes. */
  readonly flushSeconds: number;
}

/**
 * Claims the place of a recording, before any work is done for it; what records there lets go of it.
 *
 * @throws {InputError} If it exists, or is unfinished, and `--force` is not given; if another process records
 * there, or nothing can be written.
 */
export function claimOutput(
  path: string,
  { force, overwrite = force, resume = false, flushSeconds }: Claiming,
): RecordingClaim {
  requireFile(path);
  try {
    return claimRecording(path, {
      overwrite,
      resume,
      discard: force && !resume,
      flushSeconds,
    });
  } catch (error) {
    if (error instanceof FileError && error.why.startsWith("an unfinished")) {
      throw new InputError(`Cannot write '${path}': ${error.why}`, {
        hint: `go on with it: ${
          resumeCommand(`${path}${PART_SUFFIX}`)
        }; or pass --force to begin anew`,
        cause: error,
      });
    }
    throw asInputError(path, error);
  }
}

/** Takes away what a process that was killed right after it had finished a recording left beside it. */
export function tidyFinished(path: string): void {
  try {
    claimRecording(path, { overwrite: true, resume: true, flushSeconds: FLUSH_SECONDS }).lock
      .release();
  } catch (error) {
    // What is in the way of another recording is in nobody's way here.
    if (!(error instanceof FileError)) throw error;
  }
}

/** What is recorded to a file, and for whom. */
export interface RecordingTask extends Omit<FileRecordingParts, "claim" | "onCheckpoint"> {
  /** The place. */
  readonly claim: RecordingClaim;
  /** Number of states that it is to have; undefined if that is open. */
  readonly steps: number | undefined;
  /** Words that the command which goes on needs besides the file. */
  readonly words: readonly string[];
  /** An error of the recording with what else is known of it. */
  explain(error: unknown): Promise<unknown>;
  /** That command, where it is not `rewind resume`. */
  readonly command?: string | undefined;
  /** Whether a result is printed as JSON. */
  readonly json: boolean;
}

/** A recording that came to its end. */
export interface Finished {
  /** The run; its checkpoints are in the file. */
  readonly record: RecordedRun;
  /** Its file. */
  readonly sealed: SealedFile;
  /** How long it took, in milliseconds. */
  readonly elapsedMs: number;
}

/**
 * Records. Where that is stopped, says what is kept and how to go on with it.
 *
 * @returns What was recorded, or the exit code of a stop.
 */
export async function recordTask(
  task: RecordingTask,
  { output, signal }: CommandContext,
): Promise<Finished | number> {
  const start = performance.now();
  const estimate = new StorageEstimate({
    steps: task.steps,
    folder: folderOf(task.claim.plan.path),
    note: (text) => output.note(text),
  });
  const came = await recordToFile({
    ...task,
    onCheckpoint: (length, front) => estimate.take(length, front),
  });
  if ("record" in came) return { ...came, elapsedMs: performance.now() - start };
  const { error, keptSteps } = came;
  const { claim, steps, words, json } = task;
  const partPath = `${claim.plan.given}${PART_SUFFIX}`;
  const isStop = signal.aborted || (error instanceof SandboxError && error.reason === "aborted");
  // Whoever stopped the sandbox's process means this one too: its own signal may be on its way.
  if (isStop) await arrival(signal);
  let code = EXIT_INTERRUPTED;
  if (!isStop) code = reportError(await task.explain(error), output, {});
  const planned = steps === undefined ? "" : ` of ${grouped(steps)}`;
  const prefix = isStop ? "interrupted: " : "";
  if (keptSteps === undefined) {
    if (isStop) output.note("interrupted: nothing was recorded yet");
    return code;
  }
  const command = task.command ?? resumeCommand(partPath, words);
  const verb = keptSteps === 1 ? "is" : "are";
  output.note(`${prefix}${counted(keptSteps, "step")}${planned} ${verb} kept in ${partPath}`);
  // What does not replay would not do so later either.
  if (!(error instanceof NondeterministicStepError)) output.note(`go on with: ${command}`);
  if (json) {
    output.json({
      file: partPath,
      finished: false,
      steps: keptSteps,
      plannedSteps: steps ?? null,
      command,
    });
  }
  return code;
}

/** Waits for a signal that may come, for a moment. */
async function arrival(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const came = Promise.withResolvers<void>();
  const timer = setTimeout(came.resolve, ARRIVAL_MS);
  signal.addEventListener("abort", () => came.resolve(), { once: true });
  await came.promise;
  clearTimeout(timer);
}

/** Words of the sandbox's limits, and of what is overwritten, that the command which goes on needs too. */
export function resumeWords(
  { force, memory, timeout, step, inputs }: {
    force: boolean;
    inputs: string | undefined;
    memory: number | undefined;
    timeout: number | undefined;
    step?: string | undefined;
  },
): string[] {
  return [
    ...(force ? ["--force"] : []),
    ...(memory === undefined ? [] : ["--memory", `${memory / 1e6}`]),
    ...(timeout === undefined || timeout === Infinity ? [] : ["--timeout", `${timeout / 1000}`]),
    ...(step === undefined ? [] : ["--step", step]),
    ...(inputs === undefined ? [] : ["--inputs", inputs]),
  ];
}

/** Shows how far a recording is. */
export function progressOf(
  output: Output,
  { steps, from = 0 }: { steps: number | undefined; from?: number },
): (t: number) => void {
  const start = performance.now();
  return (t) => {
    if (steps === undefined) return output.progress(`step ${grouped(t)}`);
    const share = t / steps;
    const elapsedMs = performance.now() - start;
    const left = t > from ? (elapsedMs / (t - from)) * (steps - t) / 1000 : 0;
    output.progress(
      `step ${grouped(t)} of ${grouped(steps)} (${Math.floor(share * 100)}%), ${
        left.toFixed(0)
      } s left`,
    );
  };
}

/** Prints what a recording that came to its end is. */
export function printFinished(
  output: Output,
  { record, sealed, elapsedMs }: Finished,
  { target, json, failurePlace }: {
    target: string;
    json: boolean;
    failurePlace?: string | undefined;
  },
): void {
  if (json) {
    output.json({
      file: target,
      fileBytes: sealed.fileBytes,
      contentHash: sealed.contentHash,
      steps: record.steps,
      seed: integerJson(record.seed),
      rng: record.rng,
      blockSize: record.blockSize,
      blocks: blockCount(record),
      stride: record.stride,
      observed: Object.fromEntries(
        Object.entries(record.observed).map(([name, stats]) => [name, statsJson(stats)]),
      ),
      failure: record.failure === undefined
        ? null
        : { ...record.failure, place: failurePlace ?? null },
      finished: true,
    });
    return;
  }
  output.line(
    `recorded ${counted(record.steps, "step")} with seed ${record.seed} in ${
      (elapsedMs / 1000).toFixed(2)
    } s: ${target}, ${byteText(sealed.fileBytes)}`,
  );
  for (const [name, stats] of Object.entries(record.observed)) {
    const rows = statsRows(stats).map(([key, value]) => `${key} ${value}`);
    output.line(`  ${escapeText(name)}: ${rows.join(", ")}`);
  }
}
