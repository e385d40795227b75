import { assertEquals, assertThrows } from "@std/assert";
import { findHandedOn, findHiddenState } from "../../../src/sandbox/recorder/hidden_state.ts";
import { LaterCode } from "../../../src/sandbox/recorder/later_code.ts";
import { GENERATORS } from "../../../src/sandbox/recorder/generators.generated.ts";

/** What is found, one line each: who, what, line. */
function found(text: string): string[] {
  return findHiddenState(new LaterCode(text)).map(({ who, what, line }) =>
    `${who} ${what} ${line}`
  );
}

Deno.test("findHiddenState() finds variables and fields of the module that functions change", () => {
  const cases: Record<string, string[]> = {
    "let births = 0;\nexport function step(s) {\n  births++;\n  return s;\n}": [
      "step assigns `births` 3",
    ],
    "class Ids { static next = 1; }\nexport const step = (s) => (s.id = Ids.next++, s);": [
      "step assigns `Ids.next` 2",
    ],
    "class Fox { static count = 0; id = Fox.count++; }\nexport const step = (s) => new Fox();": [
      "Fox assigns `Fox.count` 1",
    ],
    "class Ids { static #next = 1; static take() { return this.#next++; } }": [
      "Ids.take assigns `this.#next` 1",
    ],
    "const cache = new Map();\nfunction fib(n) { cache.set(n, 1); }": [
      "fib changes `cache` by set() 2",
    ],
    "const memo = {};\nexport const step = (s) => memo[s] ??= s + 1;": ["step assigns `memo[s]` 2"],
    "const log = [];\nexport const observe = { n: (s) => log.push(s) };": [
      "n changes `log` by push() 2",
    ],
    "let last;\nconst f = (s) => { [last, s.x] = [s.x, 0]; };": ["f assigns `last` 2"],
    "let a;\nconst f = (s) => { ({ a, b: s.b } = s); for (a of s) delete s.x; };": [
      "f assigns `a` 2",
      "f assigns `a` 2",
    ],
    "const counter = (() => { let n = 0; return () => ++n; })();": [" assigns `n` 1"],
    "function makeCounter() { let n = 0; return () => ++n; }\nconst count = makeCounter();": [
      "makeCounter assigns `n` 1",
    ],
    "const world = { n: 0, tick() { this.n++; } };": ["tick assigns `this.n` 1"],
    "class World { #n = 0; tick() { this.#n++; } }\nconst world = new World();\nexport const step = (s) => { world.tick(); return s; };":
      ["step changes `world` by tick() 3"],
    "const ids = (function* () { yield 1; })();\nexport const step = () => ids.next().value;": [
      "step changes `ids` by next() 2",
    ],
    "const word = /a/g;\nexport const step = (s) => word.test(s);": [
      "step changes `word` by test() 2",
    ],
    "const table = {};\nexport const step = (s) => Object.assign(table, s);": [
      "step changes `table` by Object.assign() 2",
    ],
    "export const step = (s) => { globalThis.n = s; };": ["step assigns `globalThis.n` 1"],
  };
  for (const [text, expected] of Object.entries(cases)) assertEquals(found(text), expected, text);
});

Deno.test("findHiddenState() puts what step does first", () => {
  assertEquals(
    found("let a, b;\nfunction help() { a = 1; }\nexport function step() { b = 1; help(); }"),
    [
      "step assigns `b` 3",
      "help assigns `a` 2",
    ],
  );
});

Deno.test("findHiddenState() finds nothing where a function changes what is its own", () => {
  for (
    const text of [
      "export function step(s, rng) { let n = 0; s.list.forEach((x) => n += x); s.n = n; return s; }",
      "let n = 0;\nn++;\nconst list = [];\nfor (let i = 0; i < 3; i++) list.push(i);",
      "const table = (() => { const t = []; for (let i = 0; i < 9; i++) t.push(i); return t; })();",
      "const n = 1;\nexport const step = (s) => { const n = []; n.push(s); { let n; n = 2; } return s; };",
      "let births = 0;\nexport const step = (births) => { births++; return births; };",
      "function copy(list) { const out = []; out.push(...list); return out; }\nconst first = copy([1]);",
      "class Fox { energy = 1; eat() { this.energy++; } }\nexport const step = (s) => { s.fox.eat(); return s; };",
      "class Fox { static max = 9; get age() { return this.years; } }\nconst fox = new Fox();\nconst f = () => fox.age;",
      "const DIRECTIONS = { north: [0, 1] };\nexport const step = (s) => DIRECTIONS.north.map((x) => x + s);",
      `const { createRng } = ${GENERATORS.at(-1)!.text};\nexport const step = (s) => s;`,
    ]
  ) assertEquals(found(text), [], text);
});

Deno.test("findHiddenState() reads lists with holes wherever they stand", () => {
  const text = "const use = (list) => list;\nconst [, a = [, 1]] = use([, () => 1, , ...[,]]);\n" +
    "let n = 0;\nexport const init = use([[,], { list: [,] }]);\nexport const step = ([, x], list = [,]) => (n++, [, x]);";
  assertEquals(found(text), ["step assigns `n` 5"]);
});

Deno.test("findHiddenState() refuses what is no module", () => {
  assertThrows(() => findHiddenState(new LaterCode("export const = 1")), SyntaxError);
});

Deno.test("findHandedOn() finds objects of the module that may be changed by another name", () => {
  const found = findHandedOn(
    new LaterCode(`const SUN = { x: 0 }, cache = new Map(), WAYS = [1, -1], SIZE = 3;
export function step(s, rng) {
  for (const p of s.planets) pull(SUN, p, SIZE);
  s.x += rng.choice(WAYS) + WAYS.indexOf(SIZE);
  return move([SUN, ...s.planets], s);
}
function move(bodies, s) { const c = cache; c.set(s.x, 1); return s; }
function pull(a, b) { a.x += b.x; }
`),
  );
  assertEquals(found.map(({ who, what, line }) => `${who} ${what} ${line}`), [
    "step hands on `SUN`, which may be changed by another name 3",
    "step hands on `SUN`, which may be changed by another name 5",
    "move hands on `cache`, which may be changed by another name 7",
  ]);
});

Deno.test("findHiddenState() finds changes of built-in objects that are caught, by whatever name", () => {
  const swallowed = (text: string) =>
    findHiddenState(
      new LaterCode(
        `export const step = (s) => { try { ${text} } catch { s.n++; } return s; };`,
      ),
    )
      .filter(({ isSwallowed }) => isSwallowed).map(({ what }) => what);
  const changes: Record<string, string> = {
    "Math.tau = 6;": "assigns `Math.tau`",
    "const M = Math; M.tau = 6;": "assigns `M.tau`",
    "const list = Array, proto = list.prototype; proto.last = 1;": "assigns `proto.last`",
    "delete Math.cbrt;": "deletes `Math.cbrt`",
    "Array.prototype.__defineGetter__('last', f);": "defines `Array.prototype.__defineGetter__`",
  };
  for (const [text, what] of Object.entries(changes)) assertEquals(swallowed(text), [what], text);
  for (
    const text of [
      "const o = JSON.parse(s.text); o.n = 1;",
      "const a = Array.from(s.list); a.n = 1;",
      "s.n = Math.abs(s.n);",
      "const Math = {}; Math.tau = 6;",
      "s.__defineGetter__('n', f);",
    ]
  ) assertEquals(swallowed(text), [], text);
  assertEquals(
    findHiddenState(new LaterCode("export const step = (s) => { const M = Math; M.tau = 6; };")),
    [],
  );
});
