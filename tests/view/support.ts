/**
 * Surveys of made-up runs, for the tests of the page.
 *
 * @module
 */

import type { ArtifactInfo } from "../../src/artifact/open_record.ts";
import { bucketsOf, SeriesAccumulator } from "../../src/engine/series.ts";
import type { RunPageInput } from "../../src/view/run_page.ts";
import type { RunSurvey } from "../../src/view/survey_run.ts";

/** Text that tries to leave wherever it is put. */
export const HOSTILE =
  `</script><script>alert(1)</script><img src=x onerror="alert(2)"> "'\`&amp;<!-- \u2028\u202e\x1b[31m`;

/** What an artifact of so many steps says of itself. */
export function makeInfo(steps: number, changes: Partial<ArtifactInfo> = {}): ArtifactInfo {
  return {
    steps,
    seed: 42n,
    blockSize: 10,
    blocks: Math.ceil(steps / 10),
    rng: "python",
    math: "portable",
    stepId: "walk.ts",
    observed: [],
    hasSource: true,
    branchPoint: undefined,
    parentHash: undefined,
    format: "rewind",
    formatVersion: 2,
    fileBytes: 1234,
    contentHash: "ab".repeat(32),
    contentHashStatus: "verified",
    statistics: {},
    params: undefined,
    failure: undefined,
    facts: [],
    sourceHash: "cd".repeat(32),
    sourceBytes: 99,
    sourceMap: undefined,
    recordedBy: [],
    unfinished: undefined,
    ...changes,
  };
}

/** A survey of series and states that are given for every t. */
export function makeSurvey(
  columns: Readonly<Record<string, readonly number[]>>,
  states: readonly unknown[],
  { bucketsMax = 1000, every = 1 } = {},
): RunSurvey {
  const buckets = bucketsOf(0, states.length, bucketsMax);
  return {
    buckets,
    series: Object.entries(columns).map(([name, values]) => {
      const series = new SeriesAccumulator(buckets);
      values.forEach((x, t) => series.add(t, x));
      return { name, series: series.result() };
    }),
    leftOut: 0,
    isCut: false,
    samples: states.map((state, t) => ({ t, state })).filter(({ t }) => t % every === 0),
  };
}

/** What a page is made of. */
export function makeInput(survey: RunSurvey, changes: Partial<RunPageInput> = {}): RunPageInput {
  return {
    file: "walk.replay",
    info: makeInfo(survey.buckets.to),
    source: "export const init = 0;",
    stepFile: undefined,
    survey,
    commands: {
      get: "rewind get walk.replay",
      view: "rewind view walk.replay",
      verify: "rewind verify walk.replay",
    },
    tool: "rewind 9.9.9",
    ...changes,
  };
}
