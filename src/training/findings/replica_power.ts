/**
 * What it shows that several runs agree.
 * This module is browser compatible.
 *
 * @module
 */

import { log, pow } from "../../math/mod.ts";

/** How sure one is to be. */
const CONFIDENCE = 0.95;
/** A fault in one of so many runs. */
const RARE = 5;

/** The largest share of runs in which a fault can show that `runs` runs all miss, with 95% confidence. */
export function missedShare(runs: number): number {
  return 1 - pow(1 - CONFIDENCE, 1 / runs);
}

/** How many runs it takes to meet, with 95% confidence, a fault that shows in a share of them. */
export function runsToMeet(share: number): number {
  return Math.ceil(log(1 - CONFIDENCE) / log(1 - share));
}

/** What the agreement of `runs` runs shows, in one line. */
export function agreementText(runs: number): string {
  const percent = Math.round(100 * missedShare(runs));
  const more = runsToMeet(1 / RARE);
  return `${runs} runs that agree can miss a fault that shows in fewer than ${percent}% of runs` +
    (runs < more
      ? `; --replicas ${more} would meet one in ${RARE} (95% confidence)`
      : " (95% confidence)");
}
