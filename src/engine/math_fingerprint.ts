/**
 * A fingerprint of the engine's `Math`, whose transcendental functions give different last bits in
 * different engines and versions; `+ - * /` and `sqrt` do not.
 * This module is browser compatible.
 *
 * @module
 */

const UNARY = [
  Math.sin,
  Math.cos,
  Math.tan,
  Math.asin,
  Math.acos,
  Math.atan,
  Math.exp,
  Math.expm1,
  Math.log,
  Math.log1p,
  Math.log2,
  Math.log10,
  Math.sinh,
  Math.cosh,
  Math.tanh,
  Math.cbrt,
];

/** Inputs per function; enough for engines that differ in one result of a thousand. */
const INPUTS = 400;

/**
 * 64-bit FNV-1a style hash, as 16 hexadecimal digits, of the bits of many results of `Math`. Two
 * engines with the same fingerprint agree on all of these inputs, and very likely on all others.
 */
export function mathFingerprint(): string {
  const values = new Float64Array(1);
  const words = new Uint32Array(values.buffer);
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const mix = (value: number): void => {
    values[0] = value;
    // Two 32-bit lanes, each multiplied by the 32-bit FNV prime.
    low = Math.imul(low ^ words[0]!, 0x01000193);
    high = Math.imul(high ^ words[1]! ^ low, 0x01000193);
  };
  let x = 0.5;
  for (let i = 0; i < INPUTS; i++) {
    // A fixed walk over (0, 1), (0, 40) and (0, 1e5): logistic map and scales, exact arithmetic only.
    x = 3.99 * x * (1 - x);
    const wide = x * (i % 2 === 0 ? 40 : 1e5);
    for (const f of UNARY) {
      mix(f(x));
      mix(f(wide));
    }
    mix(Math.pow(wide, x));
    mix(Math.atan2(x, wide));
    mix(Math.hypot(x, wide));
  }
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
