/**
 * Checks of the parameters of NumPy's distributions; each accepts what NumPy accepts, NaN included
 * where NumPy draws NaN. This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";

/** Largest mean of a Poisson draw: ten standard deviations below 2^63. */
export const POISSON_MEAN_MAX = 9223372006484771000;

/** Refuses a parameter that is not a number. */
export function requireNumber(method: string, name: string, value: number): void {
  if (typeof value !== "number") {
    throw new ArgumentTypeError(
      `Cannot draw from ${method}: ${name} must be a number: it is ${String(value)}`,
    );
  }
}

/** Refuses negative numbers, -0 among them as NumPy does. */
export function requireNonNegative(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (value < 0 || Object.is(value, -0)) refuseDraw(method, name, "0 or more", value);
}

/** Refuses 0 and below. */
export function requirePositive(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (value <= 0) refuseDraw(method, name, "above 0", value);
}

/** Refuses NaN, with which a sampler would never come to an end. */
export function requireDefined(method: string, name: string, value: number): void {
  if (Number.isNaN(value)) refuseDraw(method, name, "a number other than NaN", value);
}

/** Refuses what is not above 1. */
export function requireAboveOne(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!(value > 1)) refuseDraw(method, name, "above 1", value);
}

/** Refuses what is not a probability. */
export function requireProbability(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!(value >= 0 && value <= 1)) refuseDraw(method, name, "in [0, 1]", value);
}

/** Refuses what is not a probability above 0. */
export function requirePositiveProbability(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!(value > 0 && value <= 1)) refuseDraw(method, name, "in (0, 1]", value);
}

/** Refuses what is not a probability below 1. */
export function requireProbabilityBelowOne(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!(value >= 0 && value < 1)) refuseDraw(method, name, "in [0, 1)", value);
}

/** Refuses a mean that no Poisson draw can have. */
export function requirePoissonMean(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!(value >= 0 && value <= POISSON_MEAN_MAX)) {
    refuseDraw(method, name, `in [0, ${POISSON_MEAN_MAX}]`, value);
  }
}

/** Refuses what does not count something: negative, fractional or above 2^53 - 1. */
export function requireCount(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!Number.isSafeInteger(value) || value < 0) {
    refuseDraw(method, name, "an integer in [0, 2^53)", value);
  }
}

/**
 * The numbers of a list or typed array, for parameters that are vectors.
 *
 * @throws {TypeError} if it is no list, or holds anything but numbers
 */
export function requireNumbers(
  method: string,
  name: string,
  values: ArrayLike<number>,
): Float64Array {
  if (typeof values !== "object" || values === null || !Number.isSafeInteger(values.length)) {
    throw new ArgumentTypeError(
      `Cannot draw from ${method}: ${name} must be a list of numbers: it is ${String(values)}`,
    );
  }
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    requireNumber(method, `${name}[${i}]`, values[i]!);
    numbers[i] = values[i]!;
  }
  return numbers;
}

/** Refuses a parameter, saying which values it may have. */
export function refuseDraw(method: string, name: string, range: string, value: number): never {
  const shown = Object.is(value, -0) ? "-0" : value;
  throw new ArgumentRangeError(
    `Cannot draw from ${method}: ${name} must be ${range}: it is ${shown}`,
  );
}

/** Names of the methods of `NumpyGenerator`, those of the distributions aside, by how many arguments they read. */
export const ARGUMENT_COUNTS = {
  1: "spawn random standardNormal standardExponential bytes",
  2: "standardGamma choice shuffle permutation permuted",
  3: "normal uniform integers",
} as const;
