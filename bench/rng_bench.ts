/**
 * The generators of the backends "python" and "sfc32": a draw, a distribution, and what the start of a
 * block costs. Each part of a block's start contains the one before, so that differences are its price.
 * No bench wins by another answer: each repeats its result, and both ways to a block seed agree.
 *
 * @module
 */

import { blake2b } from "@noble/hashes/blake2.js";
import { BlockSeeder } from "../src/rng/derive_seed.ts";
import { PythonRandom } from "../src/rng/python/python_random.ts";
import { Sfc32Random } from "../src/rng/sfc32/sfc32_random.ts";

/** Draws or blocks per iteration: enough for the loop around them not to count. */
const COUNT = 1000;

const python = new PythonRandom(42);
const sfc32 = new Sfc32Random(42);
const seeder = new BlockSeeder(42n);

/** Sums `COUNT` draws of `random()`, with no call between the loop and the generator. */
function sumOfPython(): number {
  python.reseed(0, 42);
  let total = 0;
  for (let i = 0; i < COUNT; i++) total += python.random();
  return total;
}

/** The same of sfc32, a function of its own as a loop that knows both classes is slower. */
function sumOfSfc32(): number {
  sfc32.reseed(0, 42);
  let total = 0;
  for (let i = 0; i < COUNT; i++) total += sfc32.random();
  return total;
}

/** Sums `COUNT` draws of any method, through a call. */
function sum(rng: PythonRandom | Sfc32Random, draw: () => number): number {
  rng.reseed(0, 42);
  let total = 0;
  for (let i = 0; i < COUNT; i++) total += draw();
  return total;
}

/** Runs `work` in a benchmark and refuses a result that changes from one iteration to the next. */
function bench(group: string, name: string, work: () => number, baseline = false): void {
  const expected = work();
  Deno.bench(`${name} x ${COUNT}`, { group, baseline }, () => {
    const actual = work();
    if (actual !== expected) throw new Error(`${name} gave ${actual}, not ${expected}`);
  });
}

bench("mt19937", "python random()", sumOfPython, true);
bench("mt19937", "python getrandbits(32)", () => sum(python, () => python.getrandbits(32)));
bench("mt19937", "python randint(1, 6)", () => sum(python, () => python.randint(1, 6)));
bench("mt19937", "python normalvariate()", () => sum(python, () => python.normalvariate()));
bench("mt19937", "python gauss()", () => sum(python, () => python.gauss()));
bench("mt19937", "python expovariate()", () => sum(python, () => python.expovariate()));
bench("mt19937", "sfc32 random()", sumOfSfc32);
bench("mt19937", "sfc32 normalvariate()", () => sum(sfc32, () => sfc32.normalvariate()));

/** The seeds of `COUNT` blocks. */
function seeds(): number {
  let total = 0;
  for (let block = 0; block < COUNT; block++) {
    seeder.seek(block);
    total += seeder.lo;
  }
  return total;
}

/** Goes through `COUNT` blocks of the backend python: seed, init, and `draws` draws. */
function pythonBlocks(draws: number): number {
  let total = 0;
  for (let block = 0; block < COUNT; block++) {
    seeder.seek(block);
    python.reseed(seeder.hi, seeder.lo);
    for (let i = 0; i < draws; i++) total += python.random();
  }
  return total;
}

/** Goes through `COUNT` blocks of the backend sfc32: seed, init and the first draw. */
function sfc32Blocks(): number {
  let total = 0;
  for (let block = 0; block < COUNT; block++) {
    seeder.seek(block);
    sfc32.reseed(seeder.hi, seeder.lo);
    total += sfc32.random();
  }
  return total;
}

/** The seeds of `COUNT` blocks by way of the general hash and text. */
function nobleSeeds(): number {
  const encoder = new TextEncoder();
  let total = 0;
  for (let block = 0; block < COUNT; block++) {
    const digest = blake2b(encoder.encode(`block:42:${block}`), { dkLen: 8 });
    total += new DataView(digest.buffer).getUint32(4);
  }
  return total;
}

if (nobleSeeds() !== seeds()) throw new Error("the two ways to block seeds differ");

bench("reseed", "block seed", seeds, true);
bench("reseed", "block seed by @noble/hashes", nobleSeeds);
bench("reseed", "block seed, python init", () => pythonBlocks(0));
bench("reseed", "block seed, python init, first draw", () => pythonBlocks(1));
bench("reseed", "block seed, python init, 500 draws", () => pythonBlocks(500));
bench("reseed", "block seed, sfc32 init, first draw", sfc32Blocks);
