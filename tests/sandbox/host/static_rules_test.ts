import { assertStringIncludes, assertThrows } from "@std/assert";
import { UnsafeArtifactError } from "../../../src/errors.ts";
import { SOURCE_BYTES_MAX } from "../../../src/artifact/limits.ts";
import { checkSource } from "../../../src/sandbox/host/static_rules.ts";

const REFUSED = [
  'import fs from "node:fs";',
  'import"x"',
  "import{a}from'x'",
  "const m = await import(name);",
  "[...import('x')]",
  "class A extends import('x') {}",
  "a/**/import/**/('x')",
  "x = import.meta.url",
  "//\u2028import('x')",
  "\ufeffimport('x')",
  "`${import('x')}`",
  "\u{10ffff}import('x')",
  "-import('x')",
  "\u00a0import\u00a0('x')",
  "import.defer('x')",
  "import source x from 'y'",
  "<!--\nimport('x')",
  'export { a } from "x"',
  'export*from"x"',
  "export * as ns from\n\n'x'",
  "export { a } from/* c */'x'",
  "export { a } from // c\n'x'",
  "export { from }from\u2029'x'",
  "export { a as default }from\ufeff'x'",
];

const ACCEPTED = [
  "const important = 1, reimport = 2, $import = 3, import$ = 4, \u00e9import = 5, import\u0660 = 6;",
  "Array.from('abc')",
  "Array.from(/* c */ 'abc')",
  "const from = 1; from + '1'; fromage('x')",
  "x.fromCharCode('1')",
  "export const init = 0; export const step = (s, rng) => s + rng.random();",
];

Deno.test("checkSource() refuses every form that could load a module", () => {
  for (const source of REFUSED) assertThrows(() => checkSource(source), UnsafeArtifactError);
});

Deno.test("checkSource() accepts names that merely contain the words", () => {
  for (const source of ACCEPTED) checkSource(source);
});

Deno.test("checkSource() names line and column, and what the text is", () => {
  const error = assertThrows(() => checkSource("let a;\n  import('x')", "expression"));
  assertStringIncludes((error as Error).message, "Cannot run the expression");
  assertStringIncludes((error as Error).message, "at line 2, column 3");
});

Deno.test("checkSource() refuses a text above the size limit before it looks at it", () => {
  assertThrows(() => checkSource("x".repeat(SOURCE_BYTES_MAX + 1)), UnsafeArtifactError, "larger");
  assertThrows(
    () => checkSource("\u20ac".repeat(SOURCE_BYTES_MAX / 3 + 1)),
    UnsafeArtifactError,
    "larger",
  );
  checkSource("x".repeat(SOURCE_BYTES_MAX));
});

Deno.test("checkSource() takes linear time on texts made to slow it down", () => {
  // Quadratic rules would take minutes here.
  for (const part of ["from ", "from\t\n", "impor", "/* ", "from /", "importfrom"]) {
    checkSource(part.repeat(SOURCE_BYTES_MAX / part.length - 1).replace(/from \/$/, ""));
  }
});
