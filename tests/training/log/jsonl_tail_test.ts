import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { JsonlTail } from "../../../src/training/log/jsonl_tail.ts";
import { LineSplitter } from "../../../src/training/log/line_splitter.ts";

const encoder = new TextEncoder();

function plain(rows: ReturnType<JsonlTail["push"]>) {
  return rows.map(({ step, line, values }) => ({ step, line, ...Object.fromEntries(values) }));
}

Deno.test("JsonlTail gives the same rows however the bytes arrive", () => {
  const bytes = encoder.encode(
    '{"step":1,"loss":0.5,"é":1}\n\n{"step":2,"name":"kl","value":NaN}\ndamage\n{"step":2,"seed":7}\n{"step":3,"loss":1e-5}',
  );
  const expected = [
    { step: 1, line: 1, loss: 0.5, "é": 1 },
    { step: 2, line: 3, kl: NaN },
    { step: 3, line: 6, loss: 1e-5 },
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const tail = new JsonlTail();
      const rows = [];
      let from = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
        rows.push(...tail.push(bytes.subarray(from, cut)));
        from = cut;
      }
      rows.push(...tail.end());
      assertEquals(plain(rows), expected);
      assertEquals(tail.issues.map(({ kind, line }) => [kind, line]), [["damaged", 4]]);
      assertEquals(tail.seeds, [{ value: 7n, path: "seed" }]);
    }),
    { numRuns: 200 },
  );
});

Deno.test("JsonlTail takes integers whose last digits are lost: the whole log tells them", () => {
  const rows = new JsonlTail().push(encoder.encode('{"step":1,"tokens":9007199254740993}\n'));
  assertEquals(plain(rows), [{ step: 1, line: 1, tokens: 2 ** 53 }]);
});

Deno.test("JsonlTail holds a row back until its line ends, and reports a cut one at the end", () => {
  const tail = new JsonlTail();
  assertEquals(tail.push(encoder.encode('{"step":1,"loss":1}')), []);
  assertEquals(plain(tail.push(encoder.encode('\n{"st'))), [{ step: 1, line: 1, loss: 1 }]);
  assertEquals(tail.end(), []);
  assertEquals(tail.issues, [{ kind: "truncated", line: 2, detail: "the last line is cut short" }]);
});

Deno.test("JsonlTail gives rows without steps as such and refuses bad ones", () => {
  const tail = new JsonlTail();
  const rows = tail.push(
    encoder.encode('{"loss":1}\n{"epoch":2,"loss":2}\n{"step":0.5,"loss":3}\n{"step":4,"a":1}\n'),
  );
  assertEquals(rows.map(({ step }) => step), [NaN, NaN, 4]);
  assertEquals(tail.issues[0]?.kind, "bad_step");
});

Deno.test("LineSplitter gives every line once, in order, at any cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "\n") }), { maxLength: 20 }),
      (chunks) => {
        const lines: string[] = [];
        const decoder = new TextDecoder();
        const splitter = new LineSplitter((bytes, from, to, line) => {
          assertEquals(line, lines.length + 1);
          lines.push(decoder.decode(bytes.subarray(from, to)));
        }, () => {});
        for (const chunk of chunks) splitter.push(encoder.encode(chunk));
        lines.push(decoder.decode(splitter.end().bytes));
        assertEquals(lines, chunks.join("").split("\n"));
      },
    ),
  );
});
