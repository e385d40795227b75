/**
 * What holds for every argument, whatever the bits.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as math from "../../src/math/mod.ts";

// No shrinking: the argument that fails is as good as any, and doubles shrink without end.
const RUNS = { numRuns: 2000, seed: 42, endOnFailure: true };
const anyDouble = fc.double();
const functions = math as unknown as Record<string, (x: number) => number>;

for (const name of ["sin", "tan", "asin", "atan", "sinh", "tanh", "cbrt"]) {
  Deno.test(`${name}(-x) is -${name}(x), bit for bit`, () => {
    fc.assert(
      fc.property(anyDouble, (x) => {
        assertEquals(functions[name]!(-x), -functions[name]!(x));
      }),
      RUNS,
    );
  });
}

for (const name of ["cos", "cosh"]) {
  Deno.test(`${name}(-x) is ${name}(x), bit for bit`, () => {
    fc.assert(
      fc.property(anyDouble, (x) => assertEquals(functions[name]!(-x), functions[name]!(x))),
      RUNS,
    );
  });
}

/** The next double above x, for x that is not NaN or infinite. */
function nextUp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  if (x === 0) return Number.MIN_VALUE;
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (x > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

const MONOTONIC: Record<string, [number, number]> = {
  exp: [-746, 710],
  expm1: [-60, 710],
  log: [5e-324, Number.MAX_VALUE],
  log1p: [-0.9999999999999999, Number.MAX_VALUE],
  log2: [5e-324, Number.MAX_VALUE],
  log10: [5e-324, Number.MAX_VALUE],
  asin: [-1, 0.9999999999999999],
  atan: [-Number.MAX_VALUE, 1e308],
  sinh: [-710, 710],
  tanh: [-30, 30],
  cbrt: [-Number.MAX_VALUE, 1e308],
};

for (const [name, [min, max]] of Object.entries(MONOTONIC)) {
  Deno.test(`${name}() never falls from one double to the next, nor further on`, () => {
    const inRange = fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(inRange, inRange, (x, y) => {
        const compute = functions[name]!;
        assert(compute(nextUp(x)) >= compute(x), `after ${x}`);
        assert(x < y ? compute(x) <= compute(y) : compute(y) <= compute(x), `${x}, ${y}`);
      }),
      RUNS,
    );
  });
}

Deno.test("atan2() lies in the quadrant of its point and turns with its signs", () => {
  const coordinate = fc.double({ noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, (y, x) => {
      const angle = math.atan2(y, x);
      assert(Math.abs(angle) <= Math.PI);
      assertEquals(Object.is(Math.sign(angle), -0) || angle < 0, Object.is(y, -0) || y < 0);
      const left = x < 0 || Object.is(x, -0);
      assert(left ? Math.abs(angle) >= Math.PI / 2 : Math.abs(angle) <= Math.PI / 2);
      assertEquals(math.atan2(-y, x), -angle);
    }),
    RUNS,
  );
});

Deno.test("hypot() does not mind the order or the signs of its arguments", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 2 }), (values) => {
      const turned = values.map((value) => -value).reverse();
      assertEquals(math.hypot(...turned), math.hypot(...values));
    }),
    RUNS,
  );
});

Deno.test("pow(x, 1) is x, pow(x, 0) is 1, pow(x, 2) is x * x, pow(x, -1) is 1 / x", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (x) => {
      assertEquals(math.pow(x, 1), x);
      assertEquals(math.pow(x, 0), 1);
      assertEquals(math.pow(x, 2), x * x);
      assertEquals(math.pow(x, -1), 1 / x);
    }),
    RUNS,
  );
});
