/**
 * JSON in the one form that `JSON.stringify` gives, read with bounds: what a file may hold is known before it
 * takes memory, and a text that is read twice means the same twice.
 * This module is browser compatible.
 *
 * @module
 */

/** Bounds of a JSON text. */
export interface JsonBounds {
  /** Deepest nesting of arrays and objects. */
  readonly depthMax: number;
  /** Most commas, colons and opening brackets. */
  readonly valuesMax: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of `[` and `{`, and of `]` and `}`: they differ in this bit only. */
const BRACE_BIT = 0x20;
const OPEN = 0x5b | BRACE_BIT;
const CLOSE = 0x5d | BRACE_BIT;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Reads a JSON text that is written as `JSON.stringify` writes its value. That leaves no room for repeated
 * keys, for numbers that are rounded, or for anything after the value.
 *
 * @throws {SyntaxError} If it exceeds a bound, is no JSON or is written in another way; the message is a
 * clause that says which.
 */
export function parseCanonicalJson(text: string, bounds: JsonBounds): unknown {
  checkJsonBounds(text, bounds);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError("it is not JSON, or cut short");
  }
  if (JSON.stringify(value) !== text) {
    throw new SyntaxError("its JSON is not in the form in which rewind writes it");
  }
  return value;
}

/**
 * Counts without reading: an array of empty arrays takes thirty times the room of its text.
 *
 * @throws {SyntaxError} If a text exceeds a bound; the message is a clause that says which.
 */
export function checkJsonBounds(text: string, { depthMax, valuesMax }: JsonBounds): void {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i);
    } else if ((code | BRACE_BIT) === OPEN) {
      values++;
      if (++depth > depthMax) throw new SyntaxError(`it is nested deeper than ${depthMax} levels`);
    } else if ((code | BRACE_BIT) === CLOSE) {
      depth--;
    } else if (code === COMMA || code === COLON) {
      values++;
    }
    if (values > valuesMax) throw new SyntaxError(`it has more than ${valuesMax} values`);
  }
}

/** Index of the quote that ends a string, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== QUOTE) {
    i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  }
  return i;
}
