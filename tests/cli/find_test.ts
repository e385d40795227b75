import { assertEquals, assertStringIncludes } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const FOLDER = new TempFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const MODEL = FOLDER.write(
  "fever.js",
  `export const params = { limit: 3 };
export const isHot = (s) => s.temp > 38;
export const init = () => ({ infected: 1, temp: 36, agents: [{ energy: 1 }] });
export const step = (s) => ({ ...s, infected: s.infected + 1, temp: s.temp + 1 });
`,
);
const RUN = FOLDER.file("run.replay");
const RECORD = ["record", MODEL, "--steps", "20", "--seed", "1", "--param", "limit=5", "-o"];
await runVerb([...RECORD, RUN]);

Deno.test("find says which name of a predicate no state has", async () => {
  const { code, stderr } = await runVerb(["find", RUN, "--where", "s => s.infectd > 5"]);
  assertEquals([code, stderr], [
    1,
    "no step satisfies the predicate\n" +
    "note: state.infectd is undefined in every state that was looked at\n" +
    "hint: did you mean 'infected'?\n",
  ]);
});

Deno.test("functions may use what the module exports, and the parameters of the run", async () => {
  const found = async (where: string): Promise<string> =>
    (await runVerb(["find", RUN, "--where", where])).stdout;
  assertEquals(await found("isHot"), "3\n");
  // 3 in the module, 5 in the run.
  assertEquals(await found("(s) => !isHot(s) || s.infected > params.limit"), "0\n");
  assertEquals(await found("(s) => s.infected > params.limit // limit"), "5\n");
  const fork = FOLDER.file("fork.replay");
  await runVerb(["branch", RUN, "2", "--mutate", "s => { s.temp = params.limit }", "-o", fork]);
  assertStringIncludes((await runVerb(["get", fork, "0"])).stdout, "temp: 5");
  const { stdout } = await runVerb(["stats", RUN, "--of", "s => Number(isHot(s))", "--json"]);
  assertEquals(JSON.parse(stdout).mean, 0.85);
  // What the language has means the same beside every module.
  const own = FOLDER.write(
    "own.js",
    `export const Number = { isNaN: () => true };
export const init = 0;
export const step = (x) => x + 1;`,
  );
  const owned = FOLDER.file("own.replay");
  await runVerb(["record", own, "--steps", "9", "--seed", "1", "-o", owned]);
  assertEquals((await runVerb(["find", owned, "--where", "x => Number.isNaN(x)"])).code, 1);
});

Deno.test("record says which name of --until and --observe no state has, and refuses a name twice", async () => {
  const record = [...RECORD, FOLDER.file("odd.replay")];
  const { code, stderr } = await runVerb([
    ...record,
    ...["--until", "s => s.tmp > 40", "--observe", "v=s => s.infectd + 1"],
  ]);
  assertEquals(code, 0);
  assertStringIncludes(stderr, "note: state.tmp is undefined in every state");
  assertStringIncludes(stderr, "note: state.infectd is undefined in every state");
  const exported = await runVerb(["export", RUN, "--observe", "v=s => s.infectd"]);
  assertEquals(exported.code, 0);
  assertStringIncludes(exported.stderr, "note: state.infectd is undefined in every state");
  const twice = await runVerb([
    ...[...RECORD, FOLDER.file("twice.replay")],
    ...["--observe", "v=s => s.infected", "--observe", "v=s => s.temp"],
  ]);
  assertEquals(twice.code, 2);
  assertStringIncludes(twice.stderr, "Invalid option --observe: 'v' is given twice");
});

Deno.test("record refuses `observe` as a Map, whose entries nobody would see", async () => {
  const module = FOLDER.write(
    "map.js",
    `export const init = { x: 0 };
export const step = (s) => ({ x: s.x + 1 });
export const observe = new Map([["x", (s) => s.x]]);
`,
  );
  const { code, stderr } = await runVerb([
    ...["record", module, "--steps", "5", "--seed", "1", "-o", FOLDER.file("map.replay")],
  ]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "`observe` is not an object of functions of the state");
});

Deno.test("an observable may be called as a built-in method is, or as what a promise has", async () => {
  const module = FOLDER.write(
    "then.js",
    `export const init = 1;
export const step = (x) => x + 1;
export const observe = { then: (x) => x, toString: (x) => 2 * x };`,
  );
  const words = ["record", module, "--steps", "9", "--seed", "1", "-o", FOLDER.file("then.replay")];
  const { code, stdout } = await runVerb(words);
  assertEquals(code, 0);
  assertEquals(stdout.match(/^ {2}\S+ count 9, mean [\d.]+/gm), [
    "  then: count 9, mean 5",
    "  toString: count 9, mean 10",
  ]);
});
