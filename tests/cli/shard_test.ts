import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { artifactOf, DECAY, WALK } from "./fixtures.ts";
import { type CliResult, runCli, TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
const cwd = FOLDER.path;
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Runs a verb in the folder of the fixtures. */
function runIn(words: readonly string[]): Promise<CliResult> {
  return runVerbIn(FOLDER.path, words);
}

const { checkpoints } = WALK;
FOLDER.write("walk.replay", artifactOf(WALK));
FOLDER.write(
  "lie.replay",
  artifactOf(WALK, {
    checkpoints: {
      length: checkpoints.length,
      bytesAt: (block) => block === 20 ? encodeState("\x1b[2J") : checkpoints.bytesAt(block),
    },
  }),
);
FOLDER.write("decay.replay", artifactOf(DECAY));

/** Makes the parts of all shards; returns their names in the order of the shards, and what each printed. */
async function makeParts(
  name: string,
  count: number,
  words: string[],
): Promise<{ paths: string[]; results: CliResult[] }> {
  const paths = Array.from({ length: count }, (_, i) => `${name}-${i}.json`);
  const results = await Promise.all(
    paths.map((path, i) => runIn([...words, "--shard", `${i}/${count}`, "--out", path])),
  );
  return { paths, results };
}

/** What stands in place of the time: a merge does not know it. */
function untimed(text: string): string {
  return text.replace(/steps, [^)]+\)/, "steps)").replace(/"seconds": \S+/, '"seconds"');
}

async function text(path: string): Promise<string> {
  return await Deno.readTextFile(FOLDER.file(path));
}

const VERIFY = await makeParts("good", 3, ["verify", "walk.replay"]);

Deno.test("merge of a verification prints what verify prints, in any order of the parts", async () => {
  const { paths, results } = VERIFY;
  results.forEach(({ code, stdout, stderr }, i) => {
    assertEquals([code, stderr], [0, ""]);
    assertMatch(
      stdout,
      RegExp(`^shard ${i}/3: 1[01] of 1[01] blocks replay bit for bit, written to `),
    );
  });
  const [merged, single, mergedJson, singleJson] = await Promise.all([
    ["merge", ...paths.toReversed()],
    ["verify", "walk.replay"],
    ["merge", ...paths, "--json"],
    ["verify", "walk.replay", "--json"],
  ].map((args) => runIn(args)));
  assertEquals([merged!.code, mergedJson!.code], [0, 0]);
  assertEquals(
    merged!.stdout,
    "OK: 32 of 32 blocks replay bit for bit (1,000 steps, 3 shards)\n",
  );
  assertEquals(untimed(merged!.stdout), untimed(single!.stdout));
  assertEquals(untimed(mergedJson!.stdout), untimed(singleJson!.stdout));
  assertMatch(merged!.stderr, /what the parts say/);
});

Deno.test("merge tells of bad blocks as verify does, with exit code 1", async () => {
  const { paths, results } = await makeParts("lie", 4, ["verify", "lie.replay"]);
  assertEquals(results.map(({ code }) => code), [0, 0, 1, 0]);
  assertMatch(results[2]!.stdout, /^shard 2\/4: .*\nFAILED: 2 of 8 blocks/);
  const [merged, single, mergedJson, singleJson] = await Promise.all([
    ["merge", ...paths],
    ["verify", "lie.replay"],
    ["merge", ...paths, "--json"],
    ["verify", "lie.replay", "--json"],
  ].map((args) => runIn(args)));
  assertEquals([merged!.code, merged!.stdout], [single!.code, single!.stdout]);
  assertEquals([mergedJson!.code, merged!.code], [1, 1]);
  assertEquals(untimed(mergedJson!.stdout), untimed(singleJson!.stdout));
  assertMatch(
    merged!.stdout,
    /^FAILED: 2 of 32 blocks .*\n {2}block 19, .*\n {2}block 20, .*\ncause: /,
  );
});

Deno.test("merge of statistics prints what stats prints, to the last bit, empty shards included", async () => {
  const vector = ["--of", "s => [s.value, 1 / s.value]"];
  const [scalars, vectors] = await Promise.all([
    makeParts("scalar", 3, ["stats", "walk.replay", "--of", "position"]),
    makeParts("vector", 12, ["stats", "decay.replay", ...vector]),
  ]);
  assertMatch(scalars.results[1]!.stdout, /^shard 1\/3: 352 states, written to scalar-1\.json\n$/);
  assertMatch(vectors.results[0]!.stdout, /^shard 0\/12: 0 states, /);
  const results = await Promise.all([
    ["merge", ...scalars.paths],
    ["stats", "walk.replay", "--of", "position"],
    ["merge", ...vectors.paths.toReversed(), "--json"],
    ["stats", "decay.replay", ...vector, "--json"],
  ].map((args) => runIn(args)));
  assertEquals(results[0], results[1]);
  assertEquals(results[2], results[3]);
});

Deno.test("a part is the same bytes each time, and is not overwritten without --force", async () => {
  const [path] = VERIFY.paths;
  const before = await text(path!);
  const words = ["verify", "walk.replay", "--shard", "0/3", "--out", path!];
  const refused = await runIn(words);
  assertEquals([refused.code, refused.stdout], [2, ""]);
  assertMatch(
    refused.stderr,
    /^error: Cannot write 'good-0\.json': the file already exists\nhint: pass --force/,
  );
  assertEquals((await runIn([...words, "--force"])).code, 0);
  assertEquals(await text(path!), before);
  const printed = await runIn([...words, "--force", "--json"]);
  assertEquals(JSON.parse(printed.stdout), JSON.parse(before));
  assert(FOLDER.names().every((name) => !name.endsWith(".tmp")));
});

Deno.test("merge refuses parts that are missing, doubled, mixed, damaged or hostile, in one line with the file", async () => {
  const [a, b, c] = VERIFY.paths as [string, string, string];
  const good = await text(b);
  await runIn(["verify", "lie.replay", "--shard", "1/3", "--out", "other.json"]);
  await runIn(["stats", "walk.replay", "--shard", "1/3", "--out", "kind.json"]);
  FOLDER.write("cut.json", good.slice(0, -40));
  FOLDER.write("evil.json", good.replace('"cause":null', '"cause":"\\u001b]0;x\\u0007"'));
  FOLDER.write("twice.json", good.replace('"checked":11', '"checked":11,"checked":11'));
  FOLDER.write("proto.json", good.replace('"kind"', '"__proto__":{},"kind"'));
  FOLDER.write("deep.json", "[".repeat(100_000));
  FOLDER.write("bytes.json", Uint8Array.of(0x7b, 0xff));
  FOLDER.write("tool.json", good.replace(/"tool":"[^"]*"/, '"tool":"rewind 0.0.1"'));
  using large = await Deno.open(FOLDER.file("large.json"), { create: true, write: true });
  await large.truncate(2 ** 40);
  const cases: [string[], RegExp][] = [
    [[a, c], /^error: Cannot merge: the result of shard 1\/3 is missing$/],
    [[a], /results of shards 1\/3, 2\/3 are missing$/],
    [[a, b, b], /Cannot merge good-1\.json: it is shard 1\/3, which good-1\.json is too/],
    [[a, "other.json", c], /Cannot merge other\.json with good-0\.json: the content hash/],
    [[a, "kind.json", c], /Cannot merge kind\.json with good-0\.json: what was asked differs/],
    [
      [a, "tool.json", c],
      /Cannot merge tool\.json with good-0\.json: the version of rewind differs/,
    ],
    [[a, "cut.json", c], /Cannot read cut\.json: it is not JSON, or cut short/],
    [[a, "evil.json", c], /Cannot read evil\.json: its cause/],
    [[a, "twice.json", c], /Cannot read twice\.json: its JSON is not in the form/],
    [[a, "proto.json", c], /Cannot read proto\.json: its list of fields/],
    [[a, "deep.json", c], /Cannot read deep\.json: it is nested deeper than 8/],
    [[a, "bytes.json", c], /Cannot read bytes\.json: it is not text/],
    [[a, "large.json", c], /Cannot read large\.json: it has 1099511627776 bytes, more than/],
    [[a, "nowhere.json"], /Cannot open 'nowhere\.json': there is no such file/],
    [["walk.replay"], /Cannot read walk\.replay: it is not text/],
  ];
  await Promise.all(cases.map(async ([paths, message]) => {
    const { code, stdout, stderr } = await runIn(["merge", ...paths]);
    assertEquals([code, stdout], [2, ""], paths.join(" "));
    assertMatch(stderr, /^error: [\x20-\x7e]+\n(?:hint: [\x20-\x7e]+\n)?$/);
    assertMatch(stderr.trimEnd(), message);
  }));
});

Deno.test("--shard says what it needs, and refuses what is no shard before anything is run", async () => {
  const cases: [string[], RegExp][] = [
    [["--shard", "0/2"], /Missing option --out FILE for the shard result/],
    [["--out", "new.json"], /Invalid option --out without --shard/],
    [["--shard", "2/2", "--out", "new.json"], /shards are counted from 0: the last one is 1\/2/],
    [["--shard", "0/0", "--out", "new.json"], /number of shards must be/],
    [
      ["--shard", "1", "--out", "new.json"],
      /Invalid value '1' for --shard: it must be I\/N, such as 0\/8/,
    ],
    [
      ["--shard", "-1/2", "--out", "new.json"],
      /Invalid value '-1\/2' for --shard: it must be I\/N/,
    ],
    [
      ["--shard", "auto", "--out", "new.json"],
      /Cannot detect the shard: no known scheduler variable is set/,
    ],
    [["--shard", "0/2", "--out", "no/such/new.json"], /there is no folder 'no\/such'/],
  ];
  await Promise.all(cases.map(async ([words, message]) => {
    const { code, stdout, stderr } = await runIn(["verify", "walk.replay", ...words]);
    assertEquals([code, stdout], [2, ""], words.join(" "));
    assertMatch(stderr, message);
  }));
  assert(!FOLDER.names().includes("new.json"));
});

Deno.test("--shard auto says on stderr what it took from where, with the right to read just that", async () => {
  const env = { PARALLEL_SEQ: "2" };
  const permissions = ["--allow-read", "--allow-write", `--allow-run=${Deno.execPath()}`];
  const words = ["stats", "walk.replay", "--shard", "auto/3", "--out", "auto.json"];
  const denied = await runCli(words, { cwd, env, permissions });
  assertEquals([denied.code, denied.stdout], [2, ""]);
  assertMatch(
    denied.stderr,
    /^error: Cannot detect the shard: .*\nhint: run it with --allow-env, or .*PARALLEL_SEQ/,
  );
  const granted = await runCli(words, {
    cwd,
    env,
    permissions: [...permissions, "--allow-env=PARALLEL_SEQ"],
  });
  assertEquals(
    [granted.code, granted.stdout, granted.stderr],
    [
      0,
      "shard 1/3: 352 states, written to auto.json\n",
      "shard 1/3 from PARALLEL_SEQ=2 (GNU parallel)\n",
    ],
  );
});

Deno.test("a shard of a damaged or unsafe artifact leaves no part", async () => {
  const bytes = artifactOf(WALK);
  bytes[bytes.length >> 1]! ^= 4;
  FOLDER.write("damaged.replay", bytes);
  FOLDER.write("unsafe.replay", artifactOf(WALK, { source: 'import "node:fs";' }));
  const [damaged, unsafe] = await Promise.all(
    ["damaged", "unsafe"].map((name) =>
      runIn(["verify", `${name}.replay`, "--shard", "0/2", "--out", `${name}.json`])
    ),
  );
  assertEquals([damaged!.code, unsafe!.code], [1, 3]);
  assertMatch(damaged!.stdout, /^FAILED: .*\ncause: corrupted: /);
  assert(!FOLDER.names().some((name) => /^(damaged|unsafe)\.json$/.test(name)));
});
