/**
 * Every function against the BigInt reference, over its whole range.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as math from "../../src/math/mod.ts";
import { Inputs, ONE_ARGUMENT, TWO_ARGUMENTS } from "./_inputs.ts";
import {
  BINARY_REFERENCES,
  hypotReference,
  roundToDouble,
  ulpError,
  UNARY_REFERENCES,
} from "./_reference.ts";

/** What the docs promise. */
const ULPS_MAX = 0.5000001;

/** Arguments per function, shared by its kinds. */
const COUNT = 8000;

type Values = Record<string, (...values: number[]) => number>;
const functions = math as unknown as Values;

function judge(
  name: string,
  drawsOf: readonly ((inputs: Inputs) => number[])[],
  reference: (...values: number[]) => { mantissa: bigint; exponent: number },
): void {
  const compute = functions[name]!;
  const inputs = new Inputs(name.length * 1000 + name.charCodeAt(0));
  let judged = 0;
  for (const draw of drawsOf) {
    for (let i = 0; i < COUNT / drawsOf.length; i++) {
      const values = draw(inputs);
      const actual = compute(...values);
      const exact = reference(...values);
      const expected = roundToDouble(exact);
      assert(
        Object.is(actual, expected) || (actual === 0 && expected === 0),
        `${name}(${values}) is ${actual}, and ${expected} is nearest`,
      );
      if (Number.isFinite(expected) && expected !== 0) {
        assert(ulpError(actual, exact) <= ULPS_MAX, `${name}(${values}) is ${actual}`);
        judged++;
      }
    }
  }
  assert(judged > COUNT / 2, `only ${judged} arguments of ${name} had something to judge`);
}

for (const [name, draws] of Object.entries(ONE_ARGUMENT)) {
  Deno.test(`${name}() is the double nearest to the exact value`, () => {
    const inDomain = draws.map((draw) => (inputs: Inputs) => {
      for (;;) {
        const x = draw(inputs);
        const logarithmic = name === "log" || name === "log2" || name === "log10";
        if (x !== 0 && (!logarithmic || (x > 0 && x !== 1)) && (name !== "log1p" || x > -1)) {
          return [x];
        }
      }
    });
    judge(name, inDomain, UNARY_REFERENCES[name]!);
  });
}

for (const [name, draws] of Object.entries(TWO_ARGUMENTS)) {
  Deno.test(`${name}() is the double nearest to the exact value`, () => {
    const moderate = draws.map((draw) => (inputs: Inputs) => {
      for (;;) {
        const [a, b] = draw(inputs);
        const size = name === "pow" ? b * Math.log2(Math.abs(a)) : 0;
        if (a !== 0 && size < 1030 && size > -1100) return [a, b];
      }
    });
    judge(name, moderate, BINARY_REFERENCES[name]!);
  });
}

Deno.test("hypot() of many arguments is the double nearest to the exact value", () => {
  const inputs = new Inputs(7);
  for (let count = 1; count < 60; count++) {
    const values = Array.from({ length: count }, () => inputs.anySize(-20, 2));
    assertEquals(math.hypot(...values), roundToDouble(hypotReference(...values)), `${values}`);
  }
});

Deno.test("sin(), cos() and tan() reduce the arguments nearest to multiples of pi / 2", () => {
  // Kahan's and Muller's: the worst of all doubles, of one binade, and of the ends of each reduction.
  const hardest = [
    6381956970095103 * 2 ** 797,
    5319372648326541 * 2 ** 618,
    1.5707963267948966,
    3.141592653589793,
    22,
    355,
    52174,
    5.706435e15,
    11999.999999999998,
    12000,
    2999999999.9999995,
    3e9,
    2 ** 1000,
    2 ** 1023,
    Number.MAX_VALUE,
  ];
  for (const x of hardest) {
    for (const value of [x, -x]) {
      for (const name of ["sin", "cos", "tan"]) {
        const expected = roundToDouble(UNARY_REFERENCES[name]!(value));
        assertEquals(functions[name]!(value), expected, `${name}(${value})`);
      }
    }
  }
});
