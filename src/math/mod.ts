/**
 * Elementary functions with the signatures and special cases of `Math.*` and the same bits on every
 * JavaScript engine. Arguments that are no numbers are converted as there.
 * This module is browser compatible.
 *
 * @module
 */

export { acos, asin } from "./arcsine.ts";
export { atan, atan2 } from "./arctangent.ts";
export { exp, expm1 } from "./exp.ts";
export { cosh, sinh, tanh } from "./hyperbolic.ts";
export { acosh, asinh, atanh } from "./inverse_hyperbolic.ts";
export { log, log1p } from "./log.ts";
export { log10, log2 } from "./log_base.ts";
export { pow } from "./pow.ts";
export { cbrt, hypot } from "./roots.ts";
export { cos, sin, tan } from "./trig.ts";
