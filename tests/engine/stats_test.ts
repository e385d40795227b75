import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ExactSum, TOTAL_EXPONENT } from "../../src/engine/exact_sum.ts";
import { bitLength, ratioToNumber } from "../../src/engine/exact_sum.ts";
import { StatsAccumulator } from "../../src/engine/stats.ts";
import type { ScalarStats, VectorStats } from "../../src/engine/types.ts";

/** Any finite double, all magnitudes alike. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** The exact integer x * 2^1074, by taking x apart with arithmetic only. */
function fixed(x: number): bigint {
  let scaled = 0n;
  let rest = x;
  let exponent = 0;
  while (!Number.isInteger(rest)) {
    rest *= 2;
    exponent++;
  }
  scaled = BigInt(rest) << BigInt(1074 - exponent);
  return scaled;
}

Deno.test("ExactSum is exact for any doubles and products in any order", () => {
  fc.assert(fc.property(fc.array(fc.tuple(finite, finite), { maxLength: 30 }), (pairs) => {
    const sum = new ExactSum();
    let expected = 0n;
    for (const [a, b] of pairs) {
      sum.add(a);
      sum.addProduct(a, b);
      expected += (fixed(a) << 1074n) + fixed(a) * fixed(b);
    }
    assertEquals(sum.total(), expected);
    const again = new ExactSum();
    for (const [a, b] of pairs.toReversed()) {
      again.addProduct(b, a);
      again.add(a);
    }
    assertEquals(again.total(), expected);
  }));
});

Deno.test("ExactSum stays exact over more additions than a chunk or the fast path holds", () => {
  const sum = new ExactSum();
  const count = 2 ** 20 + 5000;
  for (let i = 0; i < count; i++) {
    sum.add(2 ** 20);
    sum.add(-(2 ** 53 - 1) * 2 ** 10);
    sum.addProduct(2 ** 20, 2 ** 20);
  }
  const each = BigInt(2 ** 20) - (2n ** 53n - 1n) * 1024n + 2n ** 40n;
  assertEquals(sum.total(), (each * BigInt(count)) << BigInt(-TOTAL_EXPONENT));
});

Deno.test("ratioToNumber() rounds correctly", () => {
  fc.assert(fc.property(finite, (x) => {
    assertEquals(ratioToNumber(fixed(x), 1n, -1074), x === 0 ? 0 : x);
  }));
  fc.assert(fc.property(
    fc.integer({ min: -(2 ** 53), max: 2 ** 53 }),
    fc.integer({ min: 1, max: 2 ** 53 }),
    // Division of two exact doubles is correctly rounded by IEEE 754.
    (a, b) => assertEquals(ratioToNumber(BigInt(a), BigInt(b)), a === 0 ? 0 : a / b),
  ));
  assertEquals(ratioToNumber(3n, 4n, -1074), 5e-324);
  assertEquals(ratioToNumber(1n, 2n, -1074), 0);
  assertEquals(ratioToNumber(2n ** 1024n - 2n ** 969n, 1n), Infinity);
  assertEquals(ratioToNumber(2n ** 1024n - 2n ** 970n - 1n, 1n), Number.MAX_VALUE);
  assertEquals([0n, 1n, 255n, 256n].map(bitLength), [0, 1, 8, 9]);
});

function scalarStats(values: readonly (number | bigint | boolean)[]): ScalarStats {
  const accumulator = new StatsAccumulator();
  for (const value of values) accumulator.add(value);
  return accumulator.result() as ScalarStats;
}

Deno.test("StatsAccumulator loses nothing by an offset of 1e9", () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  const plain = scalarStats(values);
  const shifted = scalarStats(values.map((x) => x + 1e9));
  assertEquals(shifted.mean, plain.mean + 1e9);
  assertEquals(shifted.variance, plain.variance);
  assertEquals(plain, {
    count: 1000,
    mean: 499.5,
    variance: 83416.66666666667,
    std: Math.sqrt(83416.66666666667),
    min: 0,
    max: 999,
  });
});

Deno.test("StatsAccumulator gives the same bits however the values are split and merged", () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 50 }), fc.nat(), (values, cut) => {
      const at = cut % values.length;
      const left = new StatsAccumulator();
      const right = new StatsAccumulator();
      values.forEach((value, i) => (i < at ? left : right).add(value));
      const merged = new StatsAccumulator();
      merged.merge(right.partial());
      merged.merge(left.partial());
      assertEquals(merged.result(), scalarStats(values));
      assertEquals(right.clone().result(), right.result());
    }),
  );
});

Deno.test("StatsAccumulator treats a vector's components as scalars, and covaries them", () => {
  const accumulator = new StatsAccumulator();
  const rows = [[1, 10, 0.5], [2, 20, 0.25], [4, 40, -1]];
  for (const row of rows) accumulator.add(Float64Array.from(row));
  const { count, mean, covariance } = accumulator.result() as VectorStats;
  assertEquals(count, 3);
  rows[0]!.forEach((_, i) => {
    const scalar = scalarStats(rows.map((row) => row[i]!));
    assertEquals(mean[i], scalar.mean);
    assertEquals(covariance[i]![i], scalar.variance);
  });
  assertEquals(covariance[0]![1], covariance[1]![0]);
  assertEquals(covariance[0]![1], 70 / 3);
});

Deno.test("StatsAccumulator follows IEEE arithmetic for values that are not finite", () => {
  assertEquals(scalarStats([1, NaN, 3]), {
    count: 3,
    mean: NaN,
    variance: NaN,
    std: NaN,
    min: NaN,
    max: NaN,
  });
  assertEquals(scalarStats([1, Infinity]), {
    count: 2,
    mean: Infinity,
    variance: NaN,
    std: NaN,
    min: 1,
    max: Infinity,
  });
  assertEquals(scalarStats([-Infinity, Infinity]).mean, NaN);
  assertEquals(scalarStats([1e308, 1e308, 1e308]).mean, 1e308);
  assertEquals(scalarStats([7]), { count: 1, mean: 7, variance: 0, std: 0, min: 7, max: 7 });
  assertEquals(scalarStats([true, false, 3n]), scalarStats([1, 0, 3]));
});

Deno.test("StatsAccumulator refuses what has no statistics and says what to do", () => {
  const add = (...values: unknown[]) => () => {
    const accumulator = new StatsAccumulator();
    for (const value of values) accumulator.add(value as number);
  };
  assertThrows(add({ value: 1 }), TypeError, "number or a vector");
  assertThrows(add("1"), TypeError, "(state) => state.value");
  assertThrows(add(1, [1]), TypeError, "a vector of 1 after a number");
  assertThrows(add([1, 2], [1]), TypeError, "a vector of 1 after a vector of 2");
  assertThrows(add([1, "2"]), TypeError, "type string");
  assertThrows(add(new Float64Array(10_000)), TypeError, "at most");
  assertThrows(() => new StatsAccumulator().result(), RangeError, "no states");
});

Deno.test("StatsAccumulator sums bigints as bigints", () => {
  const accumulator = new StatsAccumulator();
  // Each rounds to 2^60 as a number.
  for (let t = 0n; t < 100n; t++) accumulator.add(2n ** 60n + t);
  const { variance, mean, count } = accumulator.result() as ScalarStats;
  assertEquals([variance, mean, count], [(100 * 101) / 12, 2 ** 60, 100]);
  const mixed = new StatsAccumulator();
  for (const x of [-5n, 2, 3n, true]) mixed.add(x);
  assertEquals((mixed.result() as ScalarStats).mean, 0.25);
  const huge = new StatsAccumulator();
  huge.add(10n ** 400n);
  assertEquals((huge.result() as ScalarStats).max, Infinity);
});

Deno.test("std is right where its square is beyond the numbers", () => {
  for (const scale of [1e200, 1e-200, 1e300, 1e-300]) {
    const accumulator = new StatsAccumulator();
    for (const x of [1, 2, 3]) accumulator.add(x * scale);
    const { std } = accumulator.result() as ScalarStats;
    assert(Math.abs(std / scale - 1) < 1e-12, `${std} for ${scale}`);
  }
  const same = new StatsAccumulator();
  for (const x of [5, 5]) same.add(x);
  assertEquals((same.result() as ScalarStats).std, 0);
});
