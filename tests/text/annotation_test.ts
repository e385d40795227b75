import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../any_text.ts";
import { annotation } from "../../src/text/annotation.ts";

Deno.test("annotation() is one line, whatever the text", () => {
  assertEquals(
    annotation("error", "100% off\n::set-output name=x::y", { title: "a:b,c" }),
    "::error title=a%3Ab%2Cc::100%25 off\\n::set-output name=x::y",
  );
  fc.assert(
    fc.property(anyText(), anyText(), (text, title) => {
      const line = annotation("notice", text, { title });
      assert(!/[\n\r]/.test(line));
      assertEquals(/^::notice title=[^:,]*::/.test(line), true, line);
    }),
  );
});
