import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonPieces } from "../../src/text/json_pieces.ts";
import { jsonText } from "../../src/text/printable.ts";

function check(value: unknown, indent: number): void {
  assertEquals([...jsonPieces(value, indent)].join(""), jsonText(value, indent));
}

Deno.test("jsonPieces() gives the text of JSON.stringify, escaped for a terminal", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, 7), (value, indent) => {
      check(value, indent);
      const many = Array.from({ length: 5000 }, () => 0);
      check({ value, many, again: [value, [[many]]], "\u202e": { value } }, indent);
      check(
        [many, {}, [], value, undefined, NaN, -0, { a: undefined, many, b: undefined }],
        indent,
      );
    }),
    { numRuns: 30 },
  );
  check({ at: new Date(0), many: new Array(5000).fill({ at: new Date(1), f: () => 1 }) }, 2);
});

Deno.test("the pieces of a large value are small", () => {
  const value = { t: 1, state: { data: Array.from({ length: 200_000 }, (_, i) => i / 7) } };
  let count = 0;
  for (const piece of jsonPieces(value, 2)) {
    assert(piece.length < 70_000);
    count++;
  }
  assert(count > 30);
});

Deno.test("a deep value takes little more than what is in it", () => {
  let list: unknown = null;
  for (let i = 0; i < 2000; i++) list = { i, next: list };
  const text = [...jsonPieces(list, 2)].join("");
  assertEquals(JSON.stringify(JSON.parse(text)), JSON.stringify(list));
  assert(text.length < 300_000);
});
