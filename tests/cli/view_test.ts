import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { recordRun } from "../../src/engine/record.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import { decodeColumn } from "../../src/page/columns.ts";
import type { RunPageData, SeriesData } from "../../src/view/page_data.ts";
import { artifactOf, DECAY, WALK } from "./fixtures.ts";
import { runCli, TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
const WALK_BYTES = artifactOf(WALK);
FOLDER.write("walk.replay", WALK_BYTES);
FOLDER.write("decay.replay", artifactOf(DECAY));
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Writes a page to stdout; the command must not write to stderr. */
async function view(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runVerbIn(FOLDER.path, [
    "view",
    "--static",
    ...args,
    "-o",
    "-",
  ]);
  assertEquals([code, stderr], [0, ""], args.join(" "));
  return stdout;
}

/** Runs where it must say why it cannot, and write nothing to stdout. */
async function refused(code: number, ...args: string[]): Promise<string> {
  const result = await runVerbIn(FOLDER.path, ["view", "--static", ...args]);
  assertEquals([result.code, result.stdout], [code, ""], args.join(" "));
  return result.stderr;
}

function dataOf(page: string): RunPageData {
  const match = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page);
  return JSON.parse(match![1]!);
}

function names({ series }: RunPageData): string[] {
  return series.map(({ name }) => name);
}

function lowOf(series: SeriesData | undefined): number[] {
  return Array.from(decodeColumn(series!.low).values);
}

Deno.test("view writes a page beside, says so on stdout, and does not overwrite without --force", async () => {
  await Deno.mkdir(FOLDER.file("out"));
  FOLDER.write("out/walk.replay", WALK_BYTES);
  const run = (...args: string[]) =>
    runCli(["view", "--static", ...args], { cwd: FOLDER.file("out") });
  const first = await run("walk.replay");
  assertEquals([first.code, first.stderr], [0, ""]);
  assertMatch(
    first.stdout,
    /^wrote walk\.html: 1 value over 1,000 states, 213 of the states in full, \d+,\d+ bytes\n$/,
  );
  const page = await Deno.readTextFile(FOLDER.file("out/walk.html"));
  assertStringIncludes(page, "1,000 steps with seed 42");
  const again = await run("walk.replay");
  assertEquals([again.code, again.stdout], [2, ""]);
  assertMatch(again.stderr, /'walk\.html': the file already exists\nhint: pass --force/);
  const forced = await run("walk.replay", "--force", "--from", "-10");
  assertEquals(forced.code, 0);
  assertMatch(forced.stdout, /10 states/);
  assertEquals(
    Array.from(Deno.readDirSync(FOLDER.file("out")), ({ name }) => name).sort(),
    ["walk.html", "walk.replay"],
  );
});

Deno.test("view holds every state's number, and the states, of a run and of a part", async () => {
  const [whole, part] = await Promise.all([
    view("walk.replay"),
    view("walk.replay", "--from", "500", "--to", "-400", "--observe", "position"),
  ]);
  const { stdout } = await runVerbIn(FOLDER.path, ["export", "walk.replay", "--format", "csv"]);
  const states = stdout.trim().split("\n").slice(1).map((line) => Number(line.split(",")[1]));
  const data = dataOf(whole);
  assertEquals(names(data), ["position = state"]);
  assertEquals(lowOf(data.series[0]), states);
  assertEquals(data.samples.length, 213);
  for (const { t, tree } of data.samples) assertEquals(tree[1], `${states[t]}`);
  const { from, to, series, samples, getCommand, viewCommand } = dataOf(part);
  assertEquals([from, to, samples.length], [500, 600, 100]);
  assertEquals(lowOf(series[0]), states.slice(500, 600));
  assertEquals(getCommand, "rewind get walk.replay");
  assertEquals(viewCommand, "rewind view walk.replay --observe position");
});

Deno.test("view --observe takes names, functions and named functions; vectors have a plot per component", async () => {
  const page = await view(
    ...[
      "decay.replay",
      "--observe",
      "twice=s => 2 * s.value",
      "--observe",
      "s => [s.value, -s.value]",
    ],
  );
  const data = dataOf(page);
  assertEquals(names(data), [
    "twice",
    "s => [s.value, -s.value][0]",
    "s => [s.value, -s.value][1]",
  ]);
  const [twice, value] = data.series;
  assertEquals(lowOf(twice), lowOf(value).map((x) => 2 * x));
  assertEquals(
    data.viewCommand,
    "rewind view decay.replay --observe 'twice=s => 2 * s.value' --observe 's => [s.value, -s.value]'",
  );
  const [unknown, text] = await Promise.all([
    refused(2, "walk.replay", "--observe", "positon", "-o", "-"),
    refused(2, "walk.replay", "--observe", "s => 'a'", "-o", "-"),
  ]);
  assertMatch(unknown, /observable 'positon' in the step module\nhint: did you mean 'position'/);
  assertMatch(text, /Cannot plot a value of type string/);
});

Deno.test("view refuses what it cannot show, with the exit codes of the other verbs", async () => {
  FOLDER.write("cut.replay", WALK_BYTES.subarray(0, 300));
  FOLDER.write("bare.replay", artifactOf(WALK, { source: undefined }));
  FOLDER.write("evil.replay", artifactOf(WALK, { source: "import 'node:fs';" }));
  const [damaged, bare, evil, missing, empty, outside, unknown, folder] = await Promise.all([
    refused(2, "cut.replay"),
    refused(3, "bare.replay"),
    refused(3, "evil.replay"),
    refused(2, "none.replay"),
    refused(2, "walk.replay", "--from", "7", "--to", "7"),
    refused(2, "walk.replay", "--to", "1001"),
    refused(2, "walk.replay", "--form", "1"),
    refused(2, "walk.replay", "-o", "none/walk.html"),
  ]);
  assertMatch(damaged, /cut short/);
  assertMatch(bare, /carries no step source\nhint: pass the step module \('source', --step\)/);
  assertMatch(evil, /import/);
  assertMatch(missing, /none\.replay/);
  assertMatch(empty, /Cannot show the states from 7 to 7: there are none/);
  assertMatch(outside, /1,001/);
  assertMatch(unknown, /did you mean '--from'/);
  assertMatch(folder, /no folder 'none'/);
  assert(!FOLDER.names().some((name) => name.endsWith(".html")), "nothing was written");
});

Deno.test("view stops a step at the limits of the sandbox, and leaves no file", async () => {
  FOLDER.write("loop.js", "export const init = 0; export const step = () => { for (;;); };");
  const options = ["walk.replay", "--step", "loop.js", "--timeout", "0.2", "-o", "loop.html"];
  assertMatch(await refused(3, ...options), /limit for time/);
  assert(!FOLDER.names().includes("loop.html"));
});

/** A run that fails in the end, whose every text tries to leave the page. */
function hostileRun(): RunRecord {
  const evil =
    `</script><script>alert(1)</script><img src=x onerror="alert(2)">'\u2028\u202e\x1b[31m`;
  const source = `const evil = ${JSON.stringify(evil)};
export const init = { [evil]: 1, text: evil, n: 0, "__proto__x": new Map([[evil, 2]]) };
export const step = (s) => {
  if (s.n === 49) throw new Error(evil);
  return { ...s, n: s.n + 1, [evil]: 1 / (25 - s.n) };
};`;
  interface State {
    n: number;
    [key: string]: unknown;
  }
  const step = (s: State): State => {
    if (s.n === 49) throw new Error(evil);
    return { ...s, n: s.n + 1, [evil]: 1 / (25 - s.n) };
  };
  const init: State = { [evil]: 1, text: evil, n: 0, "__proto__x": new Map([[evil, 2]]) };
  return recordRun<State, "python", string>(step, {
    init,
    steps: 60,
    seed: 1,
    params: evil,
    stepId: evil,
    source,
  });
}

Deno.test("view of a hostile artifact: nothing breaks out of the page, or reaches a terminal raw", async () => {
  FOLDER.write("hostile.replay", artifactOf(hostileRun()));
  const page = await view("hostile.replay");
  assertEquals(page.match(/<script/g)?.length, 3);
  assertEquals(page.match(/<\/script/g)?.length, 3);
  const fixed = /<style>.*?<\/style>|<script>.*?<\/script>/gs;
  const variable = page.replaceAll(fixed, "");
  assert(!variable.includes("<img"));
  // deno-lint-ignore no-control-regex -- what must not be there
  assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e]/.exec(variable), null);
  assertStringIncludes(page, "The step failed at t = 50");
  const data = dataOf(page);
  assertEquals(data.to, 50);
  assertEquals(data.series[0]!.firstMarks, [-1, 26, -1], "1 / 0");
  assertEquals(names(data).length, 2, "n, and the hostile one; the Map's number is constant");
});

Deno.test("view sees a spike of one step, and the first NaN, in a run of 300,000", async () => {
  const source = `export const init = { x: 0, t: 0 };
export const step = ({ t }) => ({ x: t === 123455 ? 9 : t >= 200000 ? NaN : 0.5, t: t + 1 });`;
  const step = ({ t }: { x: number; t: number }) => ({
    x: t === 123455 ? 9 : t >= 200_000 ? NaN : 0.5,
    t: t + 1,
  });
  const run = recordRun<{ x: number; t: number }, "python", undefined>(step, {
    init: { x: 0, t: 0 },
    steps: 300_000,
    seed: 1,
    source,
  });
  FOLDER.write("spike.replay", artifactOf(run));
  const page = await view("spike.replay");
  const data = dataOf(page);
  const x = data.series.find(({ name }) => name === "x")!;
  const high = decodeColumn(x.high!).values;
  assertEquals(data.width, 300);
  assertEquals(Array.from(high.keys()).filter((row) => high[row] === 9), [411]);
  assertEquals(x.firstMarks, [200_001, -1, -1]);
  assertMatch(page, /9 at <button[^>]* data-t="123456"/);
  const around = data.samples.filter(({ t }) => Math.abs(t - 200_001) < 3).map(({ t }) => t);
  assertEquals(around, [199_999, 200_000, 200_001, 200_002], "the states around it are there");
});

Deno.test("view with --step says whose code ran, and takes a module with types", async () => {
  FOLDER.write(
    "other.ts",
    "export const init = 0; export const step = (x: number): number => x + 2;",
  );
  const { code, stdout: page, stderr } = await runVerbIn(
    FOLDER.path,
    ["view", "--static", "walk.replay", "--step", "other.ts", "-o", "-"],
  );
  assertEquals(code, 0);
  assertMatch(stderr, /^note: other\.ts is not the step that was recorded/);
  assertMatch(page, /that of <code>other\.ts<\/code>, not the artifact&#39;s|not the artifact's/);
  const data = dataOf(page);
  assertEquals(data.getCommand, "rewind get walk.replay --step other.ts");
  assertEquals(lowOf(data.series[0]).slice(0, 4), [0, 2, 4, 6]);
});
