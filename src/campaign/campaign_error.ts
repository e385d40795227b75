/**
 * What is wrong with a campaign as such: its folder, its journal, its parts.
 * This module is browser compatible.
 *
 * @module
 */

import { RewindError } from "../errors.ts";
import type { RewindErrorOptions } from "../error_types.ts";

/** A campaign cannot go on, or its parts do not fit together. */
export class CampaignError extends RewindError {
  /** Says what cannot be done, why, and what to do. */
  constructor(message: string, options?: RewindErrorOptions) {
    super("CAMPAIGN", message, options);
  }
}
