/**
 * A baseline: a run that is kept with its command and its surroundings.
 * This module is browser compatible.
 *
 * @module
 */

import type { Device, OwnChange } from "../command/replay_environment.ts";
import type { Surroundings } from "../command/surroundings.ts";

/** Name of the file that describes a baseline, in its folder. */
export const BASELINE_FILE = "baseline.json";

/** What `baseline.json` holds. */
export interface Baseline {
  /** Version of this format. */
  readonly version: 1;
  /** The words that were run, without secrets. */
  readonly argv: readonly string[];
  /** Variables that stood in front of the command, without secrets, and the seed's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Directory that it ran in. */
  readonly cwd: string;
  /** Seed that it was given. */
  readonly seed: bigint;
  /** Where in the command the seed went. */
  readonly seedPlacement: string;
  /** Its log, relative to the folder. */
  readonly log: string;
  /** Options by which it ran. */
  readonly options: {
    readonly metricsFile?: string | undefined;
    readonly seedArg?: string | readonly string[] | undefined;
    readonly seedEnv?: string | undefined;
    readonly device?: Device | undefined;
    readonly maxSteps?: number | undefined;
    readonly inject?: boolean | undefined;
    readonly without?: readonly OwnChange[] | undefined;
    readonly format?: string | undefined;
    readonly preset?: string | undefined;
    readonly fieldMap?: Readonly<Record<string, string>> | undefined;
  };
  /** Its surroundings. */
  readonly surroundings: Surroundings;
  /** What looks like a secret and was not kept. */
  readonly leftOut: readonly string[];
  /** Whether something was left out of the words, so that they cannot run as they stand. */
  readonly isCut: boolean;
  /** Variables that stood in front of the command and were left out: to run, it takes them from elsewhere. */
  readonly envLeftOut: readonly string[];
}

/** Report of `baseline`. */
export interface BaselineReport {
  /** Whether there is a baseline now. */
  readonly passed: boolean;
  /** The outcome. */
  readonly verdict: "kept" | "command_failed" | "nothing_compared" | "interrupted";
  /** Why there is none. */
  readonly reasons: readonly string[];
  /** What may make it another one than was meant. */
  readonly warnings: readonly string[];
  /** The baseline; undefined if there is none. */
  readonly baseline: Baseline | undefined;
  /** Steps of its log. */
  readonly steps: number;
  /** Metrics of its log. */
  readonly metrics: readonly string[];
  /** Wall time in seconds. */
  readonly durationSeconds: number;
  /** The folder. */
  readonly folder: string;
}
