/**
 * What every random number generator of rewind has in common.
 * This module is browser compatible.
 *
 * @module
 */

/** State of MT19937 with what the methods over it keep, as plain data. */
export interface PythonGeneratorState {
  /** 624 words and the index of the next one, at most 624. */
  readonly words: Uint32Array;
  /** The second value that `gauss` keeps; null if there is none. */
  readonly gauss: number | null;
}

/** State of sfc32 with what the methods over it keep, as plain data. */
export interface Sfc32GeneratorState {
  /** The words a, b and c and the counter. */
  readonly words: Uint32Array;
  /** The second value that `gauss` keeps; null if there is none. */
  readonly gauss: number | null;
}

/** State of NumPy's PCG64 with its 32-bit buffer and its seed sequence, as plain data. */
export interface NumpyGeneratorState {
  /** State of the congruential generator, in [0, 2^128). */
  readonly state: bigint;
  /** Its odd increment, in [0, 2^128). */
  readonly inc: bigint;
  /** Whether the upper half of the last output waits for the next 32-bit draw. */
  readonly hasUint32: boolean;
  /** That upper half, kept after it was drawn. */
  readonly uinteger: number;
  /** How many children the seed sequence has spawned. */
  readonly spawned: number;
}

/** All there is to know of a generator in the middle of a block, besides the block's seed. */
export type GeneratorState = (PythonGeneratorState | Sfc32GeneratorState | NumpyGeneratorState) & {
  /** Words of the sfc32 generator that `Math.random` draws from, if the run has that shim. */
  readonly shim?: Uint32Array;
};

/** What the engine asks of a generator; everything else is for steps. */
export interface Rng {
  /** Which backend this is. */
  readonly backend: string;

  /**
   * Puts the generator in the state that a new one seeded with the u64 `hi * 2^32 + lo` has,
   * without allocating. `hi` and `lo` are integers in [0, 2^32).
   */
  reseed(hi: number, lo: number): void;

  /** Next float64 in [0, 1) with 53 random bits. */
  random(): number;

  /**
   * All there is to know of the generator besides the seed it was last reseeded with, as plain data.
   *
   * @internal
   */
  capture(): GeneratorState;

  /**
   * Goes on from where `capture` was called; the generator has just been reseeded with the same seed.
   *
   * @throws {TypeError | RangeError} If this is no state of this backend.
   * @internal
   */
  restore(state: GeneratorState): void;
}
