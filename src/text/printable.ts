/**
 * Text that is already escaped where somebody else wrote it, such as an error's message or a formatted
 * state, on its way to a terminal: a second safety net that changes nothing of it. Raw foreign text goes
 * through `escapeText` instead.
 *
 * @module
 */

import { escapeText } from "./escape_text.ts";

/** What a terminal might act on or hide, but for line breaks. */
const UNPRINTABLE = /[\p{Cf}\p{Zl}\p{Zp}\p{DI}]|(?!\n)\p{Cc}/gu;

/** Text that needs no further look, which is most of all text. */
const PLAIN = /^[\x20-\x7e\n]*$/;

/** The text with everything that is not to reach a terminal as escapes; line breaks stay. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, (found) => escapeText(found));
}

/** The text on one line and cut to a length, for a message. */
export function printableLine(text: string, { maxLength = Infinity } = {}): string {
  const line = printable(text).replaceAll("\n", "\\n");
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line;
}

/** JSON in which everything that is not to reach a terminal is escaped; its value is the same. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, null, indent));
}

/** The same of a text that is JSON, or a piece of it. */
export function escapeJson(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""));
}
