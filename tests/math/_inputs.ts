/**
 * Arguments to judge src/math with: the same ones on every run, over the whole range of each
 * function and thick where it is hard.
 *
 * @module
 */

/** A small generator of doubles (xorshift128), so that a failing argument comes back. */
export class Inputs {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #d = 0xb7e15162;
  readonly #double = new Float64Array(1);
  readonly #words = new DataView(this.#double.buffer);

  /** Starts from a seed; equal seeds give equal numbers. */
  constructor(seed: number) {
    this.#a = seed | 0;
    for (let i = 0; i < 20; i++) this.#next();
  }

  #next(): number {
    const t = this.#a ^ (this.#a << 11);
    this.#a = this.#b;
    this.#b = this.#c;
    this.#c = this.#d;
    this.#d = this.#d ^ (this.#d >>> 19) ^ t ^ (t >>> 8);
    return this.#d >>> 0;
  }

  /** A number in [low, high) of 53 random bits. */
  between(low: number, high: number): number {
    const unit = ((this.#next() >>> 5) * 67108864 + (this.#next() >>> 6)) / 9007199254740992;
    return low + unit * (high - low);
  }

  /** An integer in [low, high). */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high));
  }

  /** A number of either sign, its exponent in [low, high]; -1023 gives subnormal ones. */
  anySize(low: number, high: number): number {
    const biased = this.integer(low, high + 1) + 1023;
    const upper = (this.#next() & 0x800fffff) | (biased << 20);
    this.#words.setUint32(0, upper);
    this.#words.setUint32(4, this.#next());
    return this.#words.getFloat64(0);
  }

  /** As {@linkcode anySize}, positive. */
  anyPositive(low: number, high: number): number {
    return Math.abs(this.anySize(low, high));
  }
}

type One = (inputs: Inputs) => number;
type Two = (inputs: Inputs) => [number, number];

const CIRCULAR: readonly One[] = [
  (r) => r.between(-7, 7),
  (r) => r.anySize(-30, 20),
  (r) => r.between(-12000, 12000),
  (r) => r.between(-3e9, 3e9),
  (r) => r.anySize(32, 1023),
  // As near to multiples of pi / 2 as doubles come, in each reduction's range.
  (r) => r.integer(1, 7000) * (Math.PI / 2),
  (r) => r.integer(1, 1e9) * (Math.PI / 2),
  (r) => r.anySize(-1022, -20),
];

const LOGARITHMIC: readonly One[] = [
  (r) => r.between(0, 2),
  (r) => r.anyPositive(-1023, 1023),
  (r) => r.anyPositive(-1023, -1023),
  (r) => 1 + r.anySize(-52, -3),
  (r) => r.integer(2, 1e6),
];

const ARC: readonly One[] = [
  (r) => r.between(-1, 1),
  (r) => r.anySize(-1022, -1),
  (r) => 1 - r.anyPositive(-53, -3),
  (r) => -1 + r.anyPositive(-53, -3),
];

const HYPERBOLIC: readonly One[] = [
  (r) => r.between(-1, 1),
  (r) => r.between(-20, 20),
  (r) => r.between(-710.4, 710.4),
  (r) => r.anySize(-1022, 8),
];

/** For each function of one argument, the kinds of argument it is judged by. */
export const ONE_ARGUMENT: Readonly<Record<string, readonly One[]>> = {
  sin: CIRCULAR,
  cos: CIRCULAR,
  tan: CIRCULAR,
  asin: ARC,
  acos: ARC,
  atan: [(r) => r.between(-2, 2), (r) => r.anySize(-1022, 1023), (r) => r.anySize(-30, 60)],
  exp: [
    (r) => r.between(-1, 1),
    (r) => r.between(-745, 709.7),
    (r) => r.anySize(-60, 8),
    (r) => r.between(-745.1, -707),
    (r) => r.between(708, 709.78),
  ],
  expm1: [
    (r) => r.between(-1, 1),
    (r) => r.between(-40, 709.7),
    (r) => r.anySize(-1022, 8),
    (r) => r.between(-0.01, 0.01),
  ],
  log: LOGARITHMIC,
  log1p: [
    (r) => r.between(-1, 2),
    (r) => r.anyPositive(-1022, 1023),
    (r) => r.anySize(-60, -1),
    (r) => r.between(-0.01, 0.01),
    (r) => -1 + r.anyPositive(-53, -1),
  ],
  log2: LOGARITHMIC,
  log10: LOGARITHMIC,
  sinh: HYPERBOLIC,
  cosh: HYPERBOLIC,
  tanh: [(r) => r.between(-1, 1), (r) => r.between(-20, 20), (r) => r.anySize(-1022, 4)],
  cbrt: [(r) => r.between(-8, 8), (r) => r.anySize(-1023, 1023), (r) => r.anySize(-1023, -1023)],
};

/** The same for the functions of two arguments. */
export const TWO_ARGUMENTS: Readonly<Record<string, readonly Two[]>> = {
  atan2: [
    (r) => [r.between(-1, 1), r.between(-1, 1)],
    (r) => [r.anySize(-1023, 1023), r.anySize(-1023, 1023)],
    (r) => [r.anySize(-30, 30), r.anySize(-30, 30)],
    (r) => [r.anySize(-1023, -1000), r.anySize(-1023, -960)],
    (r) => [r.anySize(990, 1023), r.anySize(940, 1023)],
  ],
  pow: [
    (r) => [r.between(0, 4), r.between(-8, 8)],
    (r) => [r.anyPositive(-1023, 1023), r.between(-1, 1)],
    (r) => [r.anyPositive(-10, 10), r.between(-100, 100)],
    (r) => [1 + r.anySize(-40, -3), r.between(-5000, 5000)],
    (r) => [r.integer(1, 1000), r.integer(-40, 40)],
    // Exact results and exact middles of two doubles: squares, cubes and powers of 3/2.
    (r) => [r.integer(67108864, 134217728) / 1024, 2],
    (r) => [r.integer(1, 262144), 3],
    (r) => {
      const root = r.integer(1, 262144) / 256;
      return [root * root, 1.5];
    },
    (r) => [-r.integer(1, 2000), r.integer(-7, 7)],
    // Just beside such middles.
    (r) => [1 + r.integer(-8, 8) * 1.1102230246251565e-16, r.integer(-16, 16) / 2],
    // Subnormal results.
    (r) => [2, r.between(-1075, -1021)],
  ],
  hypot: [
    (r) => [r.between(-1, 1), r.between(-1, 1)],
    (r) => [r.anySize(-30, 30), r.anySize(-30, 30)],
    (r) => [r.anySize(-1023, 1022), r.anySize(-1023, 1022)],
    (r) => [r.anySize(-1023, -1000), r.anySize(-1023, -1000)],
    (r) => [r.anySize(1000, 1022), r.anySize(980, 1022)],
    (r) => [r.integer(1, 3e7), r.integer(1, 3e7)],
  ],
};
