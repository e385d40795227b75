import { assertEquals, assertMatch } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const INNER = `export interface Cell { v: number; next?: Cell }
export function advance(c: Cell, n: number): number {
  // line 3
  return c.next!.v + n;
}
`;

Deno.test("an error in a step names the author's file, line, column and function", async () => {
  await using folder = new TempFolder();
  await Deno.mkdir(folder.file("lib"));
  await Deno.mkdir(folder.file("node_modules/thrower"), { recursive: true });
  folder.write("lib/inner.ts", INNER);
  folder.write(
    "files.ts",
    `import { advance, type Cell } from "./lib/inner.ts";
export const init = { n: 0, c: { v: 1, next: { v: 2 } } as Cell };
export function step(s: typeof init) {
  if (s.n === 20) delete s.c.next;
  s.n += 1; s.c.v = advance(s.c, s.n);
  return s;
}
`,
  );
  folder.write(
    "one.ts",
    `interface S { n: number }
export const init: S = { n: 0 };
export const step = (s: S): S => {
  if (s.n === 20) throw new Error("twenty");
  return { n: s.n + 1 };
};
`,
  );
  folder.write("package.json", '{"dependencies":{"thrower":"1.2.3"}}');
  folder.write("node_modules/thrower/package.json", '{"name":"thrower","version":"1.2.3"}');
  folder.write(
    "node_modules/thrower/index.js",
    "exports.fail = function fail(n) {\n  if (n === 20) throw new RangeError('of a package');\n  return n;\n};\n",
  );
  folder.write("data.json", '{"limit": 20}');
  folder.write(
    "package.ts",
    `import thrower from "thrower";
import data from "./data.json" with { type: "json" };
export const init = { n: 0 };
export const step = (s: typeof init) => ({ n: thrower.fail(s.n) + data.limit / 20 });
`,
  );
  const cases: [string, RegExp][] = [
    ["one", /Error: twenty \(at one\.ts:4:25 in step\(\)\)\n/],
    ["files", /TypeError: .* \(at lib\/inner\.ts:4:\d+ in advance\(\)\)\n/],
    [
      "package",
      /RangeError: of a package \(at npm:thrower@1\.2\.3\/index\.js:2:\d+ in .*fail\(\), called at package\.ts:4:\d+ in step\(\)\)\n/,
    ],
  ];
  for (const [name, expected] of cases) {
    const { code, stderr } = await runVerbIn(folder.path, [
      "record",
      `${name}.ts`,
      "--steps",
      "99",
      "--seed",
      "1",
      "-o",
      `${name}.replay`,
    ]);
    assertEquals(code, 1);
    assertMatch(stderr, expected);
  }
  // By somebody else, who has the file only.
  await Deno.remove(folder.file("lib"), { recursive: true });
  await Deno.remove(folder.file("files.ts"));
  const changed = await runVerbIn(folder.path, [
    "branch",
    "files.replay",
    "5",
    "--mutate",
    "(s) => { delete s.c.next; }",
    "-o",
    "b.replay",
  ]);
  assertMatch(changed.stderr, /TypeError/);
  const found = await runVerbIn(folder.path, [
    "find",
    "files.replay",
    "--where",
    "(s) => s.c.next.v > 5",
  ]);
  assertEquals(found.stderr.includes("lib/inner.ts"), false);
});
