/**
 * Runs of several seeds, of one kind or of two: what they show, whether B is better than A, and how many seeds it
 * would take. The seed is the unit: a run counts once, by one value of each metric.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { counted } from "../../text/quantity.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import { directionOf, maximizesReward } from "../findings/direction.ts";
import { logWarnings } from "../findings/log_warnings.ts";
import { isShown, seedMetric, seedPairs, type SeedSample } from "../findings/seed_findings.ts";
import type { SeedMetric, SeedsReport, SeedsVerdict } from "../findings/seeds_report.ts";
import { type LogReading, readingOf } from "../log/read_run.ts";
import { oneAndTheSame } from "../log/file_source.ts";
import { readGroup, type RunGroup } from "../log/run_group.ts";
import { column, requireColumn } from "../log/run_log.ts";
import { createUniformSource } from "../statistics/uniform_source.ts";
import { identifySeeds, type SeededGroup } from "./seed_groups.ts";
import { sameEverywhere, valuesOf } from "./seed_values.ts";

/** Options of {@linkcode seeds}. */
export interface SeedsOptions extends LogReading {
  /** Runs of A: a folder with a log or a folder for each, or a store that holds several. */
  a: string;
  /** Runs of B (default: A alone is described). */
  b?: string;
  /** Metrics: names, or `a,b`. */
  metrics: string | readonly string[];
  /** Which value of a run counts: its last one (default), its best one or the mean of all. */
  over?: "last" | "best" | "mean";
  /** With "last": the mean of so many values at the end (default 1). */
  window?: number;
  /** Steps above this are left out (default: none are). */
  maxSteps?: number;
  /** Which way the metrics should go (default: known by the name). */
  better?: "higher" | "lower";
  /** Level of all intervals and tests together (default 0.05). */
  alpha?: number;
  /** Difference to plan for (default: the observed one). */
  effect?: number;
  /** Place of the seed in the logs, such as `seed` or `path`; `none` takes each run for a seed of its own. */
  seedKey?: string;
  /** Whether runs of one seed in A and B are pairs (default true). */
  pairing?: boolean;
  /** Runs that cannot be read, lack a metric, or end in NaN, are left out, and longer ones are cut, with a warning (default false). */
  allowMissing?: boolean;
  /** Seed of the bootstrap (default 42). */
  seed?: number;
  /** Refuses damaged lines and folders that hold anything but logs (default false). */
  strict?: boolean;
}

/**
 * Compares runs of several seeds.
 *
 * @throws {TrainingLogError} if a log cannot be read, lacks a metric, or two runs of a group have one seed.
 * @throws {RangeError} if a number is out of range, or it is not known which way a metric should go.
 *
 * @example Usage
 * ```ts
 * import { seeds } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * for (const [name, gain] of [["a", 0], ["b", 0.3]] as const) {
 *   await Deno.mkdir(`${folder}/${name}`);
 *   for (let seed = 0; seed < 5; seed++) {
 *     const row = { step: 9, seed, loss: 1 - gain + 0.01 * seed + gain * 0.01 * (seed % 2) };
 *     await Deno.writeTextFile(`${folder}/${name}/${seed}.jsonl`, JSON.stringify(row));
 *   }
 * }
 * const report = await seeds({ a: `${folder}/a`, b: `${folder}/b`, metrics: "loss" });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "better");
 * assertEquals(report.metrics[0]?.comparison?.pairs, 5);
 * ```
 */
export async function seeds(options: SeedsOptions): Promise<SeedsReport> {
  checkOptions(options);
  const { over = "last", window = 1, alpha = 0.05 } = options;
  const selection = parseMetrics([options.metrics].flat(), {});
  const paths = [options.a, ...(options.b === undefined ? [] : [options.b])];
  const found: RunGroup[] = [];
  for (const path of paths) found.push(await readGroup(path, readingOf(options)));
  const { groups, notes } = identifySeeds(found, options.seedKey);
  const needsDirection = groups.length > 1 || over === "best";
  const directionFor = (metric: string) => options.better ?? directionIn(groups, metric);
  const names = metricNames(selection, groups, {
    isMeant: (metric) => !needsDirection || directionFor(metric) !== undefined,
  });
  const { allowMissing = false } = options;
  const warnings = options.b === undefined ? [] : await oneAndTheSame(options.a, options.b);
  warnings.push(...found.flatMap(({ leftOut, lost, members }) => [
    ...leftOut,
    ...(allowMissing ? lost : []),
    ...members.flatMap(({ name, log }) => logWarnings(log, name)),
  ]));
  const reasons = allowMissing
    ? []
    : found.flatMap(({ lost }) => lost.map((why) => `${why} (--allow-missing: it is left out)`));
  const metrics: SeedMetric[] = [];
  const ignored: string[] = [];
  for (const metric of names) {
    const better = directionFor(metric);
    if (better === undefined && needsDirection) {
      throw new ArgumentRangeError(
        `Cannot tell whether more or less of '${metric}' is better`,
        { hint: "pass --better higher or --better lower" },
      );
    }
    ignored.push(...groups.flatMap((group) => sameEverywhere(group, metric)));
    const values = valuesOf(groups, metric, { ...options, over, window, better });
    warnings.push(...values.warnings);
    reasons.push(...values.problems);
    if (values.problems.length > 0) continue;
    metrics.push(seedMetric({ metric, lastStep: values.lastStep, samples: values.samples }, {
      alpha: alpha / names.length,
      better,
      effect: options.effect,
      pairing: options.pairing ?? true,
      random: createUniformSource(options.seed ?? 42),
    }));
    if (groups.length > 1 && (options.pairing ?? true)) {
      notes.push(...pairingNotes(values.samples, metric));
    }
  }
  for (const { metric, comparison } of metrics) {
    if (comparison?.difference.deviation === 0 && comparison.difference.value === 0) {
      warnings.push(
        `${metric}: every run of B has the value of its pair in A: is the setting in force?`,
      );
    }
    if (comparison === undefined || !(comparison.difference.p < comparison.alpha)) continue;
    if (comparison.difference.deviation > 0 && comparison.typical.interval === undefined) {
      warnings.push(
        `${metric}: too few seeds for an interval that holds whatever the distribution: the test alone decides, which takes the values to be roughly normal`,
      );
    } else if (!isShown(comparison)) {
      notes.push(
        `${metric}: the test of the means alone would show a difference, but the interval of the typical difference, which takes no shape for granted, holds 0`,
      );
    }
  }
  const verdict = decide(metrics, { ignored, incomplete: reasons.length > 0, groups });
  return {
    passed: verdict === "better" || verdict === "described",
    verdict,
    reasons: [...new Set([...ignored, ...reasons])],
    warnings: [
      ...warnings,
      ...metrics.flatMap((item) => item.groups.flatMap((group) => group.doubts)),
    ],
    notes: [...new Set(notes)],
    over,
    window,
    alpha,
    metrics,
  };
}

function checkOptions({ alpha = 0.05, window = 1, effect }: SeedsOptions): void {
  const refuse = (name: string, must: string, value: number): never => {
    throw new ArgumentRangeError(
      `Cannot compare seeds as '${name}' must be ${must}: current value is ${value}`,
    );
  };
  if (!(alpha > 0 && alpha < 1)) refuse("alpha", "above 0 and below 1", alpha);
  if (!Number.isInteger(window) || window < 1) refuse("window", "at least 1", window);
  if (effect !== undefined && !(effect > 0)) refuse("effect", "above 0", effect);
}

/** Metrics by name; one that no log has is a slip of the pen. Of all of them, those that are meant. */
function metricNames(
  selection: MetricSelection,
  groups: readonly SeededGroup[],
  { isMeant }: { isMeant: (metric: string) => boolean },
): string[] {
  const logs = groups.flatMap(({ runs }) => runs.map(({ log }) => log));
  const first = logs[0]!;
  // A run that ended before it logged a metric must not hide it.
  const columns = logs.flatMap((log) => [...log.columns.values()]);
  for (const { name } of selection.requests) {
    if (logs.every((log) => column(log, name) === undefined)) requireColumn(first, name);
  }
  const all = selection.all
    ? columns.filter((item) =>
      item.earlierOf === undefined && directionOf(item, false) !== undefined
    ).map(({ name }) => name).filter(isMeant)
    : [];
  const names = [...new Set([...selection.requests.map(({ name }) => name), ...all])];
  if (names.length === 0) {
    throw new ArgumentRangeError(
      `Cannot compare all metrics of ${first.source} as it has none of which it is known which way it should go`,
      { hint: "name them with --metrics" },
    );
  }
  return names;
}

function directionIn(
  groups: readonly SeededGroup[],
  metric: string,
): "higher" | "lower" | undefined {
  for (const { log } of groups.flatMap(({ runs }) => runs)) {
    const item = column(log, metric);
    if (item === undefined) continue;
    const direction = directionOf(item, maximizesReward(log));
    return direction === undefined ? undefined : direction > 0 ? "higher" : "lower";
  }
  return undefined;
}

function pairingNotes(samples: readonly SeedSample[], metric: string): string[] {
  const [a, b] = samples as [SeedSample, SeedSample];
  const matched =
    a.values.filter(({ seed }) =>
      seed !== undefined && b.values.some((other) => other.seed === seed)
    ).length;
  if (seedPairs(a, b).length > 0) {
    const rest = Math.abs(a.values.length - b.values.length);
    return rest === 0 ? [] : [
      `${metric}: ${counted(rest, "run")} without a pair ${
        rest === 1 ? "does" : "do"
      } not count for the difference`,
    ];
  }
  return matched === 0 ? [] : [
    `${metric}: ${matched} seeds are in both groups, but not all: the groups are compared as independent`,
  ];
}

function decide(
  metrics: readonly SeedMetric[],
  { ignored, incomplete, groups }: {
    ignored: readonly string[];
    incomplete: boolean;
    groups: readonly SeededGroup[];
  },
): SeedsVerdict {
  if (ignored.length > 0) return "no_effect";
  if (incomplete || metrics.length === 0) return "nothing_compared";
  if (groups.some(({ runs }) => runs.length < 2)) return "too_few";
  if (groups.length === 1) return "described";
  const signs = metrics.flatMap(({ comparison }) => {
    if (comparison === undefined) return [];
    const { difference, better } = comparison;
    if (!isShown(comparison)) return [0];
    return [Math.sign(difference.value) * (better === "higher" ? 1 : -1)];
  });
  if (signs.length < metrics.length) return "too_few";
  const [up, down] = [signs.includes(1), signs.includes(-1)];
  return up && down ? "mixed" : up ? "better" : down ? "worse" : "not_shown";
}
