import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../any_text.ts";
import { escapeMarkdown, markdownCode, markdownTable } from "../../src/text/markdown.ts";

Deno.test("escapeMarkdown() leaves no markup, no HTML, no line break and no end of a cell", () => {
  assertEquals(escapeMarkdown("loss is 0.5"), "loss is 0\\.5");
  assertEquals(escapeMarkdown("a|b\n# <img src=x>"), "a\\|b\\\\n\\# &lt;img src\\=x\\>");
  assertEquals(escapeMarkdown("[x](http://y) `z` @me"), "\\[x\\]\\(http\\://y\\) \\`z\\` \\@me");
  fc.assert(fc.property(anyText(), (text) => {
    const markdown = escapeMarkdown(text);
    assert(!/[<\p{Cc}]/u.test(markdown));
    // Whatever could begin markup has an odd number of backslashes before it.
    for (const { index } of markdown.matchAll(/[`*_[\]()#|~>]/g)) {
      const before = /\\*$/.exec(markdown.slice(0, index))![0].length;
      assertEquals(before % 2, 1, markdown);
    }
  }));
});

Deno.test("markdownCode() ends where the text ends", () => {
  assertEquals(markdownCode("a b"), "`a b`");
  assertEquals(markdownCode("a`b``c"), "```a`b``c```");
  assertEquals(markdownCode("`"), "`` ` ``");
  assertEquals(markdownCode("a|b\nc"), "`a\\|b\\nc`");
  assertEquals(markdownCode(""), "`  `");
});

Deno.test("markdownTable() has one line for each row", () => {
  assertEquals(markdownTable(["a", "b"], [["1", "2"]]), [
    "| a | b |",
    "| --- | --- |",
    "| 1 | 2 |",
  ]);
});
