/**
 * Where a run comes from.
 * This module is browser compatible.
 *
 * @module
 */

import type { RecordedStretch } from "./recorded_by.ts";

/** What is known of a run's lineage when it is made. */
export interface RunOrigin<R> {
  /** For a branch: the run it started from. */
  readonly parent?: R;
  /** For a run from a file: the content hash that was checked on opening. */
  readonly contentHash?: string;
  /** For a run from a file: what recorded it. */
  readonly stretches?: readonly RecordedStretch[];
  /** For a run that goes on where another one ended: that one. */
  readonly extended?: R;
}
