/**
 * The engine against the bare loop that does the same draws, and against Python: the budgets of design
 * section 10 as ratios in one run.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { load } from "../src/artifact/load.ts";
import { record } from "../src/artifact/run.ts";
import { BlockSeeder } from "../src/rng/derive_seed.ts";
import { PythonRandom } from "../src/rng/python/python_random.ts";
import { Sfc32Random } from "../src/rng/sfc32/sfc32_random.ts";
import type { Rng } from "../src/rng/rng.ts";
import { startPythonTwin } from "./python_twin.ts";

const STEPS = 1_000_000;

function walk(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

interface Particle {
  x: number;
  v: number;
  hits: number;
}

function particle({ x, v, hits }: Particle, rng: PythonRandom): Particle {
  const next = x + v;
  const hit = next < 0 || next > 1;
  return {
    x: hit ? x : next,
    v: (hit ? -v : v) + 0.01 * (rng.random() - 0.5),
    hits: hits + (hit ? 1 : 0),
  };
}

function lattice(cells: Float64Array, rng: Sfc32Random): Float64Array {
  for (let i = 0; i < cells.length; i++) cells[i] = 0.5 * cells[i]! + rng.random();
  return cells;
}

/** The loop that any simulation has to do: reseed at the block boundaries, call the step. */
function bareLoop<S, R extends Rng>(
  step: (state: S, rng: R) => S,
  state: S,
  { rng, steps, blockSize }: { rng: R; steps: number; blockSize: number },
): S {
  const seeder = new BlockSeeder(42n);
  for (let block = 0; block * blockSize < steps - 1; block++) {
    seeder.seek(block);
    rng.reseed(seeder.hi, seeder.lo);
    const transitions = Math.min(blockSize, steps - 1 - block * blockSize);
    for (let i = 0; i < transitions; i++) state = step(state, rng);
  }
  return state;
}

// Five other models first: one call site that sees many steps would be slow for all that follow.
for (const k of [1, 2, 3, 4, 5]) {
  const other = (s: { a: number; list: number[] }, rng: PythonRandom) => ({
    a: s.a + k * rng.random(),
    list: [s.a],
  });
  record(other, { init: { a: 0, list: [0] }, steps: 50_000, seed: k }).stats((s) => s.a);
}

const RUN = record(walk, { init: 0, steps: STEPS, seed: 42 });
const BYTES = await RUN.toBytes();
assertEquals([RUN.get(842_137), BYTES.length <= 2000], [-881, true]);
const TWIN = await startPythonTwin();

function twinBench(group: string, task: string): void {
  if (TWIN === undefined) return;
  Deno.bench(
    { name: `Python twin: ${task}`, group, n: 5, warmup: 1 },
    async () => void await TWIN.run(task),
  );
  if (TWIN.hasPeer) {
    Deno.bench({ name: `rewind-engine: ${task}`, group, n: 5, warmup: 1 }, async () => {
      await TWIN.run(`peer ${task}`);
    });
  }
}

const group = {
  walk: "record the walk, 10^6 steps",
  particle: "record an object state, 10^6 steps",
  lattice: "record a typed array of 1,000, 10^4 steps",
  get: "100 random get(t) of 10^6, nothing cached",
  sequential: "get(t) for t = 0 .. 10^6 - 1",
  stats: "stats of 10^6 steps",
  verify: "verify (full) of 10^6 steps",
};

Deno.bench({ name: "bare loop", group: group.walk, baseline: true }, () => {
  bareLoop(walk, 0, { rng: new PythonRandom(0), steps: STEPS, blockSize: 1000 });
});
Deno.bench({ name: "record()", group: group.walk }, () => {
  record(walk, { init: 0, steps: STEPS, seed: 42 });
});
twinBench(group.walk, "record");

const START: Particle = { x: 0.5, v: 0, hits: 0 };
Deno.bench({ name: "bare loop", group: group.particle, baseline: true }, () => {
  bareLoop(particle, START, { rng: new PythonRandom(0), steps: STEPS, blockSize: 1000 });
});
Deno.bench({ name: "record()", group: group.particle }, () => {
  record(particle, { init: START, steps: STEPS, seed: 42 });
});

Deno.bench({ name: "bare loop", group: group.lattice, baseline: true }, () => {
  bareLoop(lattice, new Float64Array(1000), {
    rng: new Sfc32Random(0),
    steps: 10_000,
    blockSize: 100,
  });
});
Deno.bench({ name: "record()", group: group.lattice }, () => {
  record(lattice, { init: new Float64Array(1000), steps: 10_000, seed: 42, rng: "sfc32" });
});

const PICKS = Array.from({ length: 100 }, (_, i) => (i * 611_953 + 12_345) % STEPS);
Deno.bench({ name: "get(t)", group: group.get, baseline: true }, async (b) => {
  // Opened anew, so that no block of an earlier round is remembered.
  const fresh = await load(BYTES, { step: walk });
  fresh.get(1);
  b.start();
  for (const t of PICKS) fresh.get(t);
  b.end();
});
twinBench(group.get, "get");

Deno.bench({ name: "states()", group: group.sequential, baseline: true }, () => {
  let sum = 0;
  for (const x of RUN.states()) sum += x;
  if (sum !== -690_587_578) throw new Error("wrong states");
});
Deno.bench({ name: "get(t), nothing cached", group: group.sequential }, async (b) => {
  const fresh = await load(BYTES, { step: walk });
  b.start();
  let sum = 0;
  for (let t = 0; t < STEPS; t++) sum += fresh.get(t);
  b.end();
  if (sum !== -690_587_578) throw new Error("wrong states");
});

Deno.bench({ name: "stats()", group: group.stats, baseline: true }, () => {
  RUN.stats((x) => x);
});
twinBench(group.stats, "stats");

Deno.bench({ name: "verify({ full: true })", group: group.verify, baseline: true }, () => {
  RUN.verify({ full: true });
});
// A comparison makes the run twice: at most 2.5 times the processor time of one replay.
const ANOTHER_WALK = (x: number, rng: PythonRandom) => walk(x, rng);
Deno.bench({ name: "diverge()", group: group.verify }, async () => {
  assertEquals((await RUN.diverge(ANOTHER_WALK)).kind, "equal");
});
if (TWIN?.hasPeer) {
  Deno.bench({ name: "rewind-engine: verify", group: group.verify, n: 5, warmup: 1 }, async () => {
    await TWIN.run("peer verify");
  });
}
