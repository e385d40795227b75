/**
 * Elementary functions in BigInt fixed point, good to at least 180 bits relative to the result: what
 * src/math is judged by. Shares no code and no reduction with it: plain series, exact arguments.
 *
 * @module
 */

/** The number `mantissa * 2 ** exponent`. */
export interface BigFloat {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Fraction bits of every fixed-point value here. */
const BITS = 320;
const ONE = 1n << BigInt(BITS);

/**
 * Below this, f(x) = x to beyond 250 bits for the odd functions, and two terms of the series give as
 * much for the others; above it 320 fraction bits leave 190 that count.
 */
const TINY = 2 ** -128;

const VIEW = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double. */
export function exactly(x: number): BigFloat {
  VIEW.setFloat64(0, x);
  const word = VIEW.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return {
    mantissa: x < 0 ? -mantissa : mantissa,
    exponent: (biased === 0 ? 1 : biased) - 1075,
  };
}

/** Shifts left by a count that may be negative, rounding toward minus infinity. */
function shift(value: bigint, count: number): bigint {
  return count >= 0 ? value << BigInt(count) : value >> BigInt(-count);
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : (value < 0n ? -value : value).toString(16).length * 4 -
    Math.clz32(parseInt((value < 0n ? -value : value).toString(16)[0]!, 16)) + 28;
}

function toFixed({ mantissa, exponent }: BigFloat): bigint {
  return shift(mantissa, exponent + BITS);
}

function fromFixed(mantissa: bigint): BigFloat {
  return { mantissa, exponent: -BITS };
}

function multiplyFixed(a: bigint, b: bigint): bigint {
  return (a * b) >> BigInt(BITS);
}

/** The quotient of two values, to 400 bits. */
export function divide(a: BigFloat, b: BigFloat): BigFloat {
  const count = 400 + bitLength(b.mantissa) - bitLength(a.mantissa);
  const widened = shift(a.mantissa, Math.max(count, 0));
  return {
    mantissa: widened / b.mantissa,
    exponent: a.exponent - Math.max(count, 0) - b.exponent,
  };
}

function multiply(a: BigFloat, b: BigFloat): BigFloat {
  return { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent };
}

function negate(a: BigFloat): BigFloat {
  return { mantissa: -a.mantissa, exponent: a.exponent };
}

/** The exact sum; exponents must lie within some thousands of each other. */
function add(a: BigFloat, b: BigFloat): BigFloat {
  const exponent = Math.min(a.exponent, b.exponent);
  return {
    mantissa: shift(a.mantissa, a.exponent - exponent) + shift(b.mantissa, b.exponent - exponent),
    exponent,
  };
}

const UNIT: BigFloat = { mantissa: 1n, exponent: 0 };

function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Square root to 330 bits; `sticky` rounding toward zero, exact squares stay exact. */
function squareRoot(a: BigFloat): BigFloat {
  let count = Math.max(0, 660 - bitLength(a.mantissa));
  if (((a.exponent - count) & 1) !== 0) count++;
  return {
    mantissa: integerSquareRoot(shift(a.mantissa, count)),
    exponent: (a.exponent - count) / 2,
  };
}

/** arctan(1 / n) with `bits` fraction bits, from its series. */
function arctanInverse(n: bigint, bits: number): bigint {
  let power = (1n << BigInt(bits)) / n;
  let sum = power;
  for (let i = 3n; power !== 0n; i += 2n) {
    power = -power / (n * n);
    sum += power / i;
  }
  return sum;
}

/** pi with 1,600 fraction bits (Machin's formula), enough to reduce 2 ** 1024. */
const PI_BITS = 1600;
const PI = (16n * arctanInverse(5n, PI_BITS + 32) - 4n * arctanInverse(239n, PI_BITS + 32)) >> 32n;

/** 2 * artanh(s) for fixed-point s. */
function logarithmSeries(s: bigint): bigint {
  const square = multiplyFixed(s, s);
  let power = s;
  let sum = s;
  for (let i = 3n; power !== 0n && power !== -1n; i += 2n) {
    power = multiplyFixed(power, square);
    sum += power / i;
  }
  return 2n * sum;
}

/** ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749). */
const LN2 = 9n * logarithmSeries(ONE / 26n) - logarithmSeries(ONE / 4801n) +
  4n * logarithmSeries(ONE / 8749n);

function fixedExp(r: bigint): bigint {
  const part = r >> 12n;
  let term = ONE;
  let sum = ONE;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    term = multiplyFixed(term, part) / i;
    sum += term;
  }
  for (let i = 0; i < 12; i++) sum = multiplyFixed(sum, sum);
  return sum;
}

function expOf(x: BigFloat): BigFloat {
  const fixed = toFixed(x);
  const k = (2n * fixed + LN2) / (2n * LN2);
  return { mantissa: fixedExp(fixed - k * LN2), exponent: Number(k) - BITS };
}

const CENTER_LOGS = new Map<bigint, bigint>();

/** The logarithm of a positive value. */
function logOf(x: BigFloat): BigFloat {
  const length = bitLength(x.mantissa);
  let k = x.exponent + length;
  let z = shift(x.mantissa, BITS - length);
  if (z < (ONE * 3n) / 4n) {
    z <<= 1n;
    k--;
    z = shift(x.mantissa, BITS - length + 1);
  }
  const index = (z * 64n + ONE / 2n) >> BigInt(BITS);
  const center = (index * ONE) / 64n;
  let base = CENTER_LOGS.get(index);
  if (base === undefined) {
    base = logarithmSeries(((center - ONE) * ONE) / (center + ONE));
    CENTER_LOGS.set(index, base);
  }
  const s = ((z - center) * ONE) / (z + center);
  return fromFixed(BigInt(k) * LN2 + base + logarithmSeries(s));
}

/** The quadrant of x (0 to 3) and the fixed-point rest within pi / 4 of it. */
function reduceByPi(x: BigFloat): { quadrant: number; rest: bigint } {
  const fixed = shift(x.mantissa, x.exponent + PI_BITS);
  const half = PI >> 1n;
  const shifted = fixed + (half >> 1n);
  let k = shifted / half;
  if (shifted < 0n && k * half !== shifted) k--;
  return {
    quadrant: Number(k & 3n),
    // pi's own error grows with k, hence the 1,600 bits.
    rest: (fixed - ((k * PI) >> 1n)) >> BigInt(PI_BITS - BITS),
  };
}

function fixedSin(r: bigint): bigint {
  const square = multiplyFixed(r, r);
  let term = r;
  let sum = r;
  for (let i = 2n; term !== 0n && term !== -1n; i += 2n) {
    term = -multiplyFixed(term, square) / (i * (i + 1n));
    sum += term;
  }
  return sum;
}

function fixedCos(r: bigint): bigint {
  const square = multiplyFixed(r, r);
  let term = ONE;
  let sum = ONE;
  for (let i = 1n; term !== 0n && term !== -1n; i += 2n) {
    term = -multiplyFixed(term, square) / (i * (i + 1n));
    sum += term;
  }
  return sum;
}

/** sin of x + turns * pi / 2. */
function sinOf(x: BigFloat, turns: number): BigFloat {
  const { quadrant, rest } = reduceByPi(x);
  const q = (quadrant + turns) & 3;
  const value = (q & 1) === 0 ? fixedSin(rest) : fixedCos(rest);
  return fromFixed(q < 2 ? value : -value);
}

function arctanSeries(t: bigint): bigint {
  const square = multiplyFixed(t, t);
  let power = t;
  let sum = t;
  for (let i = 3n; power !== 0n && power !== -1n; i += 2n) {
    power = -multiplyFixed(power, square);
    sum += power / i;
  }
  return sum;
}

const CENTER_ARCTANS = new Map<bigint, bigint>();

function centerArctan(index: bigint): bigint {
  let value = CENTER_ARCTANS.get(index);
  if (value === undefined) {
    // Halve the angle four times, so that the series is short.
    let t = (index * ONE) / 64n;
    for (let i = 0; i < 4; i++) {
      const root = integerSquareRoot(ONE * ONE + t * t);
      t = (t * ONE) / (ONE + root);
    }
    value = arctanSeries(t) << 4n;
    CENTER_ARCTANS.set(index, value);
  }
  return value;
}

/** The angle of the point (x, y) for y >= 0 and not both zero. */
function angleOf(y: BigFloat, x: BigFloat): BigFloat {
  if (x.mantissa < 0n) {
    return add({ mantissa: PI, exponent: -PI_BITS }, negate(angleOf(y, negate(x))));
  }
  const difference = add(y, negate(x));
  if (difference.mantissa > 0n) {
    const rest = angleOf(x, y);
    // The rest may be far below the scale of pi; then it does not matter.
    const half = { mantissa: PI, exponent: -PI_BITS - 1 };
    return rest.exponent < -4000 ? half : add(half, negate(rest));
  }
  const ratio = divide(y, x);
  if (bitLength(ratio.mantissa) + ratio.exponent < -128) return ratio;
  const t = toFixed(ratio);
  const index = (t * 64n + ONE / 2n) >> BigInt(BITS);
  const center = (index * ONE) / 64n;
  const s = ((t - center) * ONE) / (ONE + multiplyFixed(t, center));
  return fromFixed(centerArctan(index) + arctanSeries(s));
}

function signed(x: number, value: BigFloat): BigFloat {
  return x < 0 ? negate(value) : value;
}

function expm1Of(x: number): BigFloat {
  const exact = exactly(x);
  if (Math.abs(x) < TINY) {
    return add(exact, { ...multiply(exact, exact), exponent: 2 * exact.exponent - 1 });
  }
  return add(expOf(exact), negate(UNIT));
}

/** (e^|x| - e^-|x|) / 2, or the sum, for moderate |x|. */
function halfExponentials(x: number, sign: 1 | -1): BigFloat {
  const up = expOf(exactly(Math.abs(x)));
  const down = divide(UNIT, up);
  const sum = add(up, sign < 0 ? negate(down) : down);
  return { mantissa: sum.mantissa, exponent: sum.exponent - 1 };
}

/** sqrt(1 - x * x). */
function complement(x: number): BigFloat {
  const exact = exactly(x);
  return squareRoot(add(UNIT, negate(multiply(exact, exact))));
}

/** Functions of one finite argument inside their domain with a finite, non-zero result. */
export const UNARY_REFERENCES: Readonly<Record<string, (x: number) => BigFloat>> = {
  sin: (x) => Math.abs(x) < TINY ? exactly(x) : sinOf(exactly(x), 0),
  cos: (x) => sinOf(exactly(x), 1),
  tan: (x) => Math.abs(x) < TINY ? exactly(x) : divide(sinOf(exactly(x), 0), sinOf(exactly(x), 1)),
  asin: (x) =>
    Math.abs(x) < TINY ? exactly(x) : signed(x, angleOf(exactly(Math.abs(x)), complement(x))),
  acos: (x) => angleOf(complement(x), exactly(x)),
  atan: (x) => Math.abs(x) < TINY ? exactly(x) : signed(x, angleOf(exactly(Math.abs(x)), UNIT)),
  exp: (x) => expOf(exactly(x)),
  expm1: expm1Of,
  log: (x) => logOf(exactly(x)),
  log1p: (x) => {
    const exact = exactly(x);
    if (Math.abs(x) < TINY) {
      return add(exact, negate({ ...multiply(exact, exact), exponent: 2 * exact.exponent - 1 }));
    }
    return logOf(add(UNIT, exact));
  },
  log2: (x) => divide(logOf(exactly(x)), fromFixed(LN2)),
  log10: (x) => divide(logOf(exactly(x)), logOf(exactly(10))),
  sinh: (x) => Math.abs(x) < TINY ? exactly(x) : signed(x, halfExponentials(x, -1)),
  cosh: (x) => halfExponentials(x, 1),
  tanh: (x) =>
    Math.abs(x) < TINY
      ? exactly(x)
      : signed(x, divide(halfExponentials(x, -1), halfExponentials(x, 1))),
  cbrt: (x) => {
    const { mantissa, exponent } = exactly(Math.abs(x));
    const count = 660 + (((exponent - 660) % 3) + 3) % 3;
    const value = shift(mantissa, count);
    let root = 1n << BigInt(Math.ceil(bitLength(value) / 3));
    for (;;) {
      const next = (2n * root + value / (root * root)) / 3n;
      if (next >= root) break;
      root = next;
    }
    return signed(x, { mantissa: root, exponent: (exponent - count) / 3 });
  },
};

/** Functions of two finite arguments inside their domain with a finite, non-zero result. */
export const BINARY_REFERENCES: Readonly<Record<string, (a: number, b: number) => BigFloat>> = {
  atan2: (y, x) => signed(y, angleOf(exactly(Math.abs(y)), exactly(x))),
  pow: (x, y) => {
    const logarithm = logOf(exactly(Math.abs(x)));
    const magnitude = expOf(multiply(logarithm, exactly(y)));
    return x < 0 && Math.abs(y % 2) === 1 ? negate(magnitude) : magnitude;
  },
  hypot: (a, b) => hypotReference(a, b),
};

/** The root of the sum of squares of any count of finite numbers. */
export function hypotReference(...values: number[]): BigFloat {
  let sum: BigFloat = { mantissa: 0n, exponent: 0 };
  for (const value of values) {
    const exact = exactly(value);
    sum = add(sum, multiply(exact, exact));
  }
  return squareRoot(sum);
}

/**
 * The double nearest to a value, ties to even. A value within 2 ** -100 of a double or of the middle
 * of two counts as exactly there, as the exact cases of pow and log2 are only approximated here.
 */
export function roundToDouble({ mantissa, exponent }: BigFloat): number {
  if (mantissa === 0n) return 0;
  if (mantissa < 0n) return -roundToDouble({ mantissa: -mantissa, exponent });
  const lowest = Math.max(exponent + bitLength(mantissa) - 53, -1074);
  // The value in units of 2^-100 ulp, then the ulps and what is over.
  const units = (shift(mantissa, exponent - lowest + 110) + 512n) >> 10n;
  let ulps = units >> 100n;
  const rest = units & ((1n << 100n) - 1n);
  const half = 1n << 99n;
  if (rest > half || (rest === half && (ulps & 1n) === 1n)) ulps++;
  const low = Math.max(lowest, -1000);
  return Number(ulps) * 2 ** low * 2 ** (lowest - low);
}

/** How far a result lies from the value, in units in the last place of the value. */
export function ulpError(result: number, value: BigFloat): number {
  if (!Number.isFinite(result)) {
    return roundToDouble(value) === result ? 0 : Infinity;
  }
  const lowest = Math.max(value.exponent + bitLength(value.mantissa) - 53, -1074);
  const difference = add(exactly(result), negate(value));
  const scaled = shift(difference.mantissa, difference.exponent - lowest + 60);
  return Math.abs(Number(scaled)) * 2 ** -60;
}

/** How far the sum of some doubles lies from the value, relative to it. */
export function relativeError(parts: readonly number[], value: BigFloat): number {
  let difference = negate(value);
  for (const part of parts) difference = add(difference, exactly(part));
  const ratio = divide(difference, value);
  const surplus = bitLength(ratio.mantissa) - 60;
  const mantissa = Number(surplus > 0 ? ratio.mantissa >> BigInt(surplus) : ratio.mantissa);
  return Math.abs(mantissa) * 2 ** (ratio.exponent + Math.max(surplus, 0));
}
