/**
 * The float64 nearest to a quotient of two big integers: how exact sums become correctly rounded
 * results. This module is browser compatible.
 *
 * @module
 */

/** Number of significant bits of a non-negative big integer; 0 for 0n. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return hex.length * 4 - (Math.clz32(parseInt(hex[0]!, 16)) - 28);
}

/**
 * The float64 nearest to `numerator * 2^exponent / denominator`, ties to even, with gradual
 * underflow and overflow to infinity as IEEE 754 has it.
 *
 * @param numerator Any integer.
 * @param denominator A positive integer.
 * @param exponent Power of two that scales the quotient, an integer.
 */
export function ratioToNumber(numerator: bigint, denominator: bigint, exponent = 0): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  // Scale so that the integer quotient has 55 or 56 bits: 53 to keep, the rest and a sticky bit
  // to round by. Subnormal results keep fewer.
  let shift = 55 - (bitLength(magnitude) - bitLength(denominator));
  const lowest = -1074 - 2; // exponent of the last quotient bit never needs to lie below this
  if (exponent - shift < lowest) shift = exponent - lowest;
  const scaled = shift >= 0 ? magnitude << BigInt(shift) : magnitude;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  let quotient = scaled / divisor;
  if (quotient * divisor !== scaled) quotient |= 1n;
  const value = roundScaled(quotient, exponent - shift);
  return negative ? -value : value;
}

/** Rounds `quotient * 2^exponent` (sticky bit included) to float64, ties to even. */
function roundScaled(quotient: bigint, exponent: number): number {
  const drop = Math.max(bitLength(quotient) - 53, -1074 - exponent, 0);
  const dropBits = BigInt(drop);
  let kept = quotient >> dropBits;
  const rest = quotient - (kept << dropBits);
  const half = drop === 0 ? 0n : 1n << BigInt(drop - 1);
  if (drop > 0 && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
  return scaleByPowerOfTwo(Number(kept), exponent + drop);
}

/** `value * 2^exponent` where the result is exact or overflows; one factor may be out of range. */
function scaleByPowerOfTwo(value: number, exponent: number): number {
  const first = Math.trunc(exponent / 2);
  return value * 2 ** first * 2 ** (exponent - first);
}
