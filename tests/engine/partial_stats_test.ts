import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeState } from "../../src/codec/encode_state.ts";
import { TOTAL_EXPONENT } from "../../src/engine/exact_sum.ts";
import {
  numberOfText,
  sumOfText,
  textOfNumber,
  textOfSum,
} from "../../src/engine/partial_stats.ts";
import { dataOfPartial, partialOfData } from "../../src/engine/partial_stats.ts";
import { StatsAccumulator } from "../../src/engine/stats.ts";

const UNIT = -TOTAL_EXPONENT;

Deno.test("textOfSum() loses nothing and gives each sum one text", () => {
  assertEquals(textOfSum(0n), "0x0p0");
  assertEquals(textOfSum(-690587578n << BigInt(UNIT)), "-0x292987bap0");
  assertEquals(textOfSum(3n << BigInt(UNIT - 1)), "0x18p-4");
  assertEquals(textOfSum(1n), `0x1p${TOTAL_EXPONENT}`);
  assertEquals(textOfSum(16n << BigInt(UNIT)), "0x1p4");
  const sums = fc.tuple(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }), fc.nat(3800));
  fc.assert(fc.property(sums, ([mantissa, shift]) => {
    const sum = mantissa << BigInt(shift);
    assertEquals(sumOfText(textOfSum(sum)), sum);
  }));
});

Deno.test("sumOfText() refuses every other text", () => {
  const texts = [
    ...["", "1", "0x0", "0x0p4", "-0x0p0", "0x10p0", "0x01p0", "0x1p1", "0x1p-2152", "0x1P0"],
    ...["0X1p0", "0xAp0", " 0x1p0", "0x1p0 ", "0x1p00", "0x1p+4", "0x1p", "NaN", "Infinity"],
    ...[`0x${"1".repeat(1200)}p0`, "0x1p9999", `0x1p${4 * 700}`, "0x1p0\n"],
  ];
  for (const text of texts) assertEquals(sumOfText(text), undefined, text);
  for (const value of [1, 1n, null, undefined, {}, ["0x1p0"]]) {
    assertEquals(sumOfText(value), undefined);
  }
});

Deno.test("textOfNumber() loses nothing; numberOfText() refuses every other text", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    assertEquals(Object.is(numberOfText(textOfNumber(value)), value), true);
  }));
  for (const text of ["NaN", "", " 1", "1.0", "1e3", "0x10", "+1", "-Infinity ", "1_000", "00"]) {
    assertEquals(numberOfText(text), undefined, text);
  }
  assertEquals(numberOfText(1), undefined);
});

const VALUES = fc.double();

function accumulated(values: readonly (number | number[])[]): StatsAccumulator {
  const accumulator = new StatsAccumulator();
  for (const value of values) accumulator.add(value);
  return accumulator;
}

Deno.test("partialOfData() gives back what dataOfPartial() was given, through JSON", () => {
  const scalars = fc.array(VALUES, { maxLength: 20 });
  const vectors = fc.array(fc.tuple(VALUES, VALUES, VALUES), { maxLength: 10 });
  fc.assert(fc.property(fc.oneof(scalars, vectors), (values) => {
    const partial = accumulated(values).partial();
    const data = JSON.parse(JSON.stringify(dataOfPartial(partial)));
    assertEquals(partialOfData(data, values.length), partial);
    assertEquals(partialOfData(data, values.length + 1), undefined);
  }));
});

Deno.test("StatsAccumulator gives the same bits in any order and split, zeros of both signs too", () => {
  const value = fc.oneof(fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1, -1), VALUES);
  const cases = fc.array(value, { minLength: 1, maxLength: 12 }).chain((values) =>
    fc.tuple(
      fc.constant(values),
      fc.shuffledSubarray(values, { minLength: values.length }),
      fc.nat(values.length),
    )
  );
  fc.assert(fc.property(cases, ([values, shuffled, at]) => {
    const merged = new StatsAccumulator();
    merged.merge(accumulated(shuffled.slice(at)).partial());
    merged.merge(accumulated(shuffled.slice(0, at)).partial());
    assertEquals(encodeState(merged.result()), encodeState(accumulated(values).result()));
  }));
});

Deno.test("partialOfData() refuses what no observations can have given", () => {
  const good = dataOfPartial(accumulated([1, 2, NaN, Infinity]).partial());
  const [component] = good.components;
  assertEquals(partialOfData(good, 4)?.count, 4);
  const wrong: unknown[] = [
    null,
    [],
    "partial",
    { ...good, count: 4.5 },
    { ...good, length: -2 },
    { ...good, length: -3 },
    { ...good, length: 1.5 },
    { ...good, length: "-1" },
    { ...good, length: 2 },
    { ...good, length: 1e9 },
    { ...good, products: [] },
    { ...good, products: [good.products[0], good.products[0]] },
    { ...good, components: [] },
    { ...good, components: [component, component] },
    { ...good, more: 1 },
    { length: -1, count: 4, components: good.components, products: good.products },
    ...[
      { sum: "NaN" },
      { sum: 3 },
      { min: "NaN" },
      { min: 1 },
      { min: "5", max: "3" },
      { max: "2" },
      { min: "-Infinity" },
      { nonFinite: [1, 1] },
      { nonFinite: [1, 1, -1] },
      { nonFinite: [4, 1, 0] },
      { nonFinite: [1.5, 1, 0] },
      { nonFinite: [4, 0, 0] },
    ].map((change) => ({ ...good, components: [{ ...component, ...change }] })),
  ];
  wrong.forEach((claim, i) => assertEquals(partialOfData(claim, 4), undefined, `case ${i}`));
});
