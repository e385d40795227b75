/**
 * What counts as one number where numbers of states are taken: statistics, series, plots.
 * This module is browser compatible.
 *
 * @module
 */

/** A number as it is, a bigint or a boolean as the nearest one; undefined for anything else. */
export function scalarOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "bigint" || typeof value === "boolean" ? Number(value) : undefined;
}

/** What a value that is no scalar is, for a message that refuses it. */
export function describeNonScalar(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a value of type ${typeof value}`;
}
