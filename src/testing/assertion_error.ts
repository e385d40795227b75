/**
 * The error of the assertions for tests.
 * This module is browser compatible.
 *
 * @module
 */

import type { Divergence } from "../engine/diverge/divergence.ts";
import { RewindError } from "../errors.ts";

/** A run is not the one that it is to be. */
export class ReplayAssertionError extends RewindError {
  /** Where the two diverge; undefined where only the block is known. */
  readonly divergence: Divergence | undefined;

  /** Says how that shows. */
  constructor(message: string, { divergence }: { divergence?: Divergence | undefined }) {
    super("REPLAY_ASSERTION", message);
    // Test runners show the difference of assertions, and the stack of other errors.
    this.name = "AssertionError";
    this.divergence = divergence;
  }
}
