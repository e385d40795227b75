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

export * from "./src/artifact/mod.ts";
export * from "./src/engine/mod.ts";
export * from "./src/errors.ts";
export * from "./src/rng/mod.ts";
export * from "./src/sandbox/mod.ts";

import { later } from "./src/later.ts";

// Not awaited here: a module that waits cannot be loaded by require().
if (import.meta.main) {
  void later<typeof import("./src/cli/main.ts")>("cli/main.ts").then(({ main }) => main());
}
