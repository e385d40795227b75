/**
 * What the page of a run costs beyond exact statistics of the same run, both in the sandbox.
 *
 * @module
 */

import { recordRun } from "../src/engine/record.ts";
import { SandboxedRun } from "../src/sandbox/host/sandboxed_run.ts";
import { surveyRun } from "../src/view/survey_run.ts";
import { stateTree } from "../src/view/state_tree.ts";

const STEPS = 1_000_000;

const WALK = `export const init = 0;
export const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);`;

const FIELDS = `export const init = () => ({ a: 0, b: 0, pos: [0, 0, 0], on: false });
export const step = (s, rng) => {
  s.a = rng.random();
  s.b += s.a;
  s.pos[1] = s.b;
  s.on = !s.on;
  return s;
};`;

const walk = new SandboxedRun(
  recordRun<number, "python", undefined>((x, rng) => x + (rng.random() < 0.5 ? 1 : -1), {
    init: 0,
    steps: STEPS,
    seed: 42,
  }),
  { source: WALK },
);

interface Fields {
  a: number;
  b: number;
  pos: number[];
  on: boolean;
}

const fields = new SandboxedRun(
  recordRun<Fields, "python", undefined>((s, rng) => {
    s.a = rng.random();
    s.b += s.a;
    s.pos[1] = s.b;
    s.on = !s.on;
    return s;
  }, { init: { a: 0, b: 0, pos: [0, 0, 0], on: false }, steps: STEPS, seed: 42 }),
  { source: FIELDS },
);

Deno.bench("stats of the walk, 10^6 states", { group: "walk", baseline: true }, async () => {
  await walk.stats();
});

Deno.bench("survey of the walk: series, 216 states", { group: "walk" }, async () => {
  const { series } = await surveyRun(walk, { from: 0, to: STEPS, observe: undefined });
  if (series[0]!.series.minT !== 966_009) throw new Error("not the walk of seed 42");
});

Deno.bench("stats of one of six numbers", { group: "fields", baseline: true }, async () => {
  await fields.stats({ expression: "s => s.b" });
});

Deno.bench("survey of all six numbers", { group: "fields" }, async () => {
  const { series } = await surveyRun(fields, { from: 0, to: STEPS, observe: undefined });
  // b and pos[1] are the same everywhere.
  if (series.length !== 5) throw new Error("a number is missing");
});

const large = new Float64Array(100_000);

Deno.bench("a tree of a state of 100,000 numbers", () => {
  stateTree(large, { unitsMax: 10_000, previous: { value: large } });
});
