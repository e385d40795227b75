/**
 * What every random number generator of rewind has in common.
 * This module is browser compatible.
 *
 * @module
 */

/** Name of a generator backend, as stored in artifacts. */
export type RngName = "python" | "numpy" | "sfc32";

/** What the engine asks of a generator; everything else is for steps. */
export interface Rng {
  /** Which backend this is. */
  readonly backend: RngName;

  /**
   * Puts the generator in the state that a new one seeded with the u64 `hi * 2^32 + lo` has,
   * without allocating. `hi` and `lo` are integers in [0, 2^32).
   */
  reseed(hi: number, lo: number): void;

  /** Next float64 in [0, 1) with 53 random bits. */
  random(): number;
}
