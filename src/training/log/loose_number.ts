/**
 * Numbers as people and spreadsheets write them: `50%`, `1,234.5`, `0,5`, `1.000.000`.
 * This module is browser compatible.
 *
 * @module
 */

import { asciiText } from "./decimal.ts";

/** A text that may be a number. */
export interface LooseText {
  /** Index of its first byte. */
  from: number;
  /** Index after its last byte. */
  to: number;
  /** Whether a comma stands before the fraction even where it could group digits, as in `1,234`. */
  decimalComma: boolean;
}

/** Longest such number. */
const BYTES_MAX = 40;

/** Commas between groups of three digits, then perhaps a point. */
const COMMA_GROUPS = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?(?:e[-+]?\d+)?$/i;

/**
 * Points, blanks or apostrophes between groups of three digits, then perhaps a comma. One point alone
 * stands before a fraction.
 */
const POINT_GROUPS = /^[-+]?\d{1,3}(?:(?:[ ']\d{3})+|(?:\.\d{3})+(?:\.\d{3}|(?=,)))(?:,\d*)?$/;

const DECIMAL_COMMA = /^[-+]?\d+,\d+(?:e[-+]?\d+)?$/i;

/** What Microsoft's C library printed for infinities and NaN: `1.#INF`, `-1.#IND00`. */
const MSVC = /^([-+]?)1\.#(INF|QNAN|SNAN|IND)\d*$/;

/** First byte of a typographic minus sign and of the sign for infinity. */
const SIGN_BYTE = 0xe2;

const PLAIN = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * The number that a text stands for; undefined for any other text. A percentage is its number of
 * hundredths: 50 for `50%`.
 */
export function looseNumber(
  bytes: Uint8Array,
  { from, to, decimalComma }: LooseText,
): number | undefined {
  const first = bytes[from]!;
  if (to - from > BYTES_MAX || (first > 0x39 && first < 0x80)) return undefined;
  if (first === SIGN_BYTE) {
    const typeset = new TextDecoder().decode(bytes.subarray(from, to));
    return numberOf(typeset.replace("\u2212", "-").replace("\u221e", "inf"));
  }
  let text = asciiText(bytes, from, to);
  const special = MSVC.exec(text);
  if (special !== null) return special[2] === "INF" ? Number(`${special[1]}Infinity`) : NaN;
  if (text.endsWith("%")) text = text.slice(0, -1).trimEnd();
  if (PLAIN.test(text)) return Number(text);
  if (!decimalComma && COMMA_GROUPS.test(text)) return Number(text.replaceAll(",", ""));
  if (DECIMAL_COMMA.test(text)) return Number(text.replace(",", "."));
  if (COMMA_GROUPS.test(text)) return Number(text.replaceAll(",", ""));
  if (POINT_GROUPS.test(text)) return Number(text.replace(/[. ']/g, "").replace(",", "."));
  return undefined;
}

/** The number that a whole text is, NaN and infinities in any spelling among them; undefined for another. */
export function numberOf(text: string): number | undefined {
  const plain = text.trim();
  if (PLAIN.test(plain)) return Number(plain);
  const word = /^([-+]?)(nan|inf|infinity)$/i.exec(plain);
  if (word === null) return undefined;
  return word[2]!.toLowerCase() === "nan" ? NaN : word[1] === "-" ? -Infinity : Infinity;
}
