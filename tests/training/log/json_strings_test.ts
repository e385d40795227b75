import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { JsonlTail, type LogRow } from "../../../src/training/log/jsonl_tail.ts";

const ENCODER = new TextEncoder();

function readLine(line: string): { rows: LogRow[]; issues: number } {
  const tail = new JsonlTail();
  const rows = tail.push(ENCODER.encode(`${line}\n`));
  return { rows, issues: tail.issues.length };
}

function escaped(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

Deno.test("JsonRowReader reads text the same, however much of it is escaped", () => {
  const unit = fc.constantFrom(...'0123.5eE+-/ ninfaityNAé😀\\"\n x');
  const texts = fc.oneof(
    fc.string({ unit, maxLength: 40 }),
    fc.tuple(
      fc.constantFrom("1", "-1.5e", "2E+", "na", "-infinit", "3/", "4 ", "Inf", ""),
      fc.string({ unit, maxLength: 14 }),
    ).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, fc.infiniteStream(fc.boolean()), (text, choices) => {
      const some = [...text].map((character) => {
        const isPlain = !/["\\\n]/.test(character) && choices.next().value;
        return isPlain ? character : escaped(character);
      });
      const all = [...text].map(escaped);
      for (const key of ["metric", "step", "value", "seed"]) {
        const line = (parts: string[]): string => `{"loss":1,"${key}":"${parts.join("")}"}`;
        assertEquals(readLine(line(some)), readLine(line(all)), line(some));
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("JsonRowReader calls a line with a wrong escape damaged, wherever the escape stands", () => {
  const before = "once upon a time there was ";
  const cases: [string, number][] = [
    [`"${before}\\n\\\\\\"\\u00e9 \\t end"`, 0],
    [`"${before}\\q"`, 1],
    [`"${before}\\u12g4"`, 1],
    [`"${before}\\u12"`, 1],
    [`"${before}\\'"`, 1],
    [`'${before}\\' "quoted"'`, 0],
    [`'${before}\\x41'`, 1],
    [`"\\q${before}"`, 1],
    [`"${before}\\"`, 1],
    [`"${before}\\\\"`, 0],
    [`"${before}\\\\\\"`, 1],
  ];
  for (const [text, damaged] of cases) {
    const { rows, issues } = readLine(`{"step":1,"loss":2,"prompt":${text}}`);
    assertEquals([rows.length, issues], [1 - damaged, damaged], text);
  }
});
