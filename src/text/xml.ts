/**
 * Text that somebody else wrote inside XML, in an element or a quoted attribute.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeText } from "./escape_text.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as XML that shows it as it is: what is not printable, and so perhaps no XML at all, becomes visible escapes. */
export function escapeXml(text: string): string {
  return text.split("\n").map((line) =>
    escapeText(line, { maxLength: Infinity }).replaceAll("\\\\", "\\").replace(
      /[&<>"']/g,
      (character) => ENTITIES[character]!,
    )
  ).join("\n");
}
