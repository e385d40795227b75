/**
 * NumPy's generator here: filling arrays, drawing one by one, reseeding, and a walk of eight numbers as
 * a step would write it. Every subject's result is hashed first, so that no faster version goes unseen
 * that draws something else. docs/numpy.md has the same work in Python.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { NumpyGenerator } from "../src/rng/numpy/generator.ts";

const COUNT = 1_000_000;
const STEPS = 100_000;
/** As many steps as a recording makes between two seeds: ceil(sqrt(STEPS)). */
const BLOCK = 317;

/** SHA-256 of the bytes of a result, its first 16 hex digits. */
function digest(result: Float64Array): string {
  const { buffer, byteOffset, byteLength } = result;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/** Stops the bench if a result is not the one it always was. */
function check(name: string, result: Float64Array, expected: string): void {
  const actual = digest(result);
  if (actual !== expected) {
    throw new Error(`Cannot bench ${name} as its result changed: its hash is ${actual}`);
  }
}

/** Adds eight normals to the state STEPS times, reseeding at each block as a recording does. */
function walk(step: (x: Float64Array, rng: NumpyGenerator) => Float64Array): Float64Array {
  const rng = new NumpyGenerator(0);
  let x = new Float64Array(8);
  for (let t = 0; t < STEPS; t++) {
    if (t % BLOCK === 0) rng.reseed(0, t);
    x = step(x, rng) as Float64Array<ArrayBuffer>;
  }
  return x;
}

/** The state changed in place: nothing is allocated. */
function stepInPlace(x: Float64Array, rng: NumpyGenerator): Float64Array {
  for (let i = 0; i < 8; i++) x[i]! += rng.normal();
  return x;
}

/** An array of draws added to the state in place. */
function stepSized(x: Float64Array, rng: NumpyGenerator): Float64Array {
  const draws = rng.normal(0, 1, { size: 8 });
  for (let i = 0; i < 8; i++) x[i]! += draws[i]!;
  return x;
}

/** The state added to an array of draws, which is the new state. */
function stepDrawn(x: Float64Array, rng: NumpyGenerator): Float64Array {
  const draws = rng.normal(0, 1, { size: 8 });
  for (let i = 0; i < 8; i++) draws[i]! += x[i]!;
  return draws;
}

/** A new array from the state and an array of draws. */
function stepMapped(x: Float64Array, rng: NumpyGenerator): Float64Array {
  const draws = rng.normal(0, 1, { size: 8 });
  return x.map((value, i) => value + draws[i]!);
}

const rng = new NumpyGenerator(0);
const room = new Float64Array(COUNT);

check("random", new NumpyGenerator(0).random({ size: COUNT }), "a010c6a86bb92e83");
check("standardNormal", new NumpyGenerator(0).standardNormal({ size: COUNT }), "cb6ecd9193fdc1a0");
check("integers", new NumpyGenerator(0).integers(0, 1000, { size: COUNT }), "6c998029fe79d21e");
check("walk in place", walk(stepInPlace), "18ec8d01764fa1c6");
check("walk of arrays", walk(stepSized), "18ec8d01764fa1c6");
check("walk of drawn arrays", walk(stepDrawn), "18ec8d01764fa1c6");
check("walk of mapped arrays", walk(stepMapped), "18ec8d01764fa1c6");

Deno.bench("standardNormal", { group: "fill 1,000,000 float64", baseline: true }, () => {
  rng.standardNormal({ size: COUNT });
});
Deno.bench("standardNormal into an array", { group: "fill 1,000,000 float64" }, () => {
  rng.standardNormal({ out: room });
});
Deno.bench("random", { group: "fill 1,000,000 float64" }, () => {
  rng.random({ size: COUNT });
});
Deno.bench("standardExponential", { group: "fill 1,000,000 float64" }, () => {
  rng.standardExponential({ size: COUNT });
});
Deno.bench("integers below 1000", { group: "fill 1,000,000 float64" }, () => {
  rng.integers(0, 1000, { size: COUNT });
});

Deno.bench("random", { group: "1,000,000 one by one", baseline: true }, () => {
  let sum = 0;
  for (let i = 0; i < COUNT; i++) sum += rng.random();
  room[0] = sum;
});
Deno.bench("standardNormal", { group: "1,000,000 one by one" }, () => {
  let sum = 0;
  for (let i = 0; i < COUNT; i++) sum += rng.standardNormal();
  room[0] = sum;
});
Deno.bench("normal", { group: "1,000,000 one by one" }, () => {
  let sum = 0;
  for (let i = 0; i < COUNT; i++) sum += rng.normal(1, 2);
  room[0] = sum;
});
Deno.bench("uniform", { group: "1,000,000 one by one" }, () => {
  let sum = 0;
  for (let i = 0; i < COUNT; i++) sum += rng.uniform(-1, 1);
  room[0] = sum;
});
Deno.bench("integers below 1000", { group: "1,000,000 one by one" }, () => {
  let sum = 0;
  for (let i = 0; i < COUNT; i++) sum += rng.integers(0, 1000);
  room[0] = sum;
});

Deno.bench("reseed and one draw", { group: "seeds", baseline: true }, () => {
  rng.reseed(1, 2);
  room[0] = rng.random();
});
Deno.bench("new generator and one draw", { group: "seeds" }, () => {
  room[0] = new NumpyGenerator(4294967298n).random();
});

Deno.bench("single draws in place", { group: "walk of 8, 100,000 steps", baseline: true }, () => {
  walk(stepInPlace);
});
Deno.bench("draws added in place", { group: "walk of 8, 100,000 steps" }, () => {
  walk(stepSized);
});
Deno.bench("added to the draws", { group: "walk of 8, 100,000 steps" }, () => {
  walk(stepDrawn);
});
Deno.bench("mapped to a new array", { group: "walk of 8, 100,000 steps" }, () => {
  walk(stepMapped);
});
