/**
 * NumPy's hypergeometric draws: one item after the other for small samples, else the ratio of uniforms
 * (algorithm HRUA of Stadlober 1989, whose names are kept).
 * This module is browser compatible.
 *
 * @module
 */

import { log } from "../../math/log.ts";
import { maskedInteger } from "./bounded.ts";
import { logFactorial } from "./poisson.ts";
import type { PCG64 } from "./pcg64.ts";

/** 2 * sqrt(2 / e). */
const D1 = 1.7155277699214135;
/** 3 - 2 * sqrt(3 / e). */
const D2 = 0.8989161620588988;

/** How many of `sample` items taken from good + bad ones are good; sample <= good + bad. */
export function hypergeometric(bits: PCG64, good: number, bad: number, sample: number): number {
  return sample >= 10 && sample <= good + bad - 10
    ? hypergeometricRatio(bits, good, bad, sample)
    : hypergeometricItems(bits, good, bad, sample);
}

function hypergeometricItems(bits: PCG64, good: number, bad: number, sample: number): number {
  const total = good + bad;
  // Of more than half of all items, those left behind are drawn
  const complement = sample > Math.floor(total / 2);
  let toTake = complement ? total - sample : sample;
  let left = total;
  let goodLeft = good;
  while (toTake > 0 && goodLeft > 0 && left > goodLeft) {
    left--;
    if (maskedInteger(bits, left) < goodLeft) goodLeft--;
    toTake--;
  }
  if (left === goodLeft) goodLeft -= toTake;
  return complement ? goodLeft : good - goodLeft;
}

function hypergeometricRatio(bits: PCG64, good: number, bad: number, sample: number): number {
  const total = good + bad;
  const taken = Math.min(sample, total - sample);
  const less = Math.min(good, bad);
  const more = Math.max(good, bad);
  const p = less / total;
  const q = more / total;
  const a = taken * p + 0.5;
  const c = Math.sqrt((total - taken) * taken * p * q / (total - 1) + 0.5);
  const h = D1 * c + D2;
  const logWays = (k: number) =>
    logFactorial(k) + logFactorial(less - k) + logFactorial(taken - k) +
    logFactorial(more - taken + k);
  const g = logWays(Math.floor((taken + 1) * (less + 1) / (total + 2)));
  const b = Math.min(Math.min(taken, less) + 1, Math.floor(a + 16 * c));
  for (;;) {
    const u = bits.nextDouble();
    const v = bits.nextDouble();
    const x = a + h * (v - 0.5) / u;
    if (x < 0 || x >= b) continue;
    const k = Math.floor(x);
    const t = g - logWays(k);
    const accepted = u * (4 - u) - 3 <= t || (u * (u - t) < 1 && 2 * log(u) <= t);
    if (!accepted) continue;
    const fromLess = good > bad ? taken - k : k;
    return taken < sample ? good - fromLess : fromLess;
  }
}

/** Fills `out` from `at` on with how many items of each color are among `sample`, color after color. */
export function fillMarginals(
  bits: PCG64,
  colors: readonly number[],
  sample: number,
  out: Float64Array,
  at: number,
): void {
  const total = colors.reduce((sum, count) => sum + count, 0);
  const complement = sample > Math.floor(total / 2);
  let toTake = complement ? total - sample : sample;
  let left = total;
  const last = colors.length - 1;
  for (let j = 0; j < last && toTake > 0; j++) {
    left -= colors[j]!;
    const taken = hypergeometric(bits, colors[j]!, left, toTake);
    out[at + j] = taken;
    toTake -= taken;
  }
  if (toTake > 0) out[at + last] = toTake;
  if (complement) complementCounts(colors, out, at);
}

/** The color of every item, color after color. */
export function listItems(colors: readonly number[]): Int32Array {
  const items = new Int32Array(colors.reduce((sum, count) => sum + count, 0));
  let at = 0;
  colors.forEach((count, color) => items.fill(color, at, at += count));
  return items;
}

/** One draw of the method "count": shuffles the first items of `choices`, which it leaves shuffled. */
export function fillCounts(
  bits: PCG64,
  colors: readonly number[],
  sample: number,
  choices: Int32Array,
  out: Float64Array,
  at: number,
): void {
  const total = choices.length;
  const complement = sample > Math.floor(total / 2);
  const toTake = complement ? total - sample : sample;
  for (let j = 0; j < toTake; j++) {
    const k = j + maskedInteger(bits, total - j - 1);
    const color = choices[k]!;
    choices[k] = choices[j]!;
    choices[j] = color;
    out[at + color]!++;
  }
  if (complement) complementCounts(colors, out, at);
}

function complementCounts(colors: readonly number[], out: Float64Array, at: number): void {
  for (let k = 0; k < colors.length; k++) out[at + k] = colors[k]! - out[at + k]!;
}
