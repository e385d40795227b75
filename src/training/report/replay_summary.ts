/**
 * A replay as Markdown, for the summary of a job or a comment: the verdict, where it diverges first, each
 * metric in one line.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeMarkdown, markdownCode, markdownTable } from "../../text/markdown.ts";
import { counted, grouped } from "../../text/quantity.ts";
import { outsideText } from "../compare/run_comparison.ts";
import { formatTolerance } from "../compare/tolerance.ts";
import { fingerprintLines } from "../findings/fingerprint_finding.ts";
import { changeLines } from "../findings/surroundings_changes.ts";
import { mismatchText } from "../findings/mismatch_text.ts";
import type { ReplayReport } from "../findings/replay_report.ts";
import { metricNames, roundText } from "./report_parts.ts";

const HEADS: Readonly<Record<ReplayReport["verdict"], string>> = {
  passed: "✅ The run reproduces",
  failed: "❌ The run does not reproduce",
  ["nothing_compared"]: "❔ Nothing was compared",
  ["command_failed"]: "❌ The command failed",
  interrupted: "❔ The replay was interrupted",
  ["dry_run"]: "❔ Dry run: the command was not run",
};

/** Metrics in the table; those that differ come first. */
const METRICS_MAX = 30;
const REASONS_MAX = 10;

/** Options of {@linkcode renderReplaySummary}. */
export interface SummaryOptions {
  /** Address of the report page, where it was put. */
  link?: string | undefined;
}

/** The summary as one text. */
export function renderReplaySummary(report: ReplayReport, options: SummaryOptions = {}): string {
  const { firstMismatch: first, compared, toleranceViolations: outside, replicas } = report;
  const runs = replicas.length > 1
    ? ` in run ${report.decisive?.index ?? 0} of ${replicas.length}`
    : "";
  const why = report.reasons.filter((reason) => !report.differing.includes(reason));
  const more = why.length - REASONS_MAX;
  return [
    `### ${HEADS[report.verdict]}`,
    "",
    `${grouped(outside)} of ${counted(compared, "value")} of ${
      escapeMarkdown(metricNames(report.metricsCompared))
    }${runs} are outside the tolerance. Seed ${report.originalSeed}, ${
      report.replayDuration.toFixed(1)
    } s.`,
    ...(first === undefined
      ? []
      : ["", `**First divergence**: ${escapeMarkdown(mismatchText(first))}`]),
    ...fingerprintLines(report.fingerprints).flatMap((line) => ["", escapeMarkdown(line)]),
    ...changeLines(report.changes ?? []).filter((line) => !report.reasons.includes(line))
      .flatMap((line) => ["", escapeMarkdown(line)]),
    ...(report.injected.length === 0
      ? []
      : ["", `Rests on seeding from outside: ${escapeMarkdown(report.injected.join(", "))}`]),
    ...report.warnings.flatMap((warning) => ["", `⚠️ ${escapeMarkdown(warning)}`]),
    ...(why.length === 0
      ? []
      : ["", ...why.slice(0, REASONS_MAX).map((reason) => `- ${escapeMarkdown(reason)}`)]),
    ...(more > 0 ? [`- and ${grouped(more)} more`] : []),
    ...metricLines(report),
    "",
    `Command: ${markdownCode(report.replayCommand)}; original: ${
      markdownCode(report.original.source)
    }`,
    ...(options.link === undefined ? [] : ["", `[Report page](<${encodeURI(options.link)}>)`]),
    "",
  ].join("\n");
}

function metricLines(report: ReplayReport): string[] {
  const metrics = Object.entries(report.comparisonStats).sort(([, a], [, b]) =>
    (a.firstViolationStep ?? Infinity) - (b.firstViolationStep ?? Infinity) || 0
  );
  if (metrics.length === 0) return [];
  const more = metrics.length - METRICS_MAX;
  return [
    "",
    ...markdownTable(
      ["metric", "outside", "first at step", "largest difference", "allowed"],
      metrics.slice(0, METRICS_MAX).map(([metric, stats]) => [
        markdownCode(metric),
        outsideText({ ...stats, violations: stats.toleranceViolations }).replace(/ outside$/, ""),
        stats.firstViolationStep === undefined ? "–" : grouped(stats.firstViolationStep),
        roundText(stats.maxDiff),
        escapeMarkdown(formatTolerance(stats.tolerance)),
      ]),
    ),
    ...(more > 0 ? ["", `and ${grouped(more)} more metrics`] : []),
  ];
}
