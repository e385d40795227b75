import { assert, assertEquals } from "@std/assert";
import { acosh, asinh, atanh, cosh, sinh, tanh } from "../../src/math/mod.ts";

/** Next double above a positive x, minus x. */
function ulp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}

/** A fixed walk over (0, 1), by exact arithmetic only. */
function* fractions(count: number): Generator<number> {
  let x = 0.37;
  for (let i = 0; i < count; i++) yield x = 3.99 * x * (1 - x);
}

Deno.test("asinh, acosh and atanh give the special values of ECMAScript", () => {
  assertEquals([asinh(0), asinh(-0), asinh(Infinity), asinh(-Infinity), asinh(NaN)], [
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
  ]);
  assertEquals([acosh(1), acosh(0.999), acosh(-1), acosh(Infinity), acosh(NaN)], [
    0,
    NaN,
    NaN,
    Infinity,
    NaN,
  ]);
  assertEquals([atanh(0), atanh(-0), atanh(1), atanh(-1), atanh(1.5), atanh(-2), atanh(NaN)], [
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    NaN,
    NaN,
  ]);
  assertEquals([asinh(5e-324), atanh(-5e-324)], [5e-324, -5e-324]);
  assertEquals(asinh(Number.MAX_VALUE), acosh(Number.MAX_VALUE));
});

// By Python's decimal at 60 digits, rounded.
const KNOWN: [f: (x: number) => number, x: number, y: number][] = [
  [asinh, 1e-5, 9.999999999833334e-6],
  [asinh, 0.5, 0.48121182505960347],
  [asinh, 1, 0.881373587019543],
  [asinh, 3, 1.8184464592320668],
  [asinh, 1e10, 23.7189981105004],
  [acosh, 1.0000001, 0.0004472135919037347],
  [acosh, 2, 1.3169578969248168],
  [acosh, 10, 2.993222846126381],
  [acosh, 1e10, 23.7189981105004],
  [atanh, 1e-5, 1.0000000000333334e-5],
  [atanh, 0.25, 0.25541281188299536],
  [atanh, 0.5, 0.5493061443340549],
  [atanh, 0.99, 2.6466524123622457],
];

Deno.test("asinh, acosh and atanh are within 2 ulp of known values, and odd where they should be", () => {
  for (const [f, x, y] of KNOWN) {
    assert(Math.abs(f(x) - y) <= 2 * ulp(y), `${f.name}(${x}) = ${f(x)}, not ${y}`);
    if (f !== acosh) assertEquals(f(-x), -f(x));
  }
});

Deno.test("asinh, acosh and atanh undo sinh, cosh and tanh", () => {
  for (const u of fractions(2000)) {
    const x = u * 20;
    assert(Math.abs(asinh(sinh(x)) - x) <= 4 * ulp(x) + ulp(1), `asinh at ${x}`);
    // cosh is flat near 0, so its inverse is only as good as its argument there.
    if (x > 0.5) assert(Math.abs(acosh(cosh(x)) - x) <= 8 * ulp(x), `acosh at ${x}`);
    if (u < 0.9) assert(Math.abs(atanh(tanh(u)) - u) <= 8 * ulp(1), `atanh at ${u}`);
  }
});

Deno.test("asinh, acosh and atanh give the bits that they always gave", () => {
  const view = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  const add = (value: number): void => {
    view.setFloat64(0, value);
    for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  };
  for (const u of fractions(2000)) {
    add(asinh(u * 40 - 20));
    add(acosh(1 + u * 40));
    add(atanh(2 * u - 1));
  }
  assertEquals((hash >>> 0).toString(16), "d34b8de0");
});
