/**
 * Text from a state, made safe to print. This module is browser compatible.
 *
 * @module
 */

/**
 * Text in double quotes, at most about `lengthMax` characters of it, with everything escaped that is
 * neither printable ASCII nor a letter or digit of some script that can be seen: safe to print to a terminal.
 */
export function quoteText(text: string, lengthMax: number): string {
  let quoted = '"';
  let i = 0;
  while (i < text.length && quoted.length <= lengthMax) {
    const codePoint = text.codePointAt(i)!;
    const character = String.fromCodePoint(codePoint);
    quoted += escapeCharacter(character, codePoint);
    i += character.length;
  }
  return i < text.length ? `${quoted}..."` : `${quoted}"`;
}

/** A character that can be seen. DI is Default_Ignorable_Code_Point: letters such as U+3164 show nothing. */
const VISIBLE = /(?!\p{DI})[ -~\p{L}\p{N}]/u;

function escapeCharacter(character: string, codePoint: number): string {
  if ('"\\\n\r\t'.includes(character)) return JSON.stringify(character).slice(1, -1);
  if (VISIBLE.test(character)) return character;
  const hex = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
