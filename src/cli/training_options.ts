/**
 * Options that the verbs for training runs share, named as rldk names them where it has them.
 *
 * @module
 */

import {
  FINGERPRINT_LEVELS,
  type FingerprintRequest,
} from "../training/command/fingerprint_request.ts";
import { DEVICES } from "../training/command/replay_environment.ts";
import type { ToleranceOptions } from "../training/compare/tolerance.ts";
import type { Option, Values } from "./command.ts";
import { choice, grouped, integer, number, path, seconds, text } from "./options.ts";

/** How far values may be apart; `fallback` is the tolerance where none is given. */
export function toleranceOptions(fallback: string): {
  readonly tolerance: Option<number | undefined>;
  readonly atol: Option<number | undefined>;
  readonly rtol: Option<number | undefined>;
  readonly ulp: Option<number | undefined>;
} {
  return grouped("Comparison", {
    tolerance: number(
      "X",
      "Largest relative difference allowed, absolute near zero; 0 requires identical bits",
      { short: "t", min: 0, fallback },
    ),
    atol: number("X", "Absolute part of |a - b| <= atol + rtol * |a|", { min: 0 }),
    rtol: number("X", "Relative part of the same", { min: 0 }),
    ulp: number("N", "Units in the last place allowed", { min: 0 }),
  });
}

/** How the command is run. */
export const RUN_OPTIONS = {
  ...grouped("Command", {
    device: choice(DEVICES, "Device", { short: "d", fallback: "auto" }),
    timeout: seconds("Time after which a run of the command is killed, 0 for none", {
      fallback: "none",
    }),
  }),
  ...grouped("Seed", {
    seedArg: text("WORDS", "Words that take the seed, such as '--train.seed {seed}'"),
    seedEnv: text("NAME", "Environment variable that takes the seed"),
  }),
  ...grouped("Command", {
    metricsFile: path(
      "FILE",
      "Log file written by the command; '{output}' expands to the replay's output folder",
    ),
  }),
};

/** How it is run several times at once. */
export const JOBS_OPTIONS = grouped("Command", {
  jobs: integer("N", "Number of runs at a time", { min: 1, fallback: "number of cores" }),
});

/** What is recorded of each step. */
export const FINGERPRINT_OPTIONS = grouped("Fingerprints", {
  fingerprint: {
    ...choice(FINGERPRINT_LEVELS, "What of PyTorch's steps to hash, to name what differs first", {
      fallback: "none, step if given without LEVEL",
    }),
    value: "[LEVEL]",
    implied: "step",
  },
  fingerprintEvery: integer("K", "Record steps 0, K, 2K, ... only", { min: 1, fallback: "1" }),
});

/** What {@linkcode FINGERPRINT_OPTIONS} say; undefined for no fingerprints. */
export function fingerprintValues(
  { fingerprint, fingerprintEvery }: Values<typeof FINGERPRINT_OPTIONS>,
): FingerprintRequest | undefined {
  if (fingerprint !== undefined) return { level: fingerprint, every: fingerprintEvery };
  return fingerprintEvery === undefined ? undefined : { level: "step", every: fingerprintEvery };
}

/** Bounds from the command line. */
export function toleranceValues(
  { tolerance, atol, rtol, ulp }: Values<ReturnType<typeof toleranceOptions>>,
): ToleranceOptions {
  return { tolerance, atol, rtol, ulp };
}

/** What {@linkcode RUN_OPTIONS} say. */
export function runValues(
  { device, timeout, seedArg, seedEnv, metricsFile }: Values<typeof RUN_OPTIONS>,
): Omit<Values<typeof RUN_OPTIONS>, "timeout"> & { readonly timeoutMs: number | undefined } {
  return { device, timeoutMs: finite(timeout), seedArg, seedEnv, metricsFile };
}

/** Names from the command line; undefined where none were given, so that the verb takes its default. */
export function namesOf<T>(given: readonly T[]): readonly T[] | undefined {
  return given.length === 0 ? undefined : given;
}

/** A time limit as the training verbs take it: undefined for none. */
export function finite(milliseconds: number | undefined): number | undefined {
  return milliseconds === Infinity ? undefined : milliseconds;
}
