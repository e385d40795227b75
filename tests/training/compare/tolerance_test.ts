import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  relativeDifference,
  resolveTolerance,
  ulpsApart32,
  ulpsApart64,
  violates,
} from "../../../src/training/compare/tolerance.ts";

Deno.test("resolveTolerance() defaults to rldk's one percent unless another bound is given", () => {
  assertEquals(resolveTolerance({}).tolerance, 0.01);
  assertEquals(resolveTolerance({ rtol: 1e-5 }), { tolerance: 0, atol: 0, rtol: 1e-5, ulp: 0 });
  assertThrows(() => resolveTolerance({ tolerance: -1 }), RangeError, "at least 0");
  assertThrows(() => resolveTolerance({ ulp: NaN }), RangeError);
});

Deno.test("relativeDifference() is absolute where the original is almost zero", () => {
  assertEquals(relativeDifference(2, 3), 0.5);
  assertEquals(relativeDifference(1e-9, 0.5), 0.5 - 1e-9);
});

Deno.test("violates() judges by each kind of bound", () => {
  const judge = (a: number, b: number, options: Parameters<typeof resolveTolerance>[0]): boolean =>
    violates(a, b, resolveTolerance(options), false);
  assert(!judge(1, 1.005, {}));
  assert(judge(1, 1.02, {}));
  assert(!judge(100, 100.5, { atol: 1 }));
  assert(judge(100, 101.5, { atol: 1 }));
  assert(!judge(100, 100.05, { rtol: 1e-3 }));
  const next = 1 + Number.EPSILON;
  assert(judge(1, next, { tolerance: 0 }));
  assert(!judge(1, next, { ulp: 1 }));
  assert(judge(1, next + Number.EPSILON, { ulp: 1 }));
  assert(judge(0, -0, { tolerance: 0 }));
  assert(!judge(0, -0, { tolerance: 1e-9 }));
});

Deno.test("violates() holds NaN and the infinities apart from numbers, whatever the tolerance", () => {
  const loose = resolveTolerance({ tolerance: 1e300, atol: 1e300, ulp: 1e18 });
  assert(violates(1, NaN, loose, false));
  assert(violates(NaN, 1, loose, false));
  assert(!violates(NaN, NaN, loose, false));
  assert(violates(Infinity, -Infinity, loose, false));
  assert(violates(1, Infinity, loose, false));
  assert(!violates(Infinity, Infinity, loose, false));
});

Deno.test("ulpsApart64() counts the doubles in between, across zero too", () => {
  assertEquals(ulpsApart64(0, 5e-324), 1);
  assertEquals(ulpsApart64(-5e-324, 5e-324), 2);
  assertEquals(ulpsApart64(0, -0), 0);
  const view = new DataView(new ArrayBuffer(8));
  const order = (x: number): bigint => {
    view.setFloat64(0, x);
    const bits = view.getBigUint64(0);
    return bits >> 63n === 1n ? -(bits & (2n ** 63n - 1n)) : bits;
  };
  fc.assert(fc.property(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -1000, max: 1000 }),
    (a, distance) => {
      view.setFloat64(0, a);
      view.setBigUint64(0, BigInt.asUintN(64, view.getBigUint64(0) + BigInt(distance)));
      const b = view.getFloat64(0);
      fc.pre(Number.isFinite(b));
      const exact = order(a) - order(b);
      const expected = Number(exact < 0n ? -exact : exact);
      assertEquals(ulpsApart64(a, b), expected);
    },
  ));
});

Deno.test("ulpsApart32() counts the floats in between", () => {
  assertEquals(ulpsApart32(1, 1 + 2 ** -23), 1);
  assertEquals(ulpsApart32(-(2 ** -149), 2 ** -149), 2);
});
