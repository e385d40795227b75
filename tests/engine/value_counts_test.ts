import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { exactQuantiles, histogramOf } from "../../src/engine/value_passes.ts";
import {
  histogramOfCounts,
  quantilesOfCounts,
  ValueCounts,
} from "../../src/engine/value_counts.ts";

Deno.test("counted values have the quantiles and the histogram of the values, in parts too", () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.double(),
    fc.constantFrom(0, -0, Infinity),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 40 }),
      fc.nat(40),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      (values, cut, probabilities) => {
        const parts = [values.slice(0, cut), values.slice(cut)].map((some) => {
          const counts = new ValueCounts();
          for (const x of some) counts.add(x);
          return counts.part();
        });
        const all = new ValueCounts();
        for (const part of parts) all.merge(part);
        const counted = all.part();
        const pass = (take: (x: number) => void): void => values.forEach(take);
        assertEquals(
          quantilesOfCounts(counted, probabilities),
          exactQuantiles(pass, values.length, probabilities),
        );
        assertEquals(histogramOfCounts(counted, 5), histogramOf(pass, 5));
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("too many different values are not kept", () => {
  const counts = new ValueCounts();
  for (let i = 0; i < 70_000; i++) counts.add(i);
  assertEquals([counts.part().isTooMany, counts.part().values.length], [true, 0]);
});
