import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeColumn, decodeRuns } from "../../src/page/columns.ts";
import type { RunPageData } from "../../src/view/page_data.ts";
import { renderRunPage } from "../../src/view/run_page.ts";
import { HOSTILE, makeInfo, makeInput, makeSurvey } from "./support.ts";

/** The page without what is known to be fixed. */
function variablePart(page: string): string {
  return page.replaceAll(/<style>.*?<\/style>|<script>.*?<\/script>/gs, "");
}

/** What is to be read, as words. */
function wordsOf(page: string): string {
  return variablePart(page).replace(/<script.*?<\/script>/gs, "").replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

function dataOf(page: string): RunPageData {
  const match = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page);
  return JSON.parse(match![1]!);
}

const VALUES = Array.from({ length: 40 }, (_, t) => t === 7 ? NaN : t === 9 ? 500 : t % 5);

Deno.test("renderRunPage() says what the run is, where it is not finite, and exact statistics", () => {
  const survey = makeSurvey({ x: VALUES, still: VALUES.map(() => 3) }, VALUES, { bucketsMax: 8 });
  const info = makeInfo(40, { failure: { t: 40, error: "Error: late" }, params: { rate: 2 } });
  const page = renderRunPage(makeInput({ ...survey, leftOut: 5 }, { info }));
  const words = wordsOf(page);
  for (
    const part of [
      "40 steps with seed 42",
      "The step failed at t = 40",
      "Error: late",
      "walk.replay , 1,234 bytes",
      "4 of 10 states",
      "ab".repeat(32),
      "cd".repeat(32),
      "{rate: 2}",
      "NaN at t = 7",
      "still is 3",
      "500 at t = 9",
      "5 more numbers are not drawn",
      "Each point across is 5 states",
      "export const init = 0;",
      "rewind verify walk.replay",
      "Made by rewind 9.9.9",
    ]
  ) assertStringIncludes(words, part);
});

Deno.test("renderRunPage() holds exact extremes per bucket, where values are not finite, and states", () => {
  const page = renderRunPage(makeInput(makeSurvey({ x: VALUES }, VALUES, { bucketsMax: 8 })));
  const data = dataOf(page);
  assertEquals([data.from, data.to, data.width], [0, 40, 5]);
  const [series] = data.series;
  assertEquals(Array.from(decodeColumn(series!.high!).values), [4, 500, 4, 4, 4, 4, 4, 4]);
  assertEquals(Array.from(decodeColumn(series!.low).values), [0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(Array.from(decodeRuns(series!.marks.nan)), [1]);
  assertEquals(series!.firstMarks, [7, -1, -1]);
  assertEquals(data.samples.length, 40);
  assertEquals(data.samples[7], { t: 7, tree: ["state", "NaN", 1] });
  // One state per bucket needs one column.
  const short = dataOf(renderRunPage(makeInput(makeSurvey({ x: VALUES }, VALUES))));
  assertEquals([short.width, short.series[0]!.high], [1, undefined]);
});

/** A page in which all that somebody else can choose is hostile. */
function hostilePage(): string {
  const state = { [HOSTILE]: HOSTILE, nested: new Map([[HOSTILE, [HOSTILE]]]) };
  const survey = makeSurvey({ [HOSTILE]: [1, 2, NaN] }, [state, { ...state }, HOSTILE]);
  const constant = makeSurvey({ [HOSTILE]: [1, 1, 1] }, [1, 2, 3]).series;
  return renderRunPage(makeInput({ ...survey, series: [...survey.series, ...constant] }, {
    file: HOSTILE,
    stepFile: HOSTILE,
    source: `${HOSTILE}\n${HOSTILE}`,
    commands: { get: HOSTILE, view: HOSTILE, verify: HOSTILE },
    tool: HOSTILE,
    info: makeInfo(3, {
      stepId: HOSTILE,
      params: { [HOSTILE]: HOSTILE },
      contentHashStatus: HOSTILE,
      failure: { t: 3, error: HOSTILE },
      branchPoint: 1,
      parentHash: HOSTILE,
      seed: -(10n ** 19_000n),
      recordedBy: [{ tool: HOSTILE, engine: HOSTILE, from: 0 }] as never,
    }),
  }));
}

Deno.test("renderRunPage() lets no text of an artifact become markup or reach a terminal raw", () => {
  const page = hostilePage();
  assertEquals(page.match(/<script/g)?.length, 3, "the data and two scripts");
  assertEquals(page.match(/<\/script/g)?.length, 3);
  assert(!variablePart(page).includes("<img") && !variablePart(page).includes("<!--"));
  assert(
    !/<(?!\/?(?:script|html|head|meta|title|link|style|body|main|footer|header|h[123]|p|dl|dt|dd|div|section|code|strong|span|button|label|input|noscript|table|caption|thead|tbody|tr|th|td|details|summary|pre|!DOCTYPE)\b)/
      .test(variablePart(page)),
  );
  // deno-lint-ignore no-control-regex -- what must not be there
  assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/.exec(variablePart(page)), null);
  assertEquals(dataOf(page).getCommand, HOSTILE, "as data it is what it was");
  assert(page.length < 300_000, "a long seed is cut");
});

Deno.test("the page of a run loads nothing, and its policy lets only its scripts and styles run", async () => {
  const page = hostilePage();
  assertEquals(/https?:\/\//.exec(variablePart(page)), null);
  const addresses = [...variablePart(page).matchAll(/\s(?:src|href|action|data)="([^"]*)"/g)];
  assertEquals(addresses.map((match) => match[1]!).filter((at) => at !== "data:,"), []);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  assertStringIncludes(policy, "default-src 'none'");
  for (const element of ["script", "style"]) {
    const texts = [...page.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, "gs"))];
    const hashes = await Promise.all(texts.map(async (match) => {
      const bytes = new TextEncoder().encode(match[1]!);
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
    }));
    assertEquals(hashes.length, 2);
    assertStringIncludes(policy, `${element}-src ${hashes.join(" ")};`);
  }
});

Deno.test("renderRunPage() keeps states within a bound, and says that they are shortened", () => {
  const states = Array.from({ length: 100 }, (_, t) => new Float64Array(20_000).fill(t / 3));
  const page = renderRunPage(makeInput(makeSurvey({ x: [...states.keys()] }, states)));
  assert(page.length < 2_200_000, `${page.length}`);
  assertStringIncludes(page, "Long states are shortened here");
});
