import { assertEquals, assertMatch } from "@std/assert";
import { compareRuns } from "../../../src/training/compare/compare.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import type { ToleranceOptions } from "../../../src/training/compare/tolerance.ts";
import { makeLog } from "../support.ts";

type Columns = Parameters<typeof makeLog>[1];

function weaknessesOf(a: Columns, b: Columns = a, bounds: ToleranceOptions = { tolerance: 0 }) {
  const [one, other] = [a, b].map((columns) => makeLog([0, 1, 2], columns));
  const { verdict, weaknesses } = compareRuns(one!, other!, {
    metrics: parseMetrics(["all"], bounds),
  });
  return { verdict, text: weaknesses.join("; ") };
}

const LOSS = { loss: [0.5, 0.4, 0.3] };

Deno.test("compareRuns() says nothing against a match of values that move", () => {
  assertEquals(weaknessesOf({ ...LOSS, lr: [0.1, 0.1, 0.1] }), { verdict: "match", text: "" });
  assertEquals(weaknessesOf({ loss: [0.5, undefined, undefined] }), { verdict: "match", text: "" });
});

Deno.test("compareRuns() tells a match that bounds of 1 or more let pass", () => {
  const other = { loss: [0.9, 0.8, 0.01] };
  for (const bounds of [{ tolerance: 10 }, { rtol: 1 }]) {
    const { verdict, text } = weaknessesOf(LOSS, other, bounds);
    assertEquals(verdict, "match");
    assertMatch(text, /^a relative bound of 1 or more .* for loss/);
  }
  assertEquals(weaknessesOf(LOSS, other, { tolerance: 0.01 }), { verdict: "differs", text: "" });
});

Deno.test("compareRuns() compares nothing where only constants are left and messages have the numbers", () => {
  const said = { line: 1, detail: "message says 'step 0 loss 0.5'" };
  const verdictOf = (columns: Columns) => {
    const made = makeLog([0, 1, 2], columns);
    const unknown = [...made.columns].map(([name, column]) =>
      [name, { ...column, canonical: undefined }] as const
    );
    const log = { ...made, columns: new Map(unknown) };
    const other = { ...log, numbers: { ...log.numbers, understood: 9, said } };
    const report = compareRuns(log, other, { metrics: parseMetrics(["all"], { tolerance: 0 }) });
    return [report.verdict, report.reasons.join()] as const;
  };
  const [verdict, reason] = verdictOf({ level: [20, 20, 20] });
  assertEquals(verdict, "nothing_compared");
  assertMatch(
    reason,
    /level, while line 1 of test has numbers in a message \(message says 'step 0/,
  );
  assertEquals(verdictOf({ level: [20, 20, 20], ...LOSS }), ["match", ""]);
  // As in a notebook, whose only numbers are those of its cells and its version.
  assertEquals(verdictOf({ nbformat: [4, undefined, undefined] })[0], "nothing_compared");
});

Deno.test("compareRuns() tells a match without a finite number, and one of what no training moves", () => {
  const { text } = weaknessesOf({ ...LOSS, kl: [NaN, NaN, NaN] });
  assertEquals(text, "no value of kl is a finite number, on either side");
  const still = weaknessesOf({ lr: [0.1, 0.2, 0.3], reward: [0, 0, 0] });
  assertMatch(
    still.text,
    /^only values that never change or follow a schedule were compared: lr, reward$/,
  );
});
