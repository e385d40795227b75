/**
 * The one way in which text that somebody else wrote reaches a person: printable, on one line,
 * quoted where asked, and cut. This module is browser compatible.
 *
 * @module
 */

import { FOREIGN_TEXT_UNITS_MAX } from "../limits.ts";

/** Options for {@linkcode escapeText}. */
export interface EscapeTextOptions {
  /** Most UTF-16 units of the text to keep. @default {400} */
  maxLength?: number;
  /** Whether to put double quotes around the text, and escape those in it. @default {false} */
  quote?: boolean;
}

/** Letters, digits and the marks that belong to them, where they can be seen. */
const VISIBLE = /^(?!\p{DI})[\p{L}\p{N}\p{M}]$/u;
const MARK = /^\p{M}$/u;

/** Most combining marks in a row: more would let text climb over the lines above it. */
const MARKS_MAX = 2;

/**
 * Makes text from an artifact or a step safe to print: control characters, line breaks, terminal
 * escape sequences, invisible and direction-changing characters become visible escapes such as
 * `\x1b` or `\u202e`; what is too long is cut and ends in `...`.
 *
 * @param text Any text, lone surrogates included.
 * @param options Length and quotes.
 * @returns One line of printable text.
 */
export function escapeText(text: string, options: EscapeTextOptions = {}): string {
  const { maxLength = FOREIGN_TEXT_UNITS_MAX, quote = false } = options;
  let escaped = "";
  let marks = 0;
  for (const character of text.slice(0, maxLength)) {
    const code = character.codePointAt(0)!;
    if (code >= 0x20 && code < 0x7f) {
      marks = 0;
      const isSpecial = character === "\\" || (quote && character === '"');
      escaped += isSpecial ? `\\${character}` : character;
    } else if (VISIBLE.test(character)) {
      marks = MARK.test(character) ? marks + 1 : 0;
      escaped += marks <= MARKS_MAX ? character : escapeCodePoint(code);
    } else {
      marks = 0;
      escaped += escapeCodePoint(code);
    }
  }
  if (text.length > maxLength) escaped += "...";
  return quote ? `"${escaped}"` : escaped;
}

function escapeCodePoint(code: number): string {
  if (code === 0x0a) return "\\n";
  if (code === 0x09) return "\\t";
  if (code === 0x0d) return "\\r";
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}
