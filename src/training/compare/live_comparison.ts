/**
 * Compares rows of a replay with the original while they are written.
 * This module is browser compatible.
 *
 * @module
 */

import { canonicalName } from "../log/canonical_names.ts";
import type { LogRow } from "../log/jsonl_tail.ts";
import { type MetricSelection, resolveMetrics } from "./metric_selection.ts";
import type { Column, RunLog } from "../log/run_log.ts";
import { formatTolerance, type Tolerance, violates } from "./tolerance.ts";

interface Watched {
  readonly column: Column;
  readonly tolerance: Tolerance;
}

/** Finds the first value that violates its bounds, row by row. */
export class LiveComparison {
  readonly #original: RunLog;
  readonly #byName = new Map<string, Watched>();
  readonly #known = new Map<string, Watched | undefined>();
  #row = 0;

  /** Watches the metrics of `selection`. */
  constructor(original: RunLog, selection: MetricSelection) {
    this.#original = original;
    for (const pair of resolveMetrics(selection, original, original).pairs) {
      if (pair.original === undefined) continue;
      const watched = { column: pair.original, tolerance: pair.tolerance };
      this.#byName.set(pair.original.name, watched);
      const canonical = pair.original.canonical ?? canonicalName(pair.name);
      if (canonical !== undefined) this.#byName.set(canonical, watched);
    }
  }

  /** What is wrong with this row, in one line; undefined if nothing is. */
  violation(row: LogRow): string | undefined {
    const at = this.#rowOf(row.step);
    if (at === undefined) return undefined;
    for (const [name, value] of row.values) {
      const watched = this.#watched(name);
      if (watched === undefined || watched.column.present[at] === 0) continue;
      const { float32 } = watched.column;
      const original = watched.column.values[at]!;
      const replay = float32 ? Math.fround(value) : value;
      const bounds = float32 && watched.tolerance.ulp < 1
        ? { ...watched.tolerance, ulp: 1 }
        : watched.tolerance;
      if (!Object.is(original, replay) && violates(original, replay, bounds, float32)) {
        return `the command was stopped at the first violation: ${name} at step ${row.step} is ${value} ` +
          `against ${original} (${formatTolerance(watched.tolerance)})`;
      }
    }
    return undefined;
  }

  #watched(name: string): Watched | undefined {
    if (!this.#known.has(name)) {
      const canonical = canonicalName(name);
      this.#known.set(
        name,
        this.#byName.get(name) ??
          (canonical === undefined ? undefined : this.#byName.get(canonical)),
      );
    }
    return this.#known.get(name);
  }

  /** Rows come in order as a rule, so the next one is looked at before a search. */
  #rowOf(step: number): number | undefined {
    const { steps } = this.#original;
    if (steps[this.#row] === step) return this.#row;
    if (steps[this.#row + 1] === step) return ++this.#row;
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (steps[middle]! < step) low = middle + 1;
      else high = middle;
    }
    if (steps[low] !== step) return undefined;
    return this.#row = low;
  }
}
