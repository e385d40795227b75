import { assertEquals } from "@std/assert";
import { axisLabels, fullText, powerLabels } from "../../src/page/browser/numbers.ts";

Deno.test("axisLabels() has as many digits as tell marks apart", () => {
  assertEquals(axisLabels([0, 0.25, 0.5], 0.25), ["0", "0.25", "0.50"]);
  assertEquals(axisLabels([-2, 0, 2], 2), ["-2", "0", "2"]);
  assertEquals(axisLabels([0, 2.5e-7, 5e-7], 2.5e-7), ["0", "2.5e-7", "5.0e-7"]);
  assertEquals(axisLabels([1e7, 2e7, null], 1e7), ["1e7", "2e7", ""]);
});

Deno.test("powerLabels() leaves some out over many decades", () => {
  const decades = Array.from({ length: 12 }, (_, k) => 10 ** -k);
  assertEquals(
    powerLabels(decades),
    ["1e0", "", "1e-2", "", "1e-4", "", "1e-6", "", "1e-8", "", "1e-10", ""],
  );
  assertEquals(powerLabels([0.01, 0.02, 0.05, null, 0.1]), ["1e-2", "2e-2", "5e-2", "", "1e-1"]);
});

Deno.test("fullText() keeps all digits, but those that 32 bits do not have", () => {
  assertEquals(fullText(0.1 + 0.2, false), "0.30000000000000004");
  assertEquals(fullText(Math.fround(0.1), true), "0.1");
  assertEquals([fullText(-0, false), fullText(null, false)], ["-0", "–"]);
});
