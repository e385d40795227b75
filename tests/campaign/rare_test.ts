import { assert, assertEquals, assertThrows } from "@std/assert";
import { rare, type RareResult } from "../../src/campaign/rare.ts";
import type { Sfc32Random } from "../../src/rng/sfc32/sfc32_random.ts";

const isSlow = Deno.env.get("REWIND_SLOW") === "1";

/** Gambler's ruin: from 1, up with 1/3, to 30 before 0. */
function ruin(
  seed: number,
  { level = 30, particles = 100, kill = 1, repeats = 2 } = {},
): RareResult {
  return rare((x: number, rng: Sfc32Random) => x + (rng.random() < 1 / 3 ? 1 : -1), {
    ...{ init: 1, steps: 2000, seed, rng: "sfc32", guards: false },
    ...{ score: (x) => x, until: (x) => x <= 0, level, particles, kill, repeats },
  });
}

/** In how many of some seeds the interval holds the truth. */
function covered(truth: number, seeds: number, of: (seed: number) => RareResult): number {
  let held = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const { low, high } = of(seed);
    if (low <= truth && truth <= high) held++;
  }
  return held;
}

Deno.test("gambler's ruin at 10^-9: the interval holds the truth, a thousand times cheaper than crude", () => {
  const truth = 1 / (2 ** 30 - 1);
  const seeds = isSlow ? 400 : 3;
  const held = covered(truth, seeds, (seed) => ruin(seed));
  assert(held >= (isSlow ? 370 : 2), `${held} of ${seeds}`);
  const { p, steps, crudeSteps, lineage, warnings } = ruin(1);
  assert(p > truth / 3 && p < truth * 3, `${p}`);
  assert(crudeSteps > 1000 * steps, `${crudeSteps} against ${steps}`);
  assertEquals(warnings, []);
  assertEquals(lineage?.runs[0]?.origin, 0);
});

Deno.test("the estimate is unbiased, with equal scores and several killed at a time", () => {
  // 1 / (2^6 - 1): common enough to see a bias of a tenth.
  const truth = 1 / 63;
  const repeats = isSlow ? 20_000 : 300;
  for (const kill of [1, 4]) {
    const { p } = ruin(kill, { level: 6, particles: 10, kill, repeats });
    assert(Math.abs(p / truth - 1) < (isSlow ? 0.03 : 0.15), `kill ${kill}: ${p / truth}`);
  }
});

/** A discrete Ornstein-Uhlenbeck process: how likely it exceeds a level within 100 steps. */
function excursion(seed: number, level: number, repeats: number): RareResult {
  return rare((x: number, rng: Sfc32Random) => 0.9 * x + 0.4 * gauss(rng), {
    ...{ init: 0, steps: 101, seed, rng: "sfc32", guards: false },
    ...{ score: (x) => x, level, particles: 100, repeats },
  });
}

function gauss(rng: Sfc32Random): number {
  return rng.normalvariate(0, 1);
}

/** The same by integrating the density of those that stay below, on a grid: right to 3 parts in 10,000. */
function excursionTruth(level: number): number {
  const [low, cells] = [-6, 500];
  const width = (level - low) / cells;
  const centers = Array.from({ length: cells }, (_, i) => low + (i + 0.5) * width);
  let density = new Float64Array(cells);
  let start = true;
  for (let t = 0; t < 100; t++) {
    const next = new Float64Array(cells);
    const from = start ? [[0, 1]] : Array.from(density, (mass, i) => [centers[i]!, mass]);
    for (const [x, mass] of from as [number, number][]) {
      if (mass < 1e-18) continue;
      const mean = 0.9 * x;
      const first = Math.max(0, Math.floor((mean - 3.2 - low) / width));
      const last = Math.min(cells, Math.ceil((mean + 3.2 - low) / width));
      for (let i = first; i < last; i++) {
        const z = (centers[i]! - mean) / 0.4;
        next[i]! += mass * Math.exp(-z * z / 2) * width / (0.4 * Math.sqrt(2 * Math.PI));
      }
    }
    density = next;
    start = false;
  }
  return 1 - density.reduce((sum, mass) => sum + mass, 0);
}

Deno.test("an excursion of a process with real numbers: the interval holds what integration gives", () => {
  const truth = excursionTruth(3.4);
  assert(truth > 1e-6 && truth < 1e-2, `${truth}`);
  const seeds = isSlow ? 400 : 2;
  const held = covered(truth, seeds, (seed) => excursion(seed, 3.4, 3));
  assert(held >= (isSlow ? 370 : 1), `${held} of ${seeds}`);
});

/**
 * Two ways to the goal, and a score that praises the wrong one: most trajectories climb to 9 and end there; a few
 * stay at 0 and may jump to 10.
 */
function twoPaths(seed: number, repeats = 5): RareResult {
  interface State {
    way: "high" | "low" | "";
    x: number;
  }
  return rare((state: State, rng: Sfc32Random): State => {
    if (state.way === "") return { way: rng.random() < 0.1 ? "low" : "high", x: 0 };
    if (state.way === "high") return { way: "high", x: Math.min(9, state.x + rng.random()) };
    return { way: "low", x: rng.random() < 0.002 ? 10 : 0 };
  }, {
    ...{ init: { way: "" as const, x: 0 } as State, steps: 40, seed, rng: "sfc32", guards: false },
    ...{ score: (s) => s.x, level: 10, particles: 50, repeats },
  });
}

Deno.test("with a misleading score the interval holds the truth, or it is said that it may not", () => {
  const truth = 0.1 * (1 - 0.998 ** 38);
  let good = 0;
  const seeds = isSlow ? 400 : 20;
  for (let seed = 0; seed < seeds; seed++) {
    const { low, high, warnings } = twoPaths(seed);
    if ((low <= truth && truth <= high) || warnings.length > 0) good++;
  }
  assert(good >= (seeds * 370) / 400, `${good} of ${seeds}`);
});

Deno.test("what cannot be answered is told: extinction, NaN, a level below the start, a step that throws", () => {
  const base = { init: 0, steps: 50, seed: 1, rng: "sfc32" as const, particles: 10, repeats: 2 };
  const still = (x: number) => x;
  const extinct = rare(still, { ...base, score: (x) => x, level: 5 });
  assertEquals([extinct.p, extinct.low, extinct.warnings], [0, 0, ["extinct"]]);
  assert(extinct.high < 0.2);
  assertThrows(
    () => rare(still, { ...base, score: () => NaN, level: 5 }),
    RangeError,
    "at t=0: it is NaN",
  );
  const certain = rare(still, { ...base, score: (x) => x, level: -1 });
  assertEquals([certain.p, certain.warnings], [1, ["certain"]]);
  const throws = (x: number) => {
    if (x > 3) throw new Error("boom");
    return x + 1;
  };
  assertThrows(() => rare(throws, { ...base, score: (x) => x, level: 9 }), Error, "boom");
  const changing = (s: { x: number }) => s.x++;
  const walk = (s: { x: number }, rng: Sfc32Random) => ({ x: s.x + rng.random() });
  assertThrows(
    () => rare(walk, { ...base, init: { x: 0 }, score: changing, level: 90 }),
    Error,
    "score",
  );
  assertThrows(() => rare(still, { ...base, score: (x) => x, level: NaN }), RangeError, "level");
  assertThrows(
    () => rare(still, { ...base, score: (x) => x, level: 1, kill: 10 }),
    RangeError,
    "kill",
  );
});

Deno.test("a repeat is the same for its seed, and repeats differ", () => {
  const [a, b] = [ruin(3, { level: 8 }), ruin(3, { level: 8 })];
  assertEquals(a, b);
  assert(ruin(4, { level: 8 }).p !== a.p);
});
