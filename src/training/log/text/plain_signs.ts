/**
 * Printed text with the signs of ASCII in the place of others that mean the same.
 * This module is browser compatible.
 *
 * @module
 */

/** The line with plain digits, brackets and colons, minus signs and powers of ten. */
export function withPlainSigns(line: string): string {
  if (!OTHER.test(line)) return line;
  return line.replace(WIDE, narrow).replace(POWER_OF_TEN, powerOfTen)
    .replace(TYPOGRAPHIC_MINUS, "-");
}

/** What every line with such a sign has. */
const OTHER = /[\uff01-\uff5e\u2212]|10[\^\u207a\u207b\u00b9\u00b2\u00b3\u2070\u2074-\u2079]/;

/** Wide forms of ASCII, as in Chinese and Japanese text: `loss\uff1a0.5\uff0c`. */
const WIDE = /[\uff01-\uff5e]/g;

/** `0.5×10⁻³`, `5*10^-3`. */
const POWER_OF_TEN =
  /(?<=\d) ?[\u00d7\u00b7x*] ?10(?:\^\{?\(?([-+]?\d{1,3})(?!\.?\d)\)?\}?|([\u207a\u207b]?[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}))/g;

const SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

function powerOfTen(_: string, digits: string | undefined, superscript = ""): string {
  const plain = superscript.replace(/./g, (character) => {
    const digit = SUPERSCRIPTS.indexOf(character);
    return digit >= 0 ? String(digit) : character === "\u207b" ? "-" : "";
  });
  return `e${digits ?? plain}`;
}

function narrow(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}

const TYPOGRAPHIC_MINUS = /\u2212(?=[\d.\u221e])/g;
