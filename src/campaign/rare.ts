/**
 * The probability of what hardly ever happens, for a step that is a function of this process.
 * This module is browser compatible.
 *
 * @module
 */

import { planRecord } from "../engine/record_options.ts";
import type { RecordOptions } from "../engine/record_types.ts";
import { splitTrajectories } from "../engine/trajectories.ts";
import type { StepFunction } from "../engine/types.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { RARE_PARTICLES_MAX } from "./limits.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { normalizeSeed } from "../rng/derive_seed.ts";
import {
  type RareEstimate,
  rareEstimate,
  type RepeatEstimate,
  repeatEstimate,
} from "./statistics/rare_estimate.ts";

/** How a splitting is done. */
export interface RareSettings {
  /** The score at which the event has happened. */
  readonly level: number;
  /**
   * Particles of a repeat.
   *
   * @default {100}
   */
  readonly particles?: number;
  /**
   * At least so many are killed at a time.
   *
   * @default {1}
   */
  readonly kill?: number;
  /**
   * Independent repeats.
   *
   * @default {10}
   */
  readonly repeats?: number;
}

/** Options of {@linkcode rare}. */
export interface RareOptions<S, N extends RngName, P> extends
  RareSettings,
  Pick<
    RecordOptions<S, N, P>,
    "init" | "steps" | "seed" | "rng" | "params" | "until" | "guards" | "codec"
  > {
  /** How far a state is: greater is nearer to the event. It must not change the state. */
  readonly score: (state: S, t: number) => number;
}

/** How a run came about that gets to the level. */
export interface RareLineage {
  /** The t at which the level is reached. */
  readonly reachedAt: number;
  /** Runs, each a branch of the one before: its seed, and the t of the first one's time at which it starts. */
  readonly runs: readonly { readonly seed: bigint; readonly origin: number }[];
}

/** What a splitting gives. */
export interface RareResult extends RareEstimate {
  /** Steps that were made. */
  readonly steps: number;
  /** Independent repeats. */
  readonly repeats: number;
  /** Steps that crude Monte Carlo would need for an interval as narrow; Infinity where that is not known. */
  readonly crudeSteps: number;
  /** A run that gets to the level; undefined if none did. */
  readonly lineage: RareLineage | undefined;
}

/** Takes defaults and checks what does not fit together. */
export function checkSettings(
  { level, particles = 100, kill = 1, repeats = 10 }: RareSettings,
): Required<RareSettings> {
  const wrong = (name: string, what: string, value: unknown) =>
    new ArgumentRangeError(`Cannot use '${name}': it must be ${what}: current value is ${value}`);
  const isCount = (value: number, min: number, max: number) =>
    Number.isSafeInteger(value) && value >= min && value <= max;
  if (typeof level !== "number" || Number.isNaN(level)) throw wrong("level", "a number", level);
  if (!isCount(particles, 2, RARE_PARTICLES_MAX)) {
    throw wrong("particles", `an integer from 2 to ${RARE_PARTICLES_MAX}`, particles);
  }
  if (!isCount(kill, 1, particles - 1)) {
    throw wrong("kill", `an integer from 1 to ${particles - 1}, less than 'particles'`, kill);
  }
  if (!isCount(repeats, 1, RARE_PARTICLES_MAX)) {
    throw wrong("repeats", "an integer of at least 1", repeats);
  }
  return { level, particles, kill, repeats };
}

/**
 * Estimates how likely a run reaches a level of a score within its steps, by generalised adaptive multilevel
 * splitting: repeats of many particles, of which those with the lowest scores are replaced by forks of the
 * others, until all are there. The estimate is unbiased; the interval is at 95%.
 *
 * @example Usage
 * ```ts
 * import type { PythonRandom } from "@rewind/cli";
 * import { rare } from "@rewind/cli/campaign";
 * import { assert } from "@std/assert";
 *
 * // Gambler's ruin: from 1 up with 1/3, to 12 before 0: 1 in 4095.
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 1 / 3 ? 1 : -1);
 * const { low, high } = rare(step, {
 *   ...{ init: 1, steps: 1000, seed: 1 },
 *   ...{ score: (x) => x, level: 12, until: (x) => x === 0 },
 * });
 * assert(low < 1 / 4095 && 1 / 4095 < high);
 * ```
 *
 * @param step The step.
 * @param options What to record, how to score it, and how to split. `until` ends a trajectory.
 * @throws {StepError} If a step throws.
 * @throws {RangeError} If a score is not a number, or a setting makes no sense.
 */
export function rare<S, N extends RngName = "python", P = undefined>(
  step: StepFunction<S, RngByName[N], P>,
  options: RareOptions<S, N, P>,
): RareResult {
  const { score, level: _, particles: __, kill: ___, repeats: ____, ...recording } = options;
  if (typeof score !== "function") {
    throw new ArgumentTypeError("Cannot split: 'score' must be a function of the state");
  }
  const settings = checkSettings(options);
  const plan = planRecord(step, recording as unknown as RecordOptions<S, N, P>);
  const seed = normalizeSeed(options.seed);
  const estimates: RepeatEstimate[] = [];
  let steps = 0;
  let firstSteps = 0;
  let found: RareLineage | undefined;
  for (let repeat = 0; repeat < settings.repeats; repeat++) {
    const { level, particles } = settings;
    const second = repeat === 0 ? plan.second : undefined;
    const split = splitTrajectories(
      { plan: { ...plan, second }, score, level, seed, repeat },
      settings,
    );
    estimates.push(repeatEstimate(split, particles));
    steps += split.transitions;
    firstSteps += split.firstTransitions;
    const { reachedAt, lineage } = split;
    if (found === undefined && reachedAt !== undefined) found = { reachedAt, runs: lineage };
  }
  return rareResult(estimates, { ...settings, steps, firstSteps, lineage: found });
}

/** The result of repeats. */
export function rareResult(
  estimates: readonly RepeatEstimate[],
  { particles, repeats, steps, firstSteps, lineage }: {
    particles: number;
    repeats: number;
    steps: number;
    firstSteps: number;
    lineage: RareLineage | undefined;
  },
): RareResult {
  const estimate = rareEstimate(estimates, particles);
  const { p, logError } = estimate;
  // Of n independent trajectories the share that gets there has the relative variance (1 - p) / (n p).
  const crude = (1 - p) / (p * logError * logError) * (firstSteps / (particles * repeats));
  return {
    ...estimate,
    steps,
    repeats,
    crudeSteps: Number.isNaN(crude) ? Infinity : crude,
    lineage,
  };
}
