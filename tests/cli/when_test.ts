import { assertEquals, assertStringIncludes } from "@std/assert";
import { artifactOf, DECAY, WALK } from "./fixtures.ts";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const WALK_FILE = FOLDER.write("walk.replay", artifactOf(WALK));
const DECAY_FILE = FOLDER.write("decay.replay", artifactOf(DECAY));

Deno.test("when names the step with both values and its draws", async () => {
  const x = (t: number): Promise<number> =>
    runVerb(["get", WALK_FILE, `${t}`, "--json"]).then(({ stdout }) => JSON.parse(stdout).state);
  const last = await runVerb(["when", WALK_FILE, ".", "--before", "500"]);
  assertEquals(last.code, 0, last.stderr);
  const [line, draw] = last.stdout.split("\n");
  assertEquals(line, `500: state was ${await x(499)}, is ${await x(500)}`);
  assertStringIncludes(draw!, "  drew random() = 0.");
  const peak = await runVerb([
    ...["when", WALK_FILE, "state", "--first", "--json"],
    ...["--where", "(x, before, t) => x > before && before > 5"],
  ]);
  const { t, before, after, kind, draws } = JSON.parse(peak.stdout);
  assertEquals([kind, before, after, draws.length], ["changed", 6, 7, 1]);
  assertEquals(await x(t), 7);
  const always = await runVerb(["when", WALK_FILE, ".", "--where", "(x) => () => x > 5"]);
  assertEquals([always.code, always.stdout], [2, ""]);
  assertStringIncludes(always.stderr, "counts as true");
  const all = await runVerb([
    "when",
    WALK_FILE,
    ".",
    "--all",
    "--json",
    "--from",
    "10",
    "--before",
    "19",
  ]);
  const { changes } = JSON.parse(all.stdout) as { changes: { t: number }[] };
  assertEquals(changes.map(({ t }) => t), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});

Deno.test("when refuses a predicate whose answer counts as true whatever it found", async () => {
  const { code, stderr } = await runVerb(["when", WALK_FILE, ".", "--where", "(x) => [x > 5]"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "it gives a list, which counts as true");
});

Deno.test("when tells a part that does not change from one that is not there", async () => {
  const same = await runVerb(["when", DECAY_FILE, ".cells", "--json"]);
  assertEquals([same.code, JSON.parse(same.stdout).found], [1, false]);
  const missing = await runVerb(["when", DECAY_FILE, ".gian"]);
  assertEquals([missing.code, missing.stdout], [2, ""]);
  assertStringIncludes(missing.stderr, "did you mean 'state.gain'?");
  assertEquals((await runVerb(["when", DECAY_FILE, "a b"])).code, 2);
});
