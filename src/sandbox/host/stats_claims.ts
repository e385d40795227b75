/**
 * Checks what a child says of statistics.
 * This module is browser compatible.
 *
 * @module
 */

import type { ExtrasPart, ExtrasRequest } from "../../engine/series_extras.ts";
import { extrasOfClaim } from "../../engine/extras_claim.ts";
import { checkPartialStats, fields, malformed } from "./claims.ts";
import type { PartialStats } from "../../engine/types.ts";

/** Statistics of some states, checked for what they could be. */
export interface CheckedStats {
  readonly partial: PartialStats;
  readonly extras: ExtrasPart | undefined;
}

/** What was taken of `count` states, the first of them with an index in the series. */
export function checkStats(
  claim: unknown,
  { count, first, extras: asked }: {
    count: number;
    first: number;
    extras: ExtrasRequest | undefined;
  },
): CheckedStats {
  const { partial, extras } = fields(claim);
  const checked = asked === undefined ? undefined : extrasOfClaim(extras, { count, first, asked });
  if (asked !== undefined && checked === undefined) throw malformed();
  return { partial: checkPartialStats(partial, count), extras: checked };
}
