import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { runVerb } from "./run_verb.ts";
import { TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const step = (x: number, rng: PythonRandom): number => 0.5 * x + rng.random();
const SOURCE = `export const init = 0;
export const step = (x, rng) => 0.5 * x + rng.random();
export const observe = { tenth: (x) => Math.floor(10 * x), pair: (x) => [x, -x] };`;
const RUN = record(step, { init: 0, steps: 5000, seed: 3, blockSize: 64, source: SOURCE });
const FILE = FOLDER.file("run.replay");
await RUN.save(FILE);

async function statsOf(...words: string[]): Promise<Record<string, unknown>> {
  const { code, text, notes } = await runVerb(["stats", FILE, "--json", ...words]);
  assertEquals(code, 0, notes);
  return JSON.parse(text);
}

Deno.test("stats of ranges, with quantiles and a histogram, are those of the library", async () => {
  const options = { from: 100, to: -7, every: 3, quantiles: [0, 0.25, 0.5, 1], histogram: 4 };
  const words = ["--from", "100", "--to", "-7", "--every", "3", "--quantiles", "0,0.25,.5,1"];
  const expected = RUN.stats((x) => x, options);
  assertEquals(await statsOf(...words, "--histogram", "4"), expected as never);
  const tenth = (x: number): number => Math.floor(10 * x);
  assertEquals(
    await statsOf(...words, "--histogram", "4", "--of", "tenth"),
    RUN.stats(tenth, options) as never,
  );
  assertEquals(await statsOf("--every", "4000"), RUN.stats((x) => x, { every: 4000 }) as never);
  const { autocorrelation } = await statsOf("--autocorrelation") as {
    autocorrelation: { autocorrelationTime: number; effectiveSize: number; isReliable: boolean };
  };
  assertEquals(autocorrelation.isReliable, true);
  // (1 + 0.5) / (1 - 0.5)
  assertAlmostEquals(autocorrelation.autocorrelationTime, 3, 0.6);
});

Deno.test("more different values than are counted one by one take more passes, to the same quantiles", async () => {
  const long = record(step, { init: 0, steps: 70_000, seed: 3, source: SOURCE });
  const file = FOLDER.file("long.replay");
  await long.save(file);
  const options = { quantiles: [0.1, 0.9], histogram: 3 };
  const { text } = await runVerb([
    "stats",
    file,
    "--json",
    "--quantiles",
    "0.1,0.9",
    "--histogram",
    "3",
  ]);
  assertEquals(JSON.parse(text), long.stats((x) => x, options) as never);
  const words = [
    "stats",
    file,
    "--quantiles",
    "0.5",
    "--shard",
    "0/1",
    "-o",
    FOLDER.file("no.json"),
  ];
  const { code, notes } = await runVerb(words);
  assertEquals(code, 2);
  assertMatch(notes, /too many different values\nhint: take them without --shard/);
});

Deno.test("shards of a range merge to the bits of the whole; shards of other ranges do not merge", async () => {
  const words = ["--from", "777", "--every", "2", "--quantiles", "0.5,0.99", "--histogram", "5"];
  const asked = [...words, "--autocorrelation", "--of", "tenth"];
  const files: string[] = [];
  for (const i of [2, 0, 1]) {
    const file = FOLDER.file(`part-${i}.json`);
    files.push(file);
    const { code, notes } = await runVerb([
      "stats",
      FILE,
      ...asked,
      "--shard",
      `${i}/3`,
      "-o",
      file,
    ]);
    assertEquals(code, 0, notes);
  }
  const merged = await runVerb(["merge", "--json", ...files]);
  assertEquals(JSON.parse(merged.text), await statsOf(...asked));
  const other = FOLDER.file("other.json");
  await runVerb(["stats", FILE, "--of", "tenth", "--shard", "1/3", "-o", other]);
  const { code, notes } = await runVerb(["merge", files[0]!, files[1]!, other]);
  assertEquals(code, 2);
  assertMatch(notes, /what was taken differs/);
  // Another index in the series would be merged to something that is not true.
  const text = Deno.readTextFileSync(files[0]!);
  const forged = FOLDER.write(
    "forged.json",
    text.replace(/"blocking":\{"from":\d+/, '"blocking":{"from":5'),
  );
  assertMatch((await runVerb(["merge", forged, ...files.slice(1)])).notes, /its series is not one/);
});

Deno.test("stats refuses what it cannot take", async () => {
  const cases: [string[], RegExp][] = [
    [["--quantiles", "2"], /Invalid value '2' for --quantiles/],
    [["--from", "10", "--to", "10"], /the range has no states/],
    [["--quantiles", "0.5", "--of", "pair"], /the observable gives vectors/],
    [["--histogram", "0"], /a whole number of at least 1/],
  ];
  for (const [words, message] of cases) {
    const { code, notes } = await runVerb(["stats", FILE, ...words]);
    assertEquals(code, 2);
    assertMatch(notes, message);
  }
});

Deno.test("export and view refuse an observable that changes the states that it writes or plots", async () => {
  const step = (s: { list: number[] }, rng: PythonRandom) => ({ list: [s.list[1]!, rng.random()] });
  const source = `export const init = { list: [0, 1] };
export const step = (s, rng) => ({ list: [s.list[1], rng.random()] });`;
  const run = record(step, { init: { list: [0, 1] }, steps: 100, seed: 3, source });
  const file = FOLDER.file("list.replay");
  await run.save(file);
  const words = [
    ["export", file, "--observe", "low=s => s.list.sort()[0]"],
    ["export", file, "--observe", "n=s => 1", "--observe", "low=s => s.list.sort()[0]"],
    ["view", file, "--static", "--observe", "s => s.list.sort()[0]", "-o", FOLDER.file("x.html")],
    ["view", file, "--static", "--observe", "s => s.list.sort()[0]", "--from", "11", "--to", "18"],
  ];
  for (const line of words) {
    const { code, notes } = await runVerb([...line, "--force"]);
    assertEquals(code, 2, line.join(" "));
    assertMatch(notes, /^error: Cannot use (?:the )?observable(?: 2)?: it changes the state/);
  }
  const copying = [
    "export",
    file,
    "--observe",
    "n=s => 1",
    "--observe",
    "low=s => Math.min(...s.list)",
  ];
  const { text } = await runVerb([...copying, "--from", "15", "--to", "17"]);
  const low = (t: number): number => Math.min(...run.get(t).list);
  assertEquals(
    text.split("\n").map((line) => JSON.parse(line)),
    [15, 16].map((t) => ({
      t,
      n: 1,
      low: low(t),
    })),
  );
});

Deno.test("no verb writes over a file that it reads, --force or not", async () => {
  const source = FOLDER.write("own.ts", SOURCE);
  const link = FOLDER.file("link.replay");
  Deno.symlinkSync(FILE, link);
  const before = Deno.readFileSync(FILE);
  const lines = [
    ["export", FILE, "-o", FILE],
    ["export", link, "-o", FILE],
    ["branch", FILE, "3", "-o", FILE],
    ["view", FILE, "-o", FILE],
    ["stats", FILE, "--of", "tenth", "--shard", "0/2", "-o", FILE],
    ["record", source, "--steps", "3", "--seed", "1", "-o", source],
  ];
  for (const line of lines) {
    const { code, notes } = await runVerb([...line, "--force"]);
    assertEquals(code, 2, line.join(" "));
    assertMatch(notes, /^error: Cannot write '[^']*': it is a file that this command reads\n/);
  }
  assertEquals(Deno.readFileSync(FILE), before);
  assertEquals(Deno.readTextFileSync(source), SOURCE);
});

Deno.test("export writes observables as a time series", async () => {
  const words = [
    "export",
    FILE,
    "--observe",
    "tenth",
    "--observe",
    "pair",
    "--from",
    "10",
    "--to",
    "31",
    "--every",
    "10",
  ];
  const lines = (await runVerb(words)).text.split("\n").map((line) => JSON.parse(line));
  const expected = [10, 20, 30].map((t) => {
    const x = RUN.get(t);
    return { t, tenth: Math.floor(10 * x), pair: [x, -x] };
  });
  assertEquals(lines, expected);
  const csv = await runVerb([...words, "--format", "csv"]);
  assertEquals(csv.text.split("\n")[0], "t,tenth,pair.0,pair.1");
  assertMatch(
    (await runVerb(["export", FILE, "--observe", "none"])).notes,
    /exports no observable/,
  );
  assertMatch(
    (await runVerb(["export", FILE, "--observe", "t=x => x"])).notes,
    /it is that of the index/,
  );
});
