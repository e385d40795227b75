/**
 * Each function of src/math against `Math.*` of the engine, the baseline of its group; both run over
 * the same 1,024 arguments. Prints a hash of the portable results: it must be the same everywhere.
 *
 * @module
 */

import * as math from "../src/math/mod.ts";

const COUNT = 1024;

/** Ranges of the arguments: where simulations call the function most. */
const RANGES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  exp: [[-10, 10]],
  expm1: [[-2, 2]],
  log: [[0, 1]],
  log1p: [[-0.9, 2]],
  log2: [[0, 10]],
  log10: [[0, 10]],
  sin: [[-7, 7]],
  cos: [[-7, 7]],
  tan: [[-7, 7]],
  asin: [[-1, 1]],
  acos: [[-1, 1]],
  atan: [[-5, 5]],
  atan2: [[-3, 3], [-3, 3]],
  sinh: [[-5, 5]],
  cosh: [[-5, 5]],
  tanh: [[-3, 3]],
  cbrt: [[-9, 9]],
  pow: [[0, 5], [-3, 3]],
  hypot: [[-3, 3], [-3, 3]],
};

/** Steps of the golden ratio and of the root of 2: even, unordered, the same on every run. */
const STEPS = [0.6180339887498949, 0.41421356237309515] as const;

type Compute = (...values: number[]) => number;
type Loop = (compute: Compute, first: Float64Array, second: Float64Array | undefined) => number;

/**
 * A loop whose code belongs to one function alone. Shared, it would call through a lookup after the
 * second function and measure that.
 */
function makeLoop(name: string, count: number): Loop {
  const call = count === 2 ? "compute(first[i], second[i])" : "compute(first[i])";
  return new Function(
    "compute",
    "first",
    "second",
    `let sum = 0; // ${name}\nfor (let i = 0; i < ${COUNT}; i++) sum += ${call};\nreturn sum;`,
  ) as Loop;
}

let hash = 0x811c9dc5;
const view = new DataView(new ArrayBuffer(8));

for (const [name, ranges] of Object.entries(RANGES)) {
  const [first, second] = ranges.map(([low, high], at) =>
    Float64Array.from({ length: COUNT }, (_, i) => low + (i * STEPS[at]! % 1) * (high - low))
  );
  const portable = (math as unknown as Record<string, Compute>)[name]!;
  const own = (Math as unknown as Record<string, Compute>)[name]!;
  const portableLoop = makeLoop(`portable ${name}`, ranges.length);
  const ownLoop = makeLoop(`Math.${name}`, ranges.length);

  for (let i = 0; i < COUNT; i++) {
    view.setFloat64(0, second ? portable(first![i]!, second[i]!) : portable(first![i]!));
    hash = Math.imul(hash ^ view.getInt32(0), 0x01000193);
    hash = Math.imul(hash ^ view.getInt32(4), 0x01000193);
  }

  Deno.bench({ name: `Math.${name}`, group: name, baseline: true }, () => {
    if (Number.isNaN(ownLoop(own, first!, second))) throw new Error("not a number");
  });
  Deno.bench({ name: `portable ${name}`, group: name }, () => {
    if (Number.isNaN(portableLoop(portable, first!, second))) throw new Error("not a number");
  });
}

// deno-lint-ignore no-console -- the hash is what a bench has to show beside its times
console.log(`hash of the portable results: ${(hash >>> 0).toString(16)}`);
