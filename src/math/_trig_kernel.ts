/**
 * Reduction by pi / 256, and sine and cosine as unevaluated sums. This module is browser compatible.
 *
 * Sources: Cody and Waite (1980), "Software manual for the elementary functions", for moderate
 * arguments; Payne and Hanek (1983), "Radian reduction for trigonometric functions", for the rest;
 * Gal and Bachelis (1991), "An accurate elementary mathematical library for the IEEE floating point
 * standard", for the tables: sin(a + r) = sin a cos r + cos a sin r for a a multiple of pi / 256.
 *
 * @module
 */

import {
  add,
  cosSeries,
  type DoubleDouble,
  multiply,
  negate,
  sinSeries,
  subtract,
} from "./_double_double.ts";
import { ROUNDER } from "./_float64.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs } = Math;
const toBigInt = BigInt;
const toNumber = Number;

const INVERSE_STEP = 81.48733086305042;

/** pi / 256 in three parts, of 33, 33 and 53 bits. */
const STEP_1 = 0.012271846302610356;
const STEP_2 = 4.747734770549973e-13;
const STEP_3 = 1.5798955068718364e-23;

/** 1,024 pi in the same parts: STEP times 2 ** 18, to bring arguments up to 3e9 into reach. */
const LEAP = 262144;
const LEAP_1 = STEP_1 * LEAP;
const LEAP_2 = STEP_2 * LEAP;
const LEAP_3 = STEP_3 * LEAP;

/** Largest argument whose multiple of STEP stays below 2 ** 20, and of LEAP likewise. */
const NEAR_MAX = 12000;
const FAR_MAX = 3e9;

/** Adding and taking away this rounds to a multiple of 2 ** -34. */
const SHORTENER = 393216;

/** Adding and taking away this rounds to a multiple of 2 ** -26: 26 bits of a number in [0.5, 1]. */
const TABLE_SHORTENER = 100663296;

/** Error of a near or far reduction per step of pi / 256, doubled for safety. */
const REDUCTION_DOUBT = 8e-39;

/** Rounding of the tail that a leap leaves, of up to 2 ** -42: twice 2 ** -95. */
const LEAP_DOUBT = 5.1e-29;

/** floor(2 ** 1280 * 256 / pi) and floor(2 ** 256 * pi / 256): what Payne and Hanek need. */
const INVERSE_STEP_BITS = BigInt(
  "0x" +
    "517cc1b727220a94fe13abe8fa9a6ee06db14acc9e21c820ff28b1d5ef5de2b0db92371d2126e9700324" +
    "977504e8c90e7f0ef58e5894d39f74411afa975da24274ce38135a2fbf209cc8eb1cc1a99cfa4e422fc5" +
    "defc941d8ffc4bffef02cc07f79788c5ad05368fb69b3f6793e584dba7a31fb34f2ff516ba93dd63f5f2" +
    "f8bd9e839cfbc529497535fdafd88fc6ae842b0198237e3db5d5f867de104d7a1b0ed4",
);
const STEP_BITS = 0x3243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6cn;

/** 2 ** 100 and 2 ** -256. */
const RAISE = 1.2676506002282294e30;
const UNIT = 8.636168555094445e-78;

/** What {@linkcode reduce} leaves behind: the rest of x, its tail, and a bound of their error. */
export const REDUCED: Float64Array = new Float64Array(3);

/** What {@linkcode sinKernel} leaves behind: head, tail. */
export const SIN_SUM: Float64Array = new Float64Array(2);

const reduced = REDUCED;
const sum = SIN_SUM;

/** sin and cos of j pi / 256 for j in [0, 512): short sine, its rest, short cosine, its rest. */
const table = new Float64Array(2048);

/** Entry that {@linkcode fillTable} sets last, the cosine of 448 pi / 256: 0 until all is there. */
const LAST_ENTRY = 448 * 4 + 2;

/** Fills the table at first use: importing costs nothing then. */
function fillTable(): void {
  const stepSin = { high: 0.012271538285719925, low: 6.919790764028317e-19 };
  const stepCos = { high: 0.9999247018391445, low: 3.793108251266801e-17 };
  const put = (
    index: number,
    { high, low }: DoubleDouble,
    sign: number,
  ): void => {
    const short = high + TABLE_SHORTENER - TABLE_SHORTENER;
    table[index + 1] = sign * (high - short + low);
    table[index] = sign * short;
  };
  let sin: DoubleDouble = { high: 0, low: 0 };
  let cos: DoubleDouble = { high: 1, low: 0 };
  // An eighth of the circle, and its seven mirror images.
  for (let j = 0; j <= 64; j++) {
    for (
      const [at, mirrored, sinSign, cosSign] of [
        [j, false, 1, 1],
        [128 - j, true, 1, 1],
        [128 + j, true, 1, -1],
        [256 - j, false, 1, -1],
        [256 + j, false, -1, -1],
        [384 - j, true, -1, -1],
        [384 + j, true, -1, 1],
        [512 - j, false, -1, 1],
      ] as const
    ) {
      put((at & 511) * 4, mirrored ? cos : sin, sinSign);
      put((at & 511) * 4 + 2, mirrored ? sin : cos, cosSign);
    }
    const next = add(multiply(sin, stepCos), multiply(cos, stepSin));
    cos = subtract(multiply(cos, stepCos), multiply(sin, stepSin));
    sin = next;
  }
}

/**
 * Leaves x - k pi / 256 in {@linkcode REDUCED}, at most pi / 512 in size, and returns k modulo 512.
 */
export function reduce(x: number): number {
  if (x > -NEAR_MAX && x < NEAR_MAX) return reduceNear(x, 0, 0);
  if (x > -FAR_MAX && x < FAR_MAX) {
    const leaps = x * (INVERSE_STEP / LEAP) + ROUNDER - ROUNDER;
    const first = x - leaps * LEAP_1;
    const second = leaps * LEAP_2;
    const head = first - second;
    return reduceNear(
      head,
      first - head - second - leaps * LEAP_3,
      abs(leaps) * (LEAP * REDUCTION_DOUBT) + LEAP_DOUBT,
    );
  }
  return reduceFar(x);
}

/** The reduction of |x| below NEAR_MAX, plus a tail that is in doubt by `doubt`. */
function reduceNear(x: number, tail: number, doubt: number): number {
  const k = x * INVERSE_STEP + ROUNDER - ROUNDER;
  // Both products are exact, and so is the first difference (Sterbenz).
  const first = x - k * STEP_1;
  const second = k * STEP_2;
  const head = first - second;
  reduced[0] = head;
  reduced[1] = first - head - second - k * STEP_3 + tail;
  reduced[2] = abs(k) * REDUCTION_DOUBT + doubt;
  return k & 511;
}

/**
 * The nearest multiple of `unit` steps to x, modulo 512, and x minus it to 190 bits, by integers:
 * for |x| of at least 2 ** -40, however large.
 */
function reduceExactly(
  x: number,
  unit: 1 | 128,
): { steps: number; rest: DoubleDouble } {
  const small = x > -RAISE && x < RAISE;
  // Both are integers: no last place lies below 2 ** -100, or, for large x, below 1.
  const scaled = toBigInt(small ? x * RAISE : x) * INVERSE_STEP_BITS;
  const position = scaled >> (small ? 1124n : 1024n);
  const bits = unit === 1 ? 256n : 263n;
  const count = (position + (1n << (bits - 1n))) >> bits;
  const rest = ((position - (count << bits)) * STEP_BITS) >> 256n;
  const high = toNumber(rest);
  return {
    steps: toNumber(count & 511n) * unit & 511,
    rest: { high: high * UNIT, low: toNumber(rest - toBigInt(high)) * UNIT },
  };
}

function reduceFar(x: number): number {
  const { steps, rest } = reduceExactly(x, 1);
  reduced[0] = rest.high;
  reduced[1] = rest.low;
  reduced[2] = 0;
  return steps;
}

/**
 * Leaves sin(index pi / 256 + r) in {@linkcode SIN_SUM} for the r that {@linkcode reduce} left, to
 * 2^-66 of the result; an index 128 higher gives the cosine.
 */
export function sinKernel(index: number): void {
  if (table[LAST_ENTRY] === 0) fillTable();
  const high = reduced[0]!;
  const low = reduced[1]!;
  const at = (index & 511) << 2;
  const sinShort = table[at]!;
  const sinRest = table[at + 1]!;
  const cosShort = table[at + 2]!;
  const cosRest = table[at + 3]!;
  const r = high + low;
  const square = r * r;
  // sin r - r and cos r - 1.
  const sinBend = square * r *
    (-1 / 6 + square * (1 / 120 - square * (1 / 5040)));
  const cosBend = square *
    (-0.5 + square * (1 / 24 - square * (1 / 720)));
  if (sinShort === 0) {
    sum[0] = cosShort * high;
    sum[1] = cosShort * (low + sinBend);
    return;
  }
  const short = high + SHORTENER - SHORTENER;
  // 26 bits times 27: exact.
  const step = cosShort * short;
  const head = sinShort + step;
  sum[0] = head;
  sum[1] = sinShort - head + step +
    (sinRest + (cosShort * (high - short + low) + cosRest * r) +
      ((sinShort + sinRest) * cosBend + (cosShort + cosRest) * sinBend));
}

/** sin x and cos x to some 2^-100, for |x| of at least 2 ** -40, however large. */
export function exactSinCos(
  x: number,
): { sin: DoubleDouble; cos: DoubleDouble } {
  const { steps, rest } = reduceExactly(x, 128);
  const sin = sinSeries(rest);
  const cos = cosSeries(rest);
  switch (steps >> 7) {
    case 0:
      return { sin, cos };
    case 1:
      return { sin: cos, cos: negate(sin) };
    case 2:
      return { sin: negate(sin), cos: negate(cos) };
    default:
      return { sin: negate(cos), cos: sin };
  }
}
