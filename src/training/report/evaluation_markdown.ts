/**
 * An evaluation as Markdown.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeMarkdown, markdownCode } from "../../text/markdown.ts";
import type { EvaluationReport } from "../findings/evaluation_report.ts";

/** The report as Markdown. */
export function evaluationMarkdown(report: EvaluationReport): string {
  const cell = escapeMarkdown;
  const rows = report.results.map((result) =>
    `| ${cell(result.evaluation)} | ${result.status.replace("_", " ")} | ${
      cell(result.detail)
    } | ` +
    `${result.firstStep ?? ""} | ${result.n} | ${cell(result.rule)} |`
  );
  const means = Object.entries(report.intervals).map(([metric, item]) =>
    `| ${cell(metric)} | ${item.mean.toPrecision(5)} | ` +
    `${item.interval.map((end) => end.toPrecision(5)).join(" to ")} | ${item.n} |`
  );
  const comparisons = report.comparisons.map((item) =>
    `| ${cell(item.metric)} | ${
      item.welch.means.map((mean) => mean.toPrecision(5)).join(" | ")
    } | ` +
    `${item.welch.p.toPrecision(3)} | ${item.ks.p.toPrecision(3)} | ${
      item.welch.effectSize.toFixed(2)
    } | ` +
    `${item.welch.n.join(", ")} (worth ${
      item.welch.nEffective.map((n) => n.toFixed(1)).join(", ")
    }) |`
  );
  return [
    `# Evaluation: ${report.verdict.replace("_", " ")}`,
    "",
    `Suite ${markdownCode(report.suite)}, ${report.sampleSize} rows of ${
      markdownCode(report.log.source)
    } (${report.log.format}), ` +
    `${report.timestamp}.`,
    "",
    "| rule | outcome | found | first step | n | threshold |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    ...(means.length === 0 ? [] : [
      "",
      "## Means of the last half",
      "",
      "| metric | mean | 95% interval (block bootstrap) | n |",
      "| --- | --- | --- | --- |",
      ...means,
    ]),
    ...(comparisons.length === 0 ? [] : [
      "",
      "## Against the baseline, last half of each",
      "",
      "| metric | baseline | this run | Welch p | KS p | effect size | n |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...comparisons,
    ]),
    "",
  ].join("\n");
}
