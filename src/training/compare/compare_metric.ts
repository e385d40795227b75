/**
 * Compares one metric of two logs on their common steps.
 * This module is browser compatible.
 *
 * @module
 */

import { MISMATCHES_LISTED_MAX } from "../limits.ts";
import type { AlignedSteps } from "./align_steps.ts";
import type { MetricPair } from "./metric_selection.ts";
import type { MetricComparison, Mismatch } from "./run_comparison.ts";
import { relativeDifference, violates } from "./tolerance.ts";

/** The columnar loop: no allocation per value, one pass over the common steps. */
export function compareMetric(
  pair: MetricPair,
  { steps, rowsA, rowsB }: AlignedSteps,
  // The last step of a log that was cut off may hold only some of its metrics yet.
  { allowMissing, lastMayLack }: { allowMissing: boolean; lastMayLack: boolean },
): MetricComparison {
  const { tolerance } = pair;
  const a = pair.original!;
  const b = pair.replay!;
  const valuesA = a.values;
  const valuesB = b.values;
  const presentA = a.present;
  const presentB = b.present;
  // Where just one side is stored as float32, the other is rounded to it, and one unit is allowed.
  const mixed = a.float32 !== b.float32;
  const single = a.float32 || b.float32;
  const bounds = mixed && tolerance.ulp < 1 ? { ...tolerance, ulp: 1 } : tolerance;

  const count = steps.length;
  const bad = new RowCollector();
  let compared = 0;
  let oneSided = 0;
  let finite = 0;
  let maxDiff = 0;
  let maxRow = -1;
  let maxAbs = 0;
  let mean = 0;
  let m2 = 0;
  let firstUnequal = -1;
  for (let k = 0; k < count; k++) {
    const rowA = rowsA[k]!;
    const rowB = rowsB[k]!;
    const hasA = presentA[rowA]!;
    const hasB = presentB[rowB]!;
    if ((hasA & hasB) === 0) {
      if (hasA !== hasB && !allowMissing && !(lastMayLack && k === count - 1)) {
        bad.add(k);
        oneSided++;
      }
      continue;
    }
    compared++;
    const x = mixed ? Math.fround(valuesA[rowA]!) : valuesA[rowA]!;
    const y = mixed ? Math.fround(valuesB[rowB]!) : valuesB[rowB]!;
    let difference = 0;
    if (!Object.is(x, y)) {
      if (firstUnequal < 0) firstUnequal = k;
      if (violates(x, y, bounds, single)) bad.add(k);
      difference = relativeDifference(x, y);
      const absolute = Math.abs(y - x);
      if (absolute > maxAbs && absolute !== Infinity) maxAbs = absolute;
    } else if (x - x !== 0) {
      continue;
    }
    if (difference - difference !== 0) continue;
    finite++;
    if (maxRow < 0 || difference > maxDiff) {
      maxDiff = difference;
      maxRow = k;
    }
    // As long as all are equal nothing moves, and the division would take most of the loop's time.
    if (difference === mean) continue;
    const delta = difference - mean;
    mean += delta / finite;
    m2 += delta * (difference - mean);
  }
  const violationRows = bad.result();
  const partial = {
    metric: pair.name,
    originalName: a.name,
    replayName: b.name,
    tolerance,
    compared,
    violations: violationRows.length,
    oneSided,
    maxDiff,
    maxDiffStep: maxRow < 0 ? undefined : steps[maxRow]!,
    meanDiff: mean,
    stdDiff: finite > 0 ? Math.sqrt(m2 / finite) : 0,
    maxAbsDiff: maxAbs,
    firstUnequalStep: firstUnequal < 0 ? undefined : steps[firstUnequal]!,
    violationRows,
  };
  const firstRow = violationRows[0];
  return {
    ...partial,
    firstMismatch: firstRow === undefined
      ? undefined
      : makeMismatch(pair, { steps, rowsA, rowsB }, firstRow),
  };
}

/** The first disagreements of a metric, at most `MISMATCHES_LISTED_MAX`. */
export function listMismatches(
  metric: MetricComparison,
  pairs: readonly MetricPair[],
  aligned: AlignedSteps,
): Mismatch[] {
  const pair = pairs.find((candidate) => candidate.name === metric.metric)!;
  return Array.from(
    metric.violationRows.subarray(0, MISMATCHES_LISTED_MAX),
    (row) => makeMismatch(pair, aligned, row),
  );
}

function makeMismatch(
  pair: MetricPair,
  { steps, rowsA, rowsB }: Pick<AlignedSteps, "steps" | "rowsA" | "rowsB">,
  row: number,
): Mismatch {
  const a = pair.original!;
  const b = pair.replay!;
  const original = a.present[rowsA[row]!] === 1 ? a.values[rowsA[row]!]! : undefined;
  const replay = b.present[rowsB[row]!] === 1 ? b.values[rowsB[row]!]! : undefined;
  const kind = original === undefined
    ? "missing_original"
    : replay === undefined
    ? "missing_replay"
    : Number.isFinite(original) && Number.isFinite(replay)
    ? "value"
    : "non_finite";
  return {
    step: steps[row]!,
    metric: pair.name,
    kind,
    original,
    replay,
    absoluteDiff: Math.abs((replay ?? NaN) - (original ?? NaN)),
    relativeDiff: relativeDifference(original ?? NaN, replay ?? NaN),
    tolerance: pair.tolerance,
  };
}

/** Grows without boxing: a run that does not reproduce may violate at every step. */
class RowCollector {
  #rows = new Uint32Array(16);
  #count = 0;

  add(row: number): void {
    if (this.#count === this.#rows.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows[this.#count++] = row;
  }

  result(): Uint32Array {
    return this.#rows.slice(0, this.#count);
  }
}
