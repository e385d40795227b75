/**
 * Elementary functions with the signatures and special cases of `Math.*` and the same bits on every
 * JavaScript engine. Arguments that are no numbers are converted as there.
 * This module is browser compatible.
 *
 * @module
 */

export { exp, expm1 } from "./exp.ts";
export { cosh, sinh, tanh } from "./hyperbolic.ts";
export { acosh, asinh, atanh } from "./inverse_hyperbolic.ts";
export { acos, asin, atan, atan2 } from "./inverse_trig.ts";
export { log, log10, log1p, log2 } from "./log.ts";
export { pow } from "./pow.ts";
export { cbrt, hypot } from "./roots.ts";
export { cos, sin, tan } from "./trig.ts";
