/**
 * The page of a determinism check.
 * This module is browser compatible.
 *
 * @module
 */

import { code, factList, list, section, table } from "../../page/fragments.ts";
import { type Html, html } from "../../page/html.ts";
import { fingerprintLines } from "../findings/fingerprint_finding.ts";
import type { DeterminismReport } from "../findings/determinism_report.ts";
import { column, NO_LOG } from "../log/run_log.ts";
import type { Mismatch } from "../compare/run_comparison.ts";
import { formatTolerance } from "../compare/tolerance.ts";
import {
  causeLead,
  differingText,
  metricNames,
  type Mood,
  numberPair,
  roundText,
  stepButton,
  valueCount,
  verdictHead,
  violationTable,
} from "./report_parts.ts";
import { plotSections, type PlotText } from "./plot_sections.ts";
import { type PageOptions, renderPage } from "./render_page.ts";

/** The page of a determinism check as one HTML text that loads nothing. */
export function renderDeterminismPage(
  report: DeterminismReport,
  options: PageOptions = {},
): string {
  const other = report.firstMismatch?.replica ?? 1;
  const names = { original: "run 0", replay: `run ${other}`, band: `${report.replicas} runs` };
  const { logs } = report;
  const first = logs[0];
  const metrics = [...report.spread].sort((a, b) =>
    (a.firstUnequalStep ?? Infinity) - (b.firstUnequalStep ?? Infinity) || 0
  );
  const drawn = first === undefined ? [] : metrics.filter(({ metric }) => column(first, metric));
  const { first: picture, rest, data } = plotSections(
    drawn.map((spread) => plotText(report, spread, other)),
    {
      original: first ?? NO_LOG,
      replay: logs[other],
      replicas: logs.flatMap((log) => log ?? []),
      stepMax: Infinity,
      names,
    },
  );
  const title = TITLES[report.verdict];
  const why = report.reasons.filter((reason) => !report.differing.includes(reason));
  const body = html`${
    verdictHead(MOODS[report.verdict], {
      title,
      lead: leadText(report),
      warnings: [...(report.power === undefined ? [] : [report.power]), ...report.warnings],
    })
  }${picture}${section("why", "Why", list(why))}${
    section("culprit", "Culprit", culpritParts(report))
  }${
    section(
      "perturbations",
      "Conditions that were changed",
      table(
        "One condition at a time, against the first run",
        ["Condition", "Matters", "Change", "What happened"],
        report.perturbations.map((result) => [
          result.perturbation,
          result.matters ? "yes" : "no",
          result.change,
          result.problem ??
            (result.firstMismatch === undefined
              ? "same metrics"
              : changedText(result.firstMismatch)),
        ]),
      ),
    )
  }${
    section(
      "metrics",
      "Metrics",
      table(
        "How far the runs differ among themselves",
        ["Metric", "Runs", "Steps", "Largest spread", "At step", "Bits differ from"],
        metrics.map((spread) => [
          spread.metric,
          spread.replicas,
          spread.steps,
          roundText(spread.maxSpread),
          spread.maxSpreadStep === undefined
            ? "–"
            : stepButton(spread.maxSpreadStep, spread.metric),
          spread.firstUnequalStep === undefined
            ? "–"
            : stepButton(spread.firstUnequalStep, spread.metric),
        ]),
      ),
    )
  }${
    section(
      "violations",
      "Disagreements with the first run",
      violationTable(report.mismatches, report.violations, {
        names: { original: "run 0", replay: "other run" },
        elsewhere: "determinism_card.json",
        extra: { name: "Run", of: (mismatch) => mismatch.replica },
      }),
    )
  }${
    section(
      "facts",
      "The check",
      factList([
        ["Command", code(report.command)],
        ["Runs", report.replicas],
        ["Output", code(report.outputDir)],
      ]),
    )
  }${rest}${
    section(
      "skipped",
      "Not compared",
      table(
        "Metrics that were not compared",
        ["Metric", "Why"],
        report.skipped.map(({ metric, reason }) => [metric, reason]),
      ),
    )
  }${section("hints", "What libraries say themselves", list(report.hints))}${
    section(
      "details",
      "Details",
      table(
        "Environment that was set on top of the user's own",
        ["Variable", "Value"],
        Object.entries(report.environment).map(([name, value]) => [code(name), code(value)]),
      ),
    )
  }`;
  return renderPage({
    title: `${title} – rewind check-determinism`,
    body,
    data,
    tool: options.tool,
  });
}

const TITLES: Readonly<Record<DeterminismReport["verdict"], string>> = {
  deterministic: "The command is deterministic",
  nondeterministic: "The command is not deterministic",
  ["depends_on_environment"]: "The command depends on its environment",
  ["nothing_compared"]: "Nothing was compared",
  ["command_failed"]: "The command failed",
  interrupted: "The check was interrupted",
};

const MOODS: Readonly<Record<DeterminismReport["verdict"], Mood>> = {
  deterministic: "good",
  nondeterministic: "bad",
  ["depends_on_environment"]: "bad",
  ["nothing_compared"]: "unsure",
  ["command_failed"]: "bad",
  interrupted: "unsure",
};

function changedText({ metric, original, replay, step }: Mismatch): Html {
  const [before, after] = numberPair(original, replay);
  return html`${metric} is ${after} instead of ${before} at step ${step}`;
}

/** What was found of the cause, or what is left of it. */
function culpritParts(report: DeterminismReport): Html | undefined {
  const { culprit, fixes, search, fingerprints } = report;
  const lines = [
    ...fingerprintLines(fingerprints),
    ...(culprit === undefined ? [] : [html`<strong>${culprit}</strong>`]),
    ...fixes,
    ...(search?.ruledOut ?? []).map((line) => `ruled out: ${line}`),
    ...(search?.left ?? []).map((line) => `may be: ${line}`),
  ];
  return list(lines);
}

function leadText(
  report: DeterminismReport,
): Html {
  const { firstMismatch: first, replicas, compared, metricsCompared, culprit } = report;
  const cause = causeLead(report.fingerprints);
  const names = `${metricNames(metricsCompared)} in ${replicas} runs`;
  const what = `${valueCount(compared)} of ${names}`;
  if (first === undefined) return html`${what} compared with the first run. ${cause}`;
  const [original, replay] = numberPair(first.original, first.replay);
  return html`${first.metric} diverges first: ${replay} in run ${first.replica}, ${original} in run 0, at step ${first.step}. ${
    differingText(report)
  } of ${names} differ from the first run. ${
    culprit === undefined ? undefined : html`Culprit: <strong>${culprit}</strong>.`
  } ${cause}`;
}

function plotText(
  report: DeterminismReport,
  { metric, firstUnequalStep }: DeterminismReport["spread"][number],
  other: number,
): PlotText {
  const found = report.mismatches.filter((mismatch) => mismatch.metric === metric);
  const shown = found.filter((mismatch) => mismatch.replica === other);
  const first = found[0];
  return {
    metric,
    tolerance: first?.tolerance,
    violationSteps: shown.map((mismatch) => mismatch.step),
    lines: [
      ...(firstUnequalStep === undefined || firstUnequalStep === first?.step
        ? []
        : [{ step: firstUnequalStep, label: "bits differ from here", kind: "unequal" as const }]),
      ...(first === undefined ? [] : [{
        step: first.step,
        label: `runs diverge at step ${first.step}`,
        kind: "violation" as const,
      }]),
    ],
    mood: first === undefined ? "good" : "bad",
    badge: first !== undefined
      ? "differs"
      : firstUnequalStep === undefined
      ? "same bits"
      : "within the tolerance",
    facts: first === undefined
      ? "All runs agree."
      : factsText(first.tolerance, shown.length, other),
  };
}

function factsText(
  tolerance: DeterminismReport["mismatches"][number]["tolerance"],
  count: number,
  other: number,
): Html {
  return html`Allowed: ${formatTolerance(tolerance)}. ${
    valueCount(count)
  } of run ${other} are marked.`;
}
