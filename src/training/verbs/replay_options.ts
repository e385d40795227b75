/**
 * Options of a seeded replay.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { REPLICAS_MAX } from "../limits.ts";
import {
  checkFingerprintRequest,
  type FingerprintRequest,
} from "../command/fingerprint_request.ts";
import type { Device, OwnChange } from "../command/replay_environment.ts";
import type { ToleranceOptions } from "../compare/tolerance.ts";
import type { ReplayReport } from "../findings/replay_report.ts";
import type { LogReading } from "../log/read_run.ts";

/** What a replay reports while it runs. */
export interface ReplayProgress {
  /** Replica that wrote a row. */
  readonly replica: number;
  /** Step of that row. */
  readonly step: number;
  /** Last step of the original, or `maxSteps`. */
  readonly stepLast: number;
}

/** Options of `replay`. */
export interface ReplayOptions extends ToleranceOptions, LogReading {
  /** Log of the original run: a file or a directory of any known format; or the folder of a baseline. */
  run: string;
  /** Command that made it, as a shell would take it; no shell is run (default: the baseline's). */
  command?: string;
  /** Metrics to compare: names, `a,b`, `loss:rtol=1e-5`, or `all` (default: all of the baseline's). */
  metrics?: string | readonly string[];
  /** Steps above this are not compared, and the command is stopped when it gets there (default: all). */
  maxSteps?: number;
  /** Folder for the results (default "replay_results"). */
  outputDir?: string;
  /** Device that the command may use (default "auto": it decides). */
  device?: Device;
  /** Wall time of one replica after which it is killed, in milliseconds (default: none). */
  timeoutMs?: number;
  /** How often the command is run (default 1). */
  replicas?: number;
  /** How many run at once (default: as many as there are, up to the number of cores). */
  jobs?: number;
  /** "same" (default) gives each replica the original's seed; "vary" gives replica i the seed + i. */
  replicaSeeds?: "same" | "vary";
  /** Level of all significance tests together, with `replicaSeeds: "vary"` (default 0.05). */
  alpha?: number;
  /** The seed, where the log has none or another one is meant. */
  seed?: number | bigint;
  /** Words that take the seed, such as `--train.seed {seed}`. */
  seedArg?: string | readonly string[];
  /** Environment variable that takes the seed. */
  seedEnv?: string;
  /** Directory to run the command in (default: this process's). */
  cwd?: string;
  /** Log that the command writes itself, in place of RLDK_METRICS_PATH; `{output}` is its folder. */
  metricsFile?: string;
  /** Prepares everything, runs nothing (default false). */
  dryRun?: boolean;
  /** Stops the command at the first value outside the tolerance (default false). */
  failFast?: boolean;
  /**
   * Records fingerprints of PyTorch's steps and compares them with those beside the original, else among
   * replicas of the same seed (default: as a baseline was recorded, else none).
   */
  fingerprint?: FingerprintRequest | undefined;
  /** Seeds `random`, NumPy and PyTorch in Python processes of the command (default true). */
  inject?: boolean;
  /** What of the command's surroundings is left as it is (default: nothing). */
  without?: readonly OwnChange[];
  /**
   * Whether a command that does not reproduce runs again without what rewind changes, where that may explain
   * it: equal bits were asked for, the differences begin small, or the command fails (default true).
   */
  diagnose?: boolean;
  /** Metrics and steps that one side lacks do not fail the replay (default false). */
  allowMissing?: boolean;
  /** Refuses damaged lines of the original (default false: they are reported). */
  strict?: boolean;
  /** Interrupts the replay: the command is killed, and the report says so. */
  signal?: AbortSignal;
  /** Called as rows are written. */
  onProgress?: (progress: ReplayProgress) => void;
  /** Makes the report page (default: `renderReplayPage`); with false none is written. */
  renderPage?: ((report: ReplayReport) => string) | false;
}

/**
 * Checks what can be checked before the log is read.
 *
 * @throws {RangeError} if a number is out of range.
 */
export function checkReplayOptions(options: ReplayOptions): void {
  const positive = { replicas: options.replicas, jobs: options.jobs, timeoutMs: options.timeoutMs };
  for (const [name, value] of Object.entries(positive)) {
    if (value === undefined) continue;
    const whole = name === "timeoutMs" || Number.isInteger(value);
    if (!(value > 0) || !whole || (name !== "timeoutMs" && value > REPLICAS_MAX)) {
      throw new ArgumentRangeError(
        `Cannot replay as '${name}' is out of range: current value is ${value}`,
      );
    }
  }
  checkFingerprintRequest(options.fingerprint);
  const { alpha } = options;
  if (alpha !== undefined && !(alpha > 0 && alpha < 1)) {
    throw new ArgumentRangeError(
      `Cannot replay as 'alpha' must be above 0 and below 1: current value is ${alpha}`,
    );
  }
  if (options.maxSteps !== undefined && !(options.maxSteps >= 0)) {
    throw new ArgumentRangeError(
      `Cannot replay as 'maxSteps' must be at least 0: current value is ${options.maxSteps}`,
    );
  }
}
