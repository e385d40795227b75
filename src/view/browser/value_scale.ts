/**
 * How values are laid along a plot's axis: evenly, or logarithmically on both sides of zero where a few of
 * them would press all others flat. Nothing that is drawn leaves the numbers that a plot can count in.
 *
 * @module
 */

import { axisLabels } from "../../page/browser/numbers.ts";

/** Beyond these, values are drawn as multiples of a power of ten: an axis cannot count in such steps. */
const PLAIN_MAX = 1e15;
const PLAIN_MIN = 1e-9;
/** Powers of ten below are no normal numbers. */
const EXPONENT_MIN = -307;

/** The largest value is this much larger than half of them before the scale is logarithmic. */
const SPREAD_MAX = 1e4;

/** Marks of a logarithmic axis on each side of zero. */
const POWERS_SHOWN_MAX = 3;

/** Numbers to and from their places on an axis. */
export interface ValueScale {
  /** Words for the reader where the scale is not even. */
  readonly note: string | undefined;
  /** Where a finite value is drawn. */
  place(value: number): number;
  /** Places of the marks between two places; undefined for those that a plot finds itself. */
  readonly splits: ((min: number, max: number) => number[]) | undefined;
  /** Labels of marks. */
  labels(splits: readonly (number | null)[], increment: number): string[];
}

/** The scale for the finite numbers among some columns. */
export function scaleOf(columns: readonly ArrayLike<number>[]): ValueScale {
  const sizes = columns.flatMap((values) => Array.from(values, Math.abs)).filter(Number.isFinite)
    .sort((a, b) => a - b);
  const largest = sizes.at(-1) ?? 0;
  const typical = sizes[sizes.length >> 1] ?? 0;
  if (typical > 0 && largest / typical > SPREAD_MAX) {
    return logarithmic(exponentOf(typical), exponentOf(largest));
  }
  const isPlain = largest === 0 || (largest < PLAIN_MAX && largest > PLAIN_MIN);
  return even(isPlain ? 0 : exponentOf(largest));
}

function exponentOf(size: number): number {
  return Math.max(EXPONENT_MIN, Math.floor(Math.log10(size)));
}

function even(exponent: number): ValueScale {
  const unit = 10 ** exponent;
  return {
    note: undefined,
    place: (value) => value / unit,
    splits: undefined,
    labels: (splits, increment) =>
      axisLabels(splits, increment).map((text) =>
        exponent === 0 || text === "" || text === "0" ? text : `${text}e${exponent}`
      ),
  };
}

/** Nearly even up to 10^from, then a power of ten takes as much room as the next. */
function logarithmic(from: number, to: number): ValueScale {
  const unit = 10 ** from;
  const place = (value: number): number => {
    const size = Math.abs(value) / unit;
    // The quotient of two doubles can leave them.
    if (size === Infinity) return Math.sign(value) * (Math.log10(Math.abs(value)) - from);
    return Math.sign(value) * Math.asinh(size / 2) / Math.LN10;
  };
  const every = Math.max(1, Math.ceil((to - from) / POWERS_SHOWN_MAX));
  // By place, as that is what a plot gives back.
  const texts = new Map<number, string>([[0, "0"]]);
  for (let power = to; power >= from; power -= every) {
    texts.set(place(10 ** power), `1e${power}`);
    texts.set(-place(10 ** power), `-1e${power}`);
  }
  const places = [...texts.keys()].sort((a, b) => a - b);
  return {
    note: `logarithmic beyond ±${unit}`,
    place,
    splits: (min, max) => places.filter((at) => at >= min && at <= max),
    labels: (splits) => splits.map((at) => at === null ? "" : texts.get(at) ?? ""),
  };
}
