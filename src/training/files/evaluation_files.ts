/**
 * The files that an evaluation leaves: rldk's names and fields, and ours.
 *
 * @module
 */

import type { EvaluationReport } from "../findings/evaluation_report.ts";
import type { EvaluationStatus } from "../findings/evaluation_rule.ts";
import { toJsonText } from "./json_text.ts";
import { writeReportFiles } from "./write_results.ts";

const SCORES: ReadonlyMap<EvaluationStatus, number> = new Map([["pass", 1], ["warn", 0.5], [
  "fail",
  0,
]]);

/** The report as `eval_summary.json` holds it: rldk's fields, and ours. */
export function evaluationJson(report: EvaluationReport): Record<string, unknown> {
  return {
    suite_name: report.suite,
    // 1 passed, 0.5 warned, 0 failed, null not computable.
    scores: Object.fromEntries(
      report.results.map((result) => [result.evaluation, SCORES.get(result.status) ?? null]),
    ),
    confidence_intervals: Object.fromEntries(
      Object.entries(report.intervals).map(([metric, item]) => [metric, item.interval]),
    ),
    effect_sizes: Object.fromEntries(
      report.comparisons.map((item) => [item.metric, item.welch.effectSize]),
    ),
    sample_size: report.sampleSize,
    seed: report.seed,
    metadata: {
      source: report.log.source,
      format: report.log.format,
      metrics: [...report.log.columns.keys()],
      timestamp: report.timestamp,
    },
    verdict: report.verdict,
    passed: report.passed,
    reasons: report.reasons,
    results: report.results,
    means: report.intervals,
    baseline: report.comparisons,
  };
}

/** Writes the three files into `outputDir`; `renderCard` makes the one for people. */
export async function writeEvaluation(
  report: EvaluationReport,
  outputDir: string,
  renderCard: (report: EvaluationReport) => string,
): Promise<EvaluationReport> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = path.resolve(outputDir);
  await fs.mkdir(folder, { recursive: true });
  const paths = {
    card: path.join(folder, "eval_card.md"),
    results: path.join(folder, "eval_results.jsonl"),
    summary: path.join(folder, "eval_summary.json"),
  };
  const lines = report.results.map(({ evaluation, ...result }) =>
    toJsonText({ evaluation, result, timestamp: report.timestamp }, 0)
  );
  const { files, failures } = await writeReportFiles(paths, {
    card: () => renderCard(report),
    results: () => lines.join("\n"),
    summary: () => toJsonText(evaluationJson(report)),
  });
  return { ...report, files, unwritten: failures };
}
