import { assertAlmostEquals, assertEquals } from "@std/assert";
import { defaultBlockSize } from "../../src/engine/run_bounds.ts";
import type { Stats, StepFunction } from "../../src/engine/types.ts";
import { record, type Run } from "../../src/artifact/run.ts";
import type { NumpyGenerator } from "../../src/rng/numpy/generator.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import type { Rng } from "../../src/rng/rng.ts";
import { pow } from "../../src/math/mod.ts";
import { fromGolden, goldenJson } from "../golden/read_golden.ts";

interface Model {
  step: StepFunction<unknown>;
  observable(state: unknown): number;
  vector?(state: unknown): number[];
}

function model<S, R extends Rng>(
  step: (state: S, rng: R) => S,
  observable: (state: S) => number,
  vector?: (state: S) => number[],
): Model {
  return { step, observable, vector } as unknown as Model;
}

/** The Python steps of golden/engine.json, ported. */
const MODELS: Record<string, Model> = {
  walk: model((x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1), (x) => x),
  ["nan_sim"]: model(
    (state: { value: number }, rng: PythonRandom) => {
      const shock = rng.normalvariate(0, 1);
      let value = state.value * (1 + 0.5 * shock);
      if (Math.abs(shock) > 2) value *= 1e50;
      if (value === Infinity || value === -Infinity) value -= value;
      return { value };
    },
    (state) => state.value,
  ),
  sir: model(
    ([s, i, r]: number[], rng: PythonRandom) => {
      let infected = 0;
      let recovered = 0;
      const p = 1 - pow(1 - 0.002, i!);
      for (let k = 0; k < s!; k++) if (rng.random() < p) infected++;
      for (let k = 0; k < i!; k++) if (rng.random() < 0.1) recovered++;
      return [s! - infected, i! + infected - recovered, r! + recovered];
    },
    (state) => state[1]!,
    (state) => state,
  ),
  agents: model(
    (state: { cash: number[]; t: number }, rng: PythonRandom) => {
      const cash = [...state.cash];
      const order = cash.map((_, i) => i);
      rng.shuffle(order);
      for (const i of order) {
        const k = rng.choice(order);
        const amount = rng.randint(0, 3) as number;
        if (i !== k && cash[i]! >= amount) {
          cash[i]! -= amount;
          cash[k]! += amount;
        }
      }
      return { cash, t: state.t + 1 };
    },
    (state) => state.cash[0]!,
    (state) => state.cash.slice(0, 3),
  ),
  mixed: model(
    (state: { a: number; n: number; hist: number[] }, rng: PythonRandom) => {
      const u = rng.uniform(-1, 1);
      const k = rng.randrange(5) as number;
      return { a: state.a * 0.97 + u, n: state.n + k, hist: [...state.hist, k].slice(-3) };
    },
    (state) => state.a,
    (state) => [state.a, state.n],
  ),
  ["numpy_walk"]: model(
    (x: number[], rng: NumpyGenerator) => {
      const draws = rng.normal(0, 1, { size: x.length });
      return x.map((value, i) => value + draws[i]!);
    },
    (x) => x[0]!,
    (x) => x,
  ),
  ["numpy_ou"]: model(
    (x: number, rng: NumpyGenerator) => x + 0.05 * (1 - x) + 0.3 * rng.standardNormal(),
    (x) => x,
  ),
};

/** Arrays of NumPy runs are kept as plain arrays here. */
function plain(value: unknown): unknown {
  const converted = fromGolden(value);
  return typeof converted === "object" && converted !== null && "dtype" in converted
    ? (converted as unknown as { data: unknown }).data
    : converted;
}

for (const golden of goldenJson("engine.json").runs) {
  const { step, observable, vector } = MODELS[golden.name]!;
  const run: Run<unknown> = record(step as never, {
    init: plain(golden.init),
    steps: golden.steps,
    seed: BigInt(golden.seed),
    rng: golden.backend,
    ...(golden.block_size_arg === null ? {} : { blockSize: golden.block_size_arg }),
    observe: { y: observable },
  });
  const label =
    `${golden.name}, ${golden.backend}, T=${golden.steps}, seed=${golden.seed}, b=${golden.block_size_arg}`;

  Deno.test(`record() gives the Python package's checkpoints and states: ${label}`, () => {
    assertEquals(run.blockSize, golden.block_size);
    assertEquals(run.metadata().blocks, golden.n_checkpoints);
    for (const [block, state] of golden.checkpoints) {
      assertEquals(run.get(block * run.blockSize), plain(state), `checkpoint ${block}`);
    }
    for (const [t, state] of golden.get) assertEquals(run.get(t), plain(state), `t=${t}`);
  });

  Deno.test(`stats() is the exact value and equals observed: ${label}`, () => {
    const stats = run.stats(observable);
    assertEquals(run.observed.y, stats);
    for (const [name, value] of Object.entries(golden.exact_y ?? {})) {
      assertEquals(stats[name as keyof Stats], value as never, name);
    }
    for (const [name, value] of Object.entries(golden.observed_y)) {
      assertAlmostEqualsRelative(Number(stats[name as keyof Stats]), Number(value), 1e-9);
    }
    if (golden.stats_vector === undefined) return;
    const result = run.stats(vector!) as { count: number; mean: number[]; covariance: number[][] };
    assertEquals(result.count, golden.stats_vector.count);
    golden.stats_vector.mean.forEach((value: number, i: number) =>
      assertAlmostEqualsRelative(result.mean[i]!, value, 1e-9)
    );
    golden.stats_vector.covariance.forEach((row: number[], i: number) =>
      row.forEach((value, j) => assertAlmostEqualsRelative(result.covariance[i]![j]!, value, 1e-9))
    );
  });

  if (golden.branch !== undefined) {
    Deno.test(`branch() is the Python package's branch: ${label}`, () => {
      const mutate = golden.name === "nan_sim"
        ? (state: unknown) => ({ value: Math.min((state as { value: number }).value, 1e6) })
        : (x: unknown) => (x as number) + 100;
      const branch = run.branch(golden.branch.t, { mutate, steps: golden.branch.n_steps });
      assertEquals(branch.seed, BigInt(golden.branch.seed));
      assertEquals(branch.branchPoint, golden.branch.t);
      if (golden.name !== "nan_sim") {
        assertEquals(run.branch(golden.branch.t).steps, golden.branch.n_steps);
        assertEquals(branch.blockSize, defaultBlockSize(golden.branch.n_steps));
      }
      for (const [t, state] of golden.branch.get) {
        assertEquals(branch.get(t), plain(state), `t=${t}`);
      }
    });
  }

  if (golden.first_nan !== undefined) {
    Deno.test("find() gives the first NaN and get() the state before it", () => {
      const first = run.find((state) => Number.isNaN((state as { value: number }).value));
      assertEquals(first, golden.first_nan);
      assertEquals(run.get(first! - 1), plain(golden.before_first_nan));
      assertEquals(run.bisect((state) => Number.isNaN((state as { value: number }).value)), first);
    });
  }
}

function assertAlmostEqualsRelative(actual: number, expected: number, tolerance: number): void {
  if (Number.isNaN(expected)) return assertEquals(actual, NaN);
  assertAlmostEquals(actual, expected, Math.max(Math.abs(expected), 1) * tolerance);
}
