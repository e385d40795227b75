/**
 * What an artifact's header says of a run. This module is browser compatible.
 *
 * @module
 */

import type { MathKind, RunFailure, Shims, StartKind, StorageBudget } from "../engine/types.ts";
import type { GeneratorState, RngName } from "../rng/backends.ts";
import type { ObservedEntry } from "./observed_field.ts";

/** How block and branch seeds are derived. */
export const SEED_DERIVATION = "blake2b-v1";

/**
 * The parts of a header: `front` is known when a recording starts, `notes` too, but lies outside the content
 * hash, and `end` is known when it ends.
 */
export type HeaderPart = "front" | "notes" | "end";

/**
 * A header, checked. Fields that a run may lack are undefined there.
 *
 * @internal
 */
export interface Header {
  /** Master seed. */
  readonly seed: bigint;
  /** States per block. */
  readonly blockSize: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** How block and branch seeds are derived. */
  readonly seeds: typeof SEED_DERIVATION;
  /** Free text that names the step. */
  readonly stepId: string;
  /** Parameters handed to every step. */
  readonly params: unknown;
  /** SHA-256 of the source's UTF-8 bytes, lower-case hexadecimal, also where it is not embedded. */
  readonly sourceHash: string | undefined;
  /** The t of the root run at which X_0 lies. */
  readonly origin: number;
  /** Index of X_0 in the numbering of the run whose seed this one uses. */
  readonly gridOffset: number;
  /** State of the generator at X_0, where that lies within a block. */
  readonly generatorState: GeneratorState | undefined;
  /** What the recording may store. */
  readonly budget: StorageBudget | undefined;
  /** How many blocks lie between two checkpoints. */
  readonly stride: number;
  /** Where X_0 came from; what is neither the parent's X_t nor what the module's `init` makes says so. */
  readonly start: StartKind | undefined;
  /** What the step saw of clock and randomness, if anything. */
  readonly shims: Shims | undefined;
  /** For a branch: where it started. */
  readonly branchPoint: number | undefined;
  /** For a branch: content hash of its parent, lower-case hexadecimal. */
  readonly parentHash: string | undefined;
  /** Number of states. */
  readonly steps: number;
  /** Which `Math` the step saw. */
  readonly math: MathKind;
  /** Names of the observables whose statistics were computed while recording, each once. */
  readonly observables: readonly string[];
  /** Those statistics, in the same order. */
  readonly observed: readonly ObservedEntry[];
  /** Why the run is shorter than asked for. */
  readonly failure: RunFailure | undefined;
  /** Whether guards were off. */
  readonly unguarded?: true | undefined;
}
