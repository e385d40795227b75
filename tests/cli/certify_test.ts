import { assertEquals, assertMatch } from "@std/assert";
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

Deno.test("record runs the plain loop of a module that asks for its own objects, however late", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "ways.ts",
    `const NORTH = { dx: 0, dy: 1 }, EAST = { dx: 1, dy: 0 };
export const init = () => ({ x: 0, y: 0, heading: NORTH, hits: 0 });
export function step(s: ReturnType<typeof init>, rng: any) {
  if (s.x > 3000 && s.heading === NORTH) s.hits++;
  if (rng.random() < 0.001) s.heading = rng.random() < 0.5 ? NORTH : EAST;
  s.x += s.heading.dx;
  s.y += s.heading.dy;
  return s;
}
`,
  );
  const words = ["--steps", "20000", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, stderr } = await runVerb(["record", module, ...words]);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /: a plain loop would give another state 6390, where state\.hits is 179, and 37 in the run: step compares with `NORTH`, of which a checkpoint makes a copy \(ways\.ts:4:35\)/,
  );
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
