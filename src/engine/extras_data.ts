/**
 * What was taken of a part of a series, and what was asked for, as data that JSON holds without loss.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf, listOf } from "../codec/exact_fields.ts";
import { extrasOfClaim } from "./extras_claim.ts";
import { countWithin, indexAtOrAfter } from "./block_grid.ts";
import { numberOfText, sumOfText, textOfNumber, textOfSum } from "./partial_stats.ts";
import type { ExtrasPart } from "./series_extras.ts";
import { extrasAsked, type SeriesAsked } from "./series_stats.ts";

/** Both as data. */
export interface SeriesData {
  /** First t that was looked at. */
  readonly from: number;
  /** The t before which looking ended. */
  readonly to: number;
  /** Distance of the states that were looked at. */
  readonly every: number;
  /** Probabilities as texts. */
  readonly quantiles: readonly string[] | null;
  /** How many bins were asked for. */
  readonly histogram: number | null;
  /** Whether the standard error of correlated values was asked for. */
  readonly autocorrelation: boolean;
  /** What blocking took. */
  readonly blocking: {
    readonly from: number;
    readonly to: number;
    readonly isFinite: boolean;
    readonly levels: readonly {
      readonly sums: readonly string[];
      readonly ends: readonly string[];
    }[];
  } | null;
  /** How often each value comes. */
  readonly counts: {
    readonly values: readonly string[];
    readonly counts: readonly number[];
    readonly nan: number;
  } | null;
}

/** Both as data. */
export function dataOfExtras(asked: SeriesAsked, extras: ExtrasPart | undefined): SeriesData {
  const { from, to, every, quantiles, histogram, autocorrelation } = asked;
  const { blocking, counts } = extras ?? {};
  return {
    ...{ from, to, every },
    quantiles: quantiles === undefined ? null : quantiles.map(textOfNumber),
    histogram: histogram ?? null,
    autocorrelation,
    blocking: blocking === undefined ? null : {
      from: blocking.from,
      to: blocking.to,
      isFinite: blocking.isFinite,
      levels: blocking.levels.map(({ sums, ends }) => ({
        sums: sums.map(textOfSum),
        ends: ends.map(textOfNumber),
      })),
    },
    counts: counts === undefined ? null : {
      values: Array.from(counts.values, textOfNumber),
      counts: [...counts.counts],
      nan: counts.nan,
    },
  };
}

/**
 * Reads such data.
 *
 * @param states The states of the part, among which those of the range are.
 * @returns Undefined if no part could give it.
 */
export function extrasOfData(
  claim: unknown,
  { states: { from: start, to: end }, steps }: {
    states: { readonly from: number; readonly to: number };
    steps: number;
  },
): { asked: SeriesAsked; extras: ExtrasPart | undefined; count: number } | undefined {
  const asked = askedOf(claim, steps);
  if (asked === undefined) return undefined;
  const count = countWithin({ start, end }, asked);
  const request = extrasAsked(asked);
  const { blocking, counts } = claim as Record<"blocking" | "counts", unknown>;
  if (request === undefined) {
    return blocking === null && counts === null ? { asked, extras: undefined, count } : undefined;
  }
  const read = {
    blocking: blocking === null ? undefined : blockingOf(blocking),
    counts: counts === null ? undefined : countsOf(counts),
    digits: undefined,
    bins: undefined,
    finite: [Infinity, -Infinity],
  };
  const first = indexAtOrAfter(start, asked);
  const extras = extrasOfClaim(read, { count, first, asked: request });
  return extras && { asked, extras, count };
}

function askedOf(claim: unknown, steps: number): SeriesAsked | undefined {
  const fields = fieldsOf(claim, [
    ...["from", "to", "every", "quantiles", "histogram", "autocorrelation"] as const,
    ...["blocking", "counts"] as const,
  ]);
  if (fields === undefined) return undefined;
  const { from, to, every, histogram, autocorrelation } = fields;
  const isRange = isWhole(from, 0) && isWhole(to, from + 1) && to <= steps && isWhole(every, 1);
  const quantiles = fields.quantiles === null ? undefined : listOf(fields.quantiles, numberOfText);
  const areThere = fields.quantiles === null ||
    quantiles?.every((q) => q >= 0 && q <= 1) === true;
  if (!isRange || !areThere || typeof autocorrelation !== "boolean") return undefined;
  if (histogram !== null && !isWhole(histogram, 1)) return undefined;
  return { from, to, every, quantiles, histogram: histogram ?? undefined, autocorrelation };
}

function isWhole(claim: unknown, min: number): claim is number {
  return Number.isSafeInteger(claim) && (claim as number) >= min;
}

function blockingOf(claim: unknown): unknown {
  const fields = fieldsOf(claim, ["from", "to", "isFinite", "levels"]);
  const levels = fields && listOf(fields.levels, (level) => {
    const { sums, ends } = fieldsOf(level, ["sums", "ends"]) ?? {};
    return { sums: listOf(sums, sumOfText), ends: listOf(ends, numberOfText) };
  });
  return { ...fields, levels };
}

function countsOf(claim: unknown): unknown {
  const fields = fieldsOf(claim, ["values", "counts", "nan"]);
  const values = fields && listOf(fields.values, numberOfText);
  const counts = fields &&
    listOf(fields.counts, (many) => typeof many === "number" ? many : undefined);
  if (values === undefined || counts === undefined) return {};
  return {
    values: Float64Array.from(values),
    counts: Float64Array.from(counts),
    nan: fields!.nan,
    isTooMany: false,
  };
}
