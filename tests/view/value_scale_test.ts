import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scaleOf } from "../../src/view/browser/value_scale.ts";

Deno.test("scaleOf() keeps the order of any values, and everything in numbers that can be drawn", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(fc.array(finite, { minLength: 2, maxLength: 20 }), (values) => {
    const scale = scaleOf([values, [NaN, Infinity]]);
    const sorted = values.toSorted((a, b) => a - b).map((value) => scale.place(value));
    sorted.forEach((place, i) => {
      assert(Math.abs(place) < 1e16, `${place}`);
      assert(i === 0 || place >= sorted[i - 1]!);
    });
    const splits = scale.splits?.(sorted[0]!, sorted.at(-1)!) ?? [];
    assert(splits.length < 12 && scale.labels(splits, 1).every((text) => text !== ""));
  }));
});

Deno.test("scaleOf() is logarithmic only where a few values would hide all others", () => {
  assertEquals(scaleOf([[1, 2, 3, 1000]]).note, undefined);
  assertEquals(scaleOf([[1, 2, 3, -1e9]]).note, "logarithmic beyond ±1");
  const { labels, splits } = scaleOf([[1, 2, 3, 1e9]]);
  assertEquals(labels(splits!(0, 10), 1), ["0", "1e0", "1e3", "1e6", "1e9"]);
  const large = scaleOf([[2e300, 5e300]]);
  assertEquals(large.labels([0, 2.5, 5], 2.5), ["0", "2.5e300", "5.0e300"]);
});
