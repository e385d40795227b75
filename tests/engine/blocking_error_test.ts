import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Blocking, seriesError } from "../../src/engine/blocking_error.ts";
import { PythonRandom } from "../../src/rng/python/python_random.ts";

/** A series whose values keep a share of the one before: its autocorrelation time is (1 + share) / (1 - share). */
function series(share: number, count: number): number[] {
  const rng = new PythonRandom(7);
  let x = 0;
  return Array.from({ length: count }, () => x = share * x + rng.gauss(0, 1));
}

function taken(values: readonly number[], from = 0): Blocking {
  const blocking = new Blocking(from);
  for (const value of values) blocking.add(value);
  return blocking;
}

Deno.test("parts of a series merge to the bits of the whole, however it is cut", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    fc.constantFrom(-0, 5e-324),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 70 }),
      fc.array(fc.nat(70), { maxLength: 5 }),
      (values, places) => {
        const cuts = [0, ...places.map((at) => at % (values.length + 1)), values.length]
          .sort((a, b) => a - b);
        const merged = new Blocking();
        for (let i = 0; i + 1 < cuts.length; i++) {
          merged.merge(taken(values.slice(cuts[i]!, cuts[i + 1]!), cuts[i]).part());
        }
        assertEquals(merged.part(), taken(values).part());
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("blocking finds the standard error of values that depend on those before them", () => {
  for (const share of [0, 0.5, 0.9]) {
    const count = 2 ** 16;
    const found = seriesError(taken(series(share, count)).part());
    const time = (1 + share) / (1 - share);
    assert(found.isReliable);
    assert(found.autocorrelationTime > 0.75 * time && found.autocorrelationTime < 1.33 * time);
    const exact = Math.sqrt(1 / (1 - share * share) * time / count);
    assert(Math.abs(found.standardError / exact - 1) < 0.2);
    assertAlmostEquals(found.effectiveSize * found.autocorrelationTime, count, 1e-6 * count);
  }
});

Deno.test("blocking knows what it cannot tell", () => {
  assertEquals(seriesError(taken([1, 1, 1, 1]).part()).standardError, 0);
  assertEquals(seriesError(taken([1]).part()).standardError, NaN);
  assertEquals(seriesError(taken([1, NaN, 2]).part()).standardError, NaN);
  assertEquals(seriesError(taken([1e308, 1e308, 1]).part()).standardError, NaN);
  // A trend has no independent blocks.
  const trend = Array.from({ length: 1000 }, (_, i) => i);
  assertEquals(seriesError(taken(trend).part()).isReliable, false);
});

Deno.test("a series of a few correlation times is not reliable, however little correlation shows in it", () => {
  const rng = new PythonRandom(5n);
  let x = 0;
  const values = Array.from({ length: 20_000 }, () => x = 0.9 * x + rng.gauss(0, 1));
  // The autocorrelation time is 19.
  for (let from = 0; from < 19_000; from += 640) {
    const { standardError, isReliable } = seriesError(taken(values.slice(from, from + 64)).part());
    assert(standardError > 0 && !isReliable, `${from}`);
  }
  const whole = seriesError(taken(values).part());
  assert(whole.isReliable && Math.abs(whole.autocorrelationTime - 19) < 6);
});
