/**
 * Reads what somebody claims to have taken of a part of a series: bounded, and without contradictions in its form.
 * Whether it is true only a replay can tell.
 * This module is browser compatible.
 *
 * @module
 */

import { DISTINCT_VALUES_MAX } from "./limits.ts";
import type { BlockingLevel, BlockingPart } from "./blocking_error.ts";
import type { ExtrasPart, ExtrasRequest } from "./series_extras.ts";
import type { ValueCountsPart } from "./value_counts.ts";

/** The claim about `count` values from an index on; undefined if it is none that they could give. */
export function extrasOfClaim(
  claim: unknown,
  { count, first, asked }: { count: number; first: number; asked: ExtrasRequest },
): ExtrasPart | undefined {
  if (typeof claim !== "object" || claim === null) return undefined;
  const { blocking, counts, digits, bins, finite } = claim as Record<string, unknown>;
  const isRange = Array.isArray(finite) && finite.length === 2 &&
    finite.every((bound) => typeof bound === "number" && bound === bound);
  const areThere = (blocking !== undefined) === asked.blocking &&
    (counts !== undefined) === asked.counts &&
    areTables(digits, asked.digits?.prefixes.map(() => 2 ** 16)) &&
    areTables(bins === undefined ? undefined : [bins], asked.bins && [asked.bins.bins]);
  if (!isRange || !areThere) return undefined;
  if (blocking !== undefined && !isBlocking(blocking, { count, first })) return undefined;
  if (counts !== undefined && !areCounts(counts, count)) return undefined;
  return claim as ExtrasPart;
}

function areTables(claim: unknown, lengths: readonly number[] | undefined): boolean {
  if (lengths === undefined || claim === undefined) return claim === lengths;
  return Array.isArray(claim) && claim.length === lengths.length &&
    claim.every((table: unknown, i) => isTable(table, lengths[i]!));
}

function isTable(claim: unknown, length: number): claim is Float64Array {
  return claim instanceof Float64Array && claim.length === length && claim.every(isCount);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isBlocking(
  claim: unknown,
  { count, first }: { count: number; first: number },
): claim is BlockingPart {
  if (typeof claim !== "object" || claim === null) return false;
  const { from, to, isFinite, levels } = claim as Partial<Record<keyof BlockingPart, unknown>>;
  if (!isIndex(from) || !isIndex(to) || to - from !== count) return false;
  if (count > 0 && from !== first) return false;
  if (typeof isFinite !== "boolean" || !Array.isArray(levels)) return false;
  const expected = isFinite ? levelsOf(from, to) : 0;
  return levels.length === expected && levels.every(isLevel);
}

function isIndex(claim: unknown): claim is number {
  return Number.isSafeInteger(claim) && (claim as number) >= 0;
}

/** Number of levels at which a part has a whole block. */
function levelsOf(from: number, to: number): number {
  let levels = 0;
  for (let size = 1; Math.floor(to / size) > Math.ceil(from / size); size *= 2) levels++;
  return levels;
}

function isLevel(claim: unknown): claim is BlockingLevel {
  if (typeof claim !== "object" || claim === null) return false;
  const { sums, ends } = claim as Partial<Record<keyof BlockingLevel, unknown>>;
  return Array.isArray(sums) && sums.length === 3 && sums.every((sum) => typeof sum === "bigint") &&
    Array.isArray(ends) && ends.length === 2 &&
    ends.every((end) => typeof end === "number" && Number.isFinite(end));
}

function areCounts(claim: unknown, count: number): claim is ValueCountsPart {
  if (typeof claim !== "object" || claim === null) return false;
  const { values, counts, nan, isTooMany } = claim as Partial<
    Record<keyof ValueCountsPart, unknown>
  >;
  if (typeof isTooMany !== "boolean" || typeof nan !== "number" || !isCount(nan)) return false;
  if (!(values instanceof Float64Array) || !(counts instanceof Float64Array)) return false;
  if (values.length > DISTINCT_VALUES_MAX || counts.length !== values.length) return false;
  if (isTooMany) return values.length === 0;
  const sum = counts.reduce((all, many) => all + many, nan);
  return sum === count && counts.every((many) => isCount(many) && many > 0) &&
    values.every((x, i) => x === x && (i === 0 || isBelow(values[i - 1]!, x)));
}

function isBelow(a: number, b: number): boolean {
  return a < b || (Object.is(a, -0) && Object.is(b, 0));
}
