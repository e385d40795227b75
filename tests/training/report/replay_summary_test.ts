import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderReplaySummary } from "../../../src/training/report/replay_summary.ts";
import { replayAnnotation } from "../../../src/cli/training_text.ts";
import { makeLog } from "../support.ts";
import { course, makeReport } from "./support.ts";

const STEPS = Array.from({ length: 200 }, (_, step) => step);
const LOSS = course(200);
const ORIGINAL = makeLog(STEPS, { loss: LOSS, reward: LOSS });
const CHANGED = makeLog(STEPS, {
  loss: LOSS,
  reward: LOSS.map((value, step) => step < 150 ? value : value * 1.5),
});

Deno.test("renderReplaySummary() says verdict, first divergence and each metric, those that differ first", () => {
  const summary = renderReplaySummary(makeReport(ORIGINAL, [CHANGED]), {
    link: "https://example.org/a b",
  });
  const lines = summary.split("\n");
  assertEquals(lines[0], "### ❌ The run does not reproduce");
  assertStringIncludes(lines[2]!, "50 of 400 values of loss, reward are outside");
  assertStringIncludes(lines[4]!, "**First divergence**: step 150\\: reward is ");
  const rows = lines.filter((line) => line.startsWith("| `"));
  assertEquals(rows.map((row) => row.split(" | ").slice(0, 3)), [
    ["| `reward`", "50 of 200", "150"],
    ["| `loss`", "0 of 200", "–"],
  ]);
  assertStringIncludes(summary, "[Report page](<https://example.org/a%20b>)");
  assertStringIncludes(summary, "`python train.py --seed 42`");
});

Deno.test("renderReplaySummary() of a run that reproduces has no divergence, and tells what may be doubted", () => {
  const report = makeReport(ORIGINAL, [ORIGINAL], { changes: { warnings: ["a|b"], injected: [] } });
  const summary = renderReplaySummary(report);
  assert(summary.startsWith("### ✅ The run reproduces"));
  assert(!summary.includes("First divergence") && !summary.includes("Report page"));
  assertStringIncludes(summary, "⚠️ a\\|b");
  assertEquals(
    replayAnnotation(report),
    "::warning title=rewind replay%3A passed::a|b",
  );
});

Deno.test("renderReplaySummary() keeps hostile text in its place", () => {
  const name = "x`|\n</td>";
  const log = makeLog([0], { [name]: [1] });
  const summary = renderReplaySummary(makeReport(log, [makeLog([0], { [name]: [2] })]));
  // In code everything is text.
  assert(!summary.replaceAll(/(?<!`)(``?)(?!`)(?:.*?[^`])\1(?!`)/g, "").includes("</td>"), summary);
  const row = summary.split("\n").find((line) => line.startsWith("| ``"))!;
  assertEquals(row.match(/(?<!\\)\|/g)?.length, 6);
  assert(
    replayAnnotation(makeReport(log, [makeLog([0], { [name]: [2] })])).split("\n").length === 1,
  );
});
