import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  incompleteBeta,
  kolmogorovTail,
  normalEquivalent,
  normalTwoSided,
  studentTwoSided,
} from "../../../src/math/special_functions.ts";
import { ksTest, welchTest } from "../../../src/training/statistics/two_sample_tests.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
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
