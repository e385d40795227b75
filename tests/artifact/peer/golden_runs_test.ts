// deno-lint-ignore-file camelcase -- keys as Python writes them
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { StepFunction } from "../../../src/engine/types.ts";
import { NondeterministicReplayError } from "../../../src/errors.ts";
import { load } from "../../../src/artifact/load.ts";
import type { Run } from "../../../src/artifact/run.ts";
import type { NumpyGenerator } from "../../../src/rng/numpy/generator.ts";
import type { PythonRandom } from "../../../src/rng/python/python_random.ts";
import type { Rng } from "../../../src/rng/rng.ts";
import { GOLDEN, goldenBytes, goldenState } from "./golden_values.ts";

function port<S, R extends Rng>(step: (state: S, rng: R) => S): StepFunction<unknown> {
  return step as unknown as StepFunction<unknown>;
}

const walk = port((x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1));

const same = port((state: unknown, rng: PythonRandom) => {
  rng.random();
  return state;
});

/** The Python steps of the index, ported. */
const STEPS: Record<string, StepFunction<unknown>> = {
  walk,
  walk_fork: walk,
  mixed: port((state: { a: number; n: number; hist: number[] }, rng: PythonRandom) => {
    const u = rng.uniform(-1, 1);
    const k = rng.randrange(5) as number;
    return { a: state.a * 0.97 + u, n: state.n + k, hist: [...state.hist, k].slice(-3) };
  }),
  np_f64: port((x: Float64Array, rng: NumpyGenerator) => {
    const noise = rng.normal(0, 1, { size: x.length });
    return x.map((value, i) => value + noise[i]!);
  }),
  np_f32: port((x: Float32Array, rng: NumpyGenerator) => {
    const noise = rng.random({ size: 3, dtype: "float32" });
    return x.map((value, i) => value + noise[i]!);
  }),
  np_i64: port((x: BigInt64Array, rng: NumpyGenerator) => {
    const noise = rng.integers(0, 10, { size: 2, dtype: "int64" });
    return x.map((value, i) => value + noise[i]!);
  }),
  np_2d: port(({ shape, data }: { shape: number[]; data: Float64Array }, rng: NumpyGenerator) => {
    const noise = rng.random({ size: [2, 3] });
    return { shape, data: data.map((value, i) => value * 0.9 + noise.data[i]!) };
  }),
  np_0d: port((x: number, rng: NumpyGenerator) => x + rng.random()),
};

function open(file: string): Promise<Run<unknown>> {
  const step = STEPS[file.replace(".replay", "")] ?? same;
  return load(goldenBytes(`python_artifacts/${file}`), { step });
}

Deno.test("load() of a Python artifact gives every golden get(t) and verifies in full", async () => {
  for (const { file, get, expect } of GOLDEN) {
    if (expect !== "loads") continue;
    const run = await open(file);
    for (const [t, value] of get!) {
      const state = run.get(t);
      assertEquals(state, goldenState(value), `${file} at t=${t}`);
      assert(Object.is(state, goldenState(value)) || typeof state === "object", file);
    }
    assert(run.verify({ full: true }).ok, file);
  }
});

Deno.test("load() of a Python artifact finds out another step", async () => {
  const run = await load(goldenBytes("python_artifacts/walk.replay"), { step: same });
  await assertRejects(
    () => Promise.try(() => run.verify({ full: true })),
    NondeterministicReplayError,
  );
});

Deno.test("a branch of a Python run is the branch that Python records", async () => {
  const parent = await open("walk.replay");
  const branch = parent.branch(500);
  const fork = await open("walk_fork.replay");
  assertEquals(branch.seed, fork.seed);
  assertEquals(branch.steps, fork.steps);
  const python = GOLDEN.find(({ file }) => file === "walk_fork.replay")!;
  assertEquals(python.parent_hash, await parent.contentHash());
  // The golden fork starts from X_500 + 100.
  assertEquals(branch.get(0), (fork.get(0) as number) - 100);
});

Deno.test("a run of sets that Python recorded verifies, whatever order a step makes them in", async () => {
  const bytes = goldenBytes("python_runs/set_state.replay");
  const [some, all] = [[5, 10], [10, 5, 20]];
  for (const [short, long] of [[some, all], [some.toReversed(), all.toReversed()]] as const) {
    const step = port((_: unknown, rng: PythonRandom) =>
      new Set(rng.random() < 0.5 ? long : short)
    );
    const run = await load(bytes, { step });
    assertEquals(run.verify({ full: true }).ok, true);
  }
  const other = port((_: unknown, rng: PythonRandom) => new Set(rng.random() < 0.5 ? [1] : [2]));
  const run = await load(bytes, { step: other });
  assertThrows(() => run.verify({ full: true }), NondeterministicReplayError);
});
