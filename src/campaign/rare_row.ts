/**
 * The line that one repeat of a splitting leaves.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../codec/exact_fields.ts";
import type { RareEnd } from "../sandbox/wire/answers.ts";
import type { JournalShape } from "./journal.ts";
import { type RepeatEstimate, repeatEstimate } from "./statistics/rare_estimate.ts";
import { seedJson } from "./trial_row.ts";

/** What is kept of a repeat. */
export interface RareRow {
  /** Number of the repeat, from 0. */
  readonly trial: number;
  /** What its rounds come to; `logP` is null where all particles died out. */
  readonly estimate: Omit<RepeatEstimate, "logP"> & { readonly logP: number | null };
  /** Rounds of killing. */
  readonly rounds: number;
  /** Levels with the logarithm of the share that gets above them; at most 200 of them, evenly chosen. */
  readonly curve: readonly (readonly [level: number, logShare: number | null])[];
  /** Steps that were made. */
  readonly steps: number;
  /** Those of the first trajectories. */
  readonly firstSteps: number;
  /** How a run that gets to the level came about; null if none did. */
  readonly lineage: {
    readonly reachedAt: number;
    readonly runs: readonly { readonly seed: number | string; readonly origin: number }[];
  } | null;
}

/** Most points of a curve. */
const CURVE_MAX = 200;

/** The row of a repeat. */
export function rareRowOf(repeat: number, end: RareEnd, particles: number): RareRow {
  const { levels, killed, transitions, firstTransitions, seeds, origins, reachedAt } = end;
  const { logP, ...estimate } = repeatEstimate(end, particles);
  let logShare = 0;
  const curve = Array.from(killed, (count, i): [number, number | null] => {
    logShare += Math.log1p(-count / particles);
    return [levels[i]!, finite(logShare)];
  });
  const every = Math.max(1, Math.ceil(curve.length / CURVE_MAX));
  return {
    trial: repeat,
    estimate: { ...estimate, logP: finite(logP) },
    rounds: killed.length,
    curve: curve.filter((_, i) => (curve.length - 1 - i) % every === 0),
    steps: transitions,
    firstSteps: firstTransitions,
    lineage: reachedAt === undefined ? null : {
      reachedAt,
      runs: seeds.map((seed, i) => ({ seed: seedJson(seed), origin: origins[i]! })),
    },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const FIELDS = [
  ...["trial", "estimate", "rounds", "curve", "steps", "firstSteps", "lineage"],
] as const;

const ESTIMATE_FIELDS = ["logBefore", "variance", "kills", "ancestors", "logP"] as const;

/** What the journal of so many repeats holds. */
export function rareShape(repeats: number): JournalShape<RareRow> {
  return {
    hasFailed: () => false,
    read(claim) {
      const row = fieldsOf(claim, FIELDS);
      if (row === undefined) return undefined;
      const { trial, estimate, curve, steps, firstSteps, lineage } = row;
      const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
      const isKnown = isCount(trial) && (trial as number) < repeats && isCount(steps) &&
        isCount(firstSteps) && Array.isArray(curve) && typeof lineage === "object" &&
        typeof estimate === "object" && estimate !== null &&
        ESTIMATE_FIELDS.every((name) => name in estimate);
      return isKnown ? claim as RareRow : undefined;
    },
  };
}
