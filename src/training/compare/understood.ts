/**
 * How much of a log was understood: a verdict must not rest on the rest of it.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunLog } from "../log/run_log.ts";
import { grouped } from "../../text/quantity.ts";

/** A log of which more than this share of its numbers was not understood is no ground for a match. */
const NOT_UNDERSTOOD_MAX = 0.1;

/** Why a log is no ground for a match; undefined if it is one. */
export function reasonNotUnderstood({ numbers, source }: RunLog): string | undefined {
  const { understood, missed, firstMissed } = numbers;
  const all = understood + missed;
  if (missed <= NOT_UNDERSTOOD_MAX * all) return undefined;
  const line = firstMissed?.line === undefined ? "" : `line ${firstMissed.line}: `;
  const where = firstMissed === undefined ? "" : ` (first: ${line}${firstMissed.detail})`;
  return `${grouped(missed)} of ${grouped(all)} numbers of ${source} were not understood${where}`;
}
