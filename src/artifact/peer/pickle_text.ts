/**
 * Numbers and strings as the oldest protocol of pickles writes them: a line of text each.
 * This module is browser compatible.
 *
 * @module
 */

/** Longest integer as decimal text, whose reading takes quadratic time; Python's own bound. */
const INT_DIGITS_MAX = 4300;
/** Longest float as text, in characters: Python writes at most 24, the pattern's time is quadratic. */
const FLOAT_CHARS_MAX = 40;
const INT_TEXT = /^-?\d+L?$/;
const FLOAT_TEXT = /^-?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|inf|nan)$/;

/** The integer that a line stands for; undefined if it is none, or too long. */
export function integerOfText(line: string): bigint | undefined {
  if (line.length > INT_DIGITS_MAX || !INT_TEXT.test(line)) return undefined;
  return BigInt(line.replace("L", ""));
}

/** The float that a line stands for; undefined if it is none. */
export function floatOfText(line: string): number | undefined {
  if (line.length > FLOAT_CHARS_MAX || !FLOAT_TEXT.test(line)) return undefined;
  return Number(line.replace("inf", "Infinity").replace(/-?nan/, "NaN"));
}

/** Latin-1 in which `\uXXXX` and `\UXXXXXXXX` stand for other characters; undefined if one is none. */
export function unescapeText(line: string): string | undefined {
  let isValid = true;
  const text = line.replace(/\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})|\\[uU]/g, (_, short, long) => {
    const code = parseInt(short ?? long ?? "ffffffff", 16);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    isValid = false;
    return "";
  });
  return isValid ? text : undefined;
}
