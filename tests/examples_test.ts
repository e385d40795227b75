import { assert, assertEquals } from "@std/assert";
import { record, Run } from "../src/artifact/run.ts";
import { SavedRecord } from "../src/artifact/saved_record.ts";
import type { RngName } from "../src/rng/backends.ts";
import { SandboxSession } from "../src/sandbox/host/session.ts";
import { readStep } from "../src/sandbox/recorder/read_step.ts";
import * as flock from "../examples/flock.ts";
import * as ising from "../examples/ising.ts";
import * as lockstep from "../examples/lockstep.ts";
import * as lockstepBuild2 from "../examples/lockstep_build2.ts";
import { decodeState } from "../src/codec/decode_state.ts";
import { inputSourceOf } from "../src/engine/input_source.ts";
import * as lateNan from "../examples/late_nan.ts";
import * as network from "../examples/network.ts";
import * as sgd from "../examples/sgd.ts";
import * as sir from "../examples/sir.ts";
import * as sirInversion from "../examples/sir_inversion.ts";
import * as walk from "../examples/walk.ts";
import * as wealth from "../examples/wealth.ts";

interface Model {
  step: unknown;
  init: unknown;
  params?: unknown;
  rng?: string;
  observe?: unknown;
}

const EXAMPLES: [name: string, model: Model, steps: number][] = [
  ["walk", walk, 20_000],
  ["late_nan", lateNan, 20_000],
  ["sir", sir, 200],
  ["sir_inversion", sirInversion, 200],
  ["wealth", wealth, 500],
  ["ising", ising, 30],
  ["sgd", sgd, 1000],
  ["flock", flock, 30],
  ["network", network, 60],
];

for (const [name, model, steps] of EXAMPLES) {
  Deno.test(`examples/${name}.ts is the same run inside and outside the sandbox`, async () => {
    const path = new URL(`../examples/${name}.ts`, import.meta.url).pathname;
    const { source, stepId } = await readStep(path);
    await using session = new SandboxSession({ source });
    const inside = await session.record({ steps, seed: 5n, stepId });
    const { step, init, params, rng, observe } = model;
    const outside = record(step as never, {
      init: init as never,
      steps,
      seed: 5,
      params: params as never,
      rng: (rng ?? "python") as RngName as "python",
      observe: observe as never,
      source,
      stepId,
    });
    assertEquals(await new SavedRecord(inside).contentHash(), await outside.contentHash());
    assert(outside.verify({ full: true }).ok);
    assert(new Run(inside, { step: step as never, codec: undefined }).verify({ full: true }).ok);
  });
}

Deno.test("examples/lockstep.ts is the match that the keys make, and another build makes another one", async () => {
  const read = (name: string): string =>
    Deno.readTextFileSync(new URL(`../examples/${name}`, import.meta.url));
  const keys = read("lockstep_keys.jsonl").trim().split("\n").map((line) => JSON.parse(line));
  const { init, observe } = lockstep;
  const options = { init, observe, steps: 600, seed: 7, inputs: keys };
  const match = record(lockstep.step, options);
  assertEquals(match.get(-1).players.map(({ score }) => score), [16, 10]);
  const { source } = await readStep(new URL("../examples/lockstep.ts", import.meta.url).pathname);
  await using session = new SandboxSession({ source });
  const inside = await session.record({ steps: 600, seed: 7n, inputs: inputSourceOf(keys) });
  assertEquals(decodeState(inside.lastState), match.get(-1));
  const other = record(lockstepBuild2.step, options);
  assert(other.get(1).players[0]!.x !== match.get(1).players[0]!.x);
});

Deno.test("examples/late_nan.ts breaks late, and a fork with the fix stays finite", () => {
  const run = record(lateNan.step, { init: lateNan.init, steps: 1_000_000, seed: 7 });
  const first = run.find((state) => Number.isNaN(state.value));
  assertEquals(first, 883_975);
  assert(!Number.isNaN(run.get(first! - 1).value));
  const shock = run.bisect((state) => state.gain > 1)!;
  const fixed = run.branch(shock, { mutate: (state) => ({ ...state, gain: 0.9 }) });
  assertEquals(fixed.find((state) => Number.isNaN(state.value)), undefined);
});

Deno.test("examples/sir.ts keeps its people, and a measure at day 20 spares some of them", () => {
  const { step, init, params, observe } = sir;
  const run = record(step, { init, steps: 200, seed: 11, params, observe });
  for (const { susceptible, infected, recovered } of run.states()) {
    assertEquals(susceptible + infected + recovered, 1000);
  }
  const measure = run.branch(20, { params: { ...params, contact: params.contact / 4 } });
  assert(measure.get(-1).susceptible > run.get(-1).susceptible);
});

Deno.test("examples/wealth.ts keeps its coins and grows unequal", () => {
  const { step, init, params, observe } = wealth;
  const run = record(step, { init, steps: 500, seed: 3, params, observe, rng: "sfc32" });
  for (const t of [0, 250, 499]) {
    assertEquals(
      run.get(t).coins.reduce((sum, value) => sum + value, 0),
      params.agents * params.coins,
    );
  }
  assert(observe.gini(run.get(-1)) > 0.3);
});

Deno.test("examples/sgd.ts learns, then its loss spikes late; the trace shows the batch", () => {
  const { step, init, params } = sgd;
  const run = record(step, { init, steps: 20_000, seed: 1, params });
  const spike = run.find((state) => state.loss > 20);
  assertEquals(spike, 14_570);
  assert(run.get(spike! - 1).loss < 1);
  const bad = run.trace(spike!).filter(({ method, result }) =>
    method === "random" && (result as number) < params.badShare
  );
  assertEquals(bad.length, 1);
});
