/**
 * What every random number generator of rewind has in common.
 * This module is browser compatible.
 *
 * @module
 */

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
  capture(): object;

  /**
   * Where the generator is in its stream, in short: the same text for two that were seeded alike exactly if they go
   * on with the same draws.
   *
   * @internal
   */
  position(): string;

  /**
   * A number that is the same where the position is, and mostly another one where it is not: a hint that costs no more
   * than a draw.
   *
   * @internal
   */
  quickPosition(): number;

  /**
   * Goes on from where `capture` was called; the generator has just been reseeded with the same seed.
   *
   * @throws {TypeError | RangeError} If this is no state of this backend.
   * @internal
   */
  restore(state: object): void;
}
