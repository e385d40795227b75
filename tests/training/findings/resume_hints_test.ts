import { assertEquals, assertStringIncludes } from "@std/assert";
import { compareRuns } from "../../../src/training/compare/compare.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import { shiftHint } from "../../../src/training/findings/resume_hints.ts";
import { makeLog } from "../support.ts";

const LOSS = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625];
const RATE = LOSS.map((loss) => loss / 8);
const whole = makeLog(LOSS.map((_, step) => step), { loss: LOSS, lr: RATE });

/** What is said of a run that resumes at step 3 with what the whole run logs from step `from` on. */
function hint(from: number, change: (loss: number, at: number) => number = (loss) => loss) {
  const loss = LOSS.slice(from).map(change);
  const resumed = makeLog(loss.map((_, at) => 3 + at), { loss, lr: RATE.slice(from) });
  const comparison = compareRuns(whole, resumed, {
    metrics: parseMetrics(["all"], { tolerance: 0 }),
    allowMissing: true,
    names: ["uninterrupted run", "resumed run"],
  });
  return shiftHint(comparison, { whole, resumed, resumedAt: 3 });
}

Deno.test("shiftHint() tells a run that resumes rightly and counts its steps wrongly", () => {
  assertStringIncludes(
    hint(4) ?? "",
    "from step 3 on is what the uninterrupted run logs a step later",
  );
  assertStringIncludes(hint(2) ?? "", "a step earlier");
  assertEquals(hint(3), undefined);
  assertEquals(hint(4, (loss, at) => at === 2 ? loss * 2 : loss), undefined);
});
