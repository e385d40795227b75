/**
 * NumPy's binomial draws: inversion where few successes are expected, else BTPE (Kachitvichyanukul and
 * Schmeiser 1988). This module is browser compatible.
 *
 * @module
 */

import { exp } from "../../math/exp.ts";
import { log, log1p } from "../../math/log.ts";
import type { PCG64 } from "./pcg64.ts";

/** Draws of a generator; remembers what it worked out for the last parameters. */
export class BinomialSampler {
  #n = 0;
  #p = 0;
  #setup: Inversion | Btpe | undefined;

  /** Number of successes in n trials (an integer in [0, 2^53)) of probability p in [0, 1]. */
  draw(bits: PCG64, n: number, p: number): number {
    if (n === 0 || p === 0) return 0;
    const small = p <= 0.5 ? p : 1 - p;
    if (this.#setup === undefined || n !== this.#n || small !== this.#p) {
      this.#n = n;
      this.#p = small;
      this.#setup = small * n <= 30 ? new Inversion(n, small) : new Btpe(n, small);
    }
    const count = this.#setup.draw(bits);
    return p <= 0.5 ? count : n - count;
  }
}

/** Walks down the probabilities from 0 successes on. */
class Inversion {
  readonly #n: number;
  readonly #p: number;
  readonly #q: number;
  readonly #none: number;
  readonly #bound: number;

  constructor(n: number, p: number) {
    const q = 1 - p;
    const mean = n * p;
    this.#n = n;
    this.#p = p;
    this.#q = q;
    this.#none = exp(n * log1p(-p));
    this.#bound = Math.trunc(Math.min(n, mean + 10 * Math.sqrt(mean * q + 1)));
  }

  draw(bits: PCG64): number {
    let count = 0;
    let probability = this.#none;
    let u = bits.nextDouble();
    while (u > probability) {
      count++;
      if (count > this.#bound) {
        count = 0;
        probability = this.#none;
        u = bits.nextDouble();
      } else {
        u -= probability;
        probability = ((this.#n - count + 1) * this.#p * probability) / (count * this.#q);
      }
    }
    return count;
  }
}

/** Rejection from a triangle, two parallelograms and two exponential tails; names as in the paper. */
class Btpe {
  readonly #n: number;
  readonly #r: number;
  readonly #q: number;
  readonly #m: number;
  readonly #p1: number;
  readonly #p2: number;
  readonly #p3: number;
  readonly #p4: number;
  readonly #xm: number;
  readonly #xl: number;
  readonly #xr: number;
  readonly #c: number;
  readonly #laml: number;
  readonly #lamr: number;

  constructor(n: number, p: number) {
    const r = Math.min(p, 1 - p);
    const q = 1 - r;
    const fm = n * r + r;
    const m = Math.floor(fm);
    const p1 = Math.floor(2.195 * Math.sqrt(n * r * q) - 4.6 * q) + 0.5;
    const xm = m + 0.5;
    const xl = xm - p1;
    const xr = xm + p1;
    const c = 0.134 + 20.5 / (15.3 + m);
    const al = (fm - xl) / (fm - xl * r);
    const ar = (xr - fm) / (xr * q);
    this.#n = n;
    this.#r = r;
    this.#q = q;
    this.#m = m;
    this.#p1 = p1;
    this.#xm = xm;
    this.#xl = xl;
    this.#xr = xr;
    this.#c = c;
    this.#laml = al * (1 + al / 2);
    this.#lamr = ar * (1 + ar / 2);
    this.#p2 = p1 * (1 + 2 * c);
    this.#p3 = this.#p2 + c / this.#laml;
    this.#p4 = this.#p3 + c / this.#lamr;
  }

  draw(bits: PCG64): number {
    for (;;) {
      const u = bits.nextDouble() * this.#p4;
      let v = bits.nextDouble();
      // Negated as in C, so that NaN parameters come to an end
      if (!(u > this.#p1)) return Math.floor(this.#xm - this.#p1 * v + u);
      let y;
      if (u <= this.#p2) {
        const x = this.#xl + (u - this.#p1) / this.#c;
        v = v * this.#c + 1 - Math.abs(this.#m - x + 0.5) / this.#p1;
        if (v > 1) continue;
        y = Math.floor(x);
      } else if (u <= this.#p3) {
        y = Math.floor(this.#xl + log(v) / this.#laml);
        if (y < 0 || v === 0) continue;
        v = v * (u - this.#p2) * this.#laml;
      } else {
        y = Math.floor(this.#xr - log(v) / this.#lamr);
        if (y > this.#n || v === 0) continue;
        v = v * (u - this.#p3) * this.#lamr;
      }
      const k = Math.abs(y - this.#m);
      const variance = this.#n * this.#r * this.#q;
      const accepted = k > 20 && k < variance / 2 - 1
        ? this.#acceptBySqueeze(y, k, v, variance)
        : v <= this.#ratioToMode(y);
      if (accepted) return y;
    }
  }

  /** The probability of y over that of the mode, by the recurrence from one to the other. */
  #ratioToMode(y: number): number {
    const s = this.#r / this.#q;
    const a = s * (this.#n + 1);
    let ratio = 1;
    for (let i = this.#m + 1; i <= y; i++) ratio *= a / i - s;
    for (let i = y + 1; i <= this.#m; i++) ratio /= a / i - s;
    return ratio;
  }

  /** Compares log(v) with a normal bound on either side, and between them with Stirling's series. */
  #acceptBySqueeze(y: number, k: number, v: number, variance: number): boolean {
    const rho = (k / variance) * ((k * (k / 3 + 0.625) + 0.16666666666666666) / variance + 0.5);
    const t = -k * k / (2 * variance);
    const height = log(v);
    if (height < t - rho) return true;
    if (height > t + rho) return false;
    const n = this.#n;
    const m = this.#m;
    const x1 = y + 1;
    const f1 = m + 1;
    const z = n + 1 - m;
    const w = n - y + 1;
    return !(height >
      this.#xm * log(f1 / x1) + (n - m + 0.5) * log(z / w) +
        (y - m) * log(w * this.#r / (x1 * this.#q)) +
        stirlingTail(f1) + stirlingTail(z) + stirlingTail(x1) + stirlingTail(w));
  }
}

/**
 * What Stirling's formula lacks. The paper misprints the leading 13860, and adds terms that it should
 * subtract; NumPy up to 2.4 has both as printed, and so has this.
 */
function stirlingTail(x: number): number {
  const square = x * x;
  return (13680 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / x / 166320;
}
