/**
 * Numbers of about 106 bits as unevaluated sums of two doubles, and the series in them that build
 * the tables and settle the few results that the fast paths leave open. Not for hot loops: every
 * operation allocates. This module is browser compatible.
 *
 * Sources: Dekker (1971); Knuth, TAOCP 2, 4.2.2 (TwoSum); Hida, Li and Bailey (2001), "Algorithms
 * for quad-double precision floating point arithmetic". The series are Taylor's.
 *
 * @module
 */

import { isPowerOfTwo, productTail } from "./_float64.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs } = Math;

/** The value `high + low`, where `high` is the double nearest to it. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** ln 2 in three parts; the first two have 42 bits, so that times an integer to 2,000 they are exact. */
export const LN2_PARTS: readonly [number, number, number] = [
  0.6931471805598903,
  5.4979230187085024e-14,
  -1.3124698417785255e-27,
];

/** k * ln 2 for an integer k up to 2,000, to some 2 ** -106 of the result. */
export function multipleOfLn2(k: number): DoubleDouble {
  const sum = exactSum(k * LN2_PARTS[0], k * LN2_PARTS[1]);
  return exactSum(sum.high, sum.low + k * LN2_PARTS[2]);
}

const THIRD: DoubleDouble = {
  high: 0.3333333333333333,
  low: 1.850371707708594e-17,
};

/** 2 ** -52. */
const LAST_BIT = 2.220446049250313e-16;

/** A double as a value with no tail. */
export function wide(x: number): DoubleDouble {
  return { high: x, low: 0 };
}

/** The double nearest to the value. */
export function nearest(value: DoubleDouble): number {
  return value.high + value.low;
}

/**
 * `whole + part` for a part below 1/2 of the whole, for rounding: where the low half of the sum is
 * the middle of two doubles and has no room for the end of the part, its last bit tells the side on
 * which that lies. So what is just beside the middle, as e^(2^-53) is, does not pass for it.
 */
export function addSticky(whole: number, part: DoubleDouble): DoubleDouble {
  const { high, low } = exactSum(whole, part.high);
  const tail = low + part.low;
  if (tail !== low || part.low === 0 || !isPowerOfTwo(low)) return { high, low: tail };
  const bit = abs(low) * LAST_BIT;
  return { high, low: part.low > 0 ? low + bit : low - bit };
}

/** The sum of two doubles of any order of size, exact. */
export function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

/** The product of two doubles, exact. */
export function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  return { high, low: productTail(a, b, high) };
}

/** The quotient of two doubles, to 2 ** -105 of the result. */
export function exactQuotient(a: number, b: number): DoubleDouble {
  const high = a / b;
  const product = high * b;
  return { high, low: (a - product - productTail(high, b, product)) / b };
}

/** The sum, to some 2 ** -104 of the result even where the operands nearly cancel. */
export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const heads = exactSum(a.high, b.high);
  const tails = exactSum(a.low, b.low);
  const first = exactSum(heads.high, heads.low + tails.high);
  return exactSum(first.high, first.low + tails.low);
}

/** The value with its sign changed. */
export function negate(a: DoubleDouble): DoubleDouble {
  return { high: -a.high, low: -a.low };
}

/** The difference, as good as the sum. */
export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return add(a, negate(b));
}

/** The product, to some 2 ** -103 of the result. */
export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const heads = exactProduct(a.high, b.high);
  return exactSum(heads.high, heads.low + (a.high * b.low + a.low * b.high));
}

/** The product with a power of two, exact. */
export function scale(a: DoubleDouble, power: number): DoubleDouble {
  return { high: a.high * power, low: a.low * power };
}

/** The quotient, to some 2 ** -102 of the result. */
export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  const rest = subtract(a, multiply(b, wide(first)));
  const second = rest.high / b.high;
  const last = subtract(rest, multiply(b, wide(second))).high / b.high;
  const sum = exactSum(first, second);
  return exactSum(sum.high, sum.low + last);
}

/** 2 artanh(s) for |s| below 0.18, relative to the result. */
export function logarithmSeries(s: DoubleDouble): DoubleDouble {
  const square = multiply(s, s);
  let power = s;
  let sum = wide(0);
  // The terms are added from the largest on; each adds an error of 2^-104 of the sum at most.
  for (let i = 1; abs(power.high) > abs(s.high) * 1e-34; i += 2) {
    sum = add(sum, divide(power, wide(i)));
    power = multiply(power, square);
  }
  return scale(sum, 2);
}

/**
 * artanh(s) (sign 1) or arctan(s) (sign -1) for |s| up to 1/64, to 2^-84 and few operations, to
 * fill tables with.
 */
export function shortOddSeries(s: DoubleDouble, sign: 1 | -1): DoubleDouble {
  const square = scale(multiply(s, s), sign);
  const cube = multiply(s, square);
  const q = square.high;
  const tail = cube.high * q *
    (1 / 5 +
      q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * (1 / 15))))));
  return add(s, add(multiply(cube, THIRD), wide(tail)));
}

/** e^r - 1 - r for |r| below 0.36, relative to the result. */
export function expTail(r: DoubleDouble): DoubleDouble {
  let term = scale(multiply(r, r), 0.5);
  let sum = term;
  const least = abs(term.high) * 1e-34;
  for (let i = 3; abs(term.high) > least; i++) {
    term = divide(multiply(term, r), wide(i));
    sum = add(sum, term);
  }
  return sum;
}

/**
 * The sum of `first` and the terms that follow it in the series of sin, cos, sinh or cosh: each is
 * the last times `square / (n (n + 1))`, n being `next`, `next` + 2 and so on.
 */
function everySecondTerm(
  first: DoubleDouble,
  square: DoubleDouble,
  next: number,
): DoubleDouble {
  let term = first;
  let sum = first;
  const least = abs(first.high) * 1e-34;
  for (let n = next; abs(term.high) > least; n += 2) {
    term = divide(multiply(term, square), wide(n * (n + 1)));
    sum = add(sum, term);
  }
  return sum;
}

/** sin r for |r| below 0.8, relative to the result. */
export function sinSeries(r: DoubleDouble): DoubleDouble {
  return everySecondTerm(r, negate(multiply(r, r)), 2);
}

/** cos r for |r| below 0.8. */
export function cosSeries(r: DoubleDouble): DoubleDouble {
  const square = multiply(r, r);
  return add(wide(1), everySecondTerm(scale(square, -0.5), negate(square), 3));
}

/** sinh r for |r| below 0.8, relative to the result. */
export function sinhSeries(r: DoubleDouble): DoubleDouble {
  return everySecondTerm(r, multiply(r, r), 2);
}

/** cosh r - 1 for |r| below 0.8, relative to the result. */
export function coshTail(r: DoubleDouble): DoubleDouble {
  const square = multiply(r, r);
  return everySecondTerm(scale(square, 0.5), square, 3);
}
