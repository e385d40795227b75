import { assertEquals, assertThrows } from "@std/assert";
import { combine, readAxis, readDesign } from "../../src/campaign/axes.ts";

Deno.test("readAxis reads lists, ranges in exact decimals, JSON and words", () => {
  assertEquals(readAxis("b=0.1,0.2"), [{ b: 0.1 }, { b: 0.2 }]);
  assertEquals(readAxis("b=0.1:0.5:0.1").map(({ b }) => b!), [0.1, 0.2, 0.3, 0.4, 0.5]);
  assertEquals(readAxis("b=3:-1:-2").map(({ b }) => b!), [3, 1, -1]);
  assertEquals(readAxis("b=1e-4:3e-4:1e-4").map(({ b }) => b!), [1e-4, 2e-4, 3e-4]);
  assertEquals(readAxis("b=0:1:0.4").map(({ b }) => b!), [0, 0.4, 0.8]);
  assertEquals(readAxis("a.b=[1,2],[3]"), [{ "a.b": [1, 2] }, { "a.b": [3] }]);
  assertEquals(readAxis('m=fast,"a,b",true,null').map(({ m }) => m!), ["fast", "a,b", true, null]);
});

Deno.test("readAxis refuses what varies nothing or twice", () => {
  for (const text of ["b", "=1", "b=", "b=1,,2"]) {
    assertThrows(() => readAxis(text), SyntaxError, "", text);
  }
  assertThrows(() => readAxis("b=1,1.0"), RangeError, "twice");
  assertThrows(() => readAxis("b=0:1:0"), RangeError, "steps are 0");
  assertThrows(() => readAxis("b=0:1:-1"), RangeError, "leads away");
  assertThrows(() => readAxis("b=0:1:1e-9"), RangeError, "values");
});

Deno.test("a number that would be another one is refused", () => {
  for (const text of ["9007199254740993", "-9007199254740993", "1e999", "+1e999"]) {
    assertThrows(() => readAxis(`id=1,${text}`), RangeError, "does not hold it exactly");
    assertThrows(() => readDesign(`id\n1\n${text}\n`), RangeError, "does not hold it exactly");
  }
  assertEquals(readAxis('id="9007199254740993",9007199254740991'), [
    { id: "9007199254740993" },
    { id: 9007199254740991 },
  ]);
});

Deno.test("readDesign reads a table with quotes, and refuses lines of another length", () => {
  assertEquals(readDesign('\ufeffa,b.c\r\n1,"x, ""y"""\r\n\r\n2,z\n'), [
    { a: 1, "b.c": 'x, "y"' },
    { a: 2, "b.c": "z" },
  ]);
  assertThrows(() => readDesign("a,b\n1\n"), SyntaxError, "line 2 has 1 values for 2 names");
  assertThrows(() => readDesign("a,a\n1,2\n"), SyntaxError, "a name of its own");
  assertThrows(() => readDesign("a\n"), SyntaxError, "a line of values");
  assertThrows(() => readDesign('a\n"1\n'), SyntaxError, "not closed");
  assertThrows(
    () => readDesign("a,b\n1,2\n1,3\n1.0,2\n"),
    SyntaxError,
    "line 4 is the parameter set of line 2 again",
  );
});

Deno.test("combine gives all combinations, the last axis fastest", () => {
  assertEquals(combine([readAxis("a=1,2"), readAxis("b=x,y")]), [
    { a: 1, b: "x" },
    { a: 1, b: "y" },
    { a: 2, b: "x" },
    { a: 2, b: "y" },
  ]);
  assertEquals(combine([]), [{}]);
  assertThrows(() => combine([readAxis("a=1"), readAxis("a=2")]), RangeError, "'a' in two ways");
});
