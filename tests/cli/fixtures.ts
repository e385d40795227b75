/**
 * Small artifacts for the tests of the command line, made by the library and changed where asked.
 *
 * @module
 */

import { encodeArtifact } from "../../src/artifact/encode_artifact.ts";
import { addStretch } from "../../src/artifact/recorded_by.ts";
import { currentWriter } from "../../src/artifact/saved_record.ts";
import { recordRun } from "../../src/engine/record.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

/** A walk of 1,000 states in blocks of 32, as a step module. */
export const WALK_SOURCE = `export const init = 0;
export const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);
export const observe = { position: (x) => x };
`;

/** The run of {@linkcode WALK_SOURCE} with seed 42. */
export const WALK: RunRecord = recordRun<number, "python", undefined>(
  (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1),
  {
    init: 0,
    steps: 1000,
    seed: 42,
    observe: { position: (x: number) => x },
    stepId: "walk.js",
    source: WALK_SOURCE,
  },
);

/** A state with parts, and parameters: a step module. */
export const DECAY_SOURCE = `export const init = { value: 1, gain: 0.5, cells: [1, 2, 3] };
export const params = { rate: 2 };
export function step(s, rng, { rate }) {
  return { value: s.value * s.gain + rate * rng.random(), gain: s.gain, cells: s.cells };
}
`;

interface Decay {
  value: number;
  gain: number;
  cells: number[];
}

/** The run of {@linkcode DECAY_SOURCE} with seed 7: 100 states in blocks of 10. */
export const DECAY: RunRecord = recordRun<Decay, "python", { rate: number }>(
  (s: Decay, rng: PythonRandom, { rate }: { rate: number }): Decay => ({
    value: s.value * s.gain + rate * rng.random(),
    gain: s.gain,
    cells: s.cells,
  }),
  {
    init: { value: 1, gain: 0.5, cells: [1, 2, 3] },
    steps: 100,
    seed: 7,
    params: { rate: 2 },
    stepId: "decay.js",
    source: DECAY_SOURCE,
  },
);

/** The bytes of a run's artifact, with data changed where asked. */
export function artifactOf(run: RunRecord, changes: Partial<RunRecord> = {}): Uint8Array {
  return encodeArtifact({ ...run, ...changes }, addStretch([], currentWriter(), 0));
}
