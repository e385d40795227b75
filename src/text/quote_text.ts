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

/** DI is Default_Ignorable_Code_Point: some letters show nothing, such as U+3164. */
const VISIBLE = /^(?!\p{DI})[\p{L}\p{N}]/u;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escapeCharacter(character: string, codePoint: number): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (codePoint >= 0x20 && codePoint < 0x7f || VISIBLE.test(character)) return character;
  const hex = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
