/**
 * The one form of what is said of an artifact that cannot be read.
 * This module is browser compatible.
 *
 * @module
 */

import { ArtifactIntegrityError } from "../errors.ts";

/** The error for an artifact that is not one; `why` goes on after the colon. */
export function damaged(why: string, offset?: number): ArtifactIntegrityError {
  return new ArtifactIntegrityError(
    `Cannot read the .replay file: ${why}`,
    offset === undefined ? {} : { offset },
  );
}
