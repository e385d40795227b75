/**
 * Order of strings by code points, as Python sorts them; JavaScript's own is by UTF-16 units.
 * This module is browser compatible.
 *
 * @module
 */

/** Negative if `a` comes before `b` in Python, positive if after, 0 if they are equal. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // The second half of a pair counts as part of its character, in either string.
    const start = i > 0 && isLeadSurrogate(a.charCodeAt(i - 1)) ? i - 1 : i;
    return a.codePointAt(start)! - b.codePointAt(start)! || a.codePointAt(i)! - b.codePointAt(i)!;
  }
  return a.length - b.length;
}

function isLeadSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
