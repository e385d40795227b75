/**
 * A small probability from repeats of a splitting: estimate, interval, and what is to be doubted about it.
 * This module is browser compatible.
 *
 * Each repeat gives the product of the shares that survived its rounds, which is unbiased (Bréhier et al. 2016),
 * and so is their mean. Given that particles behave as independent ones do, the logarithm of a repeat's product
 * has the variance sum K / (N (N - K)) over its rounds, K of N particles killed, and a mean that is half of that
 * too low; for K = 1 this is the Poisson law of the number of kills (Guyader, Hengartner, Matzner-Løber 2011).
 * Where repeats spread more than that, their own spread counts.
 *
 * @module
 */

import { NORMAL_95, studentQuantile95 } from "./intervals.ts";

/** What one repeat gives. */
export interface RepeatEstimate {
  /** Logarithm of its estimate; -Infinity if all particles died out. */
  readonly logP: number;
  /** The variance of that logarithm that its kills imply. */
  readonly variance: number;
  /** How many particles were killed. */
  readonly kills: number;
  /** First particles that those in the end descend from. */
  readonly ancestors: number;
  /** Logarithm of the estimate before the round in which all died out; else logP. */
  readonly logBefore: number;
}

/** What may be wrong with an estimate. */
export type RareWarning =
  | "extinct" // all particles of some repeats died out
  | "disagree" // repeats spread more than independent particles would
  | "dominated" // one repeat makes up most of the mean
  | "ancestors" // nearly all particles descend from one
  | "certain"; // the level is reached at once

/** What warnings say. */
export const RARE_WARNINGS: Readonly<Record<RareWarning, string>> = {
  extinct:
    "all particles of some repeats died out below the level: the event may be impossible, or the score leads " +
    "where there is no way on; more particles, or another score",
  disagree:
    "the repeats spread more than independent particles would: the score is a poor guide, and the interval may " +
    "be too narrow; more repeats, or a score that sees what matters early",
  dominated:
    "one repeat makes up most of the estimate: others missed the likeliest way; more particles, or another score",
  ancestors:
    "nearly all particles descend from few: the score decides too early who survives; more particles, or another score",
  certain:
    "every trajectory reaches the level: nothing is rare here; is the level above the score of the start?",
};

/** A probability with a 95% interval. */
export interface RareEstimate {
  /** The mean over the repeats; unbiased. */
  readonly p: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Standard error of the logarithm; NaN where nothing reached the level. */
  readonly logError: number;
  /** How many times the repeats spread more than their kills imply; NaN with one repeat, or where some died out. */
  readonly spread: number;
  /** What is to be doubted. */
  readonly warnings: readonly RareWarning[];
}

/** What the rounds of a repeat come to. */
export function repeatEstimate(
  { killed, isExtinct, ancestors }: {
    killed: ArrayLike<number>;
    isExtinct: boolean;
    ancestors: number;
  },
  particles: number,
): RepeatEstimate {
  let logP = 0;
  let logBefore = 0;
  let variance = 0;
  let kills = 0;
  for (let i = 0; i < killed.length; i++) {
    const count = killed[i]!;
    kills += count;
    logBefore = logP;
    logP += Math.log1p(-count / particles);
    if (count < particles) variance += count / (particles * (particles - count));
  }
  if (!isExtinct) logBefore = logP;
  return { logP, variance, kills, ancestors, logBefore };
}

/** Repeats of which one may dominate the mean without more being wrong than chance. */
const REPEATS_JUDGED = 4;

/** The estimate from all repeats; of none it is NaN, and the interval [0, 1]. */
export function rareEstimate(
  repeats: readonly RepeatEstimate[],
  particles: number,
): RareEstimate {
  const count = repeats.length;
  if (count === 0) return { p: NaN, low: 0, high: 1, logError: NaN, spread: NaN, warnings: [] };
  const shares = repeats.map(({ logP }) => Math.exp(logP));
  const p = shares.reduce((sum, share) => sum + share, 0) / count;
  const warnings = warningsOf(repeats, { p, shares, particles });
  if (p === 0) {
    // Nothing of the last rounds survived: what would survive with 5% is the most that this rules out.
    const before = repeats.reduce((sum, { logBefore }) => sum + Math.exp(logBefore), 0) / count;
    const high = before * (1 - Math.pow(0.05, 1 / (particles * count)));
    return { p, low: 0, high, logError: NaN, spread: NaN, warnings };
  }
  const ideal = repeats.reduce((sum, { variance }) => sum + variance, 0) / count;
  const isAnyExtinct = shares.includes(0);
  const centers = isAnyExtinct
    ? shares.map((share) => share / p)
    : repeats.map(({ logP, variance }) => logP + variance / 2);
  const center = centers.reduce((sum, one) => sum + one, 0) / count;
  const sample = count < 2
    ? NaN
    : centers.reduce((sum, one) => sum + (one - center) ** 2, 0) / (count - 1);
  const variance = isAnyExtinct
    ? Math.log1p(Math.max(Math.expm1(ideal), sample || 0) / count)
    : Math.max(ideal, sample || 0) / count;
  const logError = Math.sqrt(variance);
  // The spread of few repeats is itself not well known, where it is what counts.
  const isFromSpread = sample > ideal && count > 1;
  const z = isFromSpread ? Math.min(4, studentQuantile95(count - 1)) : NORMAL_95;
  const middle = isAnyExtinct ? Math.log(p) - variance / 2 : center;
  const spread = isAnyExtinct || ideal === 0 ? NaN : sample / ideal;
  if (isSuspicious(spread, count)) warnings.push("disagree");
  return {
    p,
    low: Math.min(p, Math.exp(middle - z * logError)),
    high: Math.min(1, Math.max(p, Math.exp(middle + z * logError))),
    logError,
    spread,
    warnings,
  };
}

function warningsOf(
  repeats: readonly RepeatEstimate[],
  { p, shares, particles }: { p: number; shares: readonly number[]; particles: number },
): RareWarning[] {
  const warnings: RareWarning[] = [];
  if (shares.includes(0)) warnings.push("extinct");
  if (repeats.every(({ kills }) => kills === 0)) warnings.push("certain");
  const top = Math.max(...shares);
  if (repeats.length >= REPEATS_JUDGED && p > 0 && top > (p * repeats.length) / 2) {
    warnings.push("dominated");
  }
  // With forks chosen evenly, kills leave N / (1 + kills / N) ancestors (the Moran model).
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const expected = mean(repeats.map(({ kills }) => particles / (1 + kills / particles)));
  if (expected >= 4 && mean(repeats.map(({ ancestors }) => ancestors)) < expected / 3) {
    warnings.push("ancestors");
  }
  return warnings;
}

/** Whether repeats spread more than one in a thousand would by chance (Wilson and Hilferty 1931). */
function isSuspicious(spread: number, count: number): boolean {
  if (count < REPEATS_JUDGED) return false;
  const k = 2 / (9 * (count - 1));
  return spread > (1 - k + 3.09 * Math.sqrt(k)) ** 3;
}
