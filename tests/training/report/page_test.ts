import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { diffLogs } from "../../../src/training/verbs/diff_runs.ts";
import type { DeterminismReport } from "../../../src/training/findings/determinism_report.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import { decodeColumn, decodeRuns } from "../../../src/page/columns.ts";
import { renderDeterminismPage } from "../../../src/training/report/determinism_page.ts";
import { renderDiffPage } from "../../../src/training/report/diff_page.ts";
import type { PageData } from "../../../src/training/report/page_data.ts";
import { pageData } from "../../../src/training/report/plot_data.ts";
import { numberPair } from "../../../src/training/report/report_parts.ts";
import { Html } from "../../../src/page/html.ts";
import { renderReplayPage } from "../../../src/training/report/replay_page.ts";
import { replicaSpread } from "../../../src/training/findings/replicas.ts";
import { makeLog } from "../support.ts";
import { course, embeddedData, makeReport } from "./support.ts";

const COUNT = 200;
const STEPS = Array.from({ length: COUNT }, (_, step) => step);
const LOSS = course(COUNT);
const REWARD = course(COUNT, { seed: 3, level: -1 });
const ORIGINAL = makeLog(STEPS, { loss: LOSS, reward: REWARD });
const CHANGED = makeLog(STEPS, {
  loss: LOSS.map((value, step) => step < 150 ? value : value * 1.5),
  reward: REWARD,
});

/** The page without what is known to be fixed: uPlot's notice names its home. */
function variablePart(page: string): string {
  return page.replaceAll(/<style>.*?<\/style>|<script>.*?<\/script>/gs, "");
}

function dataOf(page: string): PageData {
  return embeddedData(page) as PageData;
}

Deno.test("renderReplayPage() says the verdict, metric, step, size, seed, command and tolerance", () => {
  const page = renderReplayPage(makeReport(ORIGINAL, [CHANGED]), { tool: "rewind 9.9.9" });
  const text = variablePart(page).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  for (
    const part of [
      "The run does not reproduce",
      "at step 150, off by 0.5. 50 of 400 values of loss, reward are outside tolerance=0.01",
      "42, from seed in run.jsonl",
      "python train.py --seed 42",
      "PYTHONHASHSEED",
      "tolerance=0.01",
      "All 50 values outside the tolerance",
      "Made by rewind 9.9.9",
    ]
  ) assertStringIncludes(text, part);
  // A few digits, and all of them once they are asked for.
  const [original, replay] = [LOSS[150]!, LOSS[150]! * 1.5].map((value) =>
    `<span class="short" title="${value}">${Number(value.toPrecision(4))}</span>` +
    `<span class="full">${value}</span>`
  );
  assertStringIncludes(page, `loss is ${replay} instead of ${original} at step 150`);
  assertEquals(page.match(/id="exact"/g)?.length, 1);
  const data = dataOf(page);
  assertEquals(data.plots.map((plot) => plot.metric), ["loss", "reward"]);
  assertEquals(decodeRuns(data.plots[0]!.violations), Uint32Array.from(STEPS.slice(150)));
  assertEquals(data.plots[0]!.lines, [
    { step: 150, label: "first divergence, step 150", kind: "violation" },
  ]);
  assertEquals([...decodeColumn(data.plots[0]!.original).values], LOSS);
});

Deno.test("renderReplayPage() of a run that reproduces embeds its values once", () => {
  const page = renderReplayPage(makeReport(ORIGINAL, [ORIGINAL]));
  assertStringIncludes(page, "The run reproduces");
  assertStringIncludes(page, "none is outside the tolerance");
  const data = dataOf(page);
  assertEquals(data.plots.map((plot) => plot.replay ?? plot.difference), [undefined, undefined]);
  assertEquals(data.axes.length, 1, "steps that metrics share are there once");
  assert(!page.includes('id="violations"'));
});

Deno.test("renderReplayPage() of a command that failed shows what it said, and has no plots", () => {
  const report = makeReport(ORIGINAL, []);
  const replica = makeReport(ORIGINAL, [ORIGINAL]).replicas[0]!;
  const page = renderReplayPage({
    ...report,
    reasons: ["the command ended with exit code 3"],
    replicas: [{
      ...replica,
      completed: false,
      exitCode: 3,
      stderrTail: "Traceback: out of <memory>",
      log: undefined,
      comparison: undefined,
    }],
  });
  assertStringIncludes(page, "The command failed");
  assertStringIncludes(page, "Traceback: out of &lt;memory&gt;");
  assertEquals(dataOf(page).plots, []);
  assert(!page.includes('id="plots"'));
});

Deno.test("renderReplayPage() lists the first violations and says how many more there are", () => {
  const all = makeLog(STEPS, { loss: LOSS.map((value) => value * 2), reward: REWARD });
  const page = renderReplayPage(
    makeReport(ORIGINAL, [all], { changes: { files: { mismatches: "x/replay_mismatches.json" } } }),
  );
  assertStringIncludes(
    page,
    "100 of 200 values outside the tolerance: the first of each metric, by step",
  );
  assertStringIncludes(
    page,
    "100 more are marked in the plots, and listed in replay_mismatches.json",
  );
});

Deno.test("renderReplayPage() has replicas as a range, NaN and missing values as such", () => {
  const original = makeLog([0, 1, 2, 3], { loss: [1, NaN, 3, 4] });
  const first = makeLog([0, 1, 2, 4], { loss: [1, NaN, undefined, 5] });
  const second = makeLog([0, 1, 2, 3], { loss: [1.5, NaN, 3, 4] });
  const { plots, names } = dataOf(renderReplayPage(makeReport(original, [first, second])));
  const plot = plots[0]!;
  assertEquals(names.band, "2 replicas");
  assertEquals([...decodeColumn(plot.low!).values], [1, NaN, 3, 4, 5]);
  assertEquals([...decodeColumn(plot.high!).values], [1.5, NaN, 3, 4, 5]);
  assertEquals([...decodeColumn(plot.original).absent!], [0, 0, 0, 0, 1]);
  assertEquals([...decodeColumn(plot.replay!).absent!], [0, 0, 1, 1, 0]);
});

Deno.test("renderReplayPage() leaves out steps above maxSteps", () => {
  const page = renderReplayPage(makeReport(ORIGINAL, [ORIGINAL], { maxSteps: 9 }));
  assertEquals(dataOf(page).axes, [{ first: 0, stride: 1, count: 10 }]);
});

Deno.test("renderReplayPage() does not hide the few violations of one metric behind many of another", () => {
  const replay = makeLog(STEPS, {
    loss: LOSS.map((value) => value * 2),
    reward: REWARD.map((value, step) => step === 190 ? value + 1 : value),
  });
  const page = renderReplayPage(makeReport(ORIGINAL, [replay]));
  const table = page.slice(page.indexOf('id="violations"'), page.indexOf('id="facts"'));
  assertEquals(table.match(/data-metric="loss"/g)?.length, 50);
  assertEquals(table.match(/data-metric="reward"/g)?.length, 1);
});

Deno.test("renderReplayPage() shows the picture right after the verdict, and says each reason once", () => {
  const page = renderReplayPage(makeReport(ORIGINAL, [CHANGED, CHANGED, CHANGED]));
  const [head, picture, violations] = ["<header", 'data-plot="0"', 'id="violations"'].map((part) =>
    page.indexOf(part)
  );
  assert(head! < picture! && picture! < page.indexOf('id="metrics"') && picture! < violations!);
  assertEquals(page.match(/loss differs/g), null, "the table of metrics says it");
  assertStringIncludes(page, "in run 0 of 3 are outside");
});

Deno.test("numberPair() shows as many digits as tell two values apart", () => {
  const text = (a: number, b: number): string[] =>
    numberPair(a, b).map((value) =>
      value instanceof Html ? />([^<]*)<\/span>/.exec(value.text)![1]! : String(value)
    );
  assertEquals(text(0.123456789, 0.2), ["0.1235", "0.2"]);
  assertEquals(text(1.00000012345, 1.00000012399), ["1.000000123", "1.000000124"]);
  assertEquals(text(NaN, 1), ["NaN", "1"]);
  assertEquals(text(1 / 3, 1 / 3), ["0.3333", "0.3333"]);
});

const HOSTILE = `</script><script>alert(1)</script><!-- <img src=x onerror="alert('2')">`;

/** Each kind of page with hostile text wherever a log or a command can put it. */
function hostilePages(): [string, string][] {
  const original = makeLog(STEPS, { [HOSTILE]: LOSS }, { source: HOSTILE });
  const changed = makeLog(STEPS, { [HOSTILE]: LOSS.map((value) => value + 1) }, {
    source: HOSTILE,
  });
  const report = makeReport(original, [changed]);
  const { mismatches, violations } = report.replicas[0]!.comparison!;
  const disagreements = mismatches.map((mismatch) => ({ ...mismatch, replica: 1 }));
  const determinism: DeterminismReport = {
    passed: false,
    verdict: "nondeterministic",
    reasons: [HOSTILE],
    differing: [],
    warnings: [],
    search: undefined,
    power: undefined,
    culprit: HOSTILE,
    fixes: [HOSTILE],
    replicas: 2,
    compared: COUNT,
    oneSided: COUNT,
    metricsCompared: [HOSTILE],
    skipped: [{ metric: HOSTILE, reason: HOSTILE }],
    mismatches: disagreements,
    violations,
    firstMismatch: disagreements[0],
    spread: [replicaSpread(HOSTILE, [original, changed])],
    perturbations: [{
      perturbation: "cwd",
      matters: true,
      change: HOSTILE,
      firstMismatch: mismatches[0],
      problem: undefined,
    }],
    command: HOSTILE,
    environment: { [HOSTILE]: HOSTILE },
    hints: [HOSTILE],
    logs: [original, changed],
    outputDir: HOSTILE,
  };
  const diffed = diffLogs(original, changed, parseMetrics(["all"], { tolerance: 0 }));
  return [
    [
      "replay",
      renderReplayPage({
        ...report,
        reasons: [HOSTILE],
        notes: [HOSTILE],
        seeds: [{ value: 42n, source: HOSTILE, path: HOSTILE }],
        seedPlacement: HOSTILE,
        replayCommand: HOSTILE,
        argv: [HOSTILE],
        cwd: HOSTILE,
        environment: { [HOSTILE]: HOSTILE },
        injected: [HOSTILE],
        injection: HOSTILE,
        skipped: [{ metric: HOSTILE, reason: HOSTILE }],
        files: { [HOSTILE]: HOSTILE },
      }, { tool: HOSTILE }),
    ],
    ["diff", renderDiffPage({ ...diffed, causes: [HOSTILE], notes: [HOSTILE] }, { tool: HOSTILE })],
    ["determinism", renderDeterminismPage(determinism, { tool: HOSTILE })],
  ];
}

Deno.test("report pages escape all text of logs and commands", () => {
  for (const [name, page] of hostilePages()) {
    assertEquals(page.match(/<script/g)?.length, 3, `${name}: data and the page's own scripts`);
    assertEquals(page.match(/<\/script/g)?.length, 3, name);
    assert(!variablePart(page).includes("<img"), name);
    assert(!variablePart(page).includes("<!--"), name);
    assertEquals(dataOf(page).plots[0]!.metric, HOSTILE, name);
  }
});

Deno.test("report pages load nothing, and their policy lets only their own script and style run", async () => {
  for (const [name, page] of hostilePages()) {
    assertEquals(/https?:\/\//.exec(variablePart(page)), null, name);
    // Nothing in the page can make a request: no element with an address but links inside the page.
    const addresses = [...variablePart(page).matchAll(/\s(?:src|href|action|data)="([^"]*)"/g)]
      .map((match) => match[1]!);
    assertEquals(addresses.filter((address) => !/^#|^data:,$/.test(address)), [], name);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    assertStringIncludes(policy, "default-src 'none'");
    for (const element of ["script", "style"]) {
      const texts = [...page.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, "gs"))]
        .map((match) => match[1]!);
      assertEquals(texts.length, 2, "what all pages share, and the page's own");
      const hashes = await Promise.all(texts.map(async (text) => {
        const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
        return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
      }));
      assertStringIncludes(policy, `${element}-src ${hashes.join(" ")};`, name);
      for (const text of texts) {
        assert(!/url\(|@import|fetch\(|XMLHttpRequest|WebSocket/.test(text), name);
      }
      assertStringIncludes(texts[0]!, "Copyright (c) 2022 Leon Sorokin");
      assertStringIncludes(texts[0]!, "THE SOFTWARE IS PROVIDED");
    }
  }
});

Deno.test("report pages have a label for every section and a header for every table column", () => {
  for (const [name, page] of hostilePages()) {
    const labels = [...page.matchAll(/aria-labelledby="([^"]*)"/g)].map((match) => match[1]!);
    assert(labels.length > 2, name);
    for (const label of labels) assertStringIncludes(page, `id="${label}"`);
    for (const [table] of page.matchAll(/<table>.*?<\/table>/gs)) {
      assertStringIncludes(table, "<caption>");
      assertStringIncludes(table, '<th scope="col">');
    }
  }
});

Deno.test("renderDiffPage() marks differences in exact mode and changes in drift mode", () => {
  const count = 400;
  const steps = Array.from({ length: count }, (_, step) => step);
  const a = makeLog(steps, { loss: course(count, { seed: 5 }) });
  const b = makeLog(steps, {
    loss: course(count, { seed: 6 }).map((value, step) => step < 250 ? value : value + 0.5),
  });
  const selection = parseMetrics(["all"], { tolerance: 0 });
  const exact = renderDiffPage(diffLogs(a, b, selection));
  assertStringIncludes(exact, "The logs differ");
  assertEquals(decodeRuns(dataOf(exact).plots[0]!.violations).length, count);
  const drift = renderDiffPage(diffLogs(a, b, selection, { mode: "drift" }));
  const plot = dataOf(drift).plots[0]!;
  assertEquals(decodeRuns(plot.violations).length, 0);
  assert(plot.lines.some(({ kind, step }) => kind === "event" && Math.abs(step - 250) < 5));
  assertStringIncludes(drift, "Where they stop behaving the same");
});

Deno.test("pageData() of too many rows keeps violations and extremes, and says so", () => {
  const count = 30_000;
  const steps = Array.from({ length: count }, (_, step) => step);
  const loss = course(count);
  const original = makeLog(steps, { loss });
  const replay = makeLog(steps, {
    loss: loss.map((value, step) => step === 17_777 ? value * 2 : value),
  });
  const { data, thinned } = pageData(
    [{ metric: "loss", tolerance: undefined, violationSteps: [17_777], lines: [] }],
    {
      original,
      replay,
      replicas: [],
      stepMax: Infinity,
      names: { original: "", replay: "", band: "" },
    },
    { rowsMax: 0 },
  );
  assertEquals(thinned.length, 1);
  assertEquals(thinned[0]!.of, count);
  assert(thinned[0]!.rows < 10_000);
  const plot = data.plots[0]!;
  const [row] = decodeRuns(plot.violations);
  assertEquals(decodeColumn(plot.difference!).values[row!], loss[17_777]!);
  const drawn = decodeColumn(plot.original).values;
  assertEquals([Math.min(...drawn), Math.max(...drawn)], [Math.min(...loss), Math.max(...loss)]);
});
