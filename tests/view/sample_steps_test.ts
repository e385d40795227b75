import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sampleSteps, stepsAround } from "../../src/view/sample_steps.ts";

Deno.test("sampleSteps() has the first and the last state, in order, and few of many", () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 40),
      fc.integer({ min: 1, max: 2 ** 40 }),
      fc.double({ min: 0, max: 1000, noNaN: true }),
      (from, count, limit) => {
        const steps = sampleSteps(from, from + count, limit);
        assertEquals([steps[0], steps.at(-1)], [from, from + count - 1]);
        assert(steps.every((t, i) => i === 0 || t > steps[i - 1]!));
        const spread = Math.max(1, limit);
        assert(steps.length <= spread + Math.max(1, limit / 4) && steps.length <= 216);
      },
    ),
    { examples: [[0, 4, 2]] },
  );
});

Deno.test("sampleSteps() has all states of a short run, and the ones before the end of a long one", () => {
  assertEquals(sampleSteps(3, 103, 1000), Array.from({ length: 100 }, (_, i) => i + 3));
  const long = sampleSteps(0, 1_000_000, 1000);
  assertEquals(long.slice(0, 3), [0, 5000, 10_000]);
  assertEquals(long.slice(-16), Array.from({ length: 16 }, (_, i) => 999_984 + i));
});

Deno.test("stepsAround() has the states before and after a point that are there and not known", () => {
  const range = { from: 0, to: 100, known: [49] };
  assertEquals(stepsAround([50], range), [48, 50, 51]);
  assertEquals(stepsAround([0, 99, 1], range), [0, 1, 2, 97, 98, 99]);
});
