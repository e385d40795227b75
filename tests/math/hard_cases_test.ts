/**
 * Arguments whose results lie nearest to the middle of two doubles, where the fast paths cannot
 * decide, and the exact cases; expected bits from mpmath at 2,400 bits.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as math from "../../src/math/mod.ts";
import { BINARY_REFERENCES, roundToDouble, UNARY_REFERENCES } from "./_reference.ts";

/** Per function, rows of big-endian hexadecimal doubles: the arguments, then the result. */
const GOLDEN: Record<string, string[][]> = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/math_hard.json", import.meta.url)),
);

function fromHex(text: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${text}`));
  return view.getFloat64(0);
}

for (const [name, rows] of Object.entries(GOLDEN)) {
  const compute = (math as unknown as Record<string, (...values: number[]) => number>)[name]!;
  Deno.test(`${name}() settles ${rows.length} results beside the middle of two doubles`, () => {
    for (const row of rows) {
      const values = row.map(fromHex);
      const expected = values.pop()!;
      assertEquals(compute(...values), expected, `${name}(${values})`);
    }
  });
}

Deno.test("the reference agrees with mpmath wherever the functions are hardest", () => {
  const references: Record<
    string,
    (...values: number[]) => { mantissa: bigint; exponent: number }
  > = { ...UNARY_REFERENCES, ...BINARY_REFERENCES };
  for (const [name, rows] of Object.entries(GOLDEN)) {
    for (const row of rows) {
      const values = row.map(fromHex);
      const expected = values.pop()!;
      assertEquals(roundToDouble(references[name]!(...values)), expected, `${name}(${values})`);
    }
  }
});
