import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { encodeArtifact } from "../../src/artifact/encode_artifact.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { recordRun } from "../../src/engine/record.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import { artifactOf, DECAY, WALK, WALK_SOURCE } from "./fixtures.ts";
import { type CliResult, TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Runs a verb in the folder of the fixtures. */
function runIn(words: readonly string[]): Promise<CliResult> {
  return runVerbIn(FOLDER.path, words);
}

FOLDER.write("walk.replay", artifactOf(WALK));
FOLDER.write("walk.js", WALK_SOURCE);

/** A record with other checkpoints. */
function withStates(
  record: RunRecord,
  change: (state: unknown, block: number) => unknown,
): RunRecord {
  const { length } = record.checkpoints;
  const states = Array.from(
    { length },
    (_, block) => encodeState(change(decodeState(record.checkpoints.bytesAt(block)), block)),
  );
  return { ...record, checkpoints: { length, bytesAt: (block) => states[block]! } };
}

Deno.test("verify of a good run says OK with the number of blocks and ends with 0", async () => {
  const [text, object] = await Promise.all([
    runIn(["verify", "walk.replay"]),
    runIn(["verify", "walk.replay", "--json"]),
  ]);
  assertEquals(text.code, 0);
  assertMatch(
    text.stdout,
    /^OK: 32 of 32 blocks replay bit for bit \(1,000 steps, \d+\.\d\d s\)\n$/,
  );
  assertEquals(
    text.stderr,
    "this source, run here, gave these bytes; that does not make the source honest\n",
  );
  const { ok, blocks, checked, badBlocks, cause } = JSON.parse(object.stdout);
  assertEquals([object.code, ok, blocks, checked, badBlocks, cause], [0, true, 32, 32, [], null]);
});

Deno.test("verify with changed code lists every bad block with its first difference", async () => {
  FOLDER.write(
    "changed.js",
    WALK_SOURCE.replace("0.5 ? 1 : -1)", "0.5 ? 1 : -1) + (x === 9 ? 1e-9 : 0)"),
  );
  const [text, object] = await Promise.all([
    runIn(["verify", "walk.replay", "--step", "changed.js"]),
    runIn(["verify", "walk.replay", "--step", "changed.js", "--json"]),
  ]);
  assertEquals([text.code, object.code], [1, 1]);
  const { ok, badBlocks, cause, divergence } = JSON.parse(object.stdout) as {
    ok: boolean;
    badBlocks: { block: number; from: number; to: number; difference: Record<string, unknown> }[];
    cause: string;
    divergence: { t: number; path: string; before: string; after: string };
  };
  assertEquals([ok, cause], [false, "code changed"]);
  assert(badBlocks.length > 1 && badBlocks.length < 32, `${badBlocks.length}`);
  const lines = text.stdout.trimEnd().split("\n");
  assertEquals(
    lines[0],
    `FAILED: ${badBlocks.length} of 32 blocks do not replay to the recorded state`,
  );
  assertEquals(lines.length, badBlocks.length + 4);
  badBlocks.forEach(({ block, from, to, difference }, i) => {
    const { path, expected, actual, bits, ulps } = difference;
    assertEquals([path, from], ["state", block * 32]);
    assertStringIncludes(
      lines[i + 1]!,
      `  block ${block}, steps ${from} to ${to}: state: recorded ${expected}, replayed ${actual}`,
    );
    assert(Number(bits) > 0);
    assertMatch(`${ulps}`, /^\d+$/);
  });
  assertMatch(lines.at(-3)!, /^cause: code changed: the step module is not the one/);
  const { t, path, before, after } = divergence;
  assert(t > badBlocks[0]!.from && t <= badBlocks[0]!.to, `${t}`);
  assertEquals(lines.slice(-2), [
    `differ from t = ${t} on: another value`,
    `  ${path} is ${before} recorded, ${after} now`,
  ]);
});

Deno.test("verify with a step that throws tells at which t", async () => {
  FOLDER.write(
    "throws.js",
    'export const init = 0; export const step = () => { throw new Error("no \\x1b[31m"); };',
  );
  const { code, stdout } = await runIn(["verify", "walk.replay", "--step", "throws.js"]);
  assertEquals(code, 1);
  assertMatch(stdout, /^FAILED: 32 of 32 blocks/);
  assertMatch(
    stdout,
    /\n {2}block 3, steps 96 to 128: Cannot make state 97: .*Error: no \\x1b\[31m \(at throws\.js:1:58 in step\(\)\)\n/,
  );
});

Deno.test("verify of states that were changed afterwards names block and path", async () => {
  const changed = withStates(
    DECAY,
    (state, block) => block === 4 ? { ...(state as object), cells: [1, -0, 3] } : state,
  );
  FOLDER.write("changed.replay", artifactOf(changed));
  const { code, stdout } = await runIn(["verify", "changed.replay"]);
  assertEquals(code, 1);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines[0], "FAILED: 2 of 10 blocks do not replay to the recorded state");
  assertMatch(
    lines[1]!,
    /^ {2}block 3, steps 30 to 40: state\.cells\[1\]: recorded -0, replayed 2$/,
  );
  assertMatch(
    lines[2]!,
    /^ {2}block 4, steps 40 to 50: state\.cells\[1\]: recorded 2, replayed -0$/,
  );
  assertMatch(lines[3]!, /^cause: states changed: /);
});

Deno.test("verify names a step that depends on more than its arguments", async () => {
  let calls = 0;
  const record = recordRun<number, "python", undefined>((x: number) => x + calls++, {
    init: 0,
    steps: 50,
    seed: 1,
    guards: false,
    source: "let calls = 0; export const init = 0; export const step = (x) => x + calls++;",
  });
  FOLDER.write("counter.replay", artifactOf(record));
  const { code, stdout } = await runIn(["verify", "counter.replay"]);
  assertEquals(code, 1);
  assertMatch(stdout, /\ncause: nondeterministic: two replays here differ from each other/);
});

Deno.test("verify of a run that another engine recorded names the engine", async () => {
  const record = withStates(WALK, (x, block) => block === 2 ? (x as number) + 1 : x);
  FOLDER.write("here.replay", artifactOf(record));
  FOLDER.write(
    "elsewhere.replay",
    encodeArtifact(record, [
      { from: 0, tool: "rewind 0.1.0", engine: "Other/1.0", mathFingerprint: "0123456789abcdef" },
    ]),
  );
  const [here, elsewhere] = await Promise.all([
    runIn(["verify", "here.replay"]),
    runIn(["verify", "elsewhere.replay"]),
  ]);
  assertMatch(here.stdout, /\ncause: states changed: /);
  assertMatch(elsewhere.stdout, /\ncause: engine changed: /);
});

Deno.test("verify of a damaged file says corrupted and ends with 1, of a foreign one with 2", async () => {
  const bytes = artifactOf(WALK);
  for (const at of [20, bytes.length >> 1, bytes.length - 30]) {
    const flipped = Uint8Array.from(bytes);
    flipped[at]! ^= 4;
    FOLDER.write(`flip-${at}.replay`, flipped);
  }
  FOLDER.write("cut.replay", bytes.subarray(0, 200));
  FOLDER.write("foreign.replay", "PNG or so");
  const names = FOLDER.names().filter((name) => /^flip-|^cut/.test(name));
  await Promise.all(names.map(async (name) => {
    const { code, stdout, stderr } = await runIn(["verify", name]);
    assertEquals([code, stderr], [1, ""], name);
    assertMatch(stdout, /^FAILED: Cannot read '[\w-]+\.replay': .*\ncause: corrupted: /);
  }));
  const [json, foreign, missing] = await Promise.all([
    runIn(["verify", "cut.replay", "--json"]),
    runIn(["verify", "foreign.replay"]),
    runIn(["verify", "missing.replay"]),
  ]);
  const { ok, cause, error } = JSON.parse(json.stdout);
  assertEquals([json.code, ok, cause], [1, false, "corrupted"]);
  assertStringIncludes(error, "cut short");
  assertEquals([foreign.code, foreign.stdout, missing.code], [2, "", 2]);
  assertEquals(
    foreign.stderr,
    "error: Cannot read 'foreign.replay': it is not a .replay file\n",
  );
});

Deno.test("verify refuses what it cannot run, and kills what does not end", async () => {
  const source = (text: string): Uint8Array => artifactOf(WALK, { source: text });
  FOLDER.write("sourceless.replay", artifactOf(WALK, { source: undefined }));
  FOLDER.write("imports.replay", await source('import "node:fs";\n' + WALK_SOURCE));
  FOLDER.write("endless.replay", await source("export const step = () => { for (;;); };"));
  FOLDER.write(
    "greedy.replay",
    await source(
      "const a = []; export const step = () => { for (;;) a.push(new Float64Array(1e6).fill(1)); };",
    ),
  );
  const [sourceless, imports, endless, greedy] = await Promise.all([
    ["sourceless.replay"],
    ["imports.replay"],
    ["endless.replay", "--timeout", "0.2"],
    ["greedy.replay", "--memory", "200"],
  ].map((args) => runIn(["verify", ...args])));
  for (const result of [sourceless!, imports!, endless!, greedy!]) {
    assertEquals([result.code, result.stdout], [3, ""], result.stderr);
  }
  assertMatch(
    sourceless!.stderr,
    /Cannot verify the run: 'sourceless\.replay' carries no step source\nhint: pass the step module with --step FILE/,
  );
  assertMatch(
    imports!.stderr,
    /^error: imports\.replay: .* the word `import` at line 1, column 1/,
  );
  assertMatch(endless!.stderr, /limit for time .*\nhint: .*--timeout/);
  assertMatch(greedy!.stderr, /limit for memory .*\nhint: .*--memory/);
});
