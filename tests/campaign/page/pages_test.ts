import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import type { CampaignDefinition } from "../../../src/campaign/definition.ts";
import { CampaignPageCollector } from "../../../src/campaign/page/campaign_data.ts";
import { renderCampaignPage } from "../../../src/campaign/page/campaign_page.ts";
import { chartSvg, shortNumber } from "../../../src/campaign/page/chart.ts";
import { renderRarePage } from "../../../src/campaign/page/rare_page.ts";
import { renderWhyPage } from "../../../src/campaign/page/why_page.ts";
import { rare } from "../../../src/campaign/rare.ts";
import { type RareDefinition, resultOfRows } from "../../../src/campaign/rare_campaign.ts";
import { SeedList } from "../../../src/campaign/seed_list.ts";
import type { TrialRow } from "../../../src/campaign/trial_row.ts";
import type { Sfc32Random } from "../../../src/rng/sfc32/sfc32_random.ts";

/** What an author may write anywhere. */
const EVIL = `</script><img src=x onerror=alert(1)>"'`;

function definition(sets: CampaignDefinition["sets"]): CampaignDefinition {
  return {
    module: { source: "", sourceMap: undefined, stepId: EVIL, shims: undefined },
    ...{ path: EVIL, steps: 10, seeds: SeedList.parse("0..9"), params: undefined, sets },
    ...{ rng: undefined, blockSize: undefined, observe: undefined, until: EVIL, where: EVIL },
    ...{ final: EVIL, points: 3, guards: true, untilCi: undefined },
  };
}

function row(trial: number, sets: CampaignDefinition["sets"], fields: Partial<TrialRow>): TrialRow {
  const set = trial % sets.length;
  return {
    ...{ trial, set, seed: Math.floor(trial / sets.length), params: sets[set]!, steps: 10 },
    ...{ outcome: "complete", failure: null, first: null, final: trial, hash: null, exact: {} },
    observed: { [EVIL]: { mean: trial } },
    points: { [EVIL]: [0, trial, null] },
    ...fields,
  };
}

function page(sets: CampaignDefinition["sets"], rows: readonly TrialRow[]): string {
  const defined = definition(sets);
  const collector = new CampaignPageCollector(sets, { hasWhere: true, points: 3 });
  for (const one of rows) collector.add(one);
  return renderCampaignPage({
    ...{ definition: defined, data: collector.result(), open: () => EVIL },
    page: ({ trial }) => trial === 3 ? "trials/3.html" : undefined,
  });
}

/** Whatever is on a page stays text. */
function assertHarmless(text: string): void {
  assertNotMatch(text, /<img|alert\(1\)>(?!&)/);
  assertMatch(text, /default-src 'none'/);
  assertEquals(text.includes("NaN"), false);
}

Deno.test("the page of a campaign is right about what is there, and harmless", () => {
  for (
    const sets of [
      [{}],
      [{ b: 1 }, { b: 2 }],
      [{ b: 1, c: 1 }, { b: 1, c: 2 }, { b: 2, c: 1 }, { b: 2, c: 2 }],
      [{ m: EVIL }, { m: "fine" }],
    ] as CampaignDefinition["sets"][]
  ) {
    const failure = { kind: "step", t: 3, error: EVIL } as const;
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((trial) =>
      row(
        trial,
        sets,
        trial === 3 ? { outcome: "failed", failure } : { first: trial % 2 ? 4 : null },
      )
    );
    const text = page(sets, rows);
    assertHarmless(text);
    assertStringIncludes(text, `8 of ${10 * sets.length} trials`);
    assertEquals(text.match(/<a href="[^"#]*"/g), ['<a href="trials/3.html"']);
    assertStringIncludes(text, "This campaign is not complete");
    assertStringIncludes(text, "1 trial failed and count in no estimate");
    assertStringIncludes(text, "First t of the event in 3 trials");
    assertEquals(text.includes("Differences under common seeds"), sets.length > 1);
  }
});

Deno.test("the page of a campaign without any trial opens", () => {
  assertHarmless(page([{ b: 1 }, { b: 2 }], []));
});

Deno.test("the page of why shows the chance, the steps and what they changed", () => {
  const point = (t: number, p: number, forks = 200) => ({
    t,
    forks,
    hits: p * forks,
    p,
    low: p,
    high: p,
  });
  const [before, after] = [point(6, 0.25), point(7, 1)];
  const jump = {
    ...{ t: 7, before, after, draws: [{ method: EVIL, args: [EVIL], result: 1 }] },
    changes: [{ path: EVIL, before: EVIL, after: undefined }],
  };
  const text = renderWhyPage({
    ...{ name: EVIL, where: EVIL },
    report: {
      ...{ isFailure: false, happenedAt: 9, failedForks: 1, forks: 900, isCut: true },
      jumps: [jump],
      curve: [point(0, 0.25), before, after, point(9, 1, 0)],
    },
    commands: { trace: () => EVIL, branch: () => EVIL },
  });
  assertHarmless(text);
  assertStringIncludes(text, "t = 7: 25% (25% to 25%) before, 100% (100% to 100%) after");
});

Deno.test("the page of a splitting shows estimate, warnings and lineage", () => {
  const result = rare((x: number, rng: Sfc32Random) => x + (rng.random() < 0.3 ? 1 : -1), {
    ...{ init: 0, steps: 30, seed: 1, rng: "sfc32", particles: 10, repeats: 2 },
    ...{ score: (x) => x, level: 5 },
  });
  const definition: RareDefinition = {
    ...{ module: { source: "", sourceMap: undefined, stepId: EVIL, shims: undefined } },
    ...{ path: EVIL, steps: 30, seed: 1n, rng: undefined, paramChanges: [], score: EVIL },
    ...{ until: EVIL, guards: true, level: 5, particles: 10, repeats: 2 },
  };
  const text = renderRarePage({
    definition,
    result: { ...result, warnings: ["disagree"] },
    rows: [{
      ...{ trial: 0, rounds: 2, curve: [[1, -1], [2, null]], steps: 5, firstSteps: 5 },
      estimate: { logP: null, variance: 1, kills: 2, ancestors: 1, logBefore: -1 },
      lineage: null,
    }],
    commands: [EVIL],
  });
  assertHarmless(text);
  assertStringIncludes(text, "the score is a poor guide");
  assertStringIncludes(text, "0 (died out)");
  assertStringIncludes(text, "1 of 2 repeats are done");
  const nothing = { definition, result: resultOfRows(definition, []), rows: [], commands: [] };
  assertStringIncludes(renderRarePage(nothing), "No repeat is done yet");
  assertNotMatch(renderRarePage(nothing), /NaN|nothing is rare/);
});

Deno.test("plots have finite places whatever they are given", () => {
  const { text } = chartSvg({
    label: EVIL,
    x: { name: "x", extent: [3, 3] },
    y: { name: "y", extent: [0, 1e-9] },
    marks: [{ kind: "line", color: 9, points: [[3, NaN], [3, Infinity]] }],
  });
  assertNotMatch(text, /NaN|Infinity/);
  assert(text.includes("<svg"));
  assertEquals([0, 1234567, 0.25, 1e-7].map(shortNumber), ["0", "1.2e6", "0.25", "1e-7"]);
});
