import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { expect } from "@std/expect";
import { Run } from "../../src/artifact/run.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { artifactOf, DECAY, WALK, WALK_SOURCE } from "./fixtures.ts";
import { hasProgram, runCli, TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
FOLDER.write("walk.replay", artifactOf(WALK));
FOLDER.write("decay.replay", artifactOf(DECAY));
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const walk = new Run<number>(WALK, {
  step: (x: number, rng) => x + ((rng as PythonRandom).random() < 0.5 ? 1 : -1),
  codec: undefined,
});

/** Runs in the folder of the fixtures; the command must not write to stderr. */
async function quiet(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runVerbIn(FOLDER.path, args);
  assertEquals([code, stderr], [0, ""], args.join(" "));
  return stdout;
}

async function json(...args: string[]): Promise<unknown> {
  return JSON.parse(await quiet(...args, "--json"));
}

/** Runs in the folder of the fixtures; gives why the command says it cannot, and what to do if it says so. */
async function refused(code: number, ...args: string[]): Promise<string> {
  const result = await runVerbIn(FOLDER.path, args);
  assertEquals([result.code, result.stdout], [code, ""], args.join(" "));
  const [, message] = /^error: ([^\n]+(?:\nhint: [^\n]+)?)\n$/.exec(result.stderr) ?? [];
  assert(message !== undefined, result.stderr);
  return message!.replace(/\nhint: see 'rewind \w+ --help'$/, "");
}

Deno.test("get prints states, as text and as JSON", async () => {
  const [one, several, object, list, parts] = await Promise.all([
    quiet("get", "walk.replay", "137"),
    quiet("get", "walk.replay", "-1", "0", "-1000", "5e2"),
    json("get", "walk.replay", "-863"),
    json("get", "walk.replay", "1", "-1"),
    quiet("get", "decay.replay", "0"),
  ]);
  assertEquals(one, `${walk.get(137)}\n`);
  assertEquals(several, `${walk.get(999)}\n0\n0\n${walk.get(500)}\n`);
  assertEquals(object, { t: 137, state: walk.get(137) });
  assertEquals(list, [{ t: 1, state: walk.get(1) }, { t: 999, state: walk.get(999) }]);
  assertEquals(parts, "{value: 1, gain: 0.5, cells: [1, 2, 3]}\n");
});

Deno.test("get refuses a t outside the run, and then prints none of the states", async () => {
  assertEquals(
    await refused(2, "get", "walk.replay", "0", "1000"),
    "Cannot read step 1,000: the run has steps 0 to 999\nhint: -1 is the last step",
  );
  assertStringIncludes(await refused(2, "get", "walk.replay", "-1001"), "Cannot read step -1,001");
});

Deno.test("get --step replays with another module; without any source it says so", async () => {
  FOLDER.write("down.js", "export const init = 0; export const step = (x) => x - 1;");
  FOLDER.write("bare.replay", artifactOf(WALK, { source: undefined }));
  assertEquals(
    await quiet("get", "bare.replay", "33", "--step", "down.js"),
    `${walk.get(32) - 1}\n`,
  );
  assertMatch(
    await refused(3, "get", "bare.replay", "33"),
    /^Cannot open the run .* 'bare\.replay' carries no step source\nhint: pass .*--step/,
  );
});

Deno.test("stats of the states, of an observable and of a function agree", async () => {
  const [states, position, text, vector] = await Promise.all([
    json("stats", "walk.replay"),
    json("stats", "walk.replay", "--of", "position"),
    quiet("stats", "walk.replay", "--of", "x => x"),
    json("stats", "decay.replay", "--of", "s => [s.value, s.gain]"),
  ]);
  const stats = walk.stats((x) => x) as unknown as Record<string, number>;
  assertEquals(states, stats);
  assertEquals(position, stats);
  assertEquals(
    text,
    Object.entries(stats).map(([name, value]) =>
      `${name.padEnd(10)}${name === "count" ? "1,000" : value}\n`
    ).join(""),
  );
  assertEquals(Object.keys(vector as object), ["count", "mean", "covariance"]);
});

Deno.test("stats says what it can be of", async () => {
  const [misspelt, object] = await Promise.all([
    refused(2, "stats", "walk.replay", "--of", "postion"),
    refused(2, "stats", "decay.replay"),
  ]);
  assertEquals(
    misspelt,
    "Cannot find an observable 'postion' in the step module\nhint: did you mean 'position'?",
  );
  assertMatch(
    object,
    /^Cannot compute statistics of the states: .*\nhint: pass a function with --of/,
  );
});

Deno.test("find gives the first t, by scan and by halves, and 1 where there is none", async () => {
  const t = walk.find((x) => x === 9)!;
  const [scan, bisect, part, object] = await Promise.all([
    runVerbIn(FOLDER.path, ["find", "walk.replay", "--where", "x => x === 9"]),
    runVerbIn(FOLDER.path, ["find", "walk.replay", "--where", "(x, t) => t >= 700", "--bisect"]),
    quiet(
      "find",
      "walk.replay",
      "--where",
      "x => x === 9",
      "--from",
      `${t + 1}`,
      "--to",
      "-1",
      "--json",
    ),
    json("find", "decay.replay", "--where", "s => s.value > 1.5"),
  ]);
  assertEquals(scan, { code: 0, stdout: `${t}\n`, stderr: `state ${t}: 9\n` });
  assertEquals(bisect, { code: 0, stdout: "700\n", stderr: `state 700: ${walk.get(700)}\n` });
  assertEquals(JSON.parse(part).t, walk.find((x) => x === 9, { from: t + 1 }));
  assertEquals(Object.keys(object as object), ["found", "t", "state"]);
  const [none, noneJson] = await Promise.all([
    runVerbIn(FOLDER.path, ["find", "walk.replay", "--where", "x => x > 1e6"]),
    runVerbIn(FOLDER.path, ["find", "walk.replay", "--where", "x => x > 1e6", "--json"]),
  ]);
  assertEquals(none, { code: 1, stdout: "", stderr: "no step satisfies the predicate\n" });
  assertEquals([noneJson.code, JSON.parse(noneJson.stdout)], [1, {
    found: false,
    t: null,
    state: null,
  }]);
});

Deno.test("find says what is wrong with a predicate", async () => {
  const [unknown, syntax, value, imports] = await Promise.all([
    refused(2, "find", "walk.replay", "--where", "x => y"),
    refused(2, "find", "walk.replay", "--where", "x =>"),
    refused(2, "find", "walk.replay", "--where", "3"),
    refused(3, "find", "walk.replay", "--where", "x => import('node:fs')"),
  ]);
  assertStringIncludes(unknown, "ReferenceError: y is not defined");
  assertStringIncludes(syntax, "SyntaxError");
  assertStringIncludes(
    value,
    "Cannot use the expression: it is not a function such as `s => s.value`",
  );
  assertStringIncludes(imports, "Cannot run the expression: it has the word `import`");
});

Deno.test("trace lists the draws of a step", async () => {
  const [text, list, first] = await Promise.all([
    quiet("trace", "walk.replay", "137"),
    json("trace", "walk.replay", "137"),
    runVerbIn(FOLDER.path, ["trace", "walk.replay", "0"]),
  ]);
  const [draw] = walk.trace(137);
  assertEquals(text, `random() = ${draw!.result}\n`);
  assertEquals(list, [{ method: "random", args: [], result: draw!.result }]);
  assertEquals(first, { code: 0, stdout: "", stderr: "no draws\n" });
});

Deno.test("info tells what an artifact holds, and its source", async () => {
  const [text, object, source, bare] = await Promise.all([
    quiet("info", "walk.replay"),
    json("info", "walk.replay"),
    quiet("info", "walk.replay", "--source"),
    runVerbIn(FOLDER.path, ["info", "bare.replay", "--source"]),
  ]);
  const hash = await walk.contentHash();
  for (const row of [/^steps +1,000$/m, /^seed +42$/m, /^blocks +32 of 32 states$/m]) {
    assertMatch(text, row);
  }
  assertStringIncludes(text, `${hash} (verified)`);
  expect(object).toMatchObject({
    steps: 1000,
    seed: 42,
    contentHash: hash,
    sourceBytes: WALK_SOURCE.length,
    branchPoint: null,
    observed: WALK.observed,
  });
  assertEquals(source, `${WALK_SOURCE}\n`);
  assertEquals(bare.code, 1);
});

Deno.test("info of one run among several of a log", async () => {
  FOLDER.write(
    "runs.csv",
    '"Step","a - loss","a - loss__MIN","b - loss","b - loss__MIN"\n"0","1","1","2","2"\n',
  );
  assertStringIncludes(await quiet("info", "runs.csv#b"), "loss: 1 values, 2 to 2");
  const { code, stderr } = await runVerbIn(FOLDER.path, ["info", "runs.csv"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'name one of a, b, as in "runs.csv#a"');
});

Deno.test("info of a training log", async () => {
  FOLDER.write(
    "run.jsonl",
    Array.from({ length: 5 }, (_, i) => `${JSON.stringify({ step: i, loss: 1 / (i + 1) })}\n`)
      .join(""),
  );
  const [text, object] = await Promise.all([
    quiet("info", "run.jsonl"),
    json("info", "run.jsonl"),
  ]);
  assertMatch(text, /loss: 5 values, 1 to 0\.2/);
  expect(object).toMatchObject({ format: "jsonl", recordCount: 5 });
});

Deno.test("export writes JSON Lines and CSV, to stdout or a file", async () => {
  const [lines, csv, parts, toFile] = await Promise.all([
    quiet("export", "walk.replay", "--every", "300"),
    quiet("export", "walk.replay", "--from", "-2", "--format", "csv"),
    quiet("export", "decay.replay", "--to", "1", "--format", "csv"),
    runVerbIn(FOLDER.path, [
      "export",
      "walk.replay",
      "--from",
      "990",
      "--to",
      "-5",
      "-o",
      "part.jsonl",
    ]),
  ]);
  assertEquals(
    lines,
    [0, 300, 600, 900].map((t) => `{"t":${t},"state":${walk.get(t)}}\n`).join(""),
  );
  assertEquals(csv, `t,state\n998,${walk.get(998)}\n999,${walk.get(999)}\n`);
  assertEquals(parts, "t,value,gain,cells.0,cells.1,cells.2\n0,1,0.5,1,2,3\n");
  assertEquals(toFile, { code: 0, stdout: "", stderr: "wrote 5 states to part.jsonl\n" });
  const written = await Deno.readTextFile(FOLDER.file("part.jsonl"));
  assertEquals(JSON.parse(written.split("\n")[4]!), { t: 994, state: walk.get(994) });
  assertEquals(
    await refused(2, "export", "walk.replay", "-o", "part.jsonl"),
    "Cannot write 'part.jsonl': the file already exists\nhint: pass --force to overwrite it",
  );
  assertEquals(await Deno.readTextFile(FOLDER.file("part.jsonl")), written);
});

Deno.test("export refuses what it cannot write, and leaves nothing behind", async () => {
  const [format, python, range, folder] = await Promise.all([
    refused(2, "export", "walk.replay", "--format", "xml"),
    refused(2, "export", "walk.replay", "--format", "python"),
    refused(2, "export", "walk.replay", "--from", "5", "--to", "3", "-o", "none.jsonl"),
    refused(2, "export", "walk.replay", "-o", "nowhere/x.jsonl"),
  ]);
  assertEquals(format, "Invalid value 'xml' for --format: it must be jsonl, csv or python");
  assertEquals(python, "Missing option --output FILE for --format python");
  assertMatch(range, /^Cannot read the range \[5, 3\)/);
  assertMatch(folder, /^Cannot write 'nowhere\/x\.jsonl': there is no folder 'nowhere'/);
  assertEquals(FOLDER.names().filter((name) => /none|\.tmp$/.test(name)), []);
});

Deno.test({
  name: "export --format python writes a zip that Python reads",
  ignore: !hasProgram("python3"),
  async fn() {
    const { code, stderr } = await runVerbIn(
      FOLDER.path,
      ["export", "walk.replay", "--format", "python", "-o", "py.replay"],
    );
    assertEquals(code, 0);
    assertMatch(stderr, /^wrote 1,000 steps to py\.replay, [\d,]+ bytes\n$/);
    const program = "import json, sys, zipfile\n" +
      "with zipfile.ZipFile(sys.argv[1]) as z:\n" +
      "    assert z.testzip() is None\n" +
      "    meta = json.loads(z.read('meta.json'))\n" +
      "    print(sorted(n.split('.')[0] for n in z.namelist()), json.dumps(meta))";
    const python = await new Deno.Command("python3", {
      args: ["-c", program, "py.replay"],
      cwd: FOLDER.path,
    })
      .output();
    assert(python.success, new TextDecoder().decode(python.stderr));
    const printed = new TextDecoder().decode(python.stdout);
    assertStringIncludes(printed, "['anchors', 'meta']");
    assertStringIncludes(printed, "42");
    FOLDER.write("walk.js", WALK_SOURCE);
    assertEquals(
      await quiet("get", "py.replay", "137", "--step", "walk.js"),
      `${walk.get(137)}\n`,
    );
  },
});

Deno.test("log draws the tree of several generations, with parents that are not there", async () => {
  await using folder = new TempFolder();
  const child = walk.branch(500);
  const grandchild = child.branch(10, { seed: 5 });
  const orphan = walk.branch(3).branch(7);
  await walk.save(folder.file("a.replay"));
  await child.save(folder.file("c.replay"));
  await walk.branch(20).save(folder.file("d.replay"));
  await grandchild.save(folder.file("b.replay"));
  await orphan.save(folder.file("e.replay"));
  folder.write("broken.replay", "no artifact");
  folder.write("notes.txt", "not looked at");
  const [text, list] = await Promise.all([
    runVerbIn(folder.path, ["log", folder.path]),
    runCli(["log", ".", "--json"], { cwd: folder.path }),
  ]);
  assertEquals([text.code, list.code], [0, 0]);
  const heads = text.stdout.trimEnd().split("\n").map((line) =>
    line.replace(/ {2}[\d,]+ steps {2}.*$/, "")
  );
  const missing = (await walk.branch(3).contentHash()).slice(0, 8);
  assertEquals(heads, [
    "a.replay",
    "├─ d.replay  at 20",
    "└─ c.replay  at 500",
    "   └─ b.replay  at 10",
    `e.replay  at 7 of ${missing}, which is not here`,
  ]);
  assertEquals(
    text.stderr,
    "warning: Cannot read 'broken.replay': it is not a .replay file\n",
  );
  const entries = JSON.parse(list.stdout) as Record<string, unknown>[];
  assertEquals(entries.map(({ file }) => file), [
    "a.replay",
    "b.replay",
    "c.replay",
    "d.replay",
    "e.replay",
  ]);
  assertEquals(entries[1]!.parentHash, await child.contentHash());
});

Deno.test("log of a folder without artifacts, and of none at all", async () => {
  await using folder = new TempFolder();
  const empty = await runVerbIn(FOLDER.path, ["log", folder.path]);
  assertEquals(empty, { code: 0, stdout: "", stderr: `no .replay files in ${folder.path}\n` });
  assertEquals(
    await refused(2, "log", "nowhere"),
    "Cannot open 'nowhere': there is no such file or folder",
  );
});

Deno.test("every verb that opens an artifact says what is wrong with the file", async () => {
  const bytes = artifactOf(WALK);
  const flipped = Uint8Array.from(bytes);
  flipped[bytes.length >> 1]! ^= 1;
  FOLDER.write("flipped.replay", flipped);
  FOLDER.write("cut.replay", bytes.subarray(0, bytes.length - 9));
  FOLDER.write("empty.replay", "");
  await Deno.mkdir(FOLDER.file("folder.replay"));
  FOLDER.write("foreign.replay", "PNG or so");
  const damaged = /^Cannot read 'flipped\.replay': .*(damaged|CRC)/;
  const cases: [string[], RegExp][] = [
    [
      ["get", "missing.replay", "5"],
      /^Cannot open 'missing\.replay': there is no such file or folder$/,
    ],
    [
      ["get", "gone.replay.part", "5"],
      /^Cannot open 'gone\.replay\.part': there is no such file or folder$/,
    ],
    [["get", "folder.replay", "5"], /^Cannot open 'folder\.replay': it is a folder$/],
    [["get", "flipped.replay", "5"], damaged],
    [["info", "flipped.replay"], damaged],
    [["stats", "flipped.replay"], damaged],
    [["view", "flipped.replay"], damaged],
    [["stats", "cut.replay"], /^Cannot read 'cut\.replay': it is cut short/],
    [["info", "empty.replay"], /^Cannot read 'empty\.replay': /],
    [
      ["export", "foreign.replay"],
      /^Cannot read 'foreign\.replay': it is not a \.replay file$/,
    ],
    [
      ["branch", "foreign.replay", "1"],
      /^Cannot read 'foreign\.replay': .* is not a \.replay file$/,
    ],
    [["find", "missing.replay", "--where", "x => x"], /^Cannot open 'missing\.replay': /],
  ];
  await Promise.all(
    cases.map(async ([args, expected]) => assertMatch(await refused(2, ...args), expected)),
  );
});

Deno.test("info runs no code of an artifact", async () => {
  const source = "export const step = (x) => { for (;;); }; for (;;);";
  FOLDER.write("trap.replay", artifactOf(WALK, { source }));
  assertMatch(await quiet("info", "trap.replay"), /^source +51 bytes/m);
  assertEquals(await quiet("info", "trap.replay", "--source"), `${source}\n`);
});

Deno.test("text from an artifact is printed escaped", async () => {
  const evil = "\x1b]0;owned\x07\x1b[2J\u202eevil\r\n";
  const hostile: Partial<RunRecord> = {
    stepId: evil,
    failure: { t: 1000, error: evil },
    source:
      `export const init = 0; // ${evil}\nexport const step = () => { throw "${evil.trim()}"; };`,
  };
  const text = encodeState({ [evil]: evil });
  FOLDER.write(
    "text.replay",
    artifactOf(WALK, {
      source: "export const init = 0; export const step = (s) => s;",
      checkpoints: { length: 32, bytesAt: () => text },
      lastState: text,
    }),
  );
  await Deno.mkdir(FOLDER.file("evil"));
  FOLDER.write("evil/\x1b[31mevil.replay", artifactOf(WALK, hostile));
  const path = "evil/\x1b[31mevil.replay";
  const results = await Promise.all(
    [
      ["info", path],
      ["info", path, "--json"],
      ["info", path, "--source"],
      ["log", FOLDER.file("evil")],
      ["verify", path],
      ["stats", path],
      ["stats", `${path}x`],
      ["export", "text.replay", "--to", "2"],
      ["get", "text.replay", "0"],
      ["get", "text.replay", "0", "--json"],
    ].map((args) => runVerbIn(FOLDER.path, args)),
  );
  for (const { stdout, stderr } of results) {
    // deno-lint-ignore no-control-regex -- control characters are what must not be there
    assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.exec(stdout + stderr), null);
  }
  // CSV has no escapes of its own: line feeds are data, quoted.
  const csv = await quiet("export", "text.replay", "--format", "csv", "--to", "2");
  // deno-lint-ignore no-control-regex -- control characters are what must not be there
  assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/.exec(csv), null);
  assertStringIncludes(csv, String.raw`\x1b]0;owned\x07\x1b[2J`);
  assertStringIncludes(results[0]!.stdout, String.raw`"\x1b]0;owned\x07\x1b[2J\u202eevil\r\n"`);
});
