/**
 * In the place of `src/math/mod.ts` where generators are bundled into a step module: the sandbox has its
 * functions as `Math`.
 * This module is browser compatible.
 *
 * @module
 */

export const { acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, exp, expm1 } = Math;
export const { hypot, log, log10, log1p, log2, pow, sin, sinh, tan, tanh } = Math;
