/**
 * The angle of a point as an unevaluated sum, for the inverse trigonometric functions. This module
 * is browser compatible.
 *
 * Source: the addition theorem at tabled points, as in Gal and Bachelis (1991): for c = i / 64 near
 * y / x, atan(y / x) = atan c + atan((y - c x) / (x + c y)), without a first division to round.
 *
 * @module
 */

import {
  add,
  cosSeries,
  divide,
  type DoubleDouble,
  exactQuotient,
  multiply,
  nearest,
  negate,
  shortOddSeries,
  sinSeries,
  subtract,
  wide,
} from "./_double_double.ts";
import { productTail } from "./_float64.ts";

/** pi / 2 and pi to 106 bits. */
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
const PI = 3.141592653589793;
const PI_LOW = 1.2246467991473532e-16;

/** What the kernel leaves behind: head, tail. */
export const ANGLE_SUM: Float64Array = new Float64Array(2);

const sum = ANGLE_SUM;

/** atan(i / 64) as two doubles, i in [0, 64]. */
const table = new Float64Array(130);

/** Entry that {@linkcode fillTable} sets last: 0 until the table is whole. */
const LAST_ENTRY = 128;

/** Fills the table at first use: importing costs nothing then. */
function fillTable(): void {
  let angle = wide(0);
  for (let i = 1; i <= 64; i++) {
    // atan(i / 64) - atan((i - 1) / 64), at most 1 / 64.
    const t = exactQuotient(64, 4096 + i * (i - 1));
    angle = add(angle, shortOddSeries(t, -1));
    table[2 * i + 1] = angle.low;
    table[2 * i] = angle.high;
  }
}

/**
 * Leaves the angle of the point (x + xLow, y + yLow) in {@linkcode ANGLE_SUM}, for y >= 0 and any x,
 * the larger of the two from 2^-400 to 2^500 and the other at most 2^60 times smaller. Error below
 * 2^-65 of the result.
 */
export function angleKernel(
  y: number,
  yLow: number,
  x: number,
  xLow: number,
): void {
  if (x < 0) {
    acuteKernel(y, yLow, -x, -xLow);
    subtractFrom(PI, PI_LOW);
  } else {
    acuteKernel(y, yLow, x, xLow);
  }
}

/** The angle for x >= 0, in [0, pi / 2]. */
function acuteKernel(y: number, yLow: number, x: number, xLow: number): void {
  if (y > x) {
    octantKernel(x, xLow, y, yLow);
    subtractFrom(HALF_PI, HALF_PI_LOW);
  } else {
    octantKernel(y, yLow, x, xLow);
  }
}

function subtractFrom(whole: number, wholeLow: number): void {
  const head = whole - sum[0]!;
  sum[1] = whole - head - sum[0]! + (wholeLow - sum[1]!);
  sum[0] = head;
}

/** The angle for y <= x, in [0, pi / 4]. */
function octantKernel(y: number, yLow: number, x: number, xLow: number): void {
  if (table[LAST_ENTRY] === 0) fillTable();
  const index = (y / x) * 64 + 0.5 | 0;
  const c = index * 0.015625;
  const cx = c * x;
  const cy = c * y;
  const first = y - cx;
  const rest = yLow - c * xLow - productTail(c, x, cx);
  const top = first + rest;
  const topLow = first - top + rest;
  const bottom = x + cy;
  const bottomLow = x - bottom + cy + (productTail(c, y, cy) + xLow + c * yLow);
  const t = top / bottom;
  const product = t * bottom;
  const tail = (top - product - productTail(t, bottom, product) + topLow - t * bottomLow) /
    bottom;
  const square = t * t;
  const curve = square * t * (-1 / 3 + square * (1 / 5) +
    square * square * (-1 / 7 + square * (1 / 9)));
  const base = table[2 * index]!;
  const head = base + t;
  sum[0] = head;
  sum[1] = base - head + t + (table[2 * index + 1]! + tail + curve);
}

/** The angle that {@linkcode angleKernel} gives, to some 2^-100; by one step of Newton's from it. */
export function exactAngle(y: DoubleDouble, x: DoubleDouble): DoubleDouble {
  if (x.high < 0) {
    return subtract({ high: PI, low: PI_LOW }, exactAngle(y, negate(x)));
  }
  if (y.high > x.high) {
    return subtract({ high: HALF_PI, low: HALF_PI_LOW }, exactAngle(x, y));
  }
  octantKernel(y.high, y.low, x.high, x.low);
  const guess = wide(sum[0]! + sum[1]!);
  const sin = sinSeries(guess);
  const cos = cosSeries(guess);
  const rest = subtract(multiply(y, cos), multiply(x, sin));
  return add(guess, divide(rest, add(multiply(x, cos), multiply(y, sin))));
}

/** Twice the kernel's error relative to the result; within it the kernel cannot decide. */
const ANGLE_DOUBT = 4e-20;

/** Rounds the angle of the point (x + xLow, y + yLow), y >= 0. */
export function roundedAngle(
  y: number,
  yLow: number,
  x: number,
  xLow: number,
): number {
  angleKernel(y, yLow, x, xLow);
  const head = ANGLE_SUM[0]!;
  const tail = ANGLE_SUM[1]!;
  const doubt = head * ANGLE_DOUBT;
  const result = head + (tail + doubt);
  if (result === head + (tail - doubt)) return result;
  return nearest(exactAngle({ high: y, low: yLow }, { high: x, low: xLow }));
}
