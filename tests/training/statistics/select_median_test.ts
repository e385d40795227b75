import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { selectMedian } from "../../../src/training/statistics/select_median.ts";
import { median, quantileOfSorted } from "../../../src/training/statistics/summary.ts";

Deno.test("selectMedian() is the median of the sorted sample", () => {
  const few = fc.integer({ min: -3, max: 3 }).map((value) => value / 2);
  const any = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
  for (const value of [few, any]) {
    fc.assert(fc.property(fc.array(value, { maxLength: 200 }), (values) => {
      // Adding 0 makes -0 a 0: which of them stands in the middle is left open.
      const expected = quantileOfSorted(Float64Array.from(values).sort(), 0.5) + 0;
      assertEquals(selectMedian(Float64Array.from(values)) + 0, expected);
      assertEquals(median(values) + 0, expected);
    }));
  }
  assertEquals(selectMedian(Float64Array.of(1, 2, Infinity)), 2);
  // NaN is larger than any number.
  assertEquals([median([NaN, 4, 2, 3, 1]), median([NaN, NaN, 1]), median([])], [3, NaN, NaN]);
});

Deno.test("selectMedian() keeps what the sample holds, in whatever order it comes", () => {
  const length = 20_001;
  const orders: Record<string, (i: number) => number> = {
    ascending: (i) => i,
    descending: (i) => -i,
    constant: () => 7,
    "organ pipe": (i) => Math.min(i, length - i),
    "two values": (i) => i % 2,
    "saw teeth": (i) => (i * 7919) % 101,
  };
  for (const [name, valueAt] of Object.entries(orders)) {
    const values = Float64Array.from({ length }, (_, i) => valueAt(i));
    const sorted = values.slice().sort();
    assertEquals(selectMedian(values), sorted[(length - 1) / 2], name);
    assertEquals(values.sort(), sorted, name);
  }
});
