import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bucketsOf, NON_FINITE_BITS, SeriesAccumulator } from "../../src/engine/series.ts";
import { StatsAccumulator } from "../../src/engine/stats.ts";

/** Numbers of every kind; few different ones, so that extremes repeat. */
const VALUES = fc.array(
  fc.oneof(
    fc.double(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(NaN, Infinity, -Infinity, undefined),
  ),
  { minLength: 1, maxLength: 90 },
);

Deno.test("SeriesAccumulator gives what a look at every value gives", () => {
  fc.assert(
    fc.property(VALUES, fc.nat(1000), fc.integer({ min: 1, max: 40 }), (values, from, n) => {
      const buckets = bucketsOf(from, from + values.length, n);
      assert(buckets.count <= n && buckets.count * buckets.width >= values.length);
      const series = new SeriesAccumulator(buckets);
      const stats = new StatsAccumulator();
      const entries = values.flatMap((x, i) => x === undefined ? [] : [{ t: from + i, x }]);
      for (const { t, x } of entries) {
        series.add(t, x);
        if (Number.isFinite(x)) stats.add(x);
      }
      const result = series.result();
      const finite = entries.filter(({ x }) => Number.isFinite(x));
      const least = Math.min(...finite.map(({ x }) => x));
      const most = Math.max(...finite.map(({ x }) => x));
      assertEquals(result.minT, finite.find(({ x }) => x === least)?.t ?? -1);
      assertEquals(result.maxT, finite.find(({ x }) => x === most)?.t ?? -1);
      assertEquals(result.stats, finite.length === 0 ? undefined : stats.result());
      for (const [kind, value] of [["nan", NaN], ["positive", Infinity], ["negative", -Infinity]]) {
        const found = entries.filter(({ x }) => Object.is(x, value));
        const counter = result[kind as "nan"];
        assertEquals(counter, { count: found.length, first: found[0]?.t ?? -1 });
      }
      for (let bucket = 0; bucket < buckets.count; bucket++) {
        const start = from + bucket * buckets.width;
        const inside = entries.filter(({ t }) => t >= start && t < start + buckets.width);
        const numbers = inside.map(({ x }) => x).filter(Number.isFinite);
        const low = numbers.length === 0 ? NaN : Math.min(...numbers);
        const high = numbers.length === 0 ? NaN : Math.max(...numbers);
        // 0 and -0 are the same height.
        assertEquals(result.low[bucket]! + 0, low + 0);
        assertEquals(result.high[bucket]! + 0, high + 0);
        const mean = result.mean[bucket]!;
        assert(Number.isNaN(low) ? Number.isNaN(mean) : mean >= low && mean <= high);
        const has = (value: number): boolean => inside.some(({ x }) => Object.is(x, value));
        assertEquals(
          result.marks[bucket],
          (has(NaN) ? NON_FINITE_BITS.nan : 0) + (has(Infinity) ? NON_FINITE_BITS.positive : 0) +
            (has(-Infinity) ? NON_FINITE_BITS.negative : 0),
        );
      }
    }),
  );
});

Deno.test("SeriesAccumulator shows a spike of one step in a million", () => {
  const buckets = bucketsOf(0, 1_000_000, 1000);
  const series = new SeriesAccumulator(buckets);
  for (let t = 0; t < 1_000_000; t++) series.add(t, t === 654_321 ? 9 : 0.5);
  const { high, low, maxT } = series.result();
  assertEquals(maxT, 654_321);
  assertEquals(Array.from(high.keys()).filter((row) => high[row] === 9), [654]);
  assertEquals(new Set(low), new Set([0.5]));
});

function seriesOf(
  values: readonly (number | undefined)[],
): ReturnType<SeriesAccumulator["result"]> {
  const series = new SeriesAccumulator(bucketsOf(0, values.length, 2));
  values.forEach((x, t) => x !== undefined && series.add(t, x));
  return series.result();
}

Deno.test("SeriesAccumulator's digest tells series apart whose buckets are the same", () => {
  const a = seriesOf([0, 1, 0, 1, 0, 1, 0, 1]);
  const others = [
    [0, 1, 1, 0, 0, 1, 1, 0],
    [-0, 1, 0, 1, 0, 1, 0, 1],
    [undefined, 1, 0, 1, 0, 1, 0, 1],
    [1, 0, 1, 0, 0, 1, 0, 1],
  ].map(seriesOf);
  assertEquals(others[0]!.mean, a.mean);
  assertEquals(new Set([a, ...others].map(({ digest }) => digest.join())).size, 5);
  assertEquals(seriesOf([0, 1, NaN]).digest, seriesOf([0, 1, NaN]).digest);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 }), (xs) => {
      const ys = xs.with(xs.length >> 1, 3);
      assert(seriesOf(xs).digest.join() !== seriesOf(ys).digest.join());
    }),
  );
});

Deno.test("SeriesAccumulator calls a series constant by Object.is", () => {
  assertEquals(seriesOf([7, 7, undefined, 7]).isConstant, true);
  for (const values of [[0, -0], [NaN, NaN], [1, 2], [undefined], [7, NaN], [Infinity]]) {
    assertEquals(seriesOf(values).isConstant, false, String(values));
  }
});
