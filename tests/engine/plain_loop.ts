/**
 * What a run is, by the definition of the design, as a plain loop that shares no code with the engine but
 * the generators: the model that the engine is held against.
 *
 * @module
 */

import { createRng, type RngName } from "../../src/rng/backends.ts";
import { deriveSeed } from "../../src/rng/derive_seed.ts";
import type { Rng } from "../../src/rng/rng.ts";

/** A step of any kind. */
// deno-lint-ignore no-explicit-any -- the models have states, generators and inputs of all kinds
export type AnyStep = (state: any, rng: any, params: any, t: number, input: any) => any;

/** What to make. */
export interface PlainRun {
  readonly step: AnyStep;
  readonly init: unknown;
  readonly steps: number;
  readonly seed: number | bigint;
  readonly rng: RngName;
  readonly blockSize: number;
  readonly params?: unknown;
  readonly inputs?: readonly unknown[];
}

/** All states, each a copy. */
export function plainStates(run: PlainRun): unknown[] {
  const { step, steps, seed, blockSize, params, inputs } = run;
  let state: unknown = structuredClone(run.init);
  let rng: Rng | undefined;
  const states = [structuredClone(state)];
  for (let t = 0; t < steps - 1; t++) {
    if (t % blockSize === 0) rng = createRng(run.rng, deriveSeed(seed, t / blockSize));
    state = step(state, rng, params, t, structuredClone(inputs?.[t]));
    states.push(structuredClone(state));
  }
  return states;
}
