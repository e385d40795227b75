/**
 * Small tables for a terminal.
 *
 * @module
 */

import { type Output, wrap } from "./output.ts";

export { byteText, counted, grouped } from "../text/quantity.ts";

/** Prints rows of name and value, names padded to one width; on a terminal long values are broken. */
export function printRows(output: Output, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const columns = output.isTerminal ? output.columns - width : Infinity;
  for (const [name, value] of rows) {
    const lines = wrap(value, columns).replaceAll("\n", `\n${" ".repeat(width)}`);
    output.line(`${output.paint(name.padEnd(width), "dim")}${lines}`);
  }
}
