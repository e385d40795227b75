import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runVerb } from "./run_verb.ts";
import { type CliResult, TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** A state of most kinds; `p` is an instance of a class, which is stored as an array. */
const MODEL = FOLDER.write(
  "model.js",
  `class Vec { constructor(x, y) { this.x = x; this.y = y; } }
export const params = { beta: 0.3, rates: { death: 0.1, birth: 0.2 }, w: new Float64Array([1, 2]) };
export const init = () => ({
  p: new Vec(1, 2), grid: new Float64Array(4), tags: new Set(["a"]), m: new Map([["k", 1]]),
  big: 5n, born: new Date(0), n: 3, list: [1, 2],
});
export const codec = {
  encode: (s) => ({ ...s, p: [s.p.x, s.p.y] }),
  decode: (d) => ({ ...d, p: new Vec(d.p[0], d.p[1]) }),
};
export const step = (s, rng, params) => { s.p.x += params.beta; s.n++; return s; };
`,
);
const RUN = FOLDER.file("run.replay");
await runVerb(["record", MODEL, "--steps", "10", "--seed", "1", "-o", RUN]);

async function branchState(...options: string[]): Promise<Record<string, unknown> | string> {
  const file = FOLDER.file(`${crypto.randomUUID()}.replay`);
  const branched = await runVerb(["branch", RUN, "5", "--steps", "1", "-o", file, ...options]);
  if (branched.code !== 0) return branched.stderr;
  const { stdout } = await runVerb(["get", file, "0", "--json"]);
  return JSON.parse(stdout).state;
}

Deno.test("branch --set speaks of the state as get shows it, and keeps its kinds", async () => {
  const { stdout, stderr } = await runVerb(["get", RUN, "0", "--json"]);
  assertEquals(JSON.parse(stdout).state.p, { x: 1, y: 2 });
  assertStringIncludes(stderr, "states are shown as the module's codec decodes them");
  const set = [".p.x=9", ".grid=[1,2,3,4]", '.tags=["b"]', '.m["k"]=7', ".big=7", ".list=[5]"];
  const state = await branchState(...set.flatMap((text) => ["--set", text]));
  assertEquals(state, {
    p: { x: 9, y: 2 },
    grid: { $typed: "Float64Array", data: [1, 2, 3, 4] },
    tags: { $set: ["b"] },
    m: { $map: [["k", 7]] },
    big: { $bigint: "7" },
    born: { $date: "1970-01-01T00:00:00.000Z" },
    n: 8,
    list: [5],
  });
});

Deno.test("export, diff and diverge speak of the state as get shows it", async () => {
  const file = FOLDER.file("other.replay");
  await runVerb(["branch", RUN, "5", "--set", ".p.y=9", "-o", file]);
  const { stdout } = await runVerb(["export", RUN, "--to", "1"]);
  assertEquals(JSON.parse(stdout).state.p, { x: 1, y: 2 });
  const diff = await runVerb(["diff", RUN, file]);
  assertMatch(diff.stdout, /^first difference at step 5: state\.p\.y is 2 and 9\n/);
  const ignored = await runVerb(["diff", RUN, file, "--ignore", "state.p"]);
  assertMatch(ignored.stdout, /^the same: /);
  const changed = FOLDER.write(
    "changed.js",
    (await Deno.readTextFile(MODEL)).replace("s.n++;", "s.n++; if (s.n === 8) s.p.y = 7;"),
  );
  const verified = await runVerb(["verify", RUN, "--step", changed]);
  assertMatch(verified.stdout, /state\.p\[1\]: recorded 2, replayed 7/);
  assertMatch(verified.stdout, /state\.p\.y is 2 recorded, 7 now/);
  assertStringIncludes(verified.stderr, "the paths of blocks are those of what the module's codec");
});

Deno.test("branch refuses values of another kind, with the form to write", async () => {
  const cases: [string[], string][] = [
    [
      ["--set", ".p=[1,1]"],
      "it is an object, and [1, 1] does not fit\nhint: write an object with x, y",
    ],
    [["--set", '.p={"x":1,"y":1}'], "state.p: it was a Vec, and is an object"],
    [["--set", ".grid=[1,2,3]"], "it is a Float64Array of 4"],
    [["--set", '.n="3"'], "hint: write a number, such as 3"],
    [["--set", ".n=12345678901234567890"], "a number cannot hold 12345678901234567890"],
    [["--set", ".n=4.99999999999999999999"], "a number cannot hold 4.99999999999999999999"],
    [
      ["--mutate", 's => { s.n = "3" }'],
      "mutate changed state.n: it was a number, and is a string",
    ],
    [["--mutate", "s => { s.tags = [...s.tags] }"], "it was a Set, and is an array of 1"],
    [["--param", "bta=1"], "Unknown parameter 'params.bta'\nhint: did you mean 'beta'?"],
    [["--param", "beta=high"], "params.beta: it is a number"],
    [["--param", "beta"], "it must be NAME=VALUE"],
    [["--param", "beta=1", "--param", "beta=2"], "'beta' is given twice"],
    [["--params", "@nowhere.json"], "Cannot open 'nowhere.json'"],
  ];
  await Promise.all(cases.map(async ([options, message]) => {
    assertStringIncludes(await branchState(...options) as string, message);
  }));
  const passed = await branchState("--mutate", 's => { s.n = "3" }', "--no-guards");
  assertEquals((passed as Record<string, unknown>).n, "3");
});

Deno.test("branch says that a function changed nothing", async () => {
  const { code, stderr } = await runVerb([
    ...["branch", RUN, "5", "--steps", "1", "-o", FOLDER.file("same.replay")],
    ...["--mutate", "s => { s = 100 }"],
  ]);
  assertEquals(code, 0);
  assertStringIncludes(stderr, "note: the branch starts from the unchanged state");
});

Deno.test("record and branch change single parameters and merge the others", async () => {
  const params = async (verb: string[], ...options: string[]): Promise<string> => {
    const file = FOLDER.file(`${crypto.randomUUID()}.replay`);
    const { code, stderr } = await runVerb([...verb, "-o", file, ...options]);
    assertEquals([code, stderr], [0, ""]);
    return (await runVerb(["info", file])).stdout.match(/^params +(.*)$/m)![1]!;
  };
  const file = FOLDER.write("params.json", '{"rates": {"birth": 7}}\n');
  assertEquals(
    await params(["branch", RUN, "5"], "--params", `@${file}`, "--param", "w.1=9"),
    "{beta: 0.3, rates: {death: 0.1, birth: 7}, w: Float64Array(2) [1, 9]}",
  );
  const record = ["record", MODEL, "--steps", "5", "--seed", "1"];
  assertEquals(
    await params(record, "--param", "rates.death=0.5", "--param", "w=[1,2,3]"),
    "{beta: 0.3, rates: {death: 0.5, birth: 0.2}, w: Float64Array(3) [1, 2, 3]}",
  );
  const wrong = await runVerb([...record, "-o", FOLDER.file("x.replay"), "--param", "bta=1"]);
  assertMatch(wrong.stderr, /^error: Unknown parameter 'params.bta'; did you mean 'beta'\?\n$/);
});

Deno.test("record --init takes the kinds of the module's own initial state", async () => {
  const record = (init: string, ...options: string[]): Promise<CliResult> =>
    runVerb([
      ...["record", MODEL, "--steps", "1", "--seed", "1", "--init", init, "-f"],
      ...["-o", FOLDER.file("init.replay"), ...options],
    ]);
  const whole =
    '{"p":[1,2],"grid":[5,6,7],"tags":["z"],"m":{"$map":[]},"big":1,"born":{"$date":null},"n":3,"list":[]}';
  assertEquals((await record(whole)).stderr, "");
  const { stdout } = await runVerb(["get", FOLDER.file("init.replay"), "0"]);
  assertMatch(stdout, /grid: Float64Array\(3\) \[5, 6, 7\], tags: Set\(1\) \{"z"\}, .* big: 1n/);
  const { code, stderr } = await record('{"n":3}');
  assertEquals(code, 2);
  assertMatch(stderr, /^error: Cannot use --init: state: 'p' is missing\n/);
});

Deno.test("a branch is held against its parent where that met no copy of its state", async () => {
  const model = FOLDER.write(
    "one_block.js",
    `let kept;
export const init = () => ({ list: [0], n: 0 });
export const step = (s, rng) => {
  if (kept !== s.list) s.list[0]++;
  kept = s.list;
  s.n += rng.random();
  return s;
};
`,
  );
  const run = FOLDER.file("one_block.replay");
  const branch = FOLDER.file("one_block_branch.replay");
  const words = ["record", model, "--steps", "20", "--seed", "1", "--block-size", "50", "-o", run];
  // It is told what the module remembers; without guards it is not.
  assertEquals((await runVerb(words)).code, 1);
  assertEquals((await runVerb([...words, "--force", "--no-guards"])).code, 0);
  for (const options of [["--same-draws"], ["--steps", "2"]]) {
    const { code, stderr } = await runVerb(["branch", run, "8", ...options, "-o", branch]);
    assertEquals(code, 2);
    assertStringIncludes(
      stderr,
      "Cannot branch at 8: the step tells a state from a copy of it: a plain loop would give another state 9, where " +
        "state.list[0] is 1, and 2 after a checkpoint",
    );
  }
  const forced = ["branch", run, "8", "--no-guards", "--same-draws", "-o", branch];
  assertEquals((await runVerb(forced)).code, 0);
  const why = await runVerb(["why", run, "--where", "s => s.list[0] > 1", "--forks", "100"]);
  assertEquals(why.code, 2);
  assertMatch(why.stderr, /Cannot branch at \d+: the step tells a state from a copy of it/);
});
