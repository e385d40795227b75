/**
 * Statistics in the end of an artifact. They are stored as the exact sums that they follow from, so that a
 * run which goes on later goes on with its statistics too.
 * This module is browser compatible.
 *
 * @module
 */

import { partialOfData } from "../engine/partial_stats.ts";
import { statsOfPartial } from "../engine/stats.ts";
import type { PartialStatsData, RunRecord, Stats } from "../engine/types.ts";
import { badHeader, isPlainObject } from "./header_values.ts";

/** One observable: its exact sums, or what the Python package says of it, which keeps none. */
export type ObservedEntry = PartialStatsData | Stats;

/** What is written: one entry per observable, in their order; undefined if there are none. */
export function encodeObserved(
  { observables, observed, accumulators }: RunRecord,
): readonly ObservedEntry[] | undefined {
  if (observables.length === 0) return undefined;
  return observables.map((name) => accumulators?.[name] ?? observed[name]!);
}

/** Reads what {@linkcode encodeObserved} gave. @throws {ArtifactIntegrityError} If it is none. */
export function readObserved(value: unknown): readonly ObservedEntry[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isEntry)) throw badHeader("has a bad 'observed'");
  return value;
}

/** Statistics and exact sums by name, as a run has them. The statistics are worked out when asked for. */
export function observedOf(
  names: readonly string[],
  entries: readonly ObservedEntry[],
): Pick<RunRecord, "observed" | "accumulators"> {
  const accumulators = Object.fromEntries(
    names.flatMap((name, i) => isExact(entries[i]!) ? [[name, entries[i]]] : []),
  ) as Record<string, PartialStatsData>;
  let observed: Record<string, Stats> | undefined;
  return {
    accumulators,
    get observed() {
      observed ??= Object.fromEntries(names.map((name, i) => [name, statsOf(entries[i]!)]));
      return observed;
    },
  };
}

function statsOf(entry: ObservedEntry): Stats {
  if (!isExact(entry)) return entry;
  const partial = partialOfData(entry, entry.count);
  if (partial === undefined) throw badHeader("has sums in 'observed' that no run gives");
  return statsOfPartial(partial);
}

function isExact(entry: ObservedEntry): entry is PartialStatsData {
  return "components" in entry;
}

function isEntry(value: unknown): value is ObservedEntry {
  return isPlainObject(value) && typeof value.count === "number" &&
    (isExactSums(value) || isScalarStats(value) || isVectorStats(value));
}

/** Looks at the names only: a vector has 32,896 sums, which are read when they are asked for. */
function isExactSums(value: Record<string, unknown>): boolean {
  return Object.keys(value).join() === "count,length,components,products";
}

function isScalarStats(value: Record<string, unknown>): boolean {
  return Object.keys(value).join() === "count,mean,variance,std,min,max" &&
    Object.values(value).every((field) => typeof field === "number");
}

function isVectorStats(value: Record<string, unknown>): boolean {
  if (Object.keys(value).join() !== "count,mean,covariance") return false;
  const { mean, covariance } = value;
  return isNumbers(mean) && Array.isArray(covariance) && covariance.length === mean.length &&
    covariance.every((row) => isNumbers(row) && row.length === mean.length);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "number");
}
