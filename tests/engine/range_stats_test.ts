import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { record } from "../../src/artifact/run.ts";
import { exactQuantiles } from "../../src/engine/value_passes.ts";
import { StatsAccumulator } from "../../src/engine/stats.ts";
import { GuardError } from "../../src/errors.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

/** Quantiles of a list, by sorting it. */
function sorted(values: readonly number[], q: number): number {
  const list = [...values].sort((a, b) =>
    a - b || (Object.is(a, b) ? 0 : Object.is(a, -0) ? -1 : 1)
  );
  const place = (list.length - 1) * q;
  const low = list[Math.floor(place)]!;
  const high = list[Math.ceil(place)]!;
  const share = place - Math.floor(place);
  return share === 0 || low === high ? low : low + (high - low) * share;
}

Deno.test("exactQuantiles() is what sorting gives, for any doubles", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })), {
        minLength: 1,
        maxLength: 60,
      }),
      fc.array(
        fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1)),
        { maxLength: 5 },
      ),
      (values, probabilities) => {
        const pass = (take: (x: number) => void) => values.forEach((x) => take(x));
        assertEquals(
          exactQuantiles(pass, values.length, probabilities),
          probabilities.map((q) => sorted(values, q)),
        );
      },
    ),
    { numRuns: 40 },
  );
  assertEquals(exactQuantiles((take) => [1, NaN, 2].forEach(take), 3, [0.5]), [NaN]);
  for (const q of [-0.1, 1.1, NaN]) {
    assertThrows(() => exactQuantiles(() => {}, 1, [q]), RangeError, "from 0 to 1");
  }
});

Deno.test("stats() of a range, of every n-th state and with quantiles is that of a list of them", () => {
  const step = (x: number, rng: PythonRandom) => x + rng.random() - 0.5;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 15 }),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(undefined, 3),
      (steps, blockSize, a, b, every, maxCheckpoints) => {
        const run = record(step, {
          ...{ init: 0, steps, seed: 2, blockSize },
          ...(maxCheckpoints === undefined ? {} : { maxCheckpoints }),
        });
        const from = Math.min(a % steps, b % steps);
        const to = Math.max(a % steps, b % steps) + 1;
        const values = [...run.states()].filter((_, t) =>
          t >= from && t < to && (t - from) % every === 0
        );
        const expected = new StatsAccumulator();
        for (const x of values) expected.add(x);
        const { quantiles, ...stats } = run.stats((x) => x, {
          from,
          to,
          every,
          quantiles: [0.1, 0.5],
        });
        assertEquals(stats, expected.result());
        assertEquals(quantiles, [sorted(values, 0.1), sorted(values, 0.5)]);
        assertEquals(run.stats((x) => x, { from, to, every }), expected.result());
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("stats() refuses ranges, distances and quantiles that are none", () => {
  const run = record((x: number) => x + 1, { init: 0, steps: 10, seed: 1 });
  assertEquals(run.stats((x) => x, { from: -3 }).count, 3);
  assertThrows(
    () => run.stats((x) => x, { from: 5, to: 5 }),
    RangeError,
    "the range has no states",
  );
  assertThrows(() => run.stats((x) => x, { from: 11 }), RangeError, "range");
  assertThrows(() => run.stats((x) => x, { every: 0 }), RangeError, "'every'");
  assertThrows(() => run.stats((x) => [x], { quantiles: [0.5] }), TypeError, "vectors");
  assertThrows(() => run.stats((x) => x, { start: 5 } as never), TypeError, "did you mean 'from'?");
});

Deno.test("stats() with a histogram counts every finite value once, the largest in the last bin", () => {
  const run = record((x: number) => x + 1, { init: 0, steps: 100, seed: 1 });
  const { histogram } = run.stats((x) => x, { histogram: 10 });
  assertEquals(histogram, { low: 0, high: 99, counts: Array(10).fill(10) });
  const odd = run.stats((x) => x === 3 ? NaN : x === 4 ? Infinity : x < 50 ? -1e308 : 1e308, {
    histogram: 3,
  });
  assertEquals(odd.histogram, { low: -1e308, high: 1e308, counts: [48, 0, 50] });
  assertEquals(run.stats(() => 7, { histogram: 2, to: 5 }).histogram!.counts, [5, 0]);
  assertEquals(run.stats(() => NaN, { histogram: 2, to: 5 }).histogram!.counts, [0, 0]);
  for (const histogram of [0, 1.5, 1e9]) {
    assertThrows(() => run.stats((x) => x, { histogram }), RangeError, "number of bins");
  }
});

Deno.test("stats() refuses an observable that changes the states of a range, or every n-th state", () => {
  const step = (s: { x: number }, rng: PythonRandom) => ({ x: s.x + rng.random() });
  const run = record(step, { init: { x: 0 }, steps: 100, seed: 1, blockSize: 10 });
  const add = (s: { x: number }): number => s.x += 1;
  const ranges = [{}, { from: 3 }, { from: 41, to: 44 }, { to: 30 }, { every: 2 }, { every: 10 }];
  for (const range of [...ranges, { from: 55, every: 7 }, { from: 99 }]) {
    assertThrows(() => run.stats(add, range), GuardError, "Cannot use the observable");
    assertThrows(
      () => run.stats(add, { ...range, quantiles: [0.5] }),
      GuardError,
      "let it work on a copy",
    );
  }
  // Only far behind the states that come first.
  const late = (s: { x: number }): number => s.x > 40 ? s.x += 1 : s.x;
  assertThrows(() => run.stats(late, { from: 5 }), GuardError, "state.x was");
  assertEquals(run.stats(({ x }) => x, { from: 41, to: 44 }).count, 3);
});
