/**
 * Comparing a million rows of four metrics: budget two seconds with reading, well under one without.
 * The baseline is the bare loop over the same columns.
 *
 * @module
 */

import { compareRuns } from "../src/training/compare/compare.ts";
import { parseMetrics } from "../src/training/compare/metric_selection.ts";
import type { RunLog } from "../src/training/log/run_log.ts";
import { createUniformSource } from "../src/training/statistics/uniform_source.ts";
import { makeLog } from "../tests/training/support.ts";

const ROWS = 1_000_000;
const NAMES = ["loss", "kl_mean", "reward_mean", "entropy_mean"];

function makeRun(change: number): RunLog {
  const random = createUniformSource(1);
  const steps = Array.from({ length: ROWS }, (_, step) => step);
  return makeLog(
    steps,
    Object.fromEntries(
      NAMES.map((name) => [name, steps.map((step) => random() * (step % 3 === 0 ? change : 1))]),
    ),
  );
}

const original = makeRun(1);
const equal = makeRun(1);
const other = makeRun(1.001);
const within = parseMetrics(NAMES, {});
const exact = parseMetrics(NAMES, { tolerance: 0 });

function bareLoop(a: RunLog, b: RunLog): number {
  let count = 0;
  for (const name of NAMES) {
    const x = a.columns.get(name)!.values;
    const y = b.columns.get(name)!.values;
    for (let row = 0; row < ROWS; row++) if (x[row] !== y[row]) count++;
  }
  return count;
}

/** Every run must find the same: a bench that wins by changing the answer is none. */
function expectCount(found: number, expected: number): void {
  if (found !== expected) throw new Error(`found ${found} differences instead of ${expected}`);
}

const UNEQUAL = 4 * Math.ceil(ROWS / 3);

Deno.bench({ name: "bare loop", group: "compare 10^6 x 4", baseline: true }, () => {
  expectCount(bareLoop(original, other), UNEQUAL);
});

Deno.bench({ name: "equal logs, bit for bit", group: "compare 10^6 x 4" }, () => {
  expectCount(compareRuns(original, equal, { metrics: exact }).violations, 0);
});

Deno.bench({ name: "a third unequal, within 1%", group: "compare 10^6 x 4" }, () => {
  expectCount(compareRuns(original, other, { metrics: within }).violations, 0);
});

Deno.bench({ name: "a third violated", group: "compare 10^6 x 4" }, () => {
  expectCount(compareRuns(original, other, { metrics: exact }).violations, UNEQUAL);
});
