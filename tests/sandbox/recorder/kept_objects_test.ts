import { assertEquals } from "@std/assert";
import { findKept } from "../../../src/sandbox/recorder/kept_objects.ts";
import { LaterCode } from "../../../src/sandbox/recorder/later_code.ts";

/** A module whose step is made by a function that declares something, and does something with it. */
const made = (declared: string, done: string, given = "") =>
  `function build(${
    given ? "config" : ""
  }) { ${declared}; return { step(s, rng) { ${done}; return s; } }; }
export const { step } = build(${given});`;

function whats(text: string): string[] {
  return findKept(new LaterCode(text)).map(({ who, what }) =>
    `${who} ${what.replace(/, which.*/, "")}`
  );
}

Deno.test("findKept() finds objects that only a function knows, and that it lets go", () => {
  const lists = "const WAYS = [{ x: 1 }, { x: 2 }]";
  const lettingGo: [string, string][] = [
    [lists, "s.way = WAYS[0]"],
    [lists, "s.way ??= WAYS[s.i]"],
    [lists, "s.way = rng.choice(WAYS)"],
    [lists, "s.way = WAYS.find((way) => way.x > s.x)"],
    [lists, "const [first] = WAYS; s.way = first"],
    [lists, "for (const way of WAYS) s.way = way"],
    [lists, "s.ways = [...WAYS]"],
    [lists, "s = { ...s, way: s.i ? WAYS[0] : WAYS[1] }"],
    [lists, "help(WAYS)"],
    ["const counts = { births: 0 }", "help(counts)"],
    ["const counts = Object.freeze([0, 0])", "s.counts = counts"],
    ["const field = new Float64Array(9)", "s.field = field"],
    ["const field = makeField()", "s.part = field.part"],
    ["let ways", "s.way = ways"],
    ["const { ways } = load()", "s.way = ways[0]"],
    ["const table = new Map()", "s.way = table.get(s.i)"],
    ["const inner = (() => { const WAYS = [{}]; return () => WAYS[0]; })()", "s.way = inner()"],
  ];
  for (const [declared, done] of lettingGo) {
    assertEquals([done, whats(made(declared, done)).length > 0], [done, true]);
  }
  assertEquals(whats(made(lists, "s.way = WAYS[0]")), ["step hands on `WAYS`"]);
  assertEquals(whats(made("", "s.way = config.ways[0]", "{ ways: [{}] }")), [
    "step hands on `config`",
  ]);
});

Deno.test("findKept() passes over what is a number or a text wherever it goes, or goes nowhere", () => {
  const keeping: [string, string][] = [
    ["const RATE = 0.5", "s.rate = RATE; help(RATE)"],
    ["const RATE = -1 / 3, N = `n`, f = Math.sin(1)", "s.all = [RATE, N, f]"],
    ["const rates = [1, 2, 3]", "s.x += rates[s.i]; help(rates[0]); s.y = rng.choice(rates)"],
    ["const rates = [1, 2, 3]", "for (const rate of rates) s.x += rate; s.n = Math.max(...rates)"],
    ["const rates = { a: 1, b: 2 }", "const { a } = rates; s.a = a; s.b = rates.b"],
    ["const base = { a: 1 }; const a = base.a", "s.a = a"],
    ["const pairs = [[1, 2], [3, 4]]", "s.x += pairs[s.i][1] * 2; if (pairs[0][0] > s.x) s.x = 0"],
    ["const pairs = [[1, 2], [3, 4]]", "s.i = pairs.findIndex((p) => p[0] > s.x) + pairs.length"],
    ["const sd = load()", "s.x = rng.gauss(0, sd); s.y = Math.sqrt(sd)"],
    ["const half = (x) => x / 2", "s.x = half(s.x)"],
    ["const field = new Float64Array(9)", "s.x = field[0]; s.n = field.length"],
    ["const ways = [{}]; const copy = () => { const ways = [{}]; return ways; }", "s.way = copy()"],
  ];
  for (const [declared, done] of keeping) {
    assertEquals([done, whats(made(declared, done))], [done, []]);
  }
  assertEquals(whats(made("", "s.a = config.a", "{ a: 1 }")), []);
  assertEquals(
    whats(
      "function build({ a, b = 2 }) { return (s) => ({ a, b }); }\nexport const step = build({ a: 1 });",
    ),
    [],
  );
  // What has a name in the module is looked at while it is recorded.
  assertEquals(whats("const WAYS = [{}];\nexport const step = (s) => { s.way = WAYS[0]; };"), []);
});

Deno.test("findKept() finds private fields of classes, and of what was made of them when the module loaded", () => {
  const list = "#all = [{ x: 1 }]";
  assertEquals(whats(`class Way { static ${list}; static at(i) { return Way.#all[i]; } }`), [
    "Way.at hands on `Way.#all`",
  ]);
  const ways = `class Ways { ${list}; at(i) { return this.#all[i]; } }`;
  assertEquals(whats(ways), []);
  assertEquals(whats(`${ways}\nconst ways = new Ways();`).length, 1);
  assertEquals(whats(`${ways}\nclass Paths extends Ways {}\nconst ways = new Paths();`).length, 1);
  assertEquals(whats("class Way { static #n = 3; static n() { return Way.#n; } }"), []);
});
