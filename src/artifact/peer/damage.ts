/**
 * The one way in which a fault in an artifact of the Python package is reported.
 * This module is browser compatible.
 *
 * @module
 */

import { ArtifactIntegrityError } from "../../errors.ts";

/** The error for a damaged artifact; `why` completes "Cannot read the Python artifact: ...". */
export function damaged(
  why: string,
  options?: ErrorOptions & { offset?: number },
): ArtifactIntegrityError {
  return new ArtifactIntegrityError(`Cannot read the Python artifact: ${why}`, options);
}
