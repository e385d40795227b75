import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  lowerBound,
  markRows,
  pixelOf,
  rowsInView,
  thinRows,
} from "../../../src/training/report/thin_rows.ts";

/** A log with ascending steps, values, violations at some rows, and a view of a part of it. */
const scene = fc.record({
  strides: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 600 }),
  noise: fc.infiniteStream(fc.oneof({ weight: 9, arbitrary: fc.double({ min: -5, max: 5 }) }, {
    weight: 1,
    arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1e9),
  })),
  violation: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  width: fc.integer({ min: 1, max: 60 }),
  edges: fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
}).map(({ strides, noise, violation, width, edges }) => {
  let step = 0;
  const steps = Float64Array.from(strides, (stride) => step += stride);
  const values = Float64Array.from(steps, () => noise.next().value!);
  const difference = Float64Array.from(steps, () => noise.next().value!);
  const violations = Uint32Array.from(
    [...steps.keys()].filter(() => violation.next().value === 0),
  );
  const [a, b] = edges.map((edge) => edge * step);
  const view = { min: Math.min(a!, b!), max: Math.max(a!, b!) + 0.5, width };
  return { steps, values, difference, violations, view };
});

Deno.test("markRows() shows a violation in every pixel that has one, the worst of them", () => {
  fc.assert(fc.property(scene, ({ steps, difference, violations, view }) => {
    const marks = markRows(steps, violations, difference, view);
    const shown = new Map(marks.map((row) => [pixelOf(steps[row]!, view), row]));
    assertEquals(shown.size, marks.length, "one mark for each pixel");
    const { from, to } = rowsInView(steps, view);
    for (const row of violations) {
      if (row < from || row >= to) continue;
      const mark = shown.get(pixelOf(steps[row]!, view)) ?? -1;
      assert(mark >= 0, `the violation in row ${row} is hidden`);
      assert(violations.includes(mark), "a mark is no violation");
      const size = Math.abs(difference[row]!);
      const markSize = Math.abs(difference[mark]!);
      assert(Number.isNaN(markSize) || markSize >= size || markSize === Infinity);
    }
  }));
});

Deno.test("thinRows() never drops a mark, an extreme of any pixel, or the neighbors of the view", () => {
  fc.assert(fc.property(scene, ({ steps, values, difference, violations, view }) => {
    const marks = markRows(steps, violations, difference, view);
    const rows = thinRows(steps, [values, difference], view, marks);
    for (let k = 1; k < rows.length; k++) assert(rows[k - 1]! < rows[k]!, "rows ascend");
    for (const mark of marks) assert(rows.includes(mark), "a violation was dropped");

    const { from, to } = rowsInView(steps, view);
    if (from > 0) assertEquals(rows[0], from - 1);
    if (to < steps.length) assertEquals(rows.at(-1), to);
    for (const series of [values, difference]) {
      const extremes = (list: readonly number[]) => {
        const found = new Map<number, [number, number]>();
        for (const row of list) {
          if (row < from || row >= to || !Number.isFinite(series[row])) continue;
          const [low, high] = found.get(pixelOf(steps[row]!, view)) ?? [Infinity, -Infinity];
          found.set(pixelOf(steps[row]!, view), [
            Math.min(low, series[row]!),
            Math.max(high, series[row]!),
          ]);
        }
        return found;
      };
      assertEquals(extremes(rows), extremes([...steps.keys()]));
    }
  }));
});

Deno.test("thinRows() keeps few rows of many, and all rows of few", () => {
  const steps = Float64Array.from({ length: 1_000_000 }, (_, row) => row);
  const values = steps.map((step) => Math.sin(step));
  const full = { min: 0, max: 999_999, width: 1000 };
  const rows = thinRows(steps, [values], full, []);
  assert(rows.length <= 4 * 1000, `${rows.length} rows are drawn`);
  const near = thinRows(steps, [values], { min: 500, max: 1500, width: 1000 }, []);
  assertEquals(near, Array.from({ length: 1003 }, (_, k) => 499 + k));
});

Deno.test("lowerBound() is the first index at or above the bound", () => {
  const sorted = Float64Array.of(1, 3, 3, 7);
  assertEquals([0, 1, 2, 3, 4, 7, 8].map((bound) => lowerBound(sorted, bound)), [
    0,
    0,
    1,
    1,
    3,
    3,
    4,
  ]);
});
