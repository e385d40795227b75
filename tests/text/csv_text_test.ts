import { assertEquals } from "@std/assert";
import { csvCell, withoutFormula } from "../../src/text/csv_text.ts";

Deno.test("csvCell() quotes what RFC 4180 has quoted, and escapes what terminals act on", () => {
  const cases: [string, string][] = [
    ["plain", "plain"],
    ["", '""'],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["two\nlines", '"two\nlines"'],
    ["\u001b[1m", "\\x1b[1m"],
    ["a\rb", "a\\rb"],
  ];
  for (const [text, cell] of cases) assertEquals(csvCell(text), cell);
});

Deno.test("withoutFormula() puts a sign in front of what a spreadsheet would run", () => {
  const formulas = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1", "\t=1", "\uff1d1"];
  for (const text of formulas) assertEquals(withoutFormula(text), `'${text}`);
  for (const text of ["a=1", "-5", "+1.5e3", "-.5", "", "'=1"]) {
    assertEquals(withoutFormula(text), text);
  }
});
