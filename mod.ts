/**
 * Time travel for long, seeded simulations, and seeded replay of training runs.
 *
 * {@linkcode record} runs a simulation once and keeps about sqrt(T) checkpoints; the run it returns
 * regenerates any state exactly, forks what-if branches, computes exact statistics over the whole run and
 * proves that it replays bit for bit. A run travels as a tiny `.replay` file.
 *
 * @example Usage
 * ```ts
 * import { load, type PythonRandom, record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
 * const run = record(step, { init: 0, steps: 1_000_000, seed: 42 });
 *
 * assertEquals(run.get(842_137), -881); // regenerated, not stored
 * const fork = run.branch(842_137, { mutate: (x) => x + 100 });
 * assertEquals(fork.get(0), -781);
 *
 * const again = await load(await run.toBytes(), { step });
 * assertEquals(again.verify({ full: true }).blocks, 1000);
 * ```
 *
 * @module
 */

// Of the faces of the rooms only types: no module is loaded only to pass names on.
export type * from "./src/artifact/mod.ts";
export type * from "./src/engine/mod.ts";
export type * from "./src/rng/mod.ts";
export type * from "./src/sandbox/mod.ts";

export { inspect, load } from "./src/artifact/load.ts";
export { OpenRecorder, openRecorder, resumeRecorder } from "./src/artifact/open_recorder.ts";
export { record, Run } from "./src/artifact/run.ts";
export { defaultBlockSize } from "./src/engine/run_bounds.ts";
export * from "./src/errors.ts";
export type * from "./src/error_types.ts";
export { BACKENDS, createRng, isRngName, RNG_NAMES } from "./src/rng/backends.ts";
export { deriveBranchSeed, deriveSeed } from "./src/rng/derive_seed.ts";
export { NumpyDistributions } from "./src/rng/numpy/distributions.ts";
export { NumpyGenerator } from "./src/rng/numpy/generator.ts";
export { PCG64 } from "./src/rng/numpy/pcg64.ts";
export { SeedSequence } from "./src/rng/numpy/seed_sequence.ts";
export { PythonRandom } from "./src/rng/python/python_random.ts";
export { Sfc32Random } from "./src/rng/sfc32/sfc32_random.ts";
export { openSandboxed } from "./src/sandbox/host/open_sandboxed.ts";

import { later } from "./src/later.ts";

// Not awaited here: a module that waits cannot be loaded by require().
if (import.meta.main) {
  void later<typeof import("./src/cli/main.ts")>("cli/main.ts").then(({ main }) => main());
}
