import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  incompleteBeta,
  kolmogorovTail,
  normalEquivalent,
  normalTwoSided,
  studentTwoSided,
} from "../../../src/math/special_functions.ts";
import {
  autocorrelationTime,
  blockBootstrap,
  createUniformSource,
  ksTest,
  median,
  quantileOfSorted,
  robustDeviation,
  summarize,
  welchTest,
} from "../../../src/training/statistics/statistics.ts";
import { normalSource } from "../support.ts";

/** Written by SciPy 1.17.1: ttest_ind(equal_var=False), ks_2samp(method="exact"), t.sf, norm.sf, kolmogorov, betainc. */
interface Golden {
  welch: [number[], number[], number, number, number][];
  ks: [number, number][];
  ties: [number[], number[], number, number];
  student: [number, number, number][];
  normal: [number, number][];
  kolmogorov: [number, number][];
  beta: [number, number, number, number][];
}
const golden: Golden = JSON.parse(
  await Deno.readTextFile(new URL("../../golden/training_statistics.json", import.meta.url)),
);

function assertClose(actual: number, expected: number, relative: number): void {
  assertAlmostEquals(actual, expected, Math.abs(expected) * relative + 1e-300);
}

Deno.test("welchTest() equals SciPy's", () => {
  for (const [a, b, t, df, p] of golden.welch) {
    const result = welchTest(a, b);
    assertClose(result.t, t, 1e-12);
    assertClose(result.df, df, 1e-12);
    assertClose(result.p, p, 1e-10);
  }
});

Deno.test("ksTest() equals SciPy's exact one, with ties too", () => {
  golden.welch.forEach(([a, b], index) => {
    const [d, p] = golden.ks[index]!;
    const result = ksTest(a, b);
    assertClose(result.d, d, 1e-12);
    assertClose(result.p, p, 1e-9);
  });
  const [a, b, d, p] = golden.ties;
  assertClose(ksTest(a, b).d, d, 1e-12);
  assertClose(ksTest(a, b).p, p, 1e-9);
});

Deno.test("tail probabilities equal SciPy's", () => {
  for (const [t, df, p] of golden.student) assertClose(studentTwoSided(t, df), p, 1e-9);
  for (const [z, p] of golden.normal) assertClose(normalTwoSided(z), p, 1e-12);
  for (const [x, p] of golden.kolmogorov) assertClose(kolmogorovTail(x), p, 1e-9);
  for (const [x, a, b, value] of golden.beta) assertClose(incompleteBeta(x, a, b), value, 1e-10);
});

Deno.test("normalEquivalent() has about the same tail as Student's t", () => {
  for (const [t, df] of [[2, 5], [4, 10], [3, 30]] as const) {
    assertClose(normalTwoSided(normalEquivalent(t, df)), studentTwoSided(t, df), 0.05);
  }
});

Deno.test("welchTest() of constant samples says equal or certainly different", () => {
  assertEquals(welchTest([1, 1, 1], [1, 1, 1]).p, 1);
  assertEquals(welchTest([1, 1, 1], [2, 2, 2]).p, 0);
  assert(Number.isNaN(welchTest([1], [2, 3]).p));
});

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

Deno.test("welchTest() on serial samples holds its level where values are correlated", () => {
  const normal = normalSource(createUniformSource(4));
  const series = (): Float64Array => {
    let x = 0;
    return Float64Array.from({ length: 300 }, () => x = 0.8 * x + normal());
  };
  let serial = 0;
  let naive = 0;
  for (let run = 0; run < 200; run++) {
    const [a, b] = [series(), series()];
    if (welchTest(a, b, { serial: true }).p < 0.05) serial++;
    if (welchTest(a, b).p < 0.05) naive++;
  }
  assert(serial <= 22, `${serial} of 200 at 5%`);
  assert(naive > 60, `the naive test would have raised ${naive}`);
});

Deno.test("blockBootstrap() covers the mean of a correlated series about as often as it says", () => {
  const normal = normalSource(createUniformSource(5));
  const random = createUniformSource(6);
  let covered = 0;
  for (let run = 0; run < 100; run++) {
    let x = 0;
    const series = Float64Array.from({ length: 400 }, () => x = 0.6 * x + normal());
    const { interval } = blockBootstrap(series, { random, resamples: 300 });
    if (interval[0] <= 0 && interval[1] >= 0) covered++;
  }
  assert(covered >= 84 && covered <= 100, `covered ${covered} of 100`);
});

Deno.test("blockBootstrap() gives the same interval for the same source and refuses tiny samples", () => {
  const values = Array.from({ length: 50 }, (_, i) => (i * 37) % 11);
  const run = (): readonly number[] =>
    blockBootstrap(values, { random: createUniformSource(1) }).interval;
  assertEquals(run(), run());
  assertThrows(
    () => blockBootstrap([1, 2], { random: createUniformSource(1) }),
    RangeError,
    "at least 8",
  );
});

Deno.test("summarize() does not cancel at a large offset", () => {
  assertEquals(summarize([1e9, 1e9 + 1, 1e9 + 2]).variance, 1);
});

Deno.test("median(), quantileOfSorted() and robustDeviation() leave the sample as it is", () => {
  const values = [3, 1, 2];
  assertEquals(median(values), 2);
  assertEquals(values, [3, 1, 2]);
  assertEquals(quantileOfSorted([0, 10], 0.25), 2.5);
  assert(Number.isNaN(median([])));
  assertAlmostEquals(robustDeviation([1, 2, 3, 4, 100]), 1.4826);
});
