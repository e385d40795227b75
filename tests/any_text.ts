/**
 * Any text, for properties.
 *
 * @module
 */

import fc from "fast-check";

/** Surrogates are no characters. */
const SURROGATES_FROM = 0xd800;
const SURROGATES = 0x800;

const CHARACTER = fc.nat({ max: 0x10ffff - SURROGATES }).map(
  (n) => String.fromCodePoint(n < SURROGATES_FROM ? n : n + SURROGATES),
  (text) => {
    const point = typeof text === "string" ? text.codePointAt(0) : undefined;
    if (point === undefined || text !== String.fromCodePoint(point)) throw new Error("several");
    const isFirstHalf = point < SURROGATES_FROM;
    if (!isFirstHalf && point < SURROGATES_FROM + SURROGATES) throw new Error("a surrogate");
    return isFirstHalf ? point : point - SURROGATES;
  },
);

/**
 * Texts of any characters: those of `fc.string({ unit: "binary" })`, which takes more than a second to list all
 * characters before it makes the first.
 */
export function anyText(constraints: { maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: CHARACTER, ...constraints });
}
