import { assertEquals, assertMatch } from "@std/assert";
import { buildGenerators, GENERATORS_URL } from "../../tools/build_generators.ts";
import { buildHarness, GENERATED_URLS } from "../../tools/build_harness.ts";
import { checkSource } from "../../src/sandbox/host/static_rules.ts";
import { GENERATORS } from "../../src/sandbox/recorder/generators.generated.ts";
import { BOOTSTRAP_TEXT } from "../../src/sandbox/host/bootstrap.generated.ts";
import { CHILD_TEXTS } from "../../src/sandbox/host/harness.generated.ts";

Deno.test("the harness' texts are what the sources give: run tools/build_harness.ts if not", async () => {
  const built = await buildHarness();
  for (const name of ["bootstrap", "harness"] as const) {
    assertEquals(await Deno.readTextFile(GENERATED_URLS[name]) === built[name], true, name);
  }
});

Deno.test("the child's command line fits where 32 KB are all there is", () => {
  assertEquals(btoa(BOOTSTRAP_TEXT).length < 8000, true);
});

const [watchdog, shared, harness, jobs, numpy] = CHILD_TEXTS as [
  string,
  string,
  string,
  string,
  string,
];

Deno.test("the parts of the harness import what they share and nothing else", () => {
  for (const text of [watchdog, shared, numpy]) assertEquals(/\bimport\b/.test(text), false);
  for (const text of [harness, jobs]) {
    assertEquals(text.match(/\bimport\b/g), ["import"]);
    assertMatch(text, /^import\{[^}]*\}from"rewind:shared";/);
  }
});

Deno.test("what a child parses before its first answer holds neither jobs nor NumPy's generator", () => {
  const holders = (words: string) => CHILD_TEXTS.map((text) => text.includes(words) ? 1 : 0);
  // Words of BLAKE2b, which the seeds of blocks are made with, and of NumPy's choice().
  assertEquals(holders("personalization"), [0, 0, 0, 1, 0]);
  assertEquals(holders("Cannot choose from nothing"), [0, 0, 0, 0, 1]);
  assertEquals(shared.length + harness.length < 105_000, true);
});

Deno.test("generators.generated.ts is what the sources give: run tools/build_generators.ts if not", async () => {
  assertEquals(await Deno.readTextFile(GENERATORS_URL) === await buildGenerators(), true);
  for (const { text } of GENERATORS) checkSource(text);
});
