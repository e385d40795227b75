/**
 * The report of `rewind seeds` in lines of text for people.
 *
 * @module
 */

import { counted, grouped } from "../text/quantity.ts";
import type {
  SeedComparison,
  SeedGroup,
  SeedMetric,
  SeedsReport,
  SeedsVerdict,
} from "../training/findings/seeds_report.ts";
import type { Interval } from "../training/statistics/rank_intervals.ts";

const HEADS: Readonly<Record<SeedsVerdict, string>> = {
  better: "B IS BETTER THAN A",
  worse: "B IS WORSE THAN A",
  mixed: "B IS BETTER IN ONE METRIC AND WORSE IN ANOTHER",
  ["not_shown"]: "NOT SHOWN THAT B DIFFERS FROM A",
  described: "SEEDS",
  ["no_effect"]: "THE SEED HAS NO EFFECT",
  ["too_few"]: "TOO FEW SEEDS",
  ["nothing_compared"]: "NOTHING COMPARED",
};

/** Values that are shown; the JSON holds all. */
const SHOWN_MAX = 40;

/** A comparison of seeds, verdict first. */
export function seedsLines(report: SeedsReport): string[] {
  const { verdict, over, window, metrics } = report;
  const value = over === "last" && window > 1
    ? `mean of the last ${window} values`
    : `${over} value`;
  const names = metrics.map(({ metric }) => metric).join(", ");
  return [
    `${HEADS[verdict]}: ${names === "" ? "no metric" : names}, ${
      over === "mean" ? "mean of all values" : value
    }`,
    ...report.warnings.map((warning) => `  warning: ${warning}`),
    ...report.reasons.map((reason) => `  ${reason}`),
    ...metrics.flatMap((item) => metricLines(item, report)),
    ...report.notes.map((note) => `  note: ${note}`),
  ];
}

function metricLines(item: SeedMetric, { alpha, metrics }: SeedsReport): string[] {
  const level = percent(1 - alpha / metrics.length);
  const head = `  ${item.metric} up to step ${grouped(item.lastStep)}`;
  return [
    ...(item.comparison === undefined
      ? [`${head}:`]
      : comparisonLines(item.comparison, { head, level })),
    ...item.groups.map((group, index) =>
      `    ${item.groups.length > 1 ? `${"AB"[index]} ` : ""}${group.path}: ${
        groupText(group, level)
      }`
    ),
    ...neededLines(item),
    ...valueLines(item),
  ];
}

function comparisonLines(
  { difference, typical, alpha, better, improvement, pairs, pairingGain }: SeedComparison,
  { head, level }: { head: string; level: string },
): string[] {
  const test = pairs > 0 ? `${pairs} pairs of one seed` : "independent runs";
  const spread = difference.deviation > 0 ? "" : ", without spread on either side";
  return [
    `${head} (${better} is better): B - A = ${short(difference.value)} in the mean${spread}, p = ${
      short(difference.p)
    } at alpha ${short(alpha)}, ${test}`,
    ...(difference.deviation > 0
      ? [
        `    a run of B less one of A${pairs > 0 ? " with the same seed" : ""}: typically ${
          short(typical.value)
        } (${intervalText(typical.interval, level)})`,
      ]
      : []),
    `    B is better in ${percent(improvement.value)} of ${
      pairs > 0 ? "pairs" : "comparisons of a run with a run"
    } (${level} interval ${percent(improvement.interval[0])} to ${
      percent(improvement.interval[1])
    })`,
    ...(pairingGain === undefined
      ? []
      : [`    without pairs it would take ${short(pairingGain)} times as many seeds`]),
  ];
}

function groupText(group: SeedGroup, level: string): string {
  const { values, mean, deviation, median, medianInterval, iqm, iqmInterval } = group;
  if (values.length === 1) return `1 seed, ${short(mean)}`;
  const middle = deviation === 0
    ? ""
    : iqmInterval === undefined
    ? `, median ${short(median)} (${intervalText(medianInterval, level)})`
    : `, interquartile mean ${short(iqm)} (${intervalText(iqmInterval, level)})`;
  return `${counted(values.length, "seed")}, mean ${short(mean)}, deviation ${
    short(deviation)
  }${middle}`;
}

function intervalText(interval: Interval | undefined, level: string): string {
  return interval === undefined
    ? "too few seeds for an interval"
    : `${level} interval ${between(interval)}`;
}

function neededLines({ effect, needed, visible, comparison, groups }: SeedMetric): string[] {
  const each = comparison !== undefined && comparison.pairs > 0 ? "pairs" : "seeds in each group";
  const n = comparison !== undefined && comparison.pairs > 0
    ? comparison.pairs
    : Math.min(...groups.map(({ values }) => values.length));
  return [
    ...(visible === undefined
      ? []
      : [`    ${n} ${each} show a difference of ${short(visible)} 4 times in 5`]),
    ...(needed === undefined || effect === undefined ? [] : [
      `    a difference of ${short(effect)} needs ${
        grouped(needed)
      } ${each} to be shown 4 times in 5`,
    ]),
  ];
}

/** The value of each run; those of a pair in one line. */
function valueLines({ groups, comparison }: SeedMetric): string[] {
  const isPaired = comparison !== undefined && comparison.pairs > 0;
  const [a, b] = groups;
  const lines = isPaired
    ? a!.values.flatMap(({ seed, value }) => {
      const other = b!.values.find((result) => result.seed === seed);
      return other === undefined
        ? []
        : [`    seed ${seed}: A ${exact(value)}, B ${exact(other.value)}`];
    })
    : groups.flatMap(({ values }, index) => {
      const name = groups.length > 1 ? `${"AB"[index]} ` : "";
      return values.map(({ run, seed, value }) =>
        `    ${name}${seed === undefined ? run : `seed ${seed}`}: ${exact(value)}`
      );
    });
  const more = lines.length - SHOWN_MAX;
  return more > 0 ? [...lines.slice(0, SHOWN_MAX), `    and ${grouped(more)} more`] : lines;
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/** A value of a run, with more digits than an estimate has. */
function exact(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function between([low, high]: Interval): string {
  return `${short(low)} to ${short(high)}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}
