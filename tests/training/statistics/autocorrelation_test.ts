import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { autocorrelationTime } from "../../../src/training/statistics/autocorrelation.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { normalSource } from "../support.ts";

Deno.test("autocorrelationTime() of an AR(1) is (1 + phi) / (1 - phi)", () => {
  const normal = normalSource(createUniformSource(3));
  let x = 0;
  const series = Float64Array.from({ length: 20_000 }, () => x = 0.8 * x + normal());
  assertAlmostEquals(autocorrelationTime(series), 9, 1.5);
  assertAlmostEquals(autocorrelationTime(series.map(() => normal())), 1, 0.15);
  assertEquals(autocorrelationTime([5, 5, 5, 5, 5]), 1);
});

Deno.test("autocorrelationTime() of a long series that stays correlated is as good", () => {
  const normal = normalSource(createUniformSource(8));
  let x = 0;
  const series = Float64Array.from({ length: 400_000 }, () => x = 0.99 * x + normal());
  assertAlmostEquals(autocorrelationTime(series), 199, 30);
  // A trend is one long correlation.
  const trend = Float64Array.from({ length: 400_000 }, (_, i) => i + normal());
  assert(autocorrelationTime(trend) > 10_000);
});
