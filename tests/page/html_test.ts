import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../any_text.ts";
import { escapeHtml, Html, html } from "../../src/page/html.ts";

Deno.test("escapeHtml() leaves no character that could open markup or leave an attribute", () => {
  assertEquals(
    escapeHtml(`<script>alert("a" & 'b')</script>`),
    "&lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;",
  );
  fc.assert(fc.property(anyText(), (text) => {
    assertEquals(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/.exec(escapeHtml(text)), null);
  }));
});

Deno.test("escapeHtml() replaces control characters and those that turn text around", () => {
  assertEquals(escapeHtml("a\x00b\x1b[31m\u202egpj\tx\ny"), "a\ufffdb\ufffd[31m\ufffdgpj\tx\ny");
});

Deno.test("html() escapes values, takes its own results as they are, and leaves undefined out", () => {
  const inner = html`<b>${"<i>"}</b>`;
  assertEquals(inner.text, "<b>&lt;i&gt;</b>");
  assertEquals(
    html`<p>${inner}${undefined}${[1, "&", 2n]}</p>`.text,
    "<p><b>&lt;i&gt;</b>1&amp;2</p>",
  );
  assertEquals(html`<a title="${'"x'}">`.text, '<a title="&quot;x">');
  assertEquals(html`${new Html("<hr>")}`.text, "<hr>");
});
