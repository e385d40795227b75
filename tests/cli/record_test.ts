import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openRecord } from "../../src/artifact/open_record.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { artifactOf, DECAY, DECAY_SOURCE, WALK, WALK_SOURCE } from "./fixtures.ts";
import { type CliResult, EXAMPLES, runCli, spawnCli, TempFolder } from "./run_cli.ts";
import { runVerb, runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
const cwd = FOLDER.path;
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));
FOLDER.write("walk.js", WALK_SOURCE);
FOLDER.write("decay.js", DECAY_SOURCE);
FOLDER.write("decay.replay", artifactOf(DECAY));

/** Runs a verb in the folder of the fixtures. */
function runIn(words: readonly string[]): Promise<CliResult> {
  return runVerbIn(FOLDER.path, words);
}

/** Records a module of one line to `<name>.replay`. */
async function recordModule(name: string, source: string, ...more: string[]): Promise<CliResult> {
  FOLDER.write(`${name}.ts`, source);
  const out = ["-o", `${name}.replay`];
  return await runIn(["record", `${name}.ts`, "--steps", "40", "--seed", "1", ...out, ...more]);
}

Deno.test("record writes what the library records", async () => {
  const { code, stdout, stderr } = await runCli(
    ["record", "walk.js", "--steps", "1e3", "--seed", "42"],
    { cwd },
  );
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^recorded 1,000 steps with seed 42 in \d+\.\d\d s: walk\.replay, [\d,]+ bytes\n {2}position: count 1,000, mean -8\.05, .* max 12\n$/,
  );
  const { record, info } = await openRecord(FOLDER.file("walk.replay"));
  assertEquals([info.math, info.stepId, record.source], ["portable", "walk.js", WALK_SOURCE]);
  assertEquals(record.observed, WALK.observed);
  assertEquals(record.lastState, WALK.lastState);
  const states = Array.from({ length: 32 }, (_, block) => record.checkpoints.bytesAt(block));
  assertEquals(states, Array.from({ length: 32 }, (_, block) => WALK.checkpoints.bytesAt(block)));
});

Deno.test("record --json with all options", async () => {
  const { code, stdout, stderr } = await runIn([
    ...["record", "decay.js", "--steps", "1_00", "--seed", "-0x10", "-o", "all.replay"],
    ...["--init", '{"value":3,"gain":0.25,"cells":[]}', "--params", '{"rate":0}', "--rng", "sfc32"],
    ...["--block-size", "7", "--until", "(s, t) => t === 30", "--self-check", "--no-source"],
    "--json",
  ]);
  assertEquals([code, stderr], [0, ""]);
  const { contentHash, fileBytes, ...rest } = JSON.parse(stdout);
  assertEquals(rest, {
    file: "all.replay",
    steps: 31,
    seed: -16,
    rng: "sfc32",
    blockSize: 7,
    blocks: 5,
    observed: {},
    failure: null,
    stride: 1,
    finished: true,
  });
  const { record, info } = await openRecord(FOLDER.file("all.replay"));
  assertEquals([info.contentHash, info.fileBytes], [contentHash, fileBytes]);
  assertEquals([record.source, record.params], [undefined, { rate: 0 }]);
  assertEquals([info.hasSource, info.sourceHash?.length], [false, 64]);
  assertEquals(decodeState(record.checkpoints.bytesAt(0)), { value: 3, gain: 0.25, cells: [] });
  assertEquals(decodeState(record.lastState!), { value: 3 * 0.25 ** 30, gain: 0.25, cells: [] });
});

Deno.test("record --observe takes statistics of what is named, exported or not", async () => {
  const { code, stdout, stderr } = await runIn([
    ...["record", "walk.js", "--steps", "1000", "--seed", "42", "-o", "observed.replay", "--json"],
    ...["--observe", "position", "--observe", "pair=x => [x, x * x]"],
  ]);
  assertEquals([code, stderr], [0, ""]);
  const { position, pair } = JSON.parse(stdout).observed;
  assertEquals(position, WALK.observed.position);
  assertEquals([pair.count, pair.mean[0]], [1000, position.mean]);
  const none = await runIn(
    ["record", "walk.js", "--steps", "9", "--seed", "1", "-o", "o.replay", "--observe", "x=x=>x"],
  );
  assertMatch(none.stdout, /\n {2}x: count 9, mean /);
});

Deno.test("record says what is wrong with an option, and writes nothing", async () => {
  const before = FOLDER.names();
  const base = ["record", "decay.js", "--steps", "9", "--seed", "1", "-o"];
  const cases: [string[], string][] = [
    [["--init", "{"], "Invalid value for --init: it must be JSON: "],
    [["--init", '{"$x":1}'], "Invalid value for --init: Cannot read state"],
    [["--params", "[1,"], "Invalid value for --params: it must be JSON: "],
    [["--rng", "mt"], "Invalid value 'mt' for --rng: it must be python, numpy or sfc32"],
    [
      ["--block-size", "0"],
      "Invalid value '0' for --block-size: it must be a whole number of at least 1",
    ],
    [["--until", "s =>"], "Cannot use the expression: SyntaxError"],
    [["--observe", "speed"], "the step module exports no observable `speed`"],
    [["--observe", "s => s.value"], "Missing name for the function 's => s.value' of --observe"],
    [
      ["--observe", "s=>s.value"],
      "Missing name for the function 's=>s.value' of --observe\nhint: write 'name=s=>s.value'",
    ],
    [["--observe", "a b"], 'Cannot observe "a b": the name of an observable is a plain word'],
    [["--memory", "0"], "Invalid value '0' for --memory: it must be a number of at least 1"],
    [["--memory", "5"], "needs at least"],
    [
      ["--timeout", "soon"],
      "Invalid value 'soon' for --timeout: it must be a number of at least 0",
    ],
  ];
  await Promise.all(cases.map(async ([options, message], i) => {
    const { code, stdout, stderr } = await runIn([...base, `no-${i}.replay`, ...options]);
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, message);
  }));
  assertEquals(FOLDER.names(), before);
});

Deno.test("record does not replace a file without --force, nor write where it cannot", async () => {
  FOLDER.write("taken.replay", "precious");
  const base = ["record", "walk.js", "--steps", "10", "--seed", "1", "-o"];
  const [taken, folder, missing, forced] = await Promise.all([
    runIn([...base, "taken.replay"]),
    runIn([...base, "."]),
    runIn([...base, "nowhere/x.replay"]),
    runIn([...base, "decay.replay", "--force"]),
  ]);
  assertEquals(taken, {
    code: 2,
    stdout: "",
    stderr:
      "error: Cannot write 'taken.replay': the file already exists\nhint: pass --force to overwrite it\n",
  });
  assertEquals(await Deno.readTextFile(FOLDER.file("taken.replay")), "precious");
  assertEquals(folder.stderr, "error: Cannot write '.': it is a folder\n");
  assertEquals(
    missing.stderr,
    "error: Cannot write 'nowhere/x.replay': there is no folder 'nowhere'\nhint: make the folder first\n",
  );
  assertEquals(forced.code, 0);
  assertEquals((await openRecord(FOLDER.file("decay.replay"))).info.stepId, "walk.js");
  FOLDER.write("decay.replay", artifactOf(DECAY));
});

Deno.test("record of a module that is not there or is a folder", async () => {
  const [missing, folder] = await Promise.all(
    ["nope.ts", "."].map((path) =>
      runIn(["record", path, "--steps", "9", "--seed", "1", "-o", "no.replay"])
    ),
  );
  assertEquals(
    [missing!.code, missing!.stderr],
    [2, "error: Cannot open 'nope.ts': there is no such file or folder\n"],
  );
  assertEquals([folder!.code, folder!.stderr], [2, "error: Cannot open '.': it is a folder\n"]);
});

Deno.test("record of a step that throws late keeps the states before it and ends with 1", async () => {
  const source = `export const init = 0;
    export function step(x: number): number {
      if (x === 29) throw new Error("tank \\x1b[31mfull\\x1b[0m\\nnow");
      return x + 1;
    }`;
  const { code, stdout, stderr } = await recordModule("late", source);
  assertEquals(code, 1);
  assertMatch(stdout, /^recorded 30 steps /);
  assertEquals(
    stderr,
    String.raw`the step threw at step 30, the 30 states before it are kept: Error: tank ` +
      String.raw`\x1b[31mfull\x1b[0m\nnow (at late.ts:3:27 in step())` +
      "\nhint: 'rewind trace RUN 30' shows its draws up to there, 'rewind debug' stops in it\n",
  );
  const [last, verified] = await Promise.all([
    runIn(["get", "late.replay", "-1"]),
    runIn(["verify", "late.replay"]),
  ]);
  assertEquals([last.stdout, verified.code], ["29\n", 0]);
  const { record } = await openRecord(FOLDER.file("late.replay"));
  assertEquals(record.failure, { t: 30, error: "Error: tank \x1b[31mfull\x1b[0m\nnow" });
});

Deno.test("every mistake of an honest author is one message with t, the name and what to do", async () => {
  const step = (body: string): string =>
    `export const init = 0; export const step = (x) => { ${body}; return x + 1; };`;
  const cases: { name: string; source: string; message: RegExp; code: number; more?: string[] }[] =
    [
      {
        name: "date",
        source: step("if (x === 16) Date.now()"),
        message: /step called Date\.now\(\) at t=17: all randomness must come from rng/,
        code: 1,
      },
      {
        name: "init",
        source: "export const init = () => Math.random(); export const step = (x) => x;",
        message:
          /init called Math\.random\(\) at t=0: .* from rng, the second argument of init; .*--shim random/,
        code: 2,
      },
      {
        name: "fetch",
        source: `await fetch("http://127.0.0.1/"); ${step("")}`,
        message: /called fetch\(\) while loading: a step does no I\/O/,
        code: 2,
      },
      {
        name: "import",
        source: `import { readFileSync } from "node:fs"; ${step("readFileSync('x')")}`,
        message:
          /^Cannot load 'import\.ts': import\.ts:1:1 imports "node:fs"\nhint: .* pass what it needs/,
        code: 2,
      },
      {
        name: "missing",
        source: `import { f } from "./gone.ts"; ${step("f()")}`,
        message:
          /Cannot bundle .*missing\.ts': .*gone\.ts[^]*\nhint: fix the imports of missing\.ts$/,
        code: 2,
      },
      {
        name: "instance",
        source: "class Agent {} export const init = { agents: [] };" +
          "export const step = () => ({ agents: [1, new Agent()] });",
        message: /state\.agents\[1\] is an instance of Agent.*give a codec.* \(at t=1\)$/,
        code: 2,
      },
      {
        name: "loop",
        source: step("while (x === 4)"),
        message: /limit for time at t=5 and was killed\nhint: .*--timeout/,
        code: 3,
        more: ["--timeout", "1"],
      },
      {
        name: "nothing",
        source: "export const init = { x: 0 };" +
          "export const step = (s) => { if (s.x !== 5) return { x: s.x + 1 }; };",
        message: /threw at step 7, [^]*\nnote: state 6 is undefined: the step must return the next/,
        code: 1,
      },
      {
        name: "promise",
        source: "export const init = 0; export const step = async (x) => x;",
        message: /state is a Promise: a step must be synchronous.* \(at t=1\)$/,
        code: 2,
      },
      {
        name: "syntax",
        source: "export const init = 0;\nexport const step = (x => x;",
        message: /^Cannot read 'syntax\.ts' as TypeScript: [^]*export const step = \(x => x;/,
        code: 2,
      },
      {
        name: "stepless",
        source: "export const init = 0;",
        message: /does not export a function `step\(state, rng, params, t, input\)`/,
        code: 2,
      },
      {
        name: "counter",
        source: "let n = 0; export const init = 0; export const step = (x) => x + n++;",
        message:
          /\nhint: draw all randomness from rng, and nothing from variables outside the step/,
        code: 1,
      },
    ];
  await Promise.all(cases.map(async ({ name, source, message, code, more = [] }) => {
    const result = await recordModule(name, source, ...more);
    assertEquals(result.code, code, result.stderr);
    assertMatch(result.stderr.trimEnd().replace(/^error: /, ""), message);
    assertEquals(
      /\n\s+at .*\.ts:\d+:\d+\)?$/m.test(result.stderr.replace(/gone\.ts[^]*/, "")),
      false,
    );
  }));
});

Deno.test("record bundles a module with imports; what it leaves needs none of them", async () => {
  await Deno.mkdir(FOLDER.file("model"));
  FOLDER.write(
    "model/half.ts",
    "export enum Part { Half = 2 }\nexport const half = (x: number) => x / Part.Half;\n",
  );
  FOLDER.write(
    "model/main.ts",
    'import { half } from "./half.ts";\nexport const init = 1024;\nexport const step = (x: number): number => half(x);\n',
  );
  const { code, stderr } = await runIn(
    ["record", "model/main.ts", "--steps", "5", "--seed", "1", "-o", "main.replay"],
  );
  assertEquals([code, stderr], [0, ""]);
  await Deno.remove(FOLDER.file("model"), { recursive: true });
  const [states, verified] = await Promise.all([
    runIn(["get", "main.replay", "4", "1"]),
    runIn(["verify", "main.replay"]),
  ]);
  assertEquals([states.stdout, verified.code], ["64\n512\n", 0]);
});

Deno.test("record says that ** is not portable, and nothing of stars elsewhere", async () => {
  const step = (power: string) =>
    `/** A **bold** word. */\n// and a **\nexport const step = (x: number): number => ${power};\nexport const init = 2;\n`;
  const warned = await recordModule("starry", step("0.5 * x ** 1.5"));
  assertEquals(warned.code, 0);
  assertMatch(
    warned.stderr,
    /^warning: starry\.ts:3:50 uses \*\*, .*Math\.pow gives the same bits everywhere\n$/,
  );
  assertEquals((await recordModule("plain", step("0.5 * Math.pow(x, 1.5)"))).stderr, "");
});

Deno.test("record keeps the text of a module without imports, so that people can read it", async () => {
  const source =
    "/** Doubles. */\nexport const step = (x: number): number => 2 * x;\nexport const init = 1;\n";
  assertEquals((await recordModule("typed", source)).code, 0);
  const { stdout } = await runIn(["info", "typed.replay", "--source"]);
  assertMatch(stdout, /^\/\*\* Doubles\. \*\/\nexport const step = \(x +\) +=> 2 \* x;\n/);
});

Deno.test("branch changes a state, parameters, seed and length", async () => {
  const branch = async (name: string, t: string, ...options: string[]): Promise<unknown[]> => {
    const { code, stdout, stderr } = await runIn(
      ["branch", "decay.replay", t, "-o", `${name}.replay`, "--json", ...options],
    );
    assertEquals([code, stderr], [0, ""]);
    const { file, parentHash, branchPoint, steps, seed, failure, finished } = JSON.parse(stdout);
    assertEquals([file, failure, finished], [`${name}.replay`, null, true]);
    const { record } = await openRecord(FOLDER.file(file));
    assertEquals([record.branchPoint, record.parentHash], [branchPoint, parentHash]);
    return [branchPoint, steps, seed, decodeState(record.checkpoints.bytesAt(0)), record.params];
  };
  const start = { value: 1, gain: 0.5, cells: [1, 2, 3] };
  const [set, whole, mutate, rest] = await Promise.all([
    branch("b1", "0", "--set", ".gain=0.9", "--set", '.cells[1]={"$number":"NaN"}'),
    branch("b2", "-100", "--set", '.={"value":2,"gain":1,"cells":[]}', "--seed", "5"),
    branch("b3", "0", "--mutate", "s => { s.value += 9 }", "--steps", "3"),
    branch("b4", "10", "--params", '{"rate":0}'),
  ]);
  const params = { rate: 2 };
  assertEquals(set!.slice(0, 2), [0, 100]);
  assertEquals(set!.slice(3), [{ ...start, gain: 0.9, cells: [1, NaN, 3] }, params]);
  assertEquals(whole, [0, 100, 5, { value: 2, gain: 1, cells: [] }, params]);
  assertEquals([mutate![1], mutate![3]], [3, { ...start, value: 10 }]);
  assertEquals([rest![0], rest![1], rest![4]], [10, 90, { rate: 0 }]);
  assertEquals(rest![3], decodeState(DECAY.checkpoints.bytesAt(1)));
});

Deno.test("branch prints one line, and names its file after t", async () => {
  const { code, stdout, stderr } = await runCli(["branch", "decay.replay", "-1"], { cwd });
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^branched at step 99: 1 step with seed \d+ to decay--1\.replay, [\d,]+ bytes\n$/,
  );
  const other = await runCli(["branch", "./decay.replay", "7", "--seed", "3"], { cwd });
  assertStringIncludes(other.stdout, "seed 3 to decay-7.replay");
});

Deno.test("branch says what is wrong with a change", async () => {
  const cases: [string[], number, string][] = [
    [
      ["--set", ".gian=1"],
      2,
      "Cannot set '.gian': the state has no such part\nhint: did you mean '.gain'?",
    ],
    [
      ["--set", ".zzzzz=1"],
      2,
      "Cannot set '.zzzzz': the state has no such part\nhint: it has .value, .gain, .cells",
    ],
    [["--set", ".cells[3]=1"], 2, "Cannot set '.cells[3]': .cells of the state has no such part"],
    [["--set", ".gain.x=1"], 2, "it is a single value: pass '.gain=JSON' to set it"],
    [
      ["--set", "gain=1"],
      2,
      "Invalid value 'gain=1' for --set: it must be PATH=JSON, such as '.value=1'",
    ],
    [["--set", ".gain=much"], 2, "Invalid value for --set: it must be JSON"],
    [["--set", ".gain=1", "--mutate", "s => s"], 2, "Invalid option --set with --mutate"],
    [["--mutate", "s => nope"], 2, "ReferenceError: nope is not defined"],
    [["--mutate", "s => ({ f: () => 1 })"], 2, "state.f is a function"],
    [["--params", "{"], 2, "Invalid value for --params: it must be JSON"],
    [["--seed", "x"], 2, "Invalid value 'x' for --seed: it must be a whole number"],
  ];
  const wrong = ["-o", FOLDER.file("wrong.replay")];
  for (const [options, expected, message] of cases) {
    const { code, stdout, stderr } = await runVerb(
      ["branch", FOLDER.file("decay.replay"), "5", ...wrong, ...options],
    );
    assertEquals([code, stdout], [expected, ""], stderr);
    assertStringIncludes(stderr, message);
  }
  const beyond = await runVerb(["branch", FOLDER.file("decay.replay"), "100", ...wrong]);
  assertStringIncludes(beyond.stderr, "Cannot read step 100: the run has steps 0 to 99");
  assertEquals(FOLDER.names().filter((name) => name.startsWith("wrong.replay")), []);
});

/** Pids of the processes that a process has started; Linux only. */
function childrenOf(pid: number): number[] {
  const text = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

Deno.test({
  name: "Ctrl-C while recording leaves what opens and goes on, or nothing, and no process",
  ignore: Deno.build.os !== "linux",
  async fn() {
    let kept = 0;
    // How far a recording has come when the signal arrives depends on the machine: later ones keep more.
    for (const delayMs of [1, 150, 600, 2000, 8000]) {
      const name = `endless-${delayMs}.replay`;
      const process = spawnCli(
        ["record", `${EXAMPLES}walk.ts`, "--steps", "1e9", "--seed", "42", "-o", name, "--json"],
        { cwd },
      );
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const children = childrenOf(process.pid);
      process.kill("SIGINT");
      const { code, stdout, stderr, signal } = await process.output();
      const notes = new TextDecoder().decode(stderr);
      for (const pid of children) {
        await assertGone(pid);
      }
      assertEquals(FOLDER.names().filter((other) => other.endsWith(".tmp")), []);
      const part = `${name}.part`;
      if (!FOLDER.names().includes(part)) {
        // Before the first handler is there the signal ends any process.
        const isEarly = code === 130 && /^interrupted(: nothing was recorded yet)?\n$/.test(notes);
        assert(signal === "SIGINT" || isEarly, notes);
        continue;
      }
      kept++;
      assertEquals(code, 130);
      assertMatch(
        notes,
        /^interrupted: [\d,]+ steps of 1,000,000,000 are kept in \S+\ngo on with: /,
      );
      const { steps, finished } = JSON.parse(new TextDecoder().decode(stdout));
      assertEquals([finished, FOLDER.names().includes(name)], [false, false]);
      const [verified, last] = await Promise.all([
        runIn(["verify", part, "--json"]),
        runIn(["get", part, "-1", "--json"]),
      ]);
      assertEquals(JSON.parse(verified.stdout).ok, true);
      assertEquals(JSON.parse(last.stdout).t, steps - 1);
      if (kept === 1) break;
    }
    assertEquals(kept, 1, "no recording was interrupted after its first block");
  },
});

/** Waits until a process that is about to end is gone. */
async function assertGone(pid: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    try {
      if (/^\d+ \(.*\) Z/.test(await Deno.readTextFile(`/proc/${pid}/stat`))) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`process ${pid} is still there`);
}

Deno.test("record: info lists what the source map tells of the author's machine, and --embed-sources adds texts", async () => {
  await Deno.mkdir(FOLDER.file("mapped/lib"), { recursive: true });
  FOLDER.write("mapped/lib/one.ts", "export const one: number = 1; // private words\n");
  FOLDER.write(
    "mapped/model.ts",
    'import { one } from "./lib/one.ts";\nexport const init = 0;\nexport const step = (x: number): number => x + one;\n',
  );
  const record = (name: string, ...more: string[]) =>
    runIn(["record", "mapped/model.ts", "--steps", "5", "--seed", "1", "-o", name, ...more]);
  assertEquals((await record("bare.replay")).code, 0);
  assertEquals((await record("full.replay", "--embed-sources")).code, 0);
  const [bare, full, json] = await Promise.all([
    runIn(["info", "bare.replay"]),
    runIn(["info", "full.replay"]),
    runIn(["info", "full.replay", "--json"]),
  ]);
  assertMatch(bare.stdout, /\nsource map +names lib\/one\.ts, model\.ts; has no text\n/);
  assertMatch(full.stdout, /\nsource map +names lib\/one\.ts, model\.ts; has the text of 2\n/);
  assertEquals(JSON.parse(json.stdout).sourceMap, {
    sources: ["lib/one.ts", "model.ts"],
    texts: 2,
  });
  const hash = (stdout: string) => /content hash +(\w+)/.exec(stdout)![1];
  assertEquals(hash(bare.stdout), hash(full.stdout));
});
