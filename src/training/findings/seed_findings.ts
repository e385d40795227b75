/**
 * From one value for each seed to what they show: estimates, the comparison of two groups, how many seeds it takes.
 * This module is browser compatible.
 *
 * @module
 */

import { independentShift, medianInterval, pairedShift } from "../statistics/rank_intervals.ts";
import {
  improvementShare,
  interquartileMean,
  IQM_SEEDS_MIN,
  iqmEstimate,
  pairedDifference,
  type PowerOptions,
  seedsNeeded,
  separationP,
  visibleEffect,
  welchDifference,
  winInterval,
} from "../statistics/seed_statistics.ts";
import { median, spreadOf, summarize } from "../statistics/summary.ts";
import type { UniformSource } from "../statistics/uniform_source.ts";
import type { SeedComparison, SeedGroup, SeedMetric, SeedResult } from "./seeds_report.ts";

/** A group before anything is computed. */
export interface SeedSample {
  /** The path that was given. */
  readonly path: string;
  /** The value of every run; all of them finite. */
  readonly values: readonly SeedResult[];
}

/** How to judge. */
export interface SeedSettings {
  /** Level of the intervals and of the test. */
  readonly alpha: number;
  /** Which way the metric should go; undefined where nothing is compared. */
  readonly better: "higher" | "lower" | undefined;
  /** Difference to plan for; the observed one if undefined. */
  readonly effect: number | undefined;
  /** Whether runs of one seed are pairs. */
  readonly pairing: boolean;
  /** Source of the bootstrap. */
  readonly random: UniformSource;
}

/** A value so many spreads from the median is far from the others. */
const FAR = 6;
/** Sample skewness from which on Student's test is known to err more often than it says. */
const SKEWED = 1.5;
/** What the interval of the typical difference, which has to exclude 0 as well, costs: so many times the seeds. */
const SEEDS_FOR_INTERVAL = 1.1;

/** One metric over one group or two. */
export function seedMetric(
  { metric, lastStep, samples }: { metric: string; lastStep: number; samples: SeedSample[] },
  settings: SeedSettings,
): SeedMetric {
  const groups = samples.map((sample) => describeGroup(sample, settings));
  const [a, b] = samples;
  const comparison = a === undefined || b === undefined || settings.better === undefined
    ? undefined
    : compareGroups(a, b, { ...settings, better: settings.better });
  const deviations = comparison === undefined
    ? [groups[0]!.deviation, groups[0]!.deviation]
    : comparison.pairs > 0
    ? [comparison.difference.deviation]
    : groups.map((group) => group.deviation);
  const effect = settings.effect ??
    (comparison === undefined ? undefined : Math.abs(comparison.difference.value));
  const n = comparison !== undefined && comparison.pairs > 0
    ? comparison.pairs
    : Math.min(...samples.map(({ values }) => values.length));
  const hasSpread = n > 1 && deviations.some((deviation) => deviation > 0);
  const { alpha } = settings;
  return {
    metric,
    lastStep,
    groups,
    comparison,
    effect,
    needed: hasSpread && effect !== undefined
      ? neededFor({ effect, deviations, alpha })
      : undefined,
    visible: hasSpread
      ? visibleEffect(Math.max(2, n / SEEDS_FOR_INTERVAL), { deviations, alpha })
      : undefined,
  };
}

function neededFor(options: PowerOptions): number | undefined {
  const needed = seedsNeeded(options);
  return needed === undefined ? undefined : Math.ceil(SEEDS_FOR_INTERVAL * needed);
}

function describeGroup({ path, values }: SeedSample, { alpha, random }: SeedSettings): SeedGroup {
  const numbers = values.map(({ value }) => value);
  const { n, mean, variance } = summarize(numbers);
  const level = 1 - alpha;
  return {
    path,
    values,
    mean,
    deviation: Math.sqrt(variance),
    median: median(numbers),
    medianInterval: n >= IQM_SEEDS_MIN || variance === 0
      ? undefined
      : medianInterval(numbers, level),
    iqm: interquartileMean(numbers),
    iqmInterval: n < IQM_SEEDS_MIN || variance === 0
      ? undefined
      : iqmEstimate(numbers, { random, level }).interval,
    doubts: doubtsAbout(path, values),
  };
}

function doubtsAbout(path: string, values: readonly SeedResult[]): string[] {
  const numbers = values.map(({ value }) => value);
  if (numbers.length < 4) return [];
  const middle = median(numbers);
  const spread = spreadOf(numbers);
  if (spread === 0) return [];
  const far = values.filter(({ value }) => Math.abs(value - middle) > FAR * spread);
  if (far.length > 0) {
    return [
      `${far.map(({ run }) => run).join(", ")} of ${path} ${
        far.length === 1 ? "is" : "are"
      } far from the other seeds: means rest on ${far.length === 1 ? "it" : "them"}`,
    ];
  }
  return Math.abs(skewness(numbers)) > SKEWED
    ? [`the seeds of ${path} are skewed: mean and test rest on few of them`]
    : [];
}

function skewness(values: readonly number[]): number {
  const { n, mean } = summarize(values);
  const moment = (k: number): number => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / n;
  return moment(3) / moment(2) ** 1.5;
}

/** Whether a difference is beyond chance: by the test, and by the interval where there are seeds enough for one. */
export function isShown({ difference, typical, alpha }: SeedComparison): boolean {
  const [low, high] = typical.interval ?? [1, 1];
  return difference.p < alpha && (low > 0 || high < 0);
}

/** Runs of A and of B with the same seed; none unless every run of the smaller group has its pair. */
export function seedPairs(a: SeedSample, b: SeedSample): [number, number][] {
  const bySeed = new Map(b.values.map(({ seed, value }) => [seed, value]));
  const pairs = a.values.flatMap(({ seed, value }): [number, number][] => {
    const other = seed === undefined ? undefined : bySeed.get(seed);
    return other === undefined ? [] : [[value, other]];
  });
  return pairs.length === Math.min(a.values.length, b.values.length) ? pairs : [];
}

/** B against A; undefined with a single run on a side. */
export function compareGroups(
  a: SeedSample,
  b: SeedSample,
  { alpha, better, pairing }: SeedSettings & { better: "higher" | "lower" },
): SeedComparison | undefined {
  const [x, y] = [a, b].map(({ values }) => values.map(({ value }) => value)) as [
    number[],
    number[],
  ];
  if (Math.min(x.length, y.length) < 2) return undefined;
  const level = 1 - alpha;
  const pairs = pairing ? seedPairs(a, b) : [];
  const paired = pairs.length > 1;
  const found = paired
    ? pairedDifference(pairs.map(([left]) => left), pairs.map(([, right]) => right))
    : welchDifference(x, y);
  const typical = paired
    ? pairedShift(pairs.map(([left, right]) => right - left), level)
    : independentShift(x, y, level);
  // Where no value differs from the others of its side, t says nothing: what order alone says is left.
  const p = found.deviation > 0
    ? found.p
    : found.value === 0
    ? 1
    : separationP(paired ? pairs.length : x.length, y.length, paired);
  const sign = better === "higher" ? 1 : -1;
  const count = paired ? pairs.length : Math.min(x.length, y.length);
  const share = paired
    ? pairs.reduce((sum, [left, right]) => {
      const gain = sign * (right - left);
      return sum + (gain > 0 ? 1 : gain === 0 ? 0.5 : 0);
    }, 0) / pairs.length
    : improvementShare(x.map((value) => sign * value), y.map((value) => sign * value));
  return {
    pairs: paired ? pairs.length : 0,
    difference: { ...found, p },
    typical: found.deviation > 0 ? typical : { ...typical, interval: undefined },
    alpha,
    better,
    improvement: {
      value: share,
      interval: winInterval(share * count, count, level),
    },
    pairingGain: paired && found.deviation > 0 ? gainOf(pairs, found.deviation) : undefined,
  };
}

/** Variance of a difference of independent runs over that of pairs. */
function gainOf(pairs: readonly [number, number][], deviation: number): number {
  const variance = (side: 0 | 1): number => summarize(pairs.map((pair) => pair[side])).variance;
  return (variance(0) + variance(1)) / deviation ** 2;
}
