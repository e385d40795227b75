/**
 * Options of a determinism check.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { REPLICAS_MAX } from "../limits.ts";
import {
  checkFingerprintRequest,
  type FingerprintRequest,
} from "../command/fingerprint_request.ts";
import type { Device } from "../command/replay_environment.ts";
import type { ToleranceOptions } from "../compare/tolerance.ts";
import { type Perturbation, PERTURBATIONS } from "../findings/perturbation.ts";

/** Options of `checkDeterminism`. */
export interface DeterminismOptions extends ToleranceOptions {
  /** Command to run, as a shell would take it; no shell is run. */
  command: string;
  /** Metrics to compare: names, `a,b`, or `all` (default). */
  metrics?: string | readonly string[];
  /** How often to run it, at least 2 (default 5). */
  replicas?: number;
  /** How many run at once (default: up to the number of cores). */
  jobs?: number;
  /** Conditions to change, one at a time, once the command is found to be deterministic (default none). */
  perturb?: readonly Perturbation[];
  /** Seed to put into the command (default: the command is left as it is, the same every time). */
  seed?: number | bigint;
  /** Words that take the seed, such as `--train.seed {seed}`. */
  seedArg?: string | readonly string[];
  /** Environment variable that takes the seed. */
  seedEnv?: string;
  /** Steps after which each run is stopped; with a list, the only steps that are compared (default: all). */
  steps?: number | readonly number[];
  /** Whether to look for the culprit, by running the command again with libraries seeded (default true). */
  diagnose?: boolean;
  /** Records fingerprints of PyTorch's steps, and names what differs first inside of a step (default: none). */
  fingerprint?: FingerprintRequest | undefined;
  /** Folder for the results (default "determinism_analysis"). */
  outputDir?: string;
  /** Device that the command may use (default "auto"). */
  device?: Device;
  /** Wall time of one run after which it is killed, in milliseconds (default: none). */
  timeoutMs?: number;
  /** Directory to run the command in (default: this process's). */
  cwd?: string;
  /** Log that the command writes itself, in place of RLDK_METRICS_PATH; `{output}` is its folder. */
  metricsFile?: string;
  /**
   * The last run starts at least this long after the first, in milliseconds, so that a seed from a clock
   * in seconds is not the same in all of them (default 1100).
   */
  spreadMs?: number;
  /** Interrupts the check; running commands are killed. */
  signal?: AbortSignal;
}

/**
 * Checks what can be checked before the command runs.
 *
 * @throws {TypeError} if a perturbation is not known.
 * @throws {RangeError} if a number is out of range.
 */
export function checkDeterminismOptions(options: DeterminismOptions): void {
  const { replicas = 5, perturb = [] } = options;
  if (!Number.isInteger(replicas) || replicas < 2 || replicas > REPLICAS_MAX) {
    throw new ArgumentRangeError(
      `Cannot check determinism as 'replicas' must be from 2 to ${REPLICAS_MAX}: current value is ${replicas}`,
    );
  }
  for (const name of perturb) {
    if (!PERTURBATIONS.includes(name)) {
      throw new ArgumentTypeError(
        `Cannot perturb "${name}" as it is not known; choose from ${PERTURBATIONS.join(", ")}`,
      );
    }
  }
  checkFingerprintRequest(options.fingerprint);
  const steps = [options.steps ?? []].flat();
  if (steps.some((step) => !Number.isInteger(step) || step < 0)) {
    throw new ArgumentRangeError(
      `Cannot check determinism as 'steps' must be whole numbers of at least 0: current value is ${steps}`,
    );
  }
}
