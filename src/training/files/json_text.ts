/**
 * JSON that every reader takes, whatever a metric holds: NaN and the infinities are the strings "NaN",
 * "Infinity" and "-Infinity", a seed above 2^53 is a string of digits, undefined is null.
 * This module is browser compatible.
 *
 * @module
 */

/** `value` as JSON text, two blanks of indentation by default. */
export function toJsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, (_, item) => jsonSafe(item), indent);
}

/** One value as JSON can hold it; see the module's comment. */
export function jsonSafe(item: unknown): unknown {
  if (typeof item === "number" && !Number.isFinite(item)) return String(item);
  if (typeof item === "bigint") {
    const number = Number(item);
    return Number.isSafeInteger(number) ? number : item.toString();
  }
  if (item === undefined) return null;
  if (item instanceof Float64Array || item instanceof Uint32Array) return Array.from(item);
  return item;
}
