import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import { saveBytes } from "./save_bytes.ts";
import { artifactOf, DECAY, DECAY_SOURCE, WALK, WALK_SOURCE } from "./fixtures.ts";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const DECAY_FILE = FOLDER.write("decay.replay", artifactOf(DECAY));
const WALK_FILE = FOLDER.write("walk.replay", artifactOf(WALK));

/** Compares the run of {@linkcode DECAY} with a changed module. */
async function diverge(from: string | RegExp, to: string, ...more: string[]) {
  const source = DECAY_SOURCE.replace(from, () => to);
  assert(source !== DECAY_SOURCE || from === "", String(from));
  const file = FOLDER.write("changed.js", source);
  const result = await runVerb(["diverge", DECAY_FILE, "--with", file, "--json", ...more]);
  assert(result.stdout !== "", result.stderr);
  return { ...result, json: JSON.parse(result.stdout) };
}

Deno.test("diverge names step, draw with its places, path and values", async () => {
  const { code, json } = await diverge(
    "rng.random()",
    "(s.value > 3 ? rng.random() : rng.gauss(0, 1))",
  );
  assertEquals(code, 1);
  assertEquals([json.kind, json.t, json.stateT, json.path], ["draws", 1, 1, "state.value"]);
  const { index, change, before, after, placeBefore, placeAfter } = json.draw;
  assertEquals([index, change, before.method, after.method], [0, "other", "random", "gauss"]);
  assertEquals(after.args, [0, 1]);
  assertEquals(placeBefore, "decay.js:4:49 in step()");
  assertEquals(placeAfter, "changed.js:4:79 in step()");
  const equal = await diverge("rate * rng.random()", "rng.uniform(0, 1) * rate");
  assertEquals([equal.code, equal.json.kind, equal.json.t], [0, "equal", null]);
});

Deno.test("diverge makes X_0 by the other module's init, and takes its params where they were the module's", async () => {
  const start = await diverge("value: 1,", "value: 1.5,");
  assertEquals([start.json.t, start.json.path, start.json.after], [0, "state.value", "1.5"]);
  const params = await diverge("rate: 2", "rate: 3");
  assertEquals([params.json.t, params.json.kind, params.json.draw], [1, "value", null]);
  assertEquals(params.json.params, { path: "params.rate", before: "2", after: "3" });
  assertMatch(params.stderr, /the parameters differ: params.rate is 2 recorded, 3 now/);
  const last = await diverge(
    "s.value * s.gain + rate * rng.random()",
    "s.value * s.gain * (1 + 2 ** -52) + rate * rng.random()",
  );
  assertEquals([last.json.kind, last.json.path], ["last-bits", "state.value"]);
  const left = await diverge(
    "gain: s.gain,",
    "gain: s.gain, cells2: s.cells,",
    "--ignore",
    ".cells2",
  );
  assertEquals([left.code, left.json.kind], [0, "equal"]);
});

Deno.test("diverge tells what the other step throws, and that it does not throw where the recorded one did", async () => {
  const thrown = await diverge(
    "return {",
    "if (s.value > 3.2) throw new Error('too much'); return {",
  );
  assertEquals([thrown.code, thrown.json.kind, thrown.json.path], [1, "value", null]);
  assertStringIncludes(thrown.json.errorAfter, "Error: too much");
  const fails =
    "export const init = 0;\nexport const step = (x) => { if (x === 7) throw new Error('seven'); return x + 1; };\n";
  const bad = FOLDER.write("fails.js", fails);
  const recorded = await runVerb([
    "record",
    bad,
    "--steps",
    "20",
    "--seed",
    "1",
    "-o",
    FOLDER.file("fails.replay"),
  ]);
  assertStringIncludes(recorded.stdout, "7", recorded.stderr);
  const good = FOLDER.write("works.js", fails.replace("x === 7", "x === 70"));
  const { stdout, code } = await runVerb(["diverge", FOLDER.file("fails.replay"), "--with", good]);
  assertEquals(code, 1);
  assertStringIncludes(stdout, "differ from t = 8 on");
  assertStringIncludes(stdout, "no error now");
  // The state that differs comes before the one at which it throws for that.
  const text = FOLDER.write(
    "text.js",
    fails.replace("x === 7) throw", "x === 'four') throw").replace(
      "x + 1",
      "x === 3 ? 'four' : x + 1",
    ),
  );
  const behind = await runVerb(["diverge", FOLDER.file("fails.replay"), "--with", text]);
  assertStringIncludes(behind.stdout, "differ from t = 4 on");
  assertStringIncludes(behind.stdout, 'state is 4 recorded, "four" now');
  const same = await runVerb(["diverge", FOLDER.file("fails.replay"), "--with", bad]);
  assertEquals([same.code, same.stdout], [0, "equal: all 8 states are equal\n"]);
});

Deno.test("diverge compares two files by their own sources, and refuses a run whose own step does not replay it", async () => {
  const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.503 ? 1 : -1);
  const options = { init: 0, steps: 1000, seed: 42 };
  const other = saveBytes(
    FOLDER,
    "other.replay",
    record(step, options),
    WALK_SOURCE.replace("0.5", "0.503"),
  );
  const two = await runVerb(["diverge", WALK_FILE, other, "--json"]);
  const { t, path, kind } = JSON.parse(two.stdout);
  const plain = [...record(step, options).states()];
  let x = 0;
  const first = [
    ...record((x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1), options)
      .states(),
  ]
    .findIndex((state, t) => (x = t, state !== plain[t]));
  assertEquals([two.code, t, path, kind], [1, first, "state", "value"], `${x}`);
  const diff = await runVerb(["diff", WALK_FILE, other, "--json"]);
  assertEquals(JSON.parse(diff.stdout).firstDifferentStep, first);
  const wrong = FOLDER.write(
    "wrong.replay",
    artifactOf(WALK, { source: WALK_SOURCE.replace("1 : -1", "2 : -2") }),
  );
  const refused = await runVerb(["diverge", wrong, "--with", FOLDER.write("walk.js", WALK_SOURCE)]);
  assertEquals([refused.code, refused.stdout], [3, ""]);
  assertStringIncludes(
    refused.stderr,
    "the step that a run was recorded with does not replay it here",
  );
});

Deno.test("diff compares a run and its branch from where it left the run", async () => {
  const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
  const options = { init: 0, steps: 100, seed: 1, blockSize: 10, source: WALK_SOURCE };
  const run = record(step, options);
  const file = FOLDER.write("run.replay", await run.toBytes());
  const same = FOLDER.write("same.replay", await run.branch(34, { seed: "same" }).toBytes());
  const equal = await runVerb(["diff", file, same]);
  assertEquals(
    [equal.code, equal.stdout.slice(0, 43)],
    [0, "the same: 66 states are equal\ncompared from"],
    equal.stderr,
  );
  const mutated = run.branch(34, { mutate: (x) => x + 0.5 });
  const other = FOLDER.write("mutated.replay", await mutated.toBytes());
  const set = await runVerb(["diff", other, file, "--json"]);
  const { firstDifferentSteps, divergence: { path, before } } = JSON.parse(set.stdout);
  assertEquals([set.code, firstDifferentSteps], [1, [0, 34]]);
  assertEquals([path, before], ["state", `${run.get(34) + 0.5}`]);
});

Deno.test("diverge writes a page, and refuses what it cannot do", async () => {
  const changed = FOLDER.write(
    "changed.js",
    DECAY_SOURCE.replace("rng.random()", "rng.gauss(0, 1)"),
  );
  const page = FOLDER.file("page.html");
  const args = ["diverge", DECAY_FILE, "--with", changed, "-o", page];
  assertEquals((await runVerb(args)).code, 1);
  const text = await Deno.readTextFile(page);
  for (const part of ["gauss(0, 1)", "random()", "state.value", "rewind trace"]) {
    assertStringIncludes(text, part);
  }
  assertEquals((await runVerb(args)).code, 2);
  assertEquals((await runVerb(["diverge", DECAY_FILE])).code, 2);
  assertEquals((await runVerb(["diverge", DECAY_FILE, WALK_FILE, "--with", changed])).code, 2);
  assertEquals((await runVerb([...args, "--force", "--ignore", "a b[x"])).code, 2);
  const bytes = Uint8Array.from(artifactOf(WALK));
  bytes[bytes.length >> 1]! ^= 1;
  const damaged = FOLDER.write("damaged.replay", bytes);
  const { code, stdout, stderr } = await runVerb(["diverge", WALK_FILE, damaged]);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /^error: Cannot read '\S*damaged\.replay': .*(damaged|CRC)/);
});
