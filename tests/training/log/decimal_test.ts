import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { asciiText, DecimalScanner } from "../../../src/training/log/decimal.ts";

const scanner = new DecimalScanner();
const encoder = new TextEncoder();

function scan(text: string): number {
  const bytes = encoder.encode(text);
  const value = scanner.scan(bytes, 0, bytes.length);
  assertEquals(scanner.end, bytes.length, text);
  return value;
}

Deno.test("DecimalScanner gives the bits of Number for every float64's shortest text", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (x) => Object.is(scan(String(x)), x + 0)), {
    numRuns: 20_000,
  });
});

Deno.test("DecimalScanner rounds correctly next to the middle of two float64", () => {
  const bits = new BigUint64Array(1);
  const float = new Float64Array(bits.buffer);
  fc.assert(
    fc.property(
      fc.double({ min: 1e-12, max: 1, noNaN: true }),
      fc.integer({ min: -2, max: 2 }),
      (x, shift) => {
        float[0] = x;
        bits[0]!++;
        // The exact middle as digits, cut to 18 of them and moved by a few units in the last place.
        const middle = (BigInt(Math.round(x * 2 ** 80)) + BigInt(Math.round(float[0] * 2 ** 80))) *
            10n ** 40n >> 81n;
        const digits = String(middle + 0n).slice(0, 18);
        const moved = String(BigInt(digits) + BigInt(shift));
        const text = `${moved}e${String(middle).length - 40 - digits.length}`;
        return Object.is(scan(text), Number(text));
      },
    ),
    { numRuns: 5_000 },
  );
});

Deno.test("DecimalScanner agrees with Number on any digits, point and exponent", () => {
  const digits = fc.stringMatching(/^\d{1,25}$/);
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: -340, max: 320 }), (whole, part, e) => {
      const text = `${whole}.${part}e${e}`;
      return Object.is(scan(text), Number(text)) && Object.is(scan(`-${text}`), Number(`-${text}`));
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("DecimalScanner takes the edges and spellings of logs", () => {
  for (
    const text of [
      "0",
      "-0",
      "0.0",
      "-0.0e5",
      "1e400",
      "-1e400",
      "1e-400",
      "5e-324",
      "2.4703282292062328e-324",
      "9007199254740993",
      "9007199254740992.5",
      "999999999999999999",
      "9999999999999999999",
      "1.7976931348623157e308",
      "1e23",
      "00012.5",
      "5.",
      ".5",
      "+3",
      "1E+05",
    ]
  ) assert(Object.is(scan(text), Number(text)), text);
  for (const text of ["NaN", "nan", "+nan"]) assert(Number.isNaN(scan(text)), text);
  for (const text of ["inf", "Infinity", "+inf", "INF"]) assertEquals(scan(text), Infinity, text);
  for (const text of ["-inf", "-Infinity"]) assertEquals(scan(text), -Infinity, text);
});

Deno.test("DecimalScanner stops where the number does", () => {
  for (
    const [text, length] of [
      ["1.5,", 3],
      ["1e", 1],
      ["1e+", 1],
      ["12abc", 2],
      ["-", 0],
      ["", 0],
      [
        "e5",
        0,
      ],
      [".", 0],
      ["null", 0],
      ["infra", 3],
    ] as const
  ) {
    const bytes = encoder.encode(text);
    scanner.scan(bytes, 0, bytes.length);
    assertEquals(scanner.end, length, text);
  }
  const bytes = encoder.encode("123456");
  assertEquals(scanner.scan(bytes, 1, 3), 23);
});

Deno.test("asciiText() gives one character per byte", () => {
  assertEquals(asciiText(encoder.encode("x1.5y"), 1, 4), "1.5");
});
