import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { exactInteger, finiteNumber } from "../../src/cli/read_number.ts";

Deno.test("exactInteger() reads whole numbers in every form, to the last digit", () => {
  const cases: [string, bigint][] = [
    ["0", 0n],
    ["007", 7n],
    ["-12", -12n],
    ["+5", 5n],
    ["1_000_000", 1_000_000n],
    ["1e6", 1_000_000n],
    ["1.5E3", 1500n],
    ["2.50e1", 25n],
    ["1000e-3", 1n],
    ["5.", 5n],
    ["5.00", 5n],
    [".5e1", 5n],
    ["0xff", 255n],
    ["-0xFF", -255n],
    ["9007199254740993", 9007199254740993n],
    ["123456789012345678901234567890", 123456789012345678901234567890n],
  ];
  for (const [text, value] of cases) assertEquals(exactInteger(text), value, text);
});

Deno.test("exactInteger() refuses what is no whole number", () => {
  for (
    const text of [
      ..."_ _1 1_ 1__0 - + . e5 1e 0x 0xg 1.5 4.99999999999999999999 1e-1 1e400000 NaN Infinity"
        .split(
          " ",
        ),
      "",
      " 1",
      "1 ",
      "١",
    ]
  ) assertEquals(exactInteger(text), undefined, text);
});

Deno.test("exactInteger() gives back any integer that is written in decimal, with underscores too", () => {
  fc.assert(fc.property(fc.bigInt(), (value) => {
    assertEquals(exactInteger(`${value}`), value);
    assertEquals(exactInteger(`${value}`.replace(/(\d)(?=(\d{3})+$)/g, "$1_")), value);
  }));
});

Deno.test("finiteNumber() reads any finite number as it is printed", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    assertEquals(finiteNumber(String(value)), Object.is(value, -0) ? 0 : value);
  }));
  assertEquals(finiteNumber("-.5"), -0.5);
  assertEquals(finiteNumber("0e5"), 0);
});

Deno.test("finiteNumber() refuses what would become infinite or vanish", () => {
  for (const text of ["1e400", "-1e400", "1e-400", "NaN", "Infinity", "0x10", "", " 1", "_"]) {
    assertEquals(finiteNumber(text), undefined, text);
  }
});
