/**
 * Which metrics to compare and how closely: `a,b`, `all`, and `loss:rtol=1e-5` as on the command line.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { isTimingName } from "../log/timing_names.ts";
import { type Column, column, type RunLog } from "../log/run_log.ts";
import { resolveTolerance, type Tolerance, type ToleranceOptions } from "./tolerance.ts";

/** One metric that was asked for. */
export interface MetricRequest {
  /** Its name as the user spelled it. */
  readonly name: string;
  /** How closely it must agree. */
  readonly tolerance: Tolerance;
}

/** What was asked for: a list, or every numeric column that both logs share. */
export interface MetricSelection {
  /** Whether `all` stood in the list. */
  readonly all: boolean;
  /** Metrics named one by one; with `all`, those that have bounds of their own or are timing-like. */
  readonly requests: readonly MetricRequest[];
  /** Bounds of the metrics that `all` brings in. */
  readonly tolerance: Tolerance;
}

const OVERRIDE = /^(.+?)((?::(?:tolerance|atol|rtol|ulp)=[^:]*)+)$/;

/**
 * Reads metric names: each entry may hold several, separated by commas, each with bounds of its own.
 *
 * @throws {TypeError} if no name is given.
 * @throws {RangeError} if a bound is not a number of at least 0.
 */
export function parseMetrics(
  entries: readonly string[],
  bounds: ToleranceOptions,
): MetricSelection {
  const tolerance = resolveTolerance(bounds);
  const requests = new Map<string, MetricRequest>();
  let all = false;
  for (const entry of entries.flatMap((text) => text.split(","))) {
    const text = entry.trim();
    if (text === "") continue;
    if (text === "all") {
      all = true;
      continue;
    }
    const match = OVERRIDE.exec(text);
    const name = match?.[1] ?? text;
    requests.set(name, {
      name,
      tolerance: match === null ? tolerance : resolveTolerance(parseBounds(match[2]!, text)),
    });
  }
  if (!all && requests.size === 0) {
    throw new ArgumentTypeError(
      "Cannot compare as no metric is named; name some with --metrics a,b or take every shared one with --metrics all",
    );
  }
  return { all, requests: [...requests.values()], tolerance };
}

function parseBounds(text: string, entry: string): ToleranceOptions {
  const bounds: ToleranceOptions = {};
  for (const part of text.slice(1).split(":")) {
    const [name, value] = part.split("=") as [keyof ToleranceOptions, string];
    bounds[name] = value.trim() === "" ? NaN : Number(value);
    if (!(bounds[name] >= 0)) {
      throw new ArgumentRangeError(
        `Cannot read the bound '${name}' of metric "${entry}" as a number: "${value}"`,
      );
    }
  }
  return bounds;
}

/** Canonical columns that describe the run and not its course: `all` leaves them out. */
const BOOKKEEPING = new Set(["seed", "run_id", "git_sha", "wall_time"]);

/** One metric in both logs; a side that lacks it is undefined. */
export interface MetricPair {
  /** Name for the report: as the user spelled it. */
  readonly name: string;
  /** How closely it must agree. */
  readonly tolerance: Tolerance;
  /** Column of the first log. */
  readonly original: Column | undefined;
  /** Column of the second log. */
  readonly replay: Column | undefined;
}

/** A metric that `all` would compare, had the other log one like it. */
export interface OneSidedMetric {
  /** Its column. */
  readonly column: Column;
  /** The log that has it. */
  readonly side: "original" | "replay";
}

/** The metrics to compare, and those that `all` left out with the reason. */
export interface ResolvedMetrics {
  /** To compare, in order of request, then of the first log's columns. */
  readonly pairs: readonly MetricPair[];
  /** Metrics that one log alone has; none unless `all` is asked for. */
  readonly oneSided: readonly OneSidedMetric[];
  /** Columns that `all` does not take. */
  readonly leftOut: readonly { readonly metric: string; readonly reason: string }[];
}

/** Finds each metric of `selection` in both logs. */
export function resolveMetrics(
  selection: MetricSelection,
  original: RunLog,
  replay: RunLog,
): ResolvedMetrics {
  const pairs: MetricPair[] = selection.requests.flatMap(({ name, tolerance }) =>
    [...new Set([...splitNames(original, name), ...splitNames(replay, name)])].flatMap((part) => {
      const found = column(original, part);
      const pair = {
        name: part,
        tolerance,
        original: found,
        replay: counterpart(replay, found, part),
      };
      return [pair, ...earlierValues(pair, original, replay)];
    })
  );
  const leftOut: { metric: string; reason: string }[] = [];
  const oneSided: OneSidedMetric[] = [];
  if (!selection.all) return { pairs, oneSided, leftOut };
  const taken = new Set(pairs.map((pair) => pair.original));
  const matched = new Set(pairs.map((pair) => pair.replay));
  for (const candidate of original.columns.values()) {
    if (taken.has(candidate)) continue;
    const metric = candidate.name;
    const reason = reasonToLeaveOut(candidate);
    const other = counterpart(replay, candidate, metric);
    if (other !== undefined) matched.add(other);
    if (reason !== undefined) leftOut.push({ metric, reason });
    else if (other === undefined) oneSided.push({ column: candidate, side: "original" });
    else {
      pairs.push({
        name: metric,
        tolerance: selection.tolerance,
        original: candidate,
        replay: other,
      });
    }
  }
  for (const candidate of replay.columns.values()) {
    if (matched.has(candidate) || original.columns.has(candidate.name)) continue;
    const reason = reasonToLeaveOut(candidate);
    if (reason !== undefined) leftOut.push({ metric: candidate.name, reason });
    else oneSided.push({ column: candidate, side: "replay" });
  }
  return { pairs, oneSided, leftOut };
}

/**
 * Several values of a metric at one step stand in columns of their own: whoever asks for the metric asks
 * for all of them.
 */
function earlierValues(pair: MetricPair, original: RunLog, replay: RunLog): MetricPair[] {
  const earlierOf = (log: RunLog, last: Column | undefined) =>
    [...log.columns.values()].filter((column) =>
      last !== undefined && column.earlierOf === last.name
    );
  const here = earlierOf(original, pair.original);
  const there = earlierOf(replay, pair.replay);
  return Array.from({ length: Math.max(here.length, there.length) }, (_, i) => ({
    name: `${pair.name}#${i + 1}`,
    tolerance: pair.tolerance,
    original: here[i],
    replay: there[i],
  }));
}

/**
 * The columns that a name means: where the records of a step are told apart by a key, `loss` is
 * `train/loss` and `eval/loss`. One of them alone would leave the others unseen.
 */
export function splitNames(log: RunLog, name: string): readonly string[] {
  if (log.sharing.splitBy.length === 0 || log.columns.has(name)) return [name];
  const found = column(log, name)?.name;
  if (found === undefined) return [name];
  // What comes before the metric's own name is the part that differs: the longest end that others share.
  for (let slash = found.indexOf("/"); slash >= 0; slash = found.indexOf("/", slash + 1)) {
    const end = found.slice(slash);
    const names = [...log.columns.values()].filter((item) =>
      item.name.endsWith(end) && item.earlierOf === undefined
    ).map((item) => item.name);
    if (names.length > 1) return names;
  }
  return [name];
}

/** Why `all` leaves out what tells time or speed. */
export const TIMING_REASON = "tells time or speed; name it to compare it";

function reasonToLeaveOut(column: Column): string | undefined {
  const { name, canonical } = column;
  return BOOKKEEPING.has(canonical ?? name)
    ? "describes the run, not its course"
    : isTimingName(name) || isEpisodeRate(column)
    ? TIMING_REASON
    : undefined;
}

/** `eps` is episodes per second in TRL's PPO, which are whole; elsewhere it is the epsilon of an explorer, at most 1. */
function isEpisodeRate({ name, integer, values }: Column): boolean {
  return /(?:^|[./])eps$/.test(name) && integer && values.some((value) => value > 1);
}

/** The column of `log` that is the same metric: by the user's name, the raw name, or the canonical one. */
function counterpart(log: RunLog, original: Column | undefined, name: string): Column | undefined {
  return (original === undefined ? undefined : log.columns.get(original.name)) ??
    column(log, name) ??
    (original?.canonical === undefined ? undefined : column(log, original.canonical));
}
