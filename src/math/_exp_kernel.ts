/**
 * e^x as an unevaluated sum, for exp, expm1, pow and the hyperbolic functions. This module is
 * browser compatible.
 *
 * Source: Tang (1989), "Table-driven implementation of the exponential function in IEEE
 * floating-point arithmetic": x = k ln2 / 128 + r, e^x = 2^(k >> 7) * 2^((k & 127) / 128) * e^r.
 *
 * @module
 */

import {
  type DoubleDouble,
  expTail,
  multipleOfLn2,
  multiply,
  subtract,
  wide,
} from "./_double_double.ts";
import { POWER_ZERO, POWERS_OF_TWO, ROUNDER } from "./_float64.ts";

const INVERSE_STEP = 184.6649652337873;

/** ln2 / 128 in two parts: 35 bits, so that times any k it is exact, and the rest. */
const STEP_HIGH = 0.0054152123482253955;
const STEP_LOW = -1.0082281460997769e-13;

/** Adding and taking away this rounds to a multiple of 2 ** -34. */
const SHORTENER = 393216;

/** The same for a multiple of 2 ** -25, which leaves numbers in [1, 2) 26 bits. */
const TABLE_SHORTENER = 201326592;

/** Half a step: below it e^x - 1 comes from its series, so that the error is one of the result. */
const NEAR = 0.0027;

/** What {@linkcode expKernel} and {@linkcode expm1Kernel} leave: head, tail, the latter's doubt. */
export const EXP_SUM: Float64Array = new Float64Array(3);

/** Twice the error of {@linkcode expKernel}'s sum: within it, a rounding is in doubt. */
export const EXP_DOUBT = 6e-21;

/** The same for the series of {@linkcode expm1Kernel}, per square of x. */
const NEAR_DOUBT = 4.5e-16;

/** Twice 2 ** -106, the rounding of a tail beside a head of 1. */
const TAIL_DOUBT = 2.5e-32;

const sum = EXP_SUM;
const powers = POWERS_OF_TWO;

/** 2 ** (j / 128) as 26 bits and the rest (79 bits together), j in [0, 128). */
const table = new Float64Array(256);

/** Entry that {@linkcode fillTable} sets last: 0 until the table is whole. */
const LAST_ENTRY = 2 * 127;

/** Fills the table at first use: importing costs nothing then. */
function fillTable(): void {
  const ratio = { high: 1.0054299011128027, low: 9.499186535455032e-17 };
  let power = wide(1);
  for (let j = 0; j < 128; j++) {
    const short = power.high + TABLE_SHORTENER - TABLE_SHORTENER;
    table[2 * j + 1] = power.high - short + power.low;
    table[2 * j] = short;
    power = multiply(power, ratio);
  }
}

/**
 * Leaves e^(x + tail) / 2^power in {@linkcode EXP_SUM}, head in [0.99, 2), and returns the power.
 * Error below 2^-68 of the result plus that of the tail; |x| at most 2,000, |tail| below 2^-40.
 */
export function expKernel(x: number, tail: number): number {
  if (table[LAST_ENTRY] === 0) fillTable();
  const k = x * INVERSE_STEP + ROUNDER - ROUNDER;
  const index = k | 0;
  const high = x - k * STEP_HIGH;
  const low = tail - k * STEP_LOW;
  const r = high + low;
  const square = r * r;
  const curve = low + square * (0.5 + r * (1 / 6) +
        square *
          (1 / 24 + r * (1 / 120) + square * (1 / 720 + r * (1 / 5040))));
  const short = high + SHORTENER - SHORTENER;
  const base = table[2 * (index & 127)]!;
  const baseRest = table[2 * (index & 127) + 1]!;
  // base * short has 52 bits: exact, so that the rounding errors are those of the small terms.
  const step = base * short;
  const head = base + step;
  sum[0] = head;
  sum[1] = base - head + step +
    (base * (high - short + curve) + baseRest * (1 + (high + curve)));
  return index >> 7;
}

/**
 * Leaves e^x - 1 in {@linkcode EXP_SUM}, the head being the sum to a double, and twice the error;
 * |x| at most 700.
 */
export function expm1Kernel(x: number): void {
  let head: number;
  let tail: number;
  let doubt: number;
  if (x < NEAR && x > -NEAR) {
    const square = x * x;
    head = x;
    doubt = square * NEAR_DOUBT;
    tail = square * (0.5 + x * (1 / 6) +
      square * (1 / 24 + x * (1 / 120) + square * (1 / 720 + x * (1 / 5040))));
  } else {
    const factor = powers[POWER_ZERO + expKernel(x, 0)]!;
    const scaled = sum[0]! * factor;
    head = scaled - 1;
    doubt = factor * EXP_DOUBT + TAIL_DOUBT;
    const back = head + 1;
    // Knuth's sum: either of the two may be the larger.
    tail = scaled - back - (1 - (back - head)) + sum[1]! * factor;
  }
  const total = head + tail;
  sum[0] = total;
  sum[1] = head - total + tail;
  sum[2] = doubt;
}

/**
 * What the fast path's answer is settled by where it is too near to call: x = power ln2 + argument
 * with |argument| below 0.35, and `tail = e^argument - 1 - argument` to some 2 ** -100 of itself.
 */
export function exactExp(
  x: DoubleDouble,
): { power: number; argument: DoubleDouble; tail: DoubleDouble } {
  const power = x.high * 1.4426950408889634 + ROUNDER - ROUNDER;
  const argument = subtract(x, multipleOfLn2(power));
  return { power, argument, tail: expTail(argument) };
}
