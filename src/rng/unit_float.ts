/**
 * Two random words to a float64 in [0, 1). This module is browser compatible.
 *
 * @module
 */

const FIRST_UNIT = 2 ** -27;
const SECOND_UNIT = 2 ** -53;

/**
 * Returns the float64 in [0, 1) that is made of the upper 27 bits of one 32-bit word and the upper
 * 26 of the next: CPython's `(a * 2**26 + b) / 2**53`. Each half is scaled on its own, which gives the
 * same bits as all of it is exact, and is ready one multiplication sooner: a step that branches on its
 * draw waits for that.
 */
export function unitFloat(first: number, second: number): number {
  return (first >>> 5) * FIRST_UNIT + (second >>> 6) * SECOND_UNIT;
}
