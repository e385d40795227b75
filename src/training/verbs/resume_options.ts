/**
 * Options of a check of resuming.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import {
  checkFingerprintRequest,
  type FingerprintRequest,
} from "../command/fingerprint_request.ts";
import type { Device, OwnChange } from "../command/replay_environment.ts";
import type { ToleranceOptions } from "../compare/tolerance.ts";
import type { LogReading } from "../log/read_run.ts";

/** Options of `checkResume`. */
export interface ResumeOptions
  extends ToleranceOptions, Pick<LogReading, "format" | "preset" | "fieldMap"> {
  /** Command that trains from the start, as a shell would take it; `{output}` is a folder for its checkpoints. */
  command: string;
  /** Command that goes on from the last checkpoint (default: `command`, which then resumes by itself). */
  resumeCommand?: string;
  /** Step at which the command is killed. */
  at: number;
  /** Metrics to compare: names, `a,b`, or `all` (default). */
  metrics?: string | readonly string[];
  /** Steps above this are not compared, and runs are stopped there (default: all). */
  maxSteps?: number;
  /** Seed to put into both commands (default: they are left as they are). */
  seed?: number | bigint;
  /** Words that take the seed, such as `--train.seed {seed}`. */
  seedArg?: string | readonly string[];
  /** Environment variable that takes the seed. */
  seedEnv?: string;
  /** Folder for the results (default "resume_check"). */
  outputDir?: string;
  /** Device that the commands may use (default "auto"). */
  device?: Device;
  /** Wall time of one run after which it is killed, in milliseconds (default: none). */
  timeoutMs?: number;
  /** Directory to run in (default: this process's). */
  cwd?: string;
  /** Log that the commands write themselves, in place of RLDK_METRICS_PATH; `{output}` as in the commands. */
  metricsFile?: string;
  /** Fingerprints of PyTorch's steps, which tell what was not restored; false for none (default: level "step"). */
  fingerprint?: FingerprintRequest | false;
  /** What of the surroundings is left as it is (default: nothing). */
  without?: readonly OwnChange[];
  /** Interrupts the check; running commands are killed. */
  signal?: AbortSignal;
  /** Called as rows are written: name of the run, and its step. */
  onProgress?: (run: string, step: number) => void;
}

/**
 * Checks what can be checked before anything runs.
 *
 * @throws {RangeError} if a step is out of range.
 */
export function checkResumeOptions({ at, maxSteps, fingerprint }: ResumeOptions): void {
  checkFingerprintRequest(fingerprint || undefined);
  if (!Number.isSafeInteger(at) || at < 0) {
    throw new ArgumentRangeError(
      `Cannot check resuming as 'at' must be a step of at least 0: current value is ${at}`,
    );
  }
  if (maxSteps !== undefined && !(maxSteps > at)) {
    throw new ArgumentRangeError(
      `Cannot check resuming as 'maxSteps' must be beyond step ${at}: current value is ${maxSteps}`,
    );
  }
}
