/**
 * Numbers as people write them on a command line: read exactly, or not at all.
 *
 * @module
 */

/** Digits with single underscores between them, as in `1_000_000`. */
const DIGITS = String.raw`\d+(?:_\d+)*`;
const DECIMAL = new RegExp(
  `^([+-]?)(?:(${DIGITS})(?:\\.(${DIGITS})?)?|\\.(${DIGITS}))(?:e([+-]?\\d{1,6}))?$`,
  "i",
);
const HEXADECIMAL = /^([+-]?)0x([\da-f]+)$/i;

/** Most digits that an exponent may add to an integer: a longer one is a slip. */
const EXPONENT_MAX = 400;

/**
 * A whole number, also written as `1e6`, `1.5e3`, `1_000_000` or `0xff`; undefined for any other text. No digit is
 * dropped: `4.99999999999999999999` is no whole number.
 */
export function exactInteger(text: string): bigint | undefined {
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) return signed(hexadecimal[1]!, BigInt(`0x${hexadecimal[2]}`));
  const parts = decimalParts(text);
  if (parts === undefined || Math.abs(parts.exponent) > EXPONENT_MAX) return undefined;
  const { sign, digits, exponent } = parts;
  if (exponent >= 0) return signed(sign, BigInt(digits) * 10n ** BigInt(exponent));
  const unit = 10n ** BigInt(-exponent);
  const magnitude = BigInt(digits);
  return magnitude % unit === 0n ? signed(sign, magnitude / unit) : undefined;
}

/**
 * A finite number in decimal; undefined for any other text, for one beyond the range of numbers, such as `1e400`,
 * and for one so small that it would become 0.
 */
export function finiteNumber(text: string): number | undefined {
  const parts = decimalParts(text);
  if (parts === undefined) return undefined;
  const value = Number(text.replaceAll("_", ""));
  const vanishes = value === 0 && /[1-9]/.test(parts.digits);
  return Number.isFinite(value) && !vanishes ? value : undefined;
}

interface DecimalParts {
  readonly sign: string;
  readonly digits: string;
  /** Power of ten of the last digit. */
  readonly exponent: number;
}

function decimalParts(text: string): DecimalParts | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", bare = "", power = "0"] = match;
  const after = (fraction + bare).replaceAll("_", "");
  return {
    sign: sign!,
    digits: whole.replaceAll("_", "") + after,
    exponent: Number(power) - after.length,
  };
}

function signed(sign: string, magnitude: bigint): bigint {
  return sign === "-" ? -magnitude : magnitude;
}
