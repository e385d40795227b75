import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { SortedWindow } from "../../../src/training/statistics/sorted_window.ts";
import { median, robustDeviation } from "../../../src/training/statistics/summary.ts";

Deno.test("SortedWindow has the median and spread of the values that it covers", () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(value, { minLength: 12, maxLength: 60 }),
      (size, list) => {
        const values = Float64Array.from(list, (x) => x + 0);
        const window = new SortedWindow(size);
        for (const value of values.subarray(0, size)) window.add(value);
        for (let end = size; end < values.length; end++) {
          const covered = values.subarray(end - size, end);
          assertEquals(window.median(), median(covered));
          assertEquals(window.robustDeviation(), robustDeviation(covered));
          window.remove(values[end - size]!);
          window.add(values[end]!);
        }
      },
    ),
  );
});
