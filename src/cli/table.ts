/**
 * Small tables for a terminal.
 *
 * @module
 */

import { type Output, wrap } from "./output.ts";

/** Prints rows of name and value, names padded to one width; on a terminal long values are broken. */
export function printRows(output: Output, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const columns = output.isTerminal ? output.columns - width : Infinity;
  for (const [name, value] of rows) {
    const lines = wrap(value, columns).replaceAll("\n", `\n${" ".repeat(width)}`);
    output.line(`${output.paint(name.padEnd(width), "dim")}${lines}`);
  }
}

/** 1,234,567 */
export function grouped(value: number | bigint): string {
  return value.toLocaleString("en-US");
}

/** A number of bytes for people, such as `1,234 bytes` or `5.6 MB`. */
export function byteText(bytes: number): string {
  if (bytes < 100_000) return `${grouped(bytes)} bytes`;
  if (bytes < 1e8) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** `1 block`, `2 blocks` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
