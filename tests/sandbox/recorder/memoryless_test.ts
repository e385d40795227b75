import { assertEquals } from "@std/assert";
import { isMemoryless } from "../../../src/sandbox/recorder/memoryless.ts";

const STEP = "export const step = (s, rng) => s + rng.random();";

Deno.test("isMemoryless() sees that plain modules keep nothing between calls", () => {
  const plain = [
    STEP,
    "export const init = { x: [1, 2], y: { z: 3 } };\nexport const params = { a: 1 };\n" + STEP,
    "export function step(s, rng, { a }) { return { ...s, x: scaled(s.x, a) }; }\n" +
    "function scaled(x, a) { return x === 0 ? 0 : scaled(x - 1, a) * FACTOR; }\nconst FACTOR = -2 * Math.sqrt(2);",
    "const RATES = [0.1, 0.2], NAMES = { low: 'a', high: 'b' };\nexport function step(s, rng) {\n" +
    "  let sum = 0;\n  for (const rate of RATES) sum += rate;\n  for (let i = 0; i < RATES.length; i++) sum += RATES[i];\n" +
    "  const { low } = NAMES;\n  return { sum, low, high: NAMES.high };\n}",
    "export const step = (s) => { const log = []; log.push(s); const add = (x) => log.push(x); add(1); return log; };",
    "const mean = (s) => s.x;\nexport const observe = { mean, twice(s) { return 2 * s.x; } };\n" +
    STEP,
    "export function init(params, rng) { return { x: rng.random() }; }\n" + STEP,
    "export const step = (s) => { const memo = new Map(); memo.set(s, 1); return memo.size; };",
    "const n = 1;\nexport const step = (s) => { let n = s; n++; return n; };",
  ];
  assertEquals(plain.filter((text) => !isMemoryless(text)), []);
});

Deno.test("isMemoryless() takes whatever may keep something for memory", () => {
  const suspicious = [
    "let n = 0;\nexport const step = (s) => s + n++;",
    "var n = 0;\nexport const step = (s) => { n += 1; return n; };",
    "let n = 0;\nexport const step = (s) => { [n] = [s]; return n; };",
    "let n = 0;\nexport const step = (s) => { ({ n } = s); return n; };",
    "let n = 0;\nexport const step = (s) => { ({ a: n = 2 } = s); return n; };",
    "let n = 0;\nexport const step = (s) => { ({ ...n } = s); return n; };",
    "let n = 0;\nexport const step = (s) => { for (n of s); return n; };",
    "let n = 0;\nexport function step(s, rng, p, t = n++) { var n = 1; return s + t + n; }",
    "let n = 0;\nexport function step(s, rng, { a = n++ }) { var n = 1; return s + a + n; }",
    "let n = 0;\nconst set = () => { n = 1; };\nexport const step = (s) => { set(); return n; };",
    "const memo = {};\nexport const step = (s) => memo[s] ??= s + 1;",
    "const memo = new Map();\nexport const step = (s) => memo.size;",
    "const log = [];\nexport const step = (s) => log.push(s);",
    "const log = [1];\nexport const step = (s) => { const alias = log; alias.push(s); return s; };",
    "const log = [1];\nexport const step = (s) => { keep(log, s); return s; };\nconst keep = (to, s) => to.push(s);",
    "const log = [1];\nexport const step = (s) => { [log[0]] = [s]; return s; };",
    "const log = [1];\nexport const step = (s) => { for (log[0] of s); return log[0]; };",
    "const log = { n: 1 };\nexport const step = (s) => { log.n++; delete log.n; return s; };",
    "const log = { n: [1] };\nexport const step = (s) => { const { n } = log; n.push(s); return s; };",
    "const log = { n: [1] };\nexport const step = (s) => { for (const x of log.n) s += x; return s; };",
    "export const step = (s) => { step.calls = (step.calls ?? 0) + 1; return step.calls; };",
    "export function step(s) { [s].map(step); return s; }",
    "export function step(s) { step = () => 1; return s; }",
    "export const step = function self(s) { self.n = (self.n ?? 0) + 1; return self.n; };",
    "export const observe = { n: function own() { return own.calls++; } };\n" + STEP,
    "function Herd() {}\nexport const step = (s) => { new Herd(); return s; };",
    "class Herd { static n = 0; }\nexport const step = (s) => s + Herd.n++;",
    "export const step = (s) => { class Herd {} return s; };",
    "const word = /a/g;\nexport const step = (s) => word.test(s);",
    "function tag(strings) { return strings; }\nexport const step = (s) => { tag`a`; return s; };",
    "export const step = (s) => { import.meta.n = 1; return s; };",
    "function* ids() { yield 1; }\nexport const step = (s) => { ids(); return s; };",
    "export const step = (s) => { eval('1'); return s; };",
    "export const observe = { n() { return this.calls++; } };\n" + STEP,
    "const start = Math.random();\n" + STEP,
    "const start = Date.now();\n" + STEP,
    "const key = Symbol('key');\n" + STEP,
    "export const codec = { encode: (s) => s, decode: (s) => s };\n" + STEP,
    "if (true) globalThis.x = 1;\n" + STEP,
    "export default 1;\n" + STEP,
    "no module (",
  ];
  assertEquals(suspicious.filter((text) => isMemoryless(text)), []);
});
