/**
 * NumPy's standard normal and exponential draws: the ziggurat method (Marsaglia and Tsang 2000,
 * https://doi.org/10.18637/jss.v005.i08) in NumPy's layout of the random bits.
 * This module is browser compatible.
 *
 * @module
 */

import { exp } from "../../math/exp.ts";
import { log1p } from "../../math/log.ts";
import type { PCG64 } from "./pcg64.ts";
import {
  EXPONENTIAL_TAIL,
  exponentialTable,
  exponentialTable32,
  NORMAL_TAIL,
  NORMAL_TAIL_INVERSE,
  normalTable,
  normalTable32,
} from "./ziggurat_tables.ts";

/** A normal float64 with mean 0 and variance 1. */
export function standardNormal(bits: PCG64): number {
  const at = bits.take();
  const lo = bits.words[at]!;
  const table = normalTable();
  // From the lowest bit: 8 for the layer, 1 for the sign, 52 for the place in the layer
  const place = (bits.words[at + 1]! & 0x1fffffff) * 8388608 + (lo >>> 9);
  const x = place * table.width[lo & 0x1ff]!;
  // 99.3 % of all draws end here
  return place < table.accept[lo & 0xff]! ? x : normalEdge(bits, lo, x);
}

/** Decides a draw that fell outside the part of its layer that is surely under the curve. */
function normalEdge(bits: PCG64, lo: number, x: number): number {
  const layer = lo & 0xff;
  if (layer === 0) {
    for (;;) {
      const xx = -NORMAL_TAIL_INVERSE * log1p(-bits.nextDouble());
      const yy = -log1p(-bits.nextDouble());
      // The tail takes its sign from another bit, the ninth of the place
      if (yy + yy > xx * xx) return lo & 0x20000 ? -(NORMAL_TAIL + xx) : NORMAL_TAIL + xx;
    }
  }
  const { density } = normalTable();
  const right = density[layer]!;
  const y = (density[layer - 1]! - right) * bits.nextDouble() + right;
  return y < exp(-0.5 * x * x) ? x : standardNormal(bits);
}

/** A normal float32 with mean 0 and variance 1, from 32 random bits. */
export function standardNormal32(bits: PCG64): number {
  const table = normalTable32();
  for (;;) {
    const word = bits.next32();
    const layer = word & 0xff;
    const place = word >>> 9;
    const x = Math.fround(place * table.width[word & 0x1ff]!);
    if (place < table.accept[layer]!) return x;
    if (layer === 0) return normalTail32(bits, (word & 0x20000) !== 0);
    const y = edgeDensity32(bits, table.density, layer);
    if (y < exp(-0.5 * x * x)) return x;
  }
}

function normalTail32(bits: PCG64, negative: boolean): number {
  const inverse = Math.fround(NORMAL_TAIL_INVERSE);
  for (;;) {
    const xx = Math.fround(-inverse * Math.fround(log1p(-nextFloat(bits))));
    const yy = -Math.fround(log1p(-nextFloat(bits)));
    if (Math.fround(yy + yy) > Math.fround(xx * xx)) {
      const x = Math.fround(Math.fround(NORMAL_TAIL) + xx);
      return negative ? -x : x;
    }
  }
}

/** An exponential float64 with mean 1. */
export function standardExponential(bits: PCG64): number {
  const at = bits.take();
  const lo = bits.words[at]!;
  const table = exponentialTable();
  // From the lowest bit: 3 unused, 8 for the layer, 53 for the place in it
  const layer = (lo >>> 3) & 0xff;
  const place = bits.words[at + 1]! * 2097152 + (lo >>> 11);
  const x = place * table.width[layer]!;
  // 98.9 % of all draws end here
  return place < table.accept[layer]! ? x : exponentialEdge(bits, layer, x);
}

/** Decides a draw that fell outside the part of its layer that is surely under the curve. */
function exponentialEdge(bits: PCG64, layer: number, x: number): number {
  if (layer === 0) return EXPONENTIAL_TAIL - log1p(-bits.nextDouble());
  const { density } = exponentialTable();
  const right = density[layer]!;
  const y = (density[layer - 1]! - right) * bits.nextDouble() + right;
  return y < exp(-x) ? x : standardExponential(bits);
}

/** An exponential float32 with mean 1, from 32 random bits. */
export function standardExponential32(bits: PCG64): number {
  const table = exponentialTable32();
  for (;;) {
    const word = bits.next32();
    const layer = (word >>> 1) & 0xff;
    const place = word >>> 9;
    const x = Math.fround(place * table.width[layer]!);
    if (place < table.accept[layer]!) return x;
    if (layer === 0) {
      const tail = Math.fround(log1p(-nextFloat(bits)));
      return Math.fround(Math.fround(EXPONENTIAL_TAIL) - tail);
    }
    const y = edgeDensity32(bits, table.density, layer);
    if (y < Math.fround(exp(-x))) return x;
  }
}

/** A random height between the densities at the two edges of a layer, rounded as float32 does. */
function edgeDensity32(bits: PCG64, density: Float32Array, layer: number): number {
  const right = density[layer]!;
  const span = Math.fround(density[layer - 1]! - right);
  return Math.fround(Math.fround(span * nextFloat(bits)) + right);
}

/** An exponential float64 with mean 1 by inversion: exactly one output a draw. */
export function inverseExponential(bits: PCG64): number {
  return -log1p(-bits.nextDouble());
}

/** The same from a float32 uniform; the logarithm is taken in float64 and rounded once. */
export function inverseExponential32(bits: PCG64): number {
  return Math.fround(-log1p(-nextFloat(bits)));
}

/** A uniform float32 in [0, 1) with 24 random bits. */
export function nextFloat(bits: PCG64): number {
  return (bits.next32() >>> 8) * 2 ** -24;
}
