import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ArtifactIntegrityError } from "../../../src/errors.ts";
import { compareCodePoints } from "../../../src/artifact/peer/code_points.ts";
import {
  dumpPythonJson,
  formatPythonFloat,
  JsonFloat,
  parsePythonJson,
} from "../../../src/artifact/peer/python_json.ts";

Deno.test("formatPythonFloat() gives the text of CPython's repr", () => {
  const cases: [number, string][] = [
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-1.5, "-1.5"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e-4, "0.0001"],
    [1e-5, "1e-05"],
    [0.1, "0.1"],
    [1e22, "1e+22"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [2.5e-7, "2.5e-07"],
    [9999999999999998, "9999999999999998.0"],
    [1e100, "1e+100"],
    [-1e-10, "-1e-10"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
  ];
  for (const [value, text] of cases) assertEquals(formatPythonFloat(value), text);
});

Deno.test("formatPythonFloat() loses no bit", () => {
  fc.assert(
    fc.property(fc.double(), (value) => Object.is(Number(formatPythonFloat(value)), value)),
    { seed: 20261125 },
  );
});

Deno.test("parsePythonJson() and dumpPythonJson() keep what JavaScript alone would lose", () => {
  const text = '{"a": 1.0, "b": 1e+16, "c": 12345678901234567890123, "d": NaN, "e": -Infinity, ' +
    '"f": -0.0, "g": [], "h": {}, "i": [null, true, false, "\\ud83d\\ude00\\ud800\\u007f\\n\\"\\\\/"]}';
  assertEquals(dumpPythonJson(parsePythonJson(text)), text);
  assertEquals(parsePythonJson(" [ 1 ,\n1.5e3\t] "), [1n, new JsonFloat(1500)]);
  assertEquals(dumpPythonJson(parsePythonJson('"é\\/\\b\\f\\r\\t"')), '"\\u00e9/\\b\\f\\r\\t"');
});

Deno.test("dumpPythonJson() sorts keys by code points", () => {
  const keys = ["\u{10000}", "\ue000", "b", "a", "\ud800", "\ud800\ue000", "\u{10001}", ""];
  const text = dumpPythonJson(new Map(keys.map((key) => [key, null])));
  const expected = ["", "a", "b", "\ud800", "\ud800\ue000", "\ue000", "\u{10000}", "\u{10001}"];
  assertEquals([...(parsePythonJson(text) as Map<string, null>).keys()], expected);
});

Deno.test("compareCodePoints() is the order of the characters' numbers", () => {
  const numbers = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);
  const unit = fc.constantFrom("a", "\ud800", "\udbff", "\udc00", "\udfff", "\ue000", "\uffff");
  const text = fc.array(unit, { maxLength: 4 }).map((units) => units.join(""));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [left, right] = [numbers(a), numbers(b)];
      const i = left.findIndex((number, at) => number !== right[at]);
      const expected = i < 0 ? left.length - right.length : left[i]! - (right[i] ?? -1);
      assertEquals(Math.sign(compareCodePoints(a, b)), Math.sign(expected));
    }),
    { numRuns: 2000, seed: 20261126 },
  );
});

Deno.test("parsePythonJson() refuses what is no JSON, too deep or too long", () => {
  const cases: [string, string][] = [
    ["", "something that is not JSON"],
    ["1 2", "goes on after its end"],
    ["{", "lacks a key"],
    ['{"a" 1}', "lacks a colon"],
    ['{"a": 1', "lacks a closing brace"],
    ['{"a": 1, "a": 2}', 'the key "a" twice'],
    ["[1", "lacks a closing bracket"],
    ["[1,]", "something that is not JSON"],
    ['"a', "string that does not end"],
    ['"\n"', "string that does not end"],
    ['"\\x"', "unknown escape"],
    ['"\\u12"', "unknown escape"],
    ["+1", "something that is not JSON"],
    [".5", "something that is not JSON"],
    ["01", "goes on after its end"],
    ["1.", "goes on after its end"],
    ["nul", "something that is not JSON"],
    ["[".repeat(100_000), "nested deeper than 32"],
    ["9".repeat(4301), "more than 4300 digits"],
  ];
  for (const [text, why] of cases) {
    const error = assertThrows(() => parsePythonJson(text), ArtifactIntegrityError, why);
    assert(error.message.length < 200);
  }
});
