import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  matchedDifference,
  Moments,
  PairedMoments,
  studentInterval,
  studentQuantile95,
  wilson,
} from "../../../src/campaign/statistics/intervals.ts";

Deno.test("wilson gives the intervals of the textbooks", () => {
  // Roots of (p - k/n)^2 = z^2 p (1 - p) / n, in Python.
  for (
    const [k, n, low, high] of [
      [0, 10, 0, 0.2775327998628892],
      [10, 10, 0.7224672001371107, 1],
      [3, 20, 0.05236874589621657, 0.3604188647407569],
      [500, 1000, 0.4690696003681042, 0.5309303996318958],
    ] as const
  ) {
    const found = wilson(k, n);
    assertAlmostEquals(found.low, low, 1e-12, `${k} of ${n}`);
    assertAlmostEquals(found.high, high, 1e-12, `${k} of ${n}`);
  }
  assertEquals(wilson(0, 0), { value: NaN, low: 0, high: 1, count: 0 });
});

Deno.test("studentQuantile95 gives the points of the tables", () => {
  // scipy.stats.t.ppf(0.975, df)
  for (
    const [df, t] of [[1, 12.706204736432095], [4, 2.7764451051977987], [99, 1.98421695]] as const
  ) {
    assertAlmostEquals(studentQuantile95(df), t, 1e-8);
  }
});

Deno.test("studentInterval is that of the mean; of one value there is none", () => {
  const moments = new Moments();
  moments.add(1);
  assertEquals(studentInterval(moments), { value: 1, low: NaN, high: NaN, count: 1 });
  for (const value of [2, 3, 4, 5]) moments.add(value);
  const { value, low, high } = studentInterval(moments);
  assertEquals(value, 3);
  assertAlmostEquals(high - low, 2 * 2.7764451051977987 * Math.sqrt(2.5 / 5), 1e-9);
});

Deno.test("a difference of shares has an interval where all pairs agree, and covers", () => {
  const paired = new PairedMoments();
  for (let i = 0; i < 2; i++) paired.add(0, 1);
  const { value, low, high } = paired.result({ isShare: true }).difference;
  assertEquals([value, high], [1, 1]);
  assert(low < 0.2, `${low}`);
  assertEquals(matchedDifference(0, 0, 20).value, 0);
  // Ratings of a prime minister (Agresti, Categorical Data Analysis): -0.04 (-0.059 to -0.021).
  const known = matchedDifference(86, 150, 1600);
  assertEquals([known.value, known.low, known.high].map((x) => x.toFixed(3)), [
    ...["-0.040", "-0.059", "-0.021"],
  ]);
});

Deno.test("PairedMoments tells how much common seeds helped", () => {
  const paired = new PairedMoments();
  for (const noise of [-3, -1, 0, 1, 3]) paired.add(noise, noise + 1 + 0.1 * Math.sign(noise));
  const { difference, varianceRatio } = paired.result();
  assertAlmostEquals(difference.value, 1, 1e-12);
  assertAlmostEquals(varianceRatio, (5 + 5 + 0.1 * 4 + 0.01) / 0.01, 1);
});
