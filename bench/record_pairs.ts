/**
 * What recording costs beside the bare loop, and what the guards cost, as medians of interleaved runs, in
 * processor time of all threads: `deno bench` measures one side after the other, by the clock, and a machine that is
 * busy with other things changes meanwhile.
 *
 * deno run -A --no-check --import-map=npm.import_map.json --lock=npm.deno.lock bench/record_pairs.ts [ROUNDS]
 *
 * @module
 */

import process from "node:process";
import { record } from "../src/artifact/run.ts";
import { createRng, type RngName } from "../src/rng/backends.ts";
import { BlockSeeder } from "../src/rng/derive_seed.ts";
import type { PythonRandom } from "../src/rng/python/python_random.ts";
import type { Sfc32Random } from "../src/rng/sfc32/sfc32_random.ts";
import type { Rng } from "../src/rng/rng.ts";

/** Rounds before those that count. */
const WARM_UP_ROUNDS = 3;

const rounds = Number(Deno.args[0] ?? 25);

interface Particle {
  x: number;
  v: number;
  hits: number;
}

interface Subject<S> {
  readonly name: string;
  readonly step: (state: S, rng: Rng) => S;
  readonly init: () => S;
  readonly rng: RngName;
  readonly steps: number;
  readonly blockSize: number;
}

const walk: Subject<number> = {
  name: "walk, 10^6 steps",
  step: (x, rng) => x + ((rng as PythonRandom).random() < 0.5 ? 1 : -1),
  init: () => 0,
  rng: "python",
  steps: 1_000_000,
  blockSize: 1000,
};

const particle: Subject<Particle> = {
  name: "object of three fields, 10^6 steps",
  step: ({ x, v, hits }, rng) => {
    const next = x + v;
    const hit = next < 0 || next > 1;
    return {
      x: hit ? x : next,
      v: (hit ? -v : v) + 0.01 * ((rng as PythonRandom).random() - 0.5),
      hits: hits + (hit ? 1 : 0),
    };
  },
  init: () => ({ x: 0.5, v: 0, hits: 0 }),
  rng: "python",
  steps: 1_000_000,
  blockSize: 1000,
};

const agents: Subject<{ people: { x: number; y: number; sick: boolean }[] }> = {
  name: "100 objects, 10^4 steps",
  step: (state, rng) => {
    for (const person of state.people) {
      person.x += (rng as PythonRandom).random() - 0.5;
      person.y += (rng as PythonRandom).random() - 0.5;
      person.sick = person.x * person.y > 1;
    }
    return state;
  },
  init: () => ({ people: Array.from({ length: 100 }, () => ({ x: 0.5, y: 0.5, sick: false })) }),
  rng: "python",
  steps: 10_000,
  blockSize: 100,
};

const cells: Subject<Float64Array> = {
  name: "typed array of 1,000, 10^4 steps",
  step: (state, rng) => {
    const draw = rng as Sfc32Random;
    for (let i = 0; i < state.length; i++) state[i] = 0.5 * state[i]! + draw.random();
    return state;
  },
  init: () => new Float64Array(1000),
  rng: "sfc32",
  steps: 10_000,
  blockSize: 100,
};

/** What any simulation has to do: reseed at the block boundaries, call the step. */
const LOOP = `(step, state, rng, seeder, steps, blockSize) => {
  for (let block = 0; block * blockSize < steps - 1; block++) {
    seeder.seek(block);
    rng.reseed(seeder.hi, seeder.lo);
    const transitions = Math.min(blockSize, steps - 1 - block * blockSize);
    for (let i = 0; i < transitions; i++) state = step(state, rng);
  }
  return state;
}`;

/** The loop, with a call site of its own for each step. */
function bareLoop<S>({ name, step, rng, steps, blockSize }: Subject<S>): (state: S) => S {
  const loop = new Function(`/*${name}*/return ${LOOP}`)();
  return (state) => loop(step, state, createRng(rng, 0), new BlockSeeder(42n), steps, blockSize);
}

function measure<S>(subject: Subject<S>): void {
  const { name, step, init, ...options } = subject;
  const bare = bareLoop(subject);
  const sides = {
    bare: () => void bare(init()),
    off: () => void record(step, { init, ...options, seed: 42, guards: false }),
    on: () => void record(step, { init, ...options, seed: 42 }),
  };
  const times: Record<keyof typeof sides, number[]> = { bare: [], off: [], on: [] };
  const names = Object.keys(sides) as (keyof typeof sides)[];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const side of names) {
      const started = processorMs();
      sides[side]();
      const ms = processorMs() - started;
      if (round >= 0) times[side].push(ms);
    }
  }
  const ratio = (a: keyof typeof sides, b: keyof typeof sides): string =>
    median(times[a].map((ms, i) => ms / times[b][i]!)).toFixed(3);
  const guards = median(times.on.map((ms, i) => ms - times.off[i]!)).toFixed(1);
  // deno-lint-ignore no-console -- the result of this program
  console.log(
    `${name}: bare ${median(times.bare).toFixed(1)} ms; record ${
      ratio("on", "bare")
    } x, without guards ${ratio("off", "bare")} x; guards ${
      ratio("on", "off")
    } x, ${guards} ms; fastest ${(Math.min(...times.on) / Math.min(...times.bare)).toFixed(3)} x`,
  );
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

measure(walk);
measure(particle);
measure(agents);
measure(cells);
