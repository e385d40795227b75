/**
 * Text that somebody else wrote inside Markdown: it can neither end a table's cell nor become markup.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeText } from "./escape_text.ts";

/** Text as Markdown that shows it as it is, on one line. */
export function escapeMarkdown(text: string): string {
  // The text's own backslashes are escaped by then; those here are for Markdown. `&` and `<` could begin HTML.
  return escapeText(text, { maxLength: Infinity })
    .replace(/[\\`*_{}[\]()#+\-.!|~>@:$^=]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}

/** Text as Markdown code, on one line; in a table's cell, too. */
export function markdownCode(text: string): string {
  const line = escapeText(text, { maxLength: Infinity }).replaceAll("\\\\", "\\");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line.trim() === "" ? " " : "";
  // A table is cut into cells before code is looked for.
  return `${fence}${pad}${line.replaceAll("|", "\\|")}${pad}${fence}`;
}

/** A table; its cells are Markdown already. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)];
}
