import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

Deno.test("record names what the module hides where the first blocks do not replay", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "hidden.ts",
    `let id = 0;
export const init = { list: [] as number[] };
export function step(s: { list: number[] }) {
  id++;
  return { list: [...s.list.slice(-3), id] };
}
`,
  );
  const words = ["--steps", "1000", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, stderr } = await runVerb(["record", module, ...words]);
  assertEquals(code, 1);
  // How far the guard looked before it told depends on the time that it has.
  assertMatch(
    stderr,
    /^error: Cannot certify the run: a replay of block 0 leads to another state \d+: step assigns `id` \(hidden\.ts:4:3\)\nhint: draw all randomness from rng, and nothing from variables outside the step\n$/,
  );
  assertEquals(folder.names(), ["hidden.ts"]);
});

Deno.test("record names what the module hands on, where it changes nothing by name", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "sun.ts",
    `const SUN = { x: 0 };
export const init = { x: 1 };
function pull(a: { x: number }, b: { x: number }) { a.x += 0.1 * (b.x - a.x); }
export function step(s: { x: number }) {
  pull(s, SUN);
  pull(SUN, s);
  return s;
}
`,
  );
  const words = ["--steps", "1000", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, stderr } = await runVerb(["record", module, ...words]);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /: step hands on `SUN`, which may be changed by another name \(sun\.ts:5:\d+\)/,
  );
});

Deno.test("record names the object of the module that changes, where no name leads to it in the step", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "goals.ts",
    `const GOALS = [{ x: 1, visits: 0 }, { x: 5, visits: 0 }];
export const init = () => ({ goal: GOALS[0], sum: 0 });
export function step(s: any, rng: any) {
  s.goal.visits++;
  s.sum += s.goal.visits;
  s.goal = rng.choice(GOALS);
  return s;
}
`,
  );
  const words = ["--steps", "400", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, stderr } = await runVerb(["record", module, ...words]);
  assertEquals(code, 1);
  assertMatch(stderr, /leads to another state \d+: .*`GOALS/);
});

Deno.test("record runs the plain loop of a module that keeps something: objects of the state in a WeakMap", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "ages.ts",
    `const born = new WeakMap<object, number>();
const squares = new Map<number, number>();
export const init = () => ({ agents: [{ x: 0 }, { x: 1 }], total: 0 });
export function step(s: ReturnType<typeof init>, rng: any, _p: unknown, t: number) {
  for (const a of s.agents) {
    if (!born.has(a)) born.set(a, a.x);
    a.x += rng.random() - 0.5;
    // So late that no guard of a part of the run sees it.
    if (t > LATE) s.total += born.get(a)!;
  }
  if (!squares.has(t % 9)) squares.set(t % 9, (t % 9) ** 2);
  s.total += squares.get(t % 9)!;
  return s;
}
export const LATE = 15_000;
`,
  );
  const words = ["record", module, "--steps", "20000", "--seed", "1", "-o", folder.file("run")];
  const { code, stderr } = await runVerb(words);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /: a plain loop would give another state 15052, where state\.total is \S+, and \S+ in the run: step changes `born` by set\(\)/,
  );
  const harmless = (await Deno.readTextFile(module)).replace("15_000", "1e9");
  await Deno.writeTextFile(module, harmless);
  assertEquals((await runVerb([...words, "--force"])).code, 0);
});

/** Models that hold objects of the module, which come to matter so late that no guard of a part of the run sees it. */
const HOLDING: Readonly<Record<string, string>> = {
  "`WAYS`": `const WAYS = [{ dx: 0 }, { dx: 1 }];
export const init = () => ({ x: 0, way: WAYS[0], hits: 0 });
export function step(s: any, rng: any, _p: unknown, t: number) {
  if (t > 15_000) for (const way of WAYS) if (way === s.way) s.hits++;
  if (rng.random() < 0.001) s.way = rng.choice(WAYS);
  s.x += s.way.dx;
  return s;
}`,
  // It comes into the state late, and nothing is compared with the object itself.
  "`Kind`": `class Kind { static FOX = { food: 1 }; }
export const init = () => ({ agents: [] as any[], pairs: 0 });
export function step(s: any, _r: unknown, _p: unknown, t: number) {
  if (t === 9000 || t === 14_000) s.agents.push({ kind: Kind.FOX });
  if (t > 16_000) s.pairs += s.agents[0].kind === s.agents[1].kind ? 1 : 0;
  return s;
}`,
  // Nothing is compared: what the state holds is changed, and read in the module.
  "`kinds`": `const kinds = { fox: { count: 0 } };
export const init = () => ({ kind: kinds.fox, total: 0 });
export function step(s: any, _r: unknown, _p: unknown, t: number) {
  if (t > 10_000 && t % 50 === 7) s.kind.count++;
  if (t > 15_000) s.total += kinds.fox.count;
  return s;
}`,
  "that the module made when it loaded": `function build() {
  const near = { far: 0 }, far = { far: 1 };
  return {
    init: () => ({ place: near as any, hits: 0 }),
    step(s: any, _r: unknown, _p: unknown, t: number) {
      if (t > 15_000 && s.place === near) s.hits++;
      if (t % 100 === 0) s.place = t % 200 === 0 ? near : far;
      return s;
    },
  };
}
export const { init, step } = build();`,
  "`params`": `export const params = { kinds: [{ food: 1 }, { food: 2 }] };
export const init = (p: any) => ({ kind: p.kinds[0], total: 0 });
export const step = (s: any, _r: unknown, p: any, t: number) =>
  ({ ...s, total: s.total + (t > 15_000 ? p.kinds.indexOf(s.kind) : s.kind.food) });`,
};

Deno.test("record runs the plain loop of a module whose objects states hold, however late that matters", async () => {
  await using folder = new TempFolder();
  const words = ["--steps", "20000", "--seed", "1", "-o", folder.file("run.replay"), "--force"];
  for (const [name, text] of Object.entries(HOLDING)) {
    const { code, stderr } = await runVerb(["record", folder.write("model.ts", text), ...words]);
    assertEquals([name, code], [name, 1]);
    assertMatch(stderr, /: a plain loop would give another state 1[56]\d{3}, where state\.\w+ is /);
    assertEquals(
      stderr.includes(
        `: the state holds an object ${name[0] === "`" ? "of " : ""}${name}, of which`,
      ),
      true,
    );
  }
  const byName = HOLDING["`WAYS`"]!.replace("way === s.way", "way.dx === s.way.dx");
  const { code, notes } = await runVerb(["record", folder.write("model.ts", byName), ...words]);
  assertEquals(code, 0);
  assertMatch(
    notes,
    /note: the state holds an object of `WAYS`, .*: the run is made once more without copies/,
  );
});

/** A model whose objects only a function knows; they come into the state late, and matter later. */
const KEPT = `function build() {
  const WAYS = [{ dx: 0 }, { dx: 1 }];
  return {
    init: () => ({ way: undefined as any, hits: 0 }),
    step(s: any, rng: any, _p: unknown, t: number) {
      if (t === 9000) s.way = rng.choice(WAYS);
      if (t > 15_000 && WAYS.includes(s.way)) s.hits++;
      return s;
    },
  };
}
export const { init, step } = build();`;

Deno.test("record runs the plain loop of a module whose objects only a function or a class knows", async () => {
  await using folder = new TempFolder();
  const words = ["--steps", "20000", "--seed", "1", "-o", folder.file("run.replay"), "--force"];
  const inClass = KEPT.replace("function build() {\n  const WAYS", "class Way {\n  static #all")
    .replace("return {", "static step = {").replaceAll("WAYS", "Way.#all")
    .replace("build()", "Way.step");
  for (const [name, text] of [["WAYS", KEPT], ["Way.#all", inClass]] as const) {
    const { code, stderr } = await runVerb(["record", folder.write("model.ts", text), ...words]);
    assertEquals([name, code], [name, 1]);
    assertMatch(stderr, /: a plain loop would give another state 15\d{3}, where state\.hits is /);
    assertStringIncludes(
      stderr,
      `: step hands on \`${name}\`, which was made when the module loaded`,
    );
  }
  // What is known to have changed is to blame.
  const counted = `const count = { n: 0 };\n${
    KEPT.replace("if (t === 9000)", "const c = count; s.n = c.n++; if (t === 9000)")
  }`;
  const { stderr } = await runVerb(["record", folder.write("model.ts", counted), ...words]);
  assertStringIncludes(stderr, ": step hands on `count`, which may be changed by another name");
  const harmless = KEPT.replace("WAYS.includes(s.way)", "s.way.dx >= 0");
  const { code, notes } = await runVerb(["record", folder.write("model.ts", harmless), ...words]);
  assertEquals(code, 0);
  assertStringIncludes(notes, "note: step hands on `WAYS`, which was made when the module loaded");
});

Deno.test("sweep runs the plain loop of its first trial where the module may know objects of the state", async () => {
  await using folder = new TempFolder();
  const words = ["--steps", "20000", "--seeds", "1,2", "--final", "s => s.hits"];
  const text = HOLDING["`WAYS`"]!;
  const byName = text.replace("way === s.way", "way.dx === s.way.dx");
  for (const [i, [name, code]] of ([[text, 2], [byName, 0], [KEPT, 2]] as const).entries()) {
    const module = folder.write("model.ts", name);
    const sweep = await runVerb(["sweep", module, ...words, "-o", folder.file(`sweep${i}`)]);
    assertEquals(sweep.code, code);
    const said =
      /: Cannot use the trial: a plain loop would give another state 19999, where state\.hits is /;
    assertEquals(said.test(sweep.stderr), code === 2, sweep.stderr);
  }
});

Deno.test("record replays a run whose module is another one afterwards, by whatever name it was changed", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "births.ts",
    `const births = { all: new Map<number, number>() };
export const init = () => ({ id: 0 });
export function step(s: any, _r: unknown, _p: unknown, t: number) {
  const book = births;
  if (t % 7001 === 7000) {
    book.all.set(t, 1);
    // The first is the same in each replay.
    if (t > 9000) s.id = book.all.size;
  }
  return s;
}
`,
  );
  const words = ["--steps", "20000", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, stderr } = await runVerb(["record", module, ...words]);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /block \d+ (?:leads to|gave) another state.* when replayed: step hands on `births`, which may be changed by another name \(births\.ts:4:16\)/,
  );
});

Deno.test("what goes on with a run is made once more too: nobody knows what the states held that it starts from", async () => {
  await using folder = new TempFolder();
  const module = folder.write("model.ts", HOLDING["`WAYS`"]!);
  const run = folder.file("run.replay");
  const words = ["--steps", "20000", "--seed", "1", "-o", run];
  const stopped = ["--until", "(s, t) => t === 9999"];
  assertEquals((await runVerb(["record", module, ...words, ...stopped])).code, 0);
  const fork = ["branch", run, "9000", "-o", folder.file("fork.replay"), "--steps"];
  assertEquals((await runVerb([...fork, "500"])).code, 0);
  const extend = ["extend", run, "--steps", "20000", "--in-place"];
  for (const verb of [[...fork, "20000", "--force"], extend]) {
    const { code, stderr } = await runVerb(verb);
    assertEquals(code, 1);
    assertMatch(stderr, /: a plain loop would give another state \d+, where state\.hits is /);
  }
});

Deno.test("a plain loop has the inputs, parameters and branches of the run", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "names.ts",
    `const names = new Map<number, number>();
export const params = { k: { gain: 2 } };
export const init = (p: typeof params, rng: any) => ({ x: rng.random(), k: p.k });
export function step(s: ReturnType<typeof init>, _r: unknown, p: typeof params, t: number, input: number) {
  names.set(t % 7, t);
  return { x: s.x + input * p.k.gain + (names.size > 100 ? 1 : 0), k: s.k };
}
`,
  );
  const inputs = folder.write(
    "in.jsonl",
    `${Array.from({ length: 99 }, (_, i) => i).join("\n")}\n`,
  );
  const [run, fork, longer] = ["run", "fork", "longer"].map((name) => folder.file(name));
  const kept = ["--block-size", "7", "--max-checkpoints", "4", "--param", "k.gain=3"];
  const recording = ["record", module, "--inputs", inputs, "--seed", "1", ...kept, "-o", run!];
  assertEquals((await runVerb(recording)).code, 0);
  const branching = ["branch", run!, "50", "--same-draws", "-o", fork!];
  assertEquals((await runVerb(branching)).code, 0);
  const more = folder.write("more.jsonl", "1\n2\n3\n");
  const extending = ["extend", fork!, "--steps", "+3", "--inputs", more, "-o", longer!];
  assertEquals((await runVerb(extending)).code, 0);
});

Deno.test("the plain loop of a run that its first or last block ends at once is that run", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "count.ts",
    `const seen = new Map<number, number>();
export const init = { x: 0 };
export function step(s: { x: number }) {
  if (s.x === LAST) throw new Error("full");
  seen.set(s.x, 1);
  return { x: s.x + 1 };
}
export const LAST = 0;
`,
  );
  const text = await Deno.readTextFile(module);
  for (const last of [0, 4]) {
    await Deno.writeTextFile(module, text.replace("LAST = 0", `LAST = ${last}`));
    const words = ["--steps", "20", "--block-size", "4", "--seed", "1", "--force"];
    const { code, notes } = await runVerb([
      ...["record", module, ...words],
      ...["-o", folder.file("run.replay")],
    ]);
    assertEquals(code, 1);
    assertMatch(notes, new RegExp(`the step threw at step ${last + 1}, `));
    assertEquals(notes.includes("plain loop"), false, notes);
  }
});

Deno.test("a step that goes on where the sandbox lets it throw, or becomes another function, is refused", async () => {
  await using folder = new TempFolder();
  const words = ["--steps", "50", "--seed", "1", "-o", folder.file("run.replay"), "--force"];
  const record = async (text: string) =>
    await runVerb(["record", folder.write("model.ts", text), ...words]);
  const tag = `export const init = { n: 1 };
export function step(s: any) { let n = 1; try { (Math as any).tag = 1; } catch { n = 3; } return { n: s.n + n }; }`;
  const tagged = await record(tag);
  assertEquals(tagged.code, 1);
  assertMatch(
    tagged.stderr,
    /built-in objects cannot be changed .*: step assigns `\(Math ?\)\.tag` \(model\.ts:2:/,
  );
  const other = await record(`export const init = { n: 1 };
export let step = (s: any) => {
  if (s.n > 20) step = (s: any) => ({ n: s.n + 2 });
  return { n: s.n + 1 };
};`);
  assertEquals(other.code, 1);
  assertMatch(
    other.stderr,
    /the module assigns another `step` while it runs: step assigns `step` \(model\.ts:3:/,
  );
  // What is never called changes nothing.
  const install = "export function install() { (Math as any).tag = 1; }";
  const plain = tag.replace(/try.*?\} catch \{ n = 3; \}/, "");
  assertEquals((await record(`${plain}\n${install}`)).code, 0);
});

Deno.test("a run of one block is replayed from within, where its module remembers something", async () => {
  await using folder = new TempFolder();
  const model = (key: string) =>
    folder.write(
      "cache.ts",
      `const cache: Record<number, number> = {};
export const init = () => ({ age: 0, x: 1.5 });
export function step(s: ReturnType<typeof init>, rng: any) {
  cache[${key}] ??= Math.sqrt(s.x);
  return { age: s.age + 1, x: s.x + rng.random() * cache[${key}]! };
}`,
    );
  const run = folder.file("run.replay");
  const words = ["--steps", "40", "--block-size", "40", "--seed", "1", "-o", run, "--force"];
  const { code, stderr } = await runVerb(["record", model("s.age % 3"), ...words]);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /: state 20 leads to another last state where those before it were not made: step assigns `cache\[/,
  );
  assertEquals((await runVerb(["record", model("s.x"), ...words])).code, 0);
});
