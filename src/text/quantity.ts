/**
 * Quantities for people: numbers in groups of three, counted things, bytes.
 * This module is browser compatible.
 *
 * @module
 */

/** 1,234,567; digits after the point stay together. Knows no locale. */
export function grouped(value: number | bigint): string {
  return String(value).replace(
    /^-?\d{4,}(?!\d|e)/,
    (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ","),
  );
}

/** `1 block`, `2 blocks` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number of bytes, such as `1,234 bytes` or `5.6 MB`. */
export function byteText(bytes: number): string {
  if (bytes < 100_000) return `${grouped(bytes)} bytes`;
  if (bytes < 1e8) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
