import { assert, assertEquals } from "@std/assert";
import { Moments } from "../../src/campaign/statistics/intervals.ts";
import {
  BATCH_SEEDS,
  estimateOf,
  LEAST_SEEDS,
  StopRule,
  valueOf,
} from "../../src/campaign/stop_rule.ts";
import type { TrialRow } from "../../src/campaign/trial_row.ts";
import { createRng } from "../../src/rng/backends.ts";

function row(trial: number, fields: Partial<TrialRow> = {}): TrialRow {
  return {
    ...{ trial, set: 0, seed: trial, params: {}, outcome: "complete", steps: 10, failure: null },
    ...{ first: null, final: null, observed: {}, points: {}, exact: {}, hash: null },
    ...fields,
  };
}

Deno.test("valueOf takes the event, the final value or an observable's mean, and nothing of a failure", () => {
  const one = row(0, { first: 3, final: true, observed: { x: { mean: 2 }, v: { mean: [1, 2] } } });
  assertEquals(["final", "x", "v", "y", undefined].map((of) => valueOf(one, of)), [
    1,
    2,
    undefined,
    undefined,
    1,
  ]);
  assertEquals(valueOf({ ...one, outcome: "failed" }, undefined), undefined);
  assertEquals(valueOf(row(1), undefined), 0);
});

Deno.test("StopRule looks at all sets, in the order of the trials, and never before enough seeds", () => {
  const rule = new StopRule({ width: 0.25, of: "final" }, 2);
  for (let trial = 0; trial < 400; trial++) {
    rule.add(row(trial, { set: trial % 2, final: trial % 2 === 0 ? 7 : trial % 3 }));
  }
  assertEquals(rule.isReached(2 * LEAST_SEEDS - 2), false);
  assertEquals(rule.isReached(2 * LEAST_SEEDS), false, "the second set is too wide");
  assertEquals(rule.isReached(400), true);
});

Deno.test("a final value that is yes or no is a probability, and any other one a mean", () => {
  const estimate = (of: string | undefined, ...values: number[]) => {
    const moments = new Moments();
    for (const value of values) moments.add(value);
    const { low, high } = estimateOf(of, moments);
    return [low.toFixed(3), high.toFixed(3)];
  };
  assertEquals(estimate("final", 1, 1, 1, 1, 1), ["0.566", "1.000"]);
  assertEquals(estimate("final", 0, 0), ["0.000", "0.658"]);
  assertEquals(estimate("x", 1, 1, 1), ["1.000", "1.000"]);
  assertEquals(estimate("final", 2, 2, 2), ["2.000", "2.000"]);
});

/** Share of intervals that hold p where a campaign of at most 2,000 seeds stops at a width. */
function coverage(p: number, { width, repeats }: { width: number; repeats: number }): number {
  let held = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const rng = createRng("sfc32", 1000 * repeat + 7);
    const rule = new StopRule({ width, of: undefined }, 1);
    for (let n = 0; n < 2000;) {
      const to = n + BATCH_SEEDS;
      for (; n < to; n++) rule.add(row(n, { first: rng.random() < p ? 1 : null }));
      if (!rule.isReached(n) && n < 2000) continue;
      const { low, high } = rule.estimates(n)[0]!;
      if (low <= p && p <= high) held++;
      break;
    }
  }
  return held / repeats;
}

Deno.test("intervals of --until-ci cover what they say", () => {
  const isSlow = Deno.env.get("REWIND_SLOW") === "1";
  const cases = isSlow
    ? [0.5, 0.2, 0.05, 0.01].flatMap((p) => [0.2, 0.1, 0.05].map((width) => ({ p, width })))
    : [{ p: 0.3, width: 0.15 }];
  for (const { p, width } of cases) {
    const share = coverage(p, { width, repeats: isSlow ? 1000 : 400 });
    assert(share >= 0.93 - (isSlow ? 0 : 0.02), `p ${p}, width ${width}: ${share}`);
  }
});
