/**
 * Rows that one of two logs lacks, where no steps tell: all rows after them are in the wrong place.
 * This module is browser compatible.
 *
 * @module
 */

import { column, type RunLog } from "../log/run_log.ts";

/** What one log lacks, in words, if the rest of it equals the other log's rows further on; else undefined. */
export function missingRows(
  a: RunLog,
  b: RunLog,
  metrics: readonly string[],
): string | undefined {
  const counts = (log: RunLog): boolean => log.issues.some(({ kind }) => kind === "implied_steps");
  const apart = Math.abs(a.steps.length - b.steps.length);
  if (apart === 0 || !counts(a) || !counts(b)) return undefined;
  const isSecond = b.steps.length < a.steps.length;
  const [long, short] = isSecond ? [a, b] : [b, a];
  const columns = metrics.map((name) => [column(long, name), column(short, name)] as const);
  const isEqual = (i: number, k: number): boolean =>
    columns.every(([one, other]) => {
      const has = one?.present[i] === 1;
      if (has !== (other?.present[k] === 1)) return false;
      return !has || Object.is(one!.values[i], other!.values[k]);
    });
  let first = 0;
  while (first < short.steps.length && isEqual(first, first)) first++;
  // At the end rows are not in the wrong place: there are fewer of them.
  if (first === short.steps.length) return undefined;
  for (let k = first; k < short.steps.length; k++) if (!isEqual(k + apart, k)) return undefined;
  const what = apart === 1 ? `row ${first}` : `rows ${first} to ${first + apart - 1}`;
  const [from, to] = isSecond ? ["first", "second"] : ["second", "first"];
  return `${what} of the ${from} log ${
    apart === 1 ? "is" : "are"
  } missing in the ${to}, whose further rows are ` +
    `the same, ${apart} earlier`;
}
