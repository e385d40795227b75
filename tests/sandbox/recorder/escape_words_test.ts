import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { checkSource } from "../../../src/sandbox/host/static_rules.ts";
import { printModule } from "../../../src/sandbox/recorder/print_module.ts";
import { positionOf } from "./positions.ts";
import { lastState, mapOf, ModuleFolder } from "./support.ts";

/** Evaluates a module's text and gives what it exports as `value`. */
async function valueOf(text: string): Promise<unknown> {
  const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return (module as { value: unknown }).value;
}

const ORDINARY: [name: string, text: string][] = [
  [
    "string",
    `export const value = ["import", 'choose from', "from", 'a\\import', "\\\\import", "\\from 'x'"];`,
  ],
  ["template", 'export const value = `import ${`from "${1}"`} from "x" \\import`;'],
  [
    "key",
    `const k = { import: 1, from: 2, "from": 3, ["import"]: 4 }; export const value = [k, k.import, k["from"]];`,
  ],
  [
    "private",
    "class A { #import = 1; static import() { return new A().#import; } get from() { return 2; } }\nexport const value = [A.import(), new A().from, Object.getOwnPropertyNames(A)];",
  ],
  [
    "regexp",
    `export const value = ["import x from 'y'".match(/import|from '/g), /(?<import>im)port/.exec("import").groups.import, "a from 'b'".replace(/from ['"]/, ""), /\\bimport\\b/u.test("x import")];`,
  ],
  [
    "destructuring",
    `const { import: a, from: b } = { import: 1, from: 2 }; export const value = [a, b];`,
  ],
  [
    "comment",
    `// import { x } from "y"\nlet from = 1; /* import\n "x" */ const b = from // from "x"\n + 1; export const value = /* from "x" */ b;`,
  ],
  ["directive", `export function f() { "import"; return 1; } export const value = f();`],
  ["export", `const a = 1; export { a as import, a as value };`],
  ["main", `export const value = [import.meta.main ? 1 : 2];`],
];

for (const [name, text] of ORDINARY) {
  Deno.test(`printModule() leaves the values of ordinary code: ${name}`, async () => {
    const { text: printed, refusals } = printModule(text);
    assertEquals(refusals, []);
    checkSource(printed);
    const expected = await valueOf(text.replace("import.meta.main", "false"));
    assertEquals(await valueOf(printed), expected);
  });
}

Deno.test("printModule() keeps every value of strings and templates made of what could confuse it", async () => {
  const part = fc.constantFrom(
    "import",
    "from",
    "\\",
    "\\\\",
    "'",
    '"',
    " ",
    "\n",
    "/",
    "//",
    "/*",
    "x",
    "`",
    "$",
    "{",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
      const text = parts.join("");
      const raw = text.replace(/[`\\]|\$(?=\{)/g, "\\$&");
      const module = `export const value = [${JSON.stringify(text)}, \`${raw}\`, { ${
        JSON.stringify(text)
      }: 1 }];`;
      const printed = printModule(module);
      checkSource(printed.text);
      assertEquals(await valueOf(printed.text), await valueOf(module));
    }),
    { numRuns: 200 },
  );
});

const REFUSED: [name: string, text: string, where: RegExp, line: number, column: number][] = [
  [
    "tag",
    "const s = (p) => p.raw[0];\nexport const value = s`an import`;",
    /tagged template/,
    2,
    27,
  ],
  ["source", "export const value = 1;\nconst text = /import/.source;", /regular expression/, 2, 15],
  ["bound", "const r = /x|from '/;\nexport const value = `${r}`;", /regular expression/, 1, 14],
  [
    "lost",
    "const rules = [/import/];\nexport const value = rules.map((r) => r.source);",
    /regular expression/,
    1,
    17,
  ],
  [
    "function",
    "function f() {\n  return 'import';\n}\nexport const value = f.toString();",
    /function whose text/,
    2,
    11,
  ],
  [
    "arrow",
    "const f = () => 'import';\nexport const value = String(f);",
    /function whose text/,
    1,
    18,
  ],
  [
    "class",
    "class A { m() { return 'import'; } }\nexport const value = A + '';",
    /function whose text/,
    1,
    25,
  ],
  [
    "method",
    "const o = { m() { return 'import'; } };\nexport const value = `${o.m}`;",
    /function whose text/,
    1,
    27,
  ],
  [
    "call",
    "const f = () => 'import';\nexport const value = Function.prototype.toString.call(f);",
    /function whose text/,
    1,
    18,
  ],
  [
    "named",
    "const f = function g() { return 'import' + g; };\nexport const value = f();",
    /function whose text/,
    1,
    34,
  ],
  [
    "inner",
    "const f = () => { const g = () => 'import'; return g; };\nexport const value = f.toString();",
    /function whose text/,
    1,
    36,
  ],
  ["import", "export const value = 1;\nimport 'x';", /imports "x"/, 2, 1],
  ["dynamic", "export const value = 1;\nconst f = () => import('x');", /import\(\)/, 2, 17],
  ["reexport", "export const value = 1;\nexport * from 'x';", /exports from "x"/, 2, 1],
  ["meta", "export const value = import.meta.url;", /import\.meta/, 1, 22],
];

for (const [name, text, where, line, column] of REFUSED) {
  Deno.test(`printModule() leaves a word whose spelling could be seen, and says where: ${name}`, () => {
    const { refusals } = printModule(text);
    assertEquals(refusals.length, 1);
    assertMatch(refusals[0]!.what, where);
    assertEquals(positionOf(text, refusals[0]!.offset), { line, column });
  });
}

Deno.test("printModule() does not take the text of one function for that of another", () => {
  for (
    const text of [
      "const f = () => 'import'; const g = () => 1; export const value = String(g) + f();",
      "const f = () => 'import'; { const f = () => 1; String(f); } export const value = f();",
      "const r = /import/; const e = { source: 1 }; export const value = r.test(String(e.source));",
      "const o = { m() { return 'import'; }, n() {} }; export const value = `${o.n}`;",
    ]
  ) assertEquals(printModule(text).refusals, [], text);
});

Deno.test("a module whose words stand in strings and keys is recorded and verifies, without being bundled", async () => {
  await using folder = new ModuleFolder({
    "word.ts":
      `export const init = 0; export function step(x: number) { if (x > 1e9) throw new Error("nothing to choose from"); return x + 1; }`,
    "from.ts":
      `export const init = { from: 0 }; export function step(s: any) { return { "from": s["from"] + 1 }; }`,
    "import.ts":
      `interface Econ { import: number; export: number } export const init: Econ = { import: 0, export: 0 }; export function step(s: Econ) { s.import += 1; return s; }`,
    "enum.ts":
      `enum Way { Import = "import", From = "from" }\nexport const init = { way: Way.From, n: 0 };\nexport const step = (s: any) => ({ way: s.way === Way.From ? Way.Import : Way.From, n: s.n + 1 });`,
  });
  const last = async (name: string): Promise<unknown> => {
    const { source, sourceMap } = await folder.read(name);
    assertEquals(mapOf(sourceMap)?.sources, [name]);
    return await lastState(source);
  };
  assertEquals(await last("word.ts"), 9);
  assertEquals(await last("from.ts"), { from: 9 });
  assertEquals(await last("import.ts"), { import: 9, export: 0 });
  assertEquals(await last("enum.ts"), { way: "import", n: 9 });
});

Deno.test("readStep() names the author's file, line and column of a word that stays", async () => {
  await using folder = new ModuleFolder({
    "plain.ts":
      "type A = number;\nexport const init: A = 0;\nexport const step = (x: A): A => String.raw`import`.length + x;",
    "enum.ts":
      "enum A { B }\nexport const init = A.B;\nexport const step = (x: number) => {\n  return /import/.source.length + x; };",
    "main.ts":
      'import { f } from "./lib/f.ts";\nexport const init = 0;\nexport const step = (x: number) => x + f();',
    "lib/f.ts": "// first\nexport const f = (): number =>\n  String.raw`an import`.length;",
  });
  assertMatch(
    await folder.refusal("plain.ts"),
    /^Cannot load '\/plain\.ts': plain\.ts:3:45 has the word `import` in a tagged template, .*; write the word in two parts/,
  );
  assertMatch(
    await folder.refusal("enum.ts"),
    /: enum\.ts:4:\d+ has the word `import` in a regular expression/,
  );
  assertMatch(
    await folder.refusal("main.ts"),
    /: lib\/f\.ts:3:\d+ has the word `import` in a tagged template/,
  );
});
