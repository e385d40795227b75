import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openRecord } from "../../src/artifact/open_record.ts";
import { record } from "../../src/artifact/run.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { runVerb } from "./run_verb.ts";
import { cliCommand, TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const MODULE = FOLDER.write(
  "game.js",
  `export const init = 0;
export const step = (x, rng, params, t, input) => x + input + rng.randint(0, 9);
export const observe = { x: (x) => x };
`,
);
const VALUES = Array.from({ length: 499 }, (_, t) => (t >> 4) % 3);
const INPUTS = FOLDER.write("keys.jsonl", VALUES.map((value) => `${value}\n\n`).join(""));
const RUN = record(
  (x: number, rng: PythonRandom, _params: unknown, _t: number, input: number) =>
    x + input + rng.randint(0, 9),
  { init: 0, steps: 500, seed: 7, inputs: VALUES },
);

async function recordGame(name: string, ...more: string[]) {
  const words = ["record", MODULE, "--seed", "7", "-o", FOLDER.file(name), "--inputs"];
  return await runVerb([...words, ...more]);
}

Deno.test("record takes inputs from JSON Lines, and export gives them back", async () => {
  const { code, notes } = await recordGame("a.replay", INPUTS);
  assertEquals([code, notes], [0, ""]);
  const { record } = await openRecord(FOLDER.file("a.replay"));
  assertEquals([record.steps, record.inputs?.length], [500, 499]);
  assertEquals((await runVerb(["get", FOLDER.file("a.replay"), "-1"])).text, `${RUN.get(-1)}`);
  const exported = await runVerb(["export", FOLDER.file("a.replay"), "--inputs", "-o", "-"]);
  assertEquals(exported.text.split("\n").map(Number), VALUES);
  for (const more of [["--inputs", "--observe", "x"], ["--format", "python", "--inputs"]]) {
    const words = ["export", FOLDER.file("a.replay"), "-o", FOLDER.file("no"), ...more];
    const { code, notes } = await runVerb(words);
    assertEquals(code, 2);
    assertMatch(notes, /Invalid option --observe (?:with|or) --inputs/);
  }
  const again = FOLDER.write("again.jsonl", exported.text);
  await recordGame("again.replay", again);
  assertEquals(
    Deno.readFileSync(FOLDER.file("again.replay")),
    Deno.readFileSync(FOLDER.file("a.replay")),
  );
});

Deno.test("rows of CSV are objects, whose cells are numbers where they look like JSON", async () => {
  const csv = FOLDER.write(
    "rows.csv",
    'left,right\n1,up\n-2.5,"3"\n,"say ""hi"", you"\ntrue,007\n',
  );
  const module = FOLDER.write(
    "rows.js",
    "export const init = []; export const step = (s, r, p, t, input) => [...s, input];",
  );
  const words = [
    "record",
    module,
    "--seed",
    "1",
    "--inputs",
    csv,
    "-o",
    FOLDER.file("rows.replay"),
  ];
  assertEquals((await runVerb(words)).code, 0);
  const { text } = await runVerb(["get", FOLDER.file("rows.replay"), "-1", "--json"]);
  assertEquals(JSON.parse(text).state, [
    { left: 1, right: "up" },
    { left: -2.5, right: "3" },
    { left: null, right: 'say "hi", you' },
    { left: true, right: "007" },
  ]);
});

Deno.test("inputs that do not fit are refused before step 0, with the line or the number", async () => {
  const before = FOLDER.names();
  const cases: [string[], RegExp][] = [
    [
      [INPUTS, "--steps", "400"],
      /has 499, and 400 states have 399 transitions.*\nhint: pass --steps 500/,
    ],
    [[INPUTS, "--steps", "600"], /has 499, and 600 states have 599 transitions/],
    [[FOLDER.path], /it is a folder/],
    [[FOLDER.file("none.jsonl")], /there is no such file/],
  ];
  for (const [words, message] of cases) {
    const { code, notes } = await recordGame("no.replay", ...words);
    assertEquals(code, 2);
    assertMatch(notes, message);
  }
  assertEquals(FOLDER.names(), before);
  const dash = ["record", MODULE, "--seed", "7", "--inputs", INPUTS, "-o", "-"];
  assertMatch((await runVerb(dash)).notes, /Cannot write '-': .*\nhint: .*'\.\/-'/);
  // Those of an extension are of the states to come.
  await recordGame("base.replay", INPUTS);
  const extend = ["extend", FOLDER.file("base.replay"), "-o", FOLDER.file("more.replay")];
  assertMatch(
    (await runVerb([...extend, "--inputs", INPUTS, "--steps", "600"])).notes,
    /has 499, and 100 more states have 100 transitions.*\nhint: pass --steps 999/,
  );
  assertEquals((await runVerb([...extend, "--inputs", INPUTS, "--steps", "999"])).code, 0);
  const bad = FOLDER.write("bad.jsonl", "1\n\n2\n{oops\n");
  assertMatch(
    (await recordGame("no.replay", bad)).notes,
    /bad\.jsonl': invalid value for line 4: it must be JSON/,
  );
  const headless = FOLDER.write("headless.csv", "1,2\n3,4\n");
  assertMatch(
    (await recordGame("no.replay", headless)).notes,
    /line 1 has numbers where the columns/,
  );
  const ragged = FOLDER.write("ragged.csv", "a,b\n1,2\n3\n");
  assertMatch((await recordGame("no.replay", ragged)).notes, /line 3 has 1 cell, and the head 2/);
  const { notes } = await runVerb([
    "record",
    MODULE,
    "--seed",
    "7",
    "-o",
    FOLDER.file("no.replay"),
  ]);
  assertMatch(notes, /Missing option --steps N/);
});

Deno.test("a branch with the same draws equals its parent, and takes other inputs", async () => {
  const parent = FOLDER.file("a.replay");
  const branch = async (name: string, ...more: string[]): Promise<number[]> => {
    const target = FOLDER.file(name);
    const { code, notes } = await runVerb([
      "branch",
      parent,
      "123",
      "--same-draws",
      "-o",
      target,
      ...more,
    ]);
    assertEquals(code, 0, notes);
    const { text } = await runVerb(["get", target, "0", "77", "-1", "--json"]);
    return JSON.parse(text).map(({ state }: { state: number }) => state);
  };
  const states = [123, 200, 499].map((t) => RUN.get(t));
  assertEquals(await branch("same.replay"), states);
  const changed = await branch("changed.replay", "--set-input", "150=1000");
  assertEquals(changed, [
    states[0],
    states[1]! + 1000 - VALUES[150]!,
    states[2]! + 1000 - VALUES[150]!,
  ]);
  const rest = FOLDER.write("rest.jsonl", VALUES.slice(123).join("\n"));
  assertEquals(await branch("rest.replay", "--inputs", rest), states);
  const refused = await Promise.all([
    runVerb([
      "branch",
      parent,
      "123",
      "--same-draws",
      "--seed",
      "1",
      "-o",
      FOLDER.file("n.replay"),
    ]),
    runVerb(["branch", parent, "123", "--set-input", "5=1", "-o", FOLDER.file("n.replay")]),
    runVerb(["branch", parent, "123", "--inputs", INPUTS, "-o", FOLDER.file("n.replay")]),
  ]);
  assertEquals(refused.map(({ code }) => code), [2, 2, 2]);
  assertStringIncludes(refused[1]!.notes, "the branch has those from states 123 to 498");
  assertStringIncludes(
    refused[2]!.notes,
    "there are 499 inputs, and 377 states have 376 transitions",
  );
});

Deno.test({
  name:
    "a stream that is still being written is recorded as it comes, survives SIGTERM, and goes on",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const file = FOLDER.file("live.replay");
    const [command, ...words] = cliCommand();
    const process = new Deno.Command(command!, {
      args: [
        ...words,
        "record",
        MODULE,
        "--seed",
        "7",
        "--inputs",
        "-",
        "-o",
        file,
        "--flush",
        "0.1",
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(
      new TextEncoder().encode(VALUES.slice(0, 100).map((v) => `${v}\n`).join("")),
    );
    await writer.write(new TextEncoder().encode(`${VALUES[100]}\n${VALUES[101]}`));
    // The last line has not ended yet; what came before is durable although nothing follows.
    for (let steps = 0; steps !== 102;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      try {
        steps = (await openRecord(`${file}.part`)).record.steps;
      } catch {
        // Nothing was flushed yet.
      }
    }
    process.kill("SIGTERM");
    // The stream ends after the recorder: its end would end the last line.
    const { code, stderr } = await process.output();
    await writer.close().catch(() => {});
    const notes = new TextDecoder().decode(stderr);
    assertEquals(code, 143, notes);
    assertMatch(notes, /102 steps are kept in .*\ngo on with: rewind resume \S+ --inputs -\n$/);
    const bare = await runVerb(["resume", `${file}.part`]);
    assertMatch(
      bare.notes,
      /the recording ends with its inputs, and none are given\nhint: pass --inputs/,
    );
    const others = FOLDER.write("others.jsonl", VALUES.map((v, t) => t === 50 ? 9 : v).join("\n"));
    const wrong = await runVerb(["resume", `${file}.part`, "--inputs", others]);
    assertMatch(wrong.notes, /that of the transition from state 50 is another one/);
    const resumed = await runVerb(["resume", `${file}.part`, "--inputs", INPUTS]);
    assertEquals(resumed.code, 0, resumed.notes);
    const whole = FOLDER.file("whole.replay");
    const words2 = [
      "record",
      MODULE,
      "--seed",
      "7",
      "--block-size",
      "1024",
      "-o",
      whole,
      "--inputs",
      INPUTS,
    ];
    assertEquals((await runVerb(words2)).code, 0);
    assertEquals(Deno.readFileSync(file), Deno.readFileSync(whole));
    const extended = FOLDER.file("longer.replay");
    const more = FOLDER.write("more.jsonl", "1\n2\n3\n");
    const [lacking, longer] = [
      await runVerb(["extend", file, "--steps", "+3", "-o", extended]),
      await runVerb(["extend", file, "--steps", "+3", "-o", extended, "--inputs", more]),
    ];
    assertMatch(lacking.notes, /the run has inputs, and those of 3 transitions are missing/);
    assertEquals(longer.code, 0, longer.notes);
    const streamed = new Deno.Command(command!, {
      args: [...words, "extend", extended, "--steps", "+1", "--in-place", "--inputs", "-"],
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const last = streamed.stdin.getWriter();
    await last.write(new TextEncoder().encode("1\n"));
    await last.close();
    const end = await streamed.output();
    const said = new TextDecoder().decode(end.stderr);
    assertEquals(end.code, 0, said);
    // Who pipes all inputs in again is told.
    assertMatch(said, /first value of the stream is taken for the transition from state 502\n/);
  },
});

Deno.test({
  name: "SIGTERM to all processes of a job, as a scheduler sends it, is a stop with its exit code",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const file = FOLDER.file("job.replay");
    const [command, ...words] = cliCommand();
    const process = new Deno.Command("setsid", {
      args: [command!, ...words, "record", MODULE, "--seed", "7", "--inputs", "-", "-o", file],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode("1\n2\n"));
    const part = `${file}.part.lock`;
    while (!FOLDER.names().includes(part.slice(FOLDER.path.length + 1))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
    // The child first: it may die before this process is told.
    Deno.kill(-process.pid, "SIGTERM");
    // The stream ends after the recorder: its end would end the last line.
    const { code, stderr } = await process.output();
    await writer.close().catch(() => {});
    const notes = new TextDecoder().decode(stderr);
    assertEquals(code, 143, notes);
    assertMatch(notes, /^interrupted: /);
  },
});

Deno.test("record says that inputs change nothing where the step has no parameter for them", async () => {
  const noted = async (step: string): Promise<boolean> => {
    const module = FOLDER.write("deaf.js", `export const init = 0; export ${step}`);
    const words = ["record", module, "--seed", "1", "-o", FOLDER.file("deaf.replay"), "--force"];
    const { code, notes } = await runVerb([...words, "--inputs", INPUTS]);
    assertEquals(code, 0);
    return notes.includes("note: the inputs change nothing: step has ");
  };
  assertEquals(await noted("const step = (x, rng, { k } = {}) => x + rng.random();"), false);
  assertEquals(await noted("const step = (x, rng, p, t) => x + rng.random();"), true);
  assertEquals(await noted("function step(x, ...rest) { return x + rest[3]; }"), false);
});
