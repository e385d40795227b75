import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../any_text.ts";
import { escapeText } from "../../src/text/escape_text.ts";

Deno.test("escapeText() leaves readable text as it is", () => {
  for (const text of ["state.x is 3, not 4", "Größe", "температура", "温度", "a\u0301"]) {
    assertEquals(escapeText(text), text);
  }
});

Deno.test("escapeText() makes what a terminal or a reader would take for something else visible", () => {
  assertEquals(escapeText("\x1b[2J\x07\r\n\t\x9b"), "\\x1b[2J\\x07\\r\\n\\t\\x9b");
  assertEquals(escapeText("\u202eevil\u2066"), "\\u202eevil\\u2066");
  assertEquals(escapeText("\u200b\ufeff\u3164\u00ad"), "\\u200b\\ufeff\\u3164\\xad");
  assertEquals(escapeText("\ud800x\udc00"), "\\ud800x\\udc00");
  assertEquals(escapeText("\u2028"), "\\u2028");
  assertEquals(escapeText("\\x1b"), "\\\\x1b");
  assertEquals(escapeText("\u{1f600}"), "\\u{1f600}");
});

Deno.test("escapeText() lets no pile of combining marks climb over other lines", () => {
  assertEquals(escapeText("a" + "\u0301".repeat(4)), "a\u0301\u0301\\u0301\\u0301");
});

Deno.test("escapeText() quotes and cuts", () => {
  assertEquals(escapeText('say "hi"', { quote: true }), '"say \\"hi\\""');
  assertEquals(escapeText("abcdef", { maxLength: 3 }), "abc...");
  assertEquals(escapeText("x".repeat(1000)).length, 403);
});

Deno.test("escapeText() gives one line of printable text for any text", () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      assertMatch(escapeText(text), /^[\x20-\x7e\p{L}\p{N}\p{M}]*$/u);
    }),
    { seed: 1 },
  );
});
