import { assertEquals, assertStringIncludes } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const FOLDER = new TempFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Rests at 0, but for a spike that is over at the next step: all checkpoints are equal. */
const SPIKE = FOLDER.write(
  "spike.js",
  `export const params = { at: 15 };
export const init = { t: 0, x: 0 };
export const step = (s, rng, p) => ({ t: s.t + 1, x: s.t + 1 === p.at ? 1 : 0 });
`,
);
const file = (name: string): string => FOLDER.file(`${name}.replay`);
const record = async (name: string, ...options: string[]): Promise<unknown> =>
  await runVerb(["record", SPIKE, "--steps", "50", "--seed", "1", "-o", file(name), ...options]);
const branch = async (name: string, ...options: string[]): Promise<unknown> =>
  await runVerb(["branch", file("a"), ...options, "-o", file(name)]);

await record("a");
await Promise.all([
  record("late", "--param", "at=35"),
  branch("same", "20"),
  branch("changed", "20", "--set", ".x=5"),
  branch("end", "40", "--steps", "5"),
  branch("middle", "10", "--steps", "5"),
]);

async function diff(a: string, b: string): Promise<[number, string]> {
  const { code, stdout, stderr } = await runVerb(["diff", file(a), file(b)]);
  return [code, (stdout + stderr).replaceAll(`${FOLDER.path}/`, "")];
}

Deno.test("diff finds what lies between equal checkpoints", async () => {
  assertEquals(await diff("a", "late"), [
    1,
    "first difference at step 15: state.x is 1 and 0\n" +
    "the parameters differ: params.at is 15 in the first run, 35 in the second\n",
  ]);
  assertEquals(await diff("a", "a"), [0, "the same: all 50 states are equal\n"]);
  const { code, stderr } = await runVerb(["diff", FOLDER.path, "--output-dir", FOLDER.file("out")]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Invalid option --output-dir with a folder");
});

Deno.test("diff holds a branch against its parent from where it left it", async () => {
  assertEquals(await diff("a", "same"), [
    0,
    "the same: 30 states are equal\n" +
    "compared from step 20 of a.replay and step 0 of same.replay\n",
  ]);
  assertEquals(await diff("changed", "a"), [
    1,
    "first difference at step 0: state.x is 5 and 0\n" +
    "that is step 0 of changed.replay and step 20 of a.replay\n",
  ]);
  const { stdout } = await runVerb(["diff", file("a"), file("changed"), "--json"]);
  const { same, compared, firstDifferentSteps } = JSON.parse(stdout);
  assertEquals([same, compared, firstDifferentSteps], [false, 30, [20, 0]]);
  const [code, text] = await diff("a", "end");
  assertEquals(code, 1);
  assertStringIncludes(text, "the same for 5 states, then one ends: 50 and 5 steps");
});

Deno.test("diff refuses runs that have no state at the same t", async () => {
  const [code, text] = await diff("end", "middle");
  assertEquals(code, 3);
  assertStringIncludes(text, "end.replay has 40 to 44; middle.replay has 10 to 14");
});

Deno.test("diff refuses options that say how logs are compared, where runs are, and the other way round", async () => {
  const words = [["--tolerance", "0.5"], ["--max-steps", "9"], ["-s", "x"], ["--mode", "drift"]];
  for (const [option, value] of words as [string, string][]) {
    const { code, stderr } = await runVerb(["diff", file("a"), file("changed"), option, value]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "with a comparison of two .replay files: it is of no use there");
  }
  const log = FOLDER.write("log.jsonl", '{"step": 1, "loss": 2}\n');
  const { stderr } = await runVerb(["diff", log, log, "--ignore", ".loss"]);
  assertStringIncludes(stderr, "Invalid option --ignore with a comparison of two logs");
});
