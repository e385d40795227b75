/**
 * What of a log may make an answer another one than was meant.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunLog } from "../log/run_log.ts";
import { grouped } from "../../text/quantity.ts";

/** One line for each such thing; `called` names the log. */
export function logWarnings({ issues, numbers }: RunLog, called: string): string[] {
  const counted = issues.some((issue) => issue.kind === "implied_steps");
  const { understood, missed, firstMissed } = numbers;
  const line = firstMissed?.line === undefined ? "" : `line ${firstMissed.line}: `;
  return [
    ...(counted ? [`${called} has no steps: its rows are counted from 0`] : []),
    ...(missed === 0 ? [] : [
      `${grouped(missed)} of ${
        grouped(understood + missed)
      } numbers of ${called} were not understood, and are compared as 'unnamed' ` +
      `at most${firstMissed === undefined ? "" : ` (first: ${line}${firstMissed.detail})`}`,
    ]),
  ];
}
