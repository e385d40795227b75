import { assert, assertEquals } from "@std/assert";
import { findHiddenState } from "../../../src/sandbox/recorder/hidden_state.ts";
import { LaterCode } from "../../../src/sandbox/recorder/later_code.ts";
import { mayHideState } from "../../../src/sandbox/host/may_hide_state.ts";
import { stripTypes } from "../../../src/sandbox/recorder/strip_types.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Models that hide something, each in another way, some of them where words alone do not show it. */
const HIDING = [
  "let n = 0;\nexport function step(s) { n++; return s; }",
  "const memo = {};\nexport const step = (s) => memo[s] ??= s + 1;",
  "const list = [];\nexport const step = (s) => list.push(s);",
  "const a = { b: { c: [] } };\nexport const step = (s) => a.b?.c[0].d.add(s);",
  "class Ids { static next = 1; }\nexport const step = (s) => (s.id = Ids.next++, s);",
  "export const step = (s) => step.calls = (step.calls ?? 0) + s;",
  "export function step(s) { return ++step.calls + s; }",
  "const one = { n: 0 };\nexport const step = (s) => { delete one.n; return s; };",
  "const one = { n: 0 };\nexport const step = (s) => { [one.n, s] = [s, 1]; return s; };",
  "const one = { n: 0 };\nexport const step = (s) => { ({ a: one.n } = s); return s; };",
  "const one = { n: 0 };\nexport const step = (s) => { for (one.n of s); return s; };",
  "const one = { n: 0 };\nexport const step = (s) => Object.assign(one, s);",
  "const one = { n: 0, tick() { this.n++; } };\nexport const step = (s) => { one.tick(); return s; };",
  "const count = (() => { let n = 0; return () => ++n; })();\nexport const step = () => count();",
  "function make() { let n = 0; return () => ++n; }\nconst all = { count: make() };\nexport const step = () => all.count();",
  "const all = [1].map(() => { let n = 0; return () => ++n; });\nexport const step = () => all[0]();",
  "const all = [[1].map(() => { let n = 0; return () => ++n; })];\nexport const step = () => all[0][0]();",
  "const word = /a/g;\nexport const step = (s) => word.test(s);",
  'const text = "/*";\nlet n = 0;\nexport const step = (s) => (n++, s); // "*/',
  "export const step = (s) => { if (s) /'/.test(s); n++; /'/; return s; };\nlet n = 0;",
  "export const step = (s) => { globalThis.n = s; return s; };",
  "export const step = (s) => { Math.n = s; return s; };",
  "export const step = (s) => { (Math).n = s; return s; };",
  "const one = { n: 0 };\nexport const step = (s) => { (one).n++; return s; };",
  "const one = { n: [] };\nexport const step = (s) => { ((one).n).push(s); return s; };",
  "const one = { n: 0 };\nexport const step = (s) => { ++(one).n; return s; };",
  "const f = (s) => s\nlet n = 0\nexport const step = (s) => n++",
];

Deno.test("mayHideState() never says no where the parser finds something", async () => {
  for (const text of HIDING) {
    assert(findHiddenState(new LaterCode(text)).length > 0, `the parser sees it: ${text}`);
    assert(mayHideState(text), text);
  }
  for await (const text of corpus()) {
    if (!mayHideState(text)) assertEquals(findHiddenState(new LaterCode(text)), [], text);
  }
});

Deno.test("mayHideState() says no of plain models", async () => {
  const plain = [
    "export const init = 0;\nexport const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);\n",
    "const SCALE = 2 * Math.PI / 1e-3;\nexport const params = { a: 1, list: [1, 2] };\n" +
    "export const observe = { n: (s) => mean(s.list), max({ list }) { return Math.max(...list); } };\n" +
    "export function step(s, rng) { for (let i = 0; i < 3; i++) s.list[i] /= SCALE; return s; }\n" +
    "function mean(list) { return list.reduce((a, b) => a + b, 0) / list.length / 2; }",
    "const WAYS = { n: 1 };\nconst list = [1, 2];\nexport const step = (s, rng) => s.x === 3 ? rng.choice(list) : s.x + WAYS.n;",
    "class Fox { energy = 1; #age = 0; eat() { this.energy++; this.#age += 1; } }\n" +
    "export const init = () => [new Fox()];\nexport function step(s) { s[0].eat(); return s; }",
  ];
  for (const text of plain) assert(!mayHideState(text), text);
  let count = 0;
  for await (const text of corpus()) if (!mayHideState(text)) count++;
  assert(count > 60, `${count} plain models`);
});

/** Examples and hostile modules, without types. */
async function* corpus(): AsyncGenerator<string> {
  for (const folder of ["examples/", "tests/hostile/"]) {
    for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
      if (!/\.[jt]s$/.test(name)) continue;
      const text = await Deno.readTextFile(new URL(folder + name, ROOT));
      const plain = name.endsWith(".ts") ? stripTypes(text, name).text : text;
      if (parses(plain)) yield plain;
    }
  }
}

function parses(text: string): boolean {
  try {
    findHiddenState(new LaterCode(text));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
