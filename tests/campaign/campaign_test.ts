import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { combine, readAxis } from "../../src/campaign/axes.ts";
import {
  beginCampaign,
  Campaign,
  CampaignRows,
  type CampaignRunOptions,
  keptName,
  writeCsv,
} from "../../src/campaign/campaign.ts";
import { CampaignError } from "../../src/campaign/campaign_error.ts";
import type { CampaignDefinition } from "../../src/campaign/definition.ts";
import { CampaignFolder } from "../../src/campaign/folder.ts";
import { mergeCampaign } from "../../src/campaign/merge_campaign.ts";
import { SeedList } from "../../src/campaign/seed_list.ts";
import type { TrialRow } from "../../src/campaign/trial_row.ts";
import { GuardError } from "../../src/errors.ts";
import { load } from "../../src/artifact/load.ts";
import { recordRun } from "../../src/engine/record.ts";
import { contentHashOf } from "../../src/artifact/encode_artifact.ts";
import type { Rng } from "../../src/rng/rng.ts";
import { EXAMPLES, runCli, TempFolder } from "../cli/run_cli.ts";

const SOURCE = `let calls = 0;
export const init = { x: 0 };
export const params = { by: 1, mode: "fine" };
export const observe = { x: (s) => s.x };
export function step(s, rng, { by, mode }, t) {
  if (calls++ > 300) throw new Error("this module was used before");
  if (t === 30 && mode === "throws") throw new Error("boom");
  if (t === 30 && mode === "hangs") for (;;) {}
  if (t === 30 && mode === "eats") return new Float64Array(6e7).fill(1);
  return { x: s.x + by * (rng.random() < 0.5 ? 1 : -1) };
}`;

function definition(options: Partial<CampaignDefinition> = {}): CampaignDefinition {
  return {
    module: { source: SOURCE, sourceMap: undefined, stepId: "toy.js", shims: undefined },
    ...{ path: "toy.js", steps: 50, seeds: SeedList.parse("0..5"), params: undefined },
    sets: combine([readAxis("by=1,2")]),
    ...{ rng: undefined, blockSize: undefined, observe: undefined, until: undefined },
    ...{ where: "(s) => s.x >= 4", final: "(s) => s.x", points: 3, guards: true },
    untilCi: undefined,
    ...options,
  };
}

async function run(
  path: string,
  defined: CampaignDefinition,
  options: CampaignRunOptions = {},
): Promise<Campaign> {
  const folder = beginCampaign(path, defined);
  const campaign = new Campaign(folder, defined, options);
  for await (const _ of campaign.run());
  return campaign;
}

const resultsOf = (path: string) => Deno.readTextFileSync(`${path}/results.jsonl`);
const rowsOf = (path: string) =>
  resultsOf(path).trimEnd().split("\n").map((line) => JSON.parse(line) as TrialRow);

Deno.test("the results are the same file on one child and two, in shards, and stopped and gone on with", async () => {
  await using temp = new TempFolder();
  const defined = definition();
  const one = await run(temp.file("one"), defined, { children: 1 });
  assertEquals(one.end, {
    ...{ isComplete: true, done: 12, failed: 0, trials: 12, hasTooManyFailures: false },
    isPrecise: undefined,
  });
  const whole = resultsOf(temp.file("one"));
  assertEquals(rowsOf(temp.file("one")).map(({ trial }) => trial), [...Array(12).keys()]);

  await run(temp.file("two"), defined, { children: 2, keep: "hits" });
  assertEquals(resultsOf(temp.file("two")), whole);

  for (const index of [2, 0, 1]) {
    await run(temp.file("shards"), defined, { children: 1, shard: { index, count: 3 } });
  }
  const folder = CampaignFolder.open(temp.file("shards"));
  assertEquals(mergeCampaign([folder], folder).journals, 3);
  assertEquals(resultsOf(temp.file("shards")), whole);

  const path = temp.file("stopped");
  for await (const _ of new Campaign(beginCampaign(path, defined), defined).run()) break;
  assert(resultsOf(path).length < whole.length, "it stopped early");
  await run(path, defined, { children: 2 });
  assertEquals(resultsOf(path), whole);

  // Each row says what a recording of its own gives.
  const step = (s: { x: number }, rng: Rng, { by }: { by: number }) => ({
    x: s.x + by * ((rng as unknown as { random(): number }).random() < 0.5 ? 1 : -1),
  });
  for (const row of rowsOf(temp.file("one")).slice(0, 4)) {
    const params = { by: row.params.by as number, mode: "fine" };
    const observe = { x: (s: { x: number }) => s.x };
    const seed = row.seed as number;
    const record = recordRun(step, { init: { x: 0 }, steps: 50, seed, params, observe });
    assertEquals(
      contentHashOf({ ...record, stepId: "toy.js", source: SOURCE, math: "portable" }),
      row.hash,
    );
    assertEquals(row.observed.x!.mean, (record.observed.x as { mean: number }).mean);
  }

  // Hits are kept, and are the runs of their rows.
  for (const { trial, first, hash } of rowsOf(temp.file("two"))) {
    const kept = temp.file(`two/${keptName(trial)}`);
    if (first === null) assertThrows(() => Deno.statSync(kept), Deno.errors.NotFound);
    else assertEquals(await (await load(kept, { step })).contentHash(), hash);
  }
  {
    using rows = CampaignRows.of(folder, defined);
    writeCsv(folder, defined, rows);
  }
  const csv = Deno.readTextFileSync(folder.of("results.csv")).split("\n");
  assertEquals(
    csv[0],
    "trial,set,seed,params.by,outcome,steps,failure,failure_t,first,final,x.mean,x.std,x.min,x.max,hash",
  );
  assertEquals(csv.length, 14);
});

Deno.test("a module that keeps nothing gives the same rows from one instance as from many, after failures too", async () => {
  await using temp = new TempFolder();
  const plain = `export const init = { x: 0 };
export const params = { by: 1 };
export const observe = { x: (s) => s.x };
export function step(s, rng, { by }) {
  if (s.x === 6) throw new Error("too far");
  if (s.x === -6) return { x: s.x, why: () => 1 };
  return { x: s.x + by * (rng.random() < 0.5 ? 1 : -1) };
}`;
  const { module } = definition();
  const rows = async (name: string, source: string) => {
    await run(temp.file(name), definition({ module: { ...module, source } }), { children: 1 });
    return rowsOf(temp.file(name)).map(({ hash: _, ...row }) => row);
  };
  // A variable that a function may change takes the module for one that remembers.
  const fresh = await rows(
    "fresh",
    `let memory = 0;\n${plain}\nexport const use = () => memory++;`,
  );
  assertEquals(await rows("reused", plain), fresh);
  const kinds = new Set(fresh.map(({ failure }) => failure?.kind));
  assertEquals([...kinds].sort(), ["state", "step", undefined]);
});

Deno.test("a trial that throws, hangs or eats memory is one line", async () => {
  await using temp = new TempFolder();
  const attempt = async (modes: string, limits: CampaignRunOptions) => {
    const sets = combine([readAxis(`mode=${modes}`)]);
    const path = temp.file(modes);
    await run(path, definition({ seeds: SeedList.parse("1"), sets }), limits);
    return rowsOf(path);
  };
  const rows = await attempt("fine,throws,eats", { memoryBytesMax: 180_000_000, children: 2 });
  // Nothing else is in it: what is slow today may be fast tomorrow.
  rows.push(...await attempt("hangs", { timeoutMs: 300 }));
  assertEquals(rows.map(({ outcome, failure, steps }) => [outcome, failure?.kind ?? null, steps]), [
    ["complete", null, 50],
    ["failed", "step", 31],
    ["killed", "memory", 0],
    ["killed", "timeout", 0],
  ]);
  assertEquals(rows[1]!.failure, { kind: "step", t: 31, error: "Error: boom" });
  assertEquals(rows[1]!.final === null, false, "what there is of a failed run is told");
});

Deno.test("a trial that ruins its child costs its own line only, whichever trials were asked for with it", async () => {
  await using temp = new TempFolder();
  const source = `export const init = { x: 0 };
export const params = { mode: "fine" };
export function step(s, rng, { mode }, t) {
  if (t === 30 && mode === "throws") throw new Error("boom");
  if (t === 30 && mode === "hangs") for (;;) {}
  if (t === 30 && mode === "eats") return new Float64Array(6e7).fill(1);
  if (mode === "sends") return { x: t, more: new Float64Array(2e5) };
  return { x: s.x + (rng.random() < 0.5 ? 1 : -1) };
}`;
  const modes: Readonly<Record<number, string>> = {
    ...{ 9: "hangs", 17: "throws", 18: "eats", 31: "sends" },
  };
  const { module } = definition();
  const rows = async (name: string, poisoned: boolean) => {
    const sets = Array.from({ length: 40 }, (_, i) => ({
      mode: poisoned ? modes[i] ?? "fine" : "fine",
    }));
    const defined = definition({
      ...{ module: { ...module, source }, seeds: SeedList.parse("3"), sets, guards: false },
      ...{ observe: undefined, where: undefined, blockSize: 5 },
    });
    const limits = { timeoutMs: 300, memoryBytesMax: 180_000_000, outputBytesMax: 1_000_000 };
    await run(temp.file(name), defined, { ...limits, children: 1 });
    return rowsOf(temp.file(name));
  };
  const whole = await rows("whole", false);
  const some = await rows("some", true);
  assertEquals(some.map(({ trial, failure }) => failure && [trial, failure.kind]).filter(Boolean), [
    ...[[9, "timeout"], [17, "step"], [18, "memory"], [31, "output"]],
  ]);
  const fine = (row: TrialRow) => !(row.trial in modes);
  assertEquals(some.filter(fine), whole.filter(fine));
});

Deno.test("a function that fails for some state fails its trial, and says which it is", async () => {
  await using temp = new TempFolder();
  const odd = "(s) => { if (s.x < -3) throw new Error('too low'); return";
  const attempt = async (name: string, options: Partial<CampaignDefinition>) => {
    const path = temp.file(name);
    const one = { seeds: SeedList.parse("0..9"), sets: [{}], where: undefined, final: undefined };
    await run(path, definition({ ...one, ...options }), { children: 1 });
    const failed = rowsOf(path).filter(({ outcome }) => outcome === "failed");
    assert(0 < failed.length && failed.length < 10);
    assert(failed.every(({ failure, steps }) => failure!.kind === "look" && failure!.t === steps));
    return failed[0]!.failure!.error;
  };
  const texts = [
    await attempt("where", { where: `${odd} false; }` }),
    await attempt("until", { until: `${odd} false; }` }),
    await attempt("observe", { observe: { low: `${odd} 1; }` } }),
    await attempt("final", { final: `${odd} 1; }` }),
  ];
  const names = ["where", "until", "observe.low", "final"];
  assertEquals(texts, names.map((name) => `${name} failed: Error: too low`));
  const none = await attempt("none", { observe: { low: "(s) => s.x < -3 ? undefined : 1" } });
  assertStringIncludes(none, "Cannot compute statistics of a value of type undefined");
});

Deno.test("shards that begin at once find each other's beginning, and one that was stopped there goes on", async () => {
  await using temp = new TempFolder();
  const defined = definition();
  const { source } = defined.module;
  Deno.mkdirSync(temp.file("a"));
  temp.write("a/step.js", source);
  assertEquals((await run(temp.file("a"), defined, { children: 1 })).end?.done, 12);
  Deno.mkdirSync(temp.file("b"));
  temp.write("b/step.js", "export const mine = 1;");
  assertThrows(() => beginCampaign(temp.file("b"), defined), CampaignError, "other files");
  assertEquals(Deno.readTextFileSync(temp.file("b/step.js")), "export const mine = 1;");
  // In processes of their own, as a job array starts them.
  const words = ["sweep", `${EXAMPLES}walk.ts`, "--steps", "20", "--seeds", "0..5", "-o", "array"];
  const shards = await Promise.all(
    [0, 1, 2].map((i) =>
      runCli([...words, "--shard", `${i}/3`, "--jobs", "1"], { cwd: temp.path })
    ),
  );
  assertEquals(shards.map(({ code, stderr }) => code === 0 ? "" : stderr), ["", "", ""]);
});

Deno.test("--max-failures stops, and a campaign that is another one is refused", async () => {
  await using temp = new TempFolder();
  const defined = definition({ sets: combine([readAxis("mode=throws")]) });
  const campaign = await run(temp.file("a"), defined, { children: 1, maxFailures: 1 });
  assertEquals([campaign.end?.isComplete, campaign.end?.failed], [false, 2]);
  const retried: number[] = [];
  const again = new Campaign(CampaignFolder.open(temp.file("a")), defined, {
    ...{ retryFailed: true, children: 1 },
  });
  for await (const done of again.run()) retried.push(...done.map(({ row }) => row.trial));
  assertEquals(retried, [0, 1, 2, 3, 4, 5], "those that failed, and those that are missing");
  assertEquals([again.end?.isComplete, again.end?.failed], [true, 6]);
  await assertRejects(
    () => run(temp.file("a"), { ...defined, steps: 51 }),
    CampaignError,
    "its steps was 50 and is 51 now",
  );
  const source = SOURCE.replace("0.5", "0.6");
  await assertRejects(
    () => run(temp.file("a"), { ...defined, module: { ...defined.module, source } }),
    CampaignError,
    "module's text",
  );
  // Nothing is lost with a campaign that has no results: it was a slip.
  const slip = { ...defined, where: "nonsense" };
  await assertRejects(() => run(temp.file("c"), slip));
  assertEquals((await run(temp.file("c"), defined)).end?.done, 6);
  Deno.mkdirSync(temp.file("b"));
  temp.write("b/thesis.tex", "");
  await assertRejects(() => run(temp.file("b"), defined), CampaignError, "other files");
});

Deno.test("what no trial can do without stops the campaign", async () => {
  await using temp = new TempFolder();
  const attempt = (name: string, options: Partial<CampaignDefinition>) =>
    run(temp.file(name), definition({ seeds: SeedList.parse("1"), ...options }));
  await assertRejects(() => attempt("a", { where: "1" }), Error, "it is not a function");
  await assertRejects(() => attempt("b", { sets: [{ by: "x" }] }), GuardError, "a number");
  await assertRejects(() => attempt("b", { sets: [{ bx: 1 }] }), GuardError, "did you mean 'by'?");
  const { module } = definition();
  await assertRejects(() =>
    attempt("c", { module: { ...module, source: "export const init = (" } })
  );
  const hidden = SOURCE.replace("+ by *", "+ (calls > 20 ? 1 : 0) + by *");
  await assertRejects(
    () => attempt("d", { module: { ...module, source: hidden }, where: undefined }),
    Error,
    "Cannot certify",
  );
});

Deno.test("a campaign stops where the interval is narrow enough, on any number of children", async () => {
  await using temp = new TempFolder();
  const defined = definition({
    seeds: SeedList.parse("0..999"),
    sets: [{}],
    steps: 3,
    observe: {},
    where: "(s) => s.x >= 1",
    untilCi: { width: 0.19, of: undefined },
  });
  const one = await run(temp.file("one"), defined, { children: 1 });
  assertEquals(one.end?.isComplete, true);
  assertEquals([one.end!.isPrecise, one.end!.trials % 50], [true, 0]);
  assert(one.end!.trials < 200);
  await run(temp.file("two"), defined, { children: 2 });
  assertEquals(resultsOf(temp.file("one")), resultsOf(temp.file("two")));

  const few = { ...defined, seeds: SeedList.parse("0..2") };
  assertEquals((await run(temp.file("few"), few)).end?.isPrecise, false);
  await assertRejects(
    () => run(temp.file("no"), { ...few, untilCi: { width: 1, of: "y" } }),
    CampaignError,
    "no trial gives it",
  );
});

Deno.test("trials whose runs are to be kept now run again, and nothing else of them changes", async () => {
  await using temp = new TempFolder();
  const path = temp.file("kept");
  const defined = definition({ where: "(s) => s.x >= 8" });
  await run(path, defined, { children: 1 });
  const before = resultsOf(path);
  const hits = rowsOf(path).filter(({ first }) => first !== null).map(({ trial }) => trial);
  assert(hits.length > 0 && hits.length < 12);
  const again: number[] = [];
  for (const keep of ["hits", "hits", "all"] as const) {
    const campaign = new Campaign(CampaignFolder.open(path), defined, { keep, children: 1 });
    for await (const done of campaign.run()) again.push(...done.map(({ row }) => row.trial));
    if (keep === "hits") assertEquals(again, hits, "the second time there is nothing to do");
  }
  assertEquals(again.toSorted((a, b) => a - b), [...Array(12).keys()]);
  assertEquals(resultsOf(path), before);
});
