/**
 * What a run says of the clock and randomness that it was offered.
 * This module is browser compatible.
 *
 * @module
 */

import type { Shims } from "./types.ts";

/** What a run needs of what it was offered: nothing for loading, if the module did not ask for it. */
export function recordedShims(offered: Shims | undefined, isLoadUsed: boolean): Shims | undefined {
  if (offered === undefined) return undefined;
  const { load, ...rest } = offered;
  const shims: Shims = load === true && isLoadUsed ? { ...rest, load } : rest;
  return Object.keys(shims).length === 0 ? undefined : shims;
}
