/**
 * Decimal commas in printed text, as scripts write them where that is the custom.
 * This module is browser compatible.
 *
 * @module
 */

/** A number whose comma can only stand before a fraction: groups have three digits and do not begin with 0. */
export const DECIMAL_COMMA = /[-+]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))(?:e[-+]?\d+)?(?!\w|,\d)/iy;

/** A number with a comma, in a log whose commas stand before fractions. */
export const ANY_DECIMAL_COMMA = /[-+]?\d+,\d+(?:e[-+]?\d+)?(?!\w|,\d)/iy;

/** Such a number behind a name, in no list. */
const CERTAIN = /[\w'"] ?[ =:] ?[-+]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))(?!\w|,\d)/;

const DECIMAL_POINT = /(?<![\d:.,])\d+\.\d+(?![.\d:])/;

/** Tells of each line of a log, in order, whether its commas stand before fractions. */
export class DecimalCommas {
  #seen = false;

  /** Whether `1,234` in this line is 1.234. */
  in(line: string): boolean {
    if (!line.includes(",")) return false;
    if (line.includes(".") && DECIMAL_POINT.test(line)) return this.#seen = false;
    return this.#seen ||= CERTAIN.test(line);
  }
}
