import { assert } from "@std/assert";
import { tokenize } from "../../../src/training/log/text/line_tokens.ts";

Deno.test("tokenize() comes to the end of a line, whatever character stands before, in or after a number", () => {
  for (let unit = 0; unit < 2 ** 16; unit++) {
    const c = String.fromCharCode(unit);
    for (const line of [`${c}0.5`, `a${c}1`, `1${c}.5`, `-${c}2`]) {
      const { numbers } = tokenize(line);
      assert(
        numbers.every((number) =>
          /^[-+.,\dea-z]*$/i.test(number) || number === "∞" || number === "-∞"
        ),
        line,
      );
    }
  }
});
