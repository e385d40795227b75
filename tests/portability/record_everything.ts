/**
 * Records every example with every backend, saves and loads it, and prints name and content hash, on
 * whatever runtime it is run: the output must be the same on all.
 *
 * @module
 */

import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, load, record, type RngName } from "../../mod.ts";
import { carry } from "../../src/later.ts";
import { log } from "../../src/math/mod.ts";
import * as ising from "../../examples/ising.ts";
import * as lateNan from "../../examples/late_nan.ts";
import * as sgd from "../../examples/sgd.ts";
import * as sir from "../../examples/sir.ts";
import * as walk from "../../examples/walk.ts";
import * as wealth from "../../examples/wealth.ts";

// As `whole.ts` does, without the sandbox, whose syntax Node 20 does not know.
carry({
  "artifact/load_run.ts": () => import("../../src/artifact/load_run.ts"),
  "artifact/open_record.ts": () => import("../../src/artifact/open_record.ts"),
  "artifact/saved_record.ts": () => import("../../src/artifact/saved_record.ts"),
});

interface Model {
  step: (state: never, rng: never, params: never) => unknown;
  init: unknown;
  params?: unknown;
  observe?: unknown;
}

const EXAMPLES: [name: string, model: Model, steps: number][] = [
  ["walk", walk, 20_000],
  ["late_nan", lateNan, 8000],
  ["sir", sir, 60],
  ["wealth", wealth, 120],
  ["ising", ising, 12],
  ["sgd", sgd, 400],
];

/** The methods by which the examples draw, under NumPy's names too. */
function adapt(model: Model, backend: RngName): Model["step"] {
  if (backend !== "numpy") return model.step;
  const step = model.step as unknown as (state: unknown, rng: unknown, params: unknown) => unknown;
  return ((
    state: unknown,
    rng: { random(): number; normal(a: number, b: number): number },
    params: unknown,
  ) =>
    step(state, {
      random: () => rng.random(),
      gauss: (a: number, b: number) => rng.normal(a, b),
      normalvariate: (a: number, b: number) => rng.normal(a, b),
    }, params)) as unknown as Model["step"];
}

const path = join(tmpdir(), `rewind-${crypto.randomUUID()}.replay`);
const lines: string[] = [];
for (const [name, model, steps] of EXAMPLES) {
  for (const rng of ["python", "numpy", "sfc32"] as const) {
    const step = adapt(model, rng) as never;
    const { init, params, observe } = model;
    const options = { init, params, observe, steps, rng, seed: 42, stepId: name };
    const run = record(step, options as never);
    await run.save(path, { overwrite: true });
    const loaded = await load(path, { step });
    loaded.verify({ full: true });
    const { contentHash } = await inspect(path);
    lines.push(`${name} ${rng} ${contentHash} ${log(loaded.steps)}`);
  }
}
await rm(path);
// deno-lint-ignore no-console -- the result of this program
console.log(lines.join("\n"));
