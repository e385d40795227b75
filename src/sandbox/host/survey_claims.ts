/**
 * What a child gives for a survey, checked: a claim until then.
 *
 * @module
 */

import type { Buckets, NonFiniteCount, Series } from "../../engine/series.ts";
import { VECTOR_LENGTH_MAX } from "../../limits.ts";
import type { SurveyEnd } from "../wire/answers.ts";
import { checkStats, fields, isCount, isInRange, malformed } from "./claims.ts";

/** What was asked of a survey; its answer must fit. */
export interface SurveyRequest {
  /** How the states are cut into buckets. */
  readonly buckets: Buckets;
  /** Number of leaves. */
  readonly leaves: number;
  /** Number of observables. */
  readonly observables: number;
  /** Most series of all observables together. */
  readonly seriesMax: number;
}

/** The end of a survey, checked against what was asked for. */
export function checkSurvey(claim: unknown, request: SurveyRequest): SurveyEnd {
  const { leaves, observables } = fields(claim);
  if (!Array.isArray(leaves) || leaves.length !== request.leaves) throw malformed();
  if (!Array.isArray(observables) || observables.length !== request.observables) throw malformed();
  let left = request.seriesMax;
  return {
    leaves: leaves.map((series) => checkSeries(series, request.buckets)),
    observables: observables.map((observable: unknown) => {
      const { length, series } = fields(observable);
      const isScalar = length === -1;
      if (!isScalar && length !== 0 && !isCount(length, VECTOR_LENGTH_MAX)) throw malformed();
      if (!Array.isArray(series)) throw malformed();
      if (series.length > left || series.length > (isScalar ? 1 : length)) throw malformed();
      left -= series.length;
      return { length, series: series.map((one) => checkSeries(one, request.buckets)) };
    }),
  };
}

/** One series, checked: whatever it says lies inside the buckets and the range. */
function checkSeries(claim: unknown, buckets: Buckets): Series {
  const { stats, minT, maxT, nan, positive, negative, low, high, mean, marks } = fields(claim);
  const { isConstant, digest } = fields(claim);
  const counts = {
    nan: nonFiniteCount(nan, buckets),
    positive: nonFiniteCount(positive, buckets),
    negative: nonFiniteCount(negative, buckets),
  };
  const columns = {
    low: bucketColumn(low, buckets),
    high: bucketColumn(high, buckets),
    mean: bucketColumn(mean, buckets),
  };
  if (!(marks instanceof Uint8Array) || marks.length !== buckets.count) throw malformed();
  if (typeof isConstant !== "boolean") throw malformed();
  if (!(digest instanceof Uint32Array) || digest.length !== 2) throw malformed();
  const all = { ...counts, ...columns, marks, isConstant, digest };
  if (stats === undefined) {
    if (minT !== -1 || maxT !== -1) throw malformed();
    return { stats: undefined, minT, maxT, ...all };
  }
  const checked = checkStats(stats);
  if (!("min" in checked) || !isInRange(minT, buckets) || !isInRange(maxT, buckets)) {
    throw malformed();
  }
  return { stats: checked, minT, maxT, ...all };
}

function bucketColumn(claim: unknown, { count }: Buckets): Float64Array {
  if (!(claim instanceof Float64Array) || claim.length !== count) throw malformed();
  return claim;
}

function nonFiniteCount(claim: unknown, buckets: Buckets): NonFiniteCount {
  const { count, first } = fields(claim);
  if (count === 0 && first === -1) return { count, first };
  if (!isCount(count, buckets.to - buckets.from) || !isInRange(first, buckets)) throw malformed();
  return { count, first };
}
