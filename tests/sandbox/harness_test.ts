import { assertEquals } from "@std/assert";
import { buildHarness, GENERATED_URL } from "../../tools/build_harness.ts";
import { BOOTSTRAP_TEXT, HARNESS_TEXT, NUMPY_TEXT } from "../../src/sandbox/harness.generated.ts";

Deno.test("harness.generated.ts is what the sources give: run tools/build_harness.ts if not", async () => {
  assertEquals(await Deno.readTextFile(GENERATED_URL) === await buildHarness(), true);
});

Deno.test("the child's command line fits where 32 KB are all there is", () => {
  assertEquals(btoa(BOOTSTRAP_TEXT).length < 8000, true);
});

Deno.test("the harness imports nothing", () => {
  assertEquals(/\bimport\b/.test(HARNESS_TEXT.replaceAll("import * as exports", "")), false);
  assertEquals(/\bimport\b/.test(NUMPY_TEXT), false);
});

Deno.test("the harness does without NumPy's generator, which is a text of its own", () => {
  assertEquals(HARNESS_TEXT.includes("standardGamma by"), false);
  assertEquals(HARNESS_TEXT.length < 130_000, true);
});
