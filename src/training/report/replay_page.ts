/**
 * The page of a seeded replay: verdict first, then what can be looked at.
 * This module is browser compatible.
 *
 * @module
 */

import { code, factList, folded, list, section, table } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { outsideText, sumOutside } from "../compare/run_comparison.ts";
import type { ReplayMetricStats, ReplayReport, Replica } from "../findings/replay_report.ts";
import { fingerprintLines } from "../findings/fingerprint_finding.ts";
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
import type { LineMark, PageData } from "./page_data.ts";
import type { PlotInput } from "./plot_data.ts";
import { plotSections } from "./plot_sections.ts";
import { type PageOptions, renderPage } from "./render_page.ts";

/**
 * The page of a replay as one HTML text: it loads nothing, and holds the curves, so that it can be sent to
 * somebody as it is.
 */
export function renderReplayPage(report: ReplayReport, options: PageOptions = {}): string {
  const names: PageData["names"] = {
    original: "original",
    replay: report.replicas.length > 1 ? `replay ${report.decisive?.index ?? 0}` : "replay",
    band: `${report.replicas.length} replicas`,
  };
  const metrics = Object.entries(report.comparisonStats)
    // Those that differ first, and of them the one that does so earliest.
    .sort(([, a], [, b]) =>
      (a.firstViolationStep ?? Infinity) - (b.firstViolationStep ?? Infinity) || 0
    );
  const { first, rest, data } = plotSections(
    metrics.map(([metric, stats]) => ({
      ...plotInput(report, metric, stats),
      mood: stats.toleranceViolations > 0 ? "bad" : stats.compared > 0 ? "good" : "unsure",
      badge: badgeText(stats),
      facts: metricFacts(metric, stats),
    })),
    {
      original: report.original,
      replay: report.decisive?.log,
      replicas: report.replicas.flatMap((replica) => replica.log ?? []),
      stepMax: report.maxSteps ?? Infinity,
      names,
    },
  );
  const why = report.reasons.filter((reason) => !report.differing.includes(reason));
  const body = html`${
    verdictHead(MOODS[report.verdict], {
      title: TITLES[report.verdict],
      lead: leadText(report),
      warnings: report.warnings,
    })
  }${first}${section("cause", "Inside the step", list(fingerprintLines(report.fingerprints)))}${
    section("why", "Why", list(why))
  }${section("metrics", "Metrics", metricTable(metrics))}${
    section(
      "violations",
      "Values outside the tolerance",
      violationTable(report.mismatches, report.toleranceViolations, {
        names,
        elsewhere: report.files["mismatches"] && "replay_mismatches.json",
      }),
    )
  }${section("facts", "The replay", factList(facts(report)))}${
    section("notes", "Notes", list(report.notes))
  }${rest}${section("skipped", "Not compared", skippedTable(report))}${
    section("replicas", "Runs of the command", replicaParts(report))
  }${section("details", "Details", detailParts(report))}`;
  return renderPage({
    title: `${TITLES[report.verdict]} – rewind replay`,
    body,
    data,
    tool: options.tool,
  });
}

const TITLES: Readonly<Record<ReplayReport["verdict"], string>> = {
  passed: "The run reproduces",
  failed: "The run does not reproduce",
  ["nothing_compared"]: "Nothing was compared",
  ["command_failed"]: "The command failed",
  interrupted: "The replay was interrupted",
  ["dry_run"]: "Dry run: the command was not run",
};

const MOODS: Readonly<Record<ReplayReport["verdict"], Mood>> = {
  passed: "good",
  failed: "bad",
  ["nothing_compared"]: "unsure",
  ["command_failed"]: "bad",
  interrupted: "unsure",
  ["dry_run"]: "unsure",
};

function leadText(report: ReplayReport): Html {
  const { firstMismatch: first, compared, metricsCompared } = report;
  const runs = report.replicas.length;
  const names = metricNames(metricsCompared);
  if (first === undefined) {
    const where = runs > 1 ? ` in each of ${runs} runs` : "";
    return html`${
      valueCount(compared)
    } of ${names} compared${where}; none is outside the tolerance. ${
      causeLead(report.fingerprints)
    }`;
  }
  const size = Number.isNaN(first.relativeDiff) ? "" : `, off by ${roundText(first.relativeDiff)}`;
  const where = runs > 1 ? ` in run ${report.decisive?.index ?? 0} of ${runs}` : "";
  const [original, replay] = numberPair(first.original, first.replay);
  return html`${first.metric} is ${replay} instead of ${original} at step ${first.step}${size}. ${
    differingText(
      sumOutside(
        Object.values(report.comparisonStats).map((stats) => ({
          ...stats,
          violations: stats.toleranceViolations,
        })),
      ),
    )
  } of ${names}${where} are outside ${formatTolerance(first.tolerance)}. ${
    causeLead(report.fingerprints)
  }`;
}

function facts(report: ReplayReport): [string, HtmlValue][] {
  const { original, bounds } = report;
  const found = report.seeds.find((seed) => seed.value === report.originalSeed);
  const differing = [...new Set(report.replicas.map((replica) => replica.seed))];
  return [
    [
      "Original log",
      html`${code(original.source)} (${original.format}, ${original.steps.length} steps)`,
    ],
    [
      "Seed",
      html`${report.originalSeed}${
        found === undefined
          ? ", as given"
          : html`, from ${code(found.path)} in ${code(found.source)}`
      }; ${report.seedPlacement}`,
    ],
    [
      "Seeds of the replicas",
      differing.length > 1 ? differing.join(", ") : undefined,
    ],
    ["Command", code(report.replayCommand)],
    ["Directory", code(report.cwd)],
    [
      "Tolerance",
      formatTolerance(bounds) +
      (Object.values(bounds).filter((bound) => bound > 0).length > 1
        ? " (a value passes if any bound lets it)"
        : ""),
    ],
    ["Steps compared up to", report.maxSteps],
    [
      "Runs",
      report.replicas.length === 0
        ? undefined
        : `${report.replicas.length}, ${report.replayDuration.toFixed(1)} s in all`,
    ],
    ["Seeded from outside", report.injected.join(", ") || undefined],
    ["Commit of the original", original.metadata.gitSha && code(original.metadata.gitSha)],
    [
      "Command of the original",
      original.metadata.command && code(original.metadata.command.join(" ")),
    ],
  ];
}

function badgeText(stats: ReplayMetricStats): string {
  if (stats.compared === 0) return "not compared";
  if (stats.toleranceViolations === 0) {
    return stats.firstUnequalStep === undefined ? "same bits" : "within the tolerance";
  }
  return outsideText({ ...stats, violations: stats.toleranceViolations });
}

function metricFacts(metric: string, stats: ReplayMetricStats): Html {
  const largest = stats.maxDiffStep === undefined || stats.maxDiff === 0 ? undefined : html`
    Largest difference ${roundText(stats.maxDiff)} (absolute ${roundText(
      stats.maxAbsDiff,
    )}) at step ${stepButton(stats.maxDiffStep, metric)}.
  `;
  const unequal = stats.firstUnequalStep === undefined
    ? stats.compared > 0 && "Both hold the same bits at every step compared." || undefined
    : html`
      Bits differ from step ${stepButton(stats.firstUnequalStep, metric)} on.
    `;
  return html`${valueCount(stats.compared)} compared, allowed: ${
    formatTolerance(stats.tolerance)
  }. ${unequal} ${largest}`;
}

function plotInput(report: ReplayReport, metric: string, stats: ReplayMetricStats): PlotInput {
  const comparison = report.decisive?.comparison;
  const found = comparison?.metrics.find((candidate) => candidate.metric === metric);
  const lines: LineMark[] = [];
  if (stats.firstUnequalStep !== undefined && stats.firstUnequalStep !== stats.firstViolationStep) {
    lines.push({ step: stats.firstUnequalStep, label: "bits differ from here", kind: "unequal" });
  }
  if (stats.firstViolationStep !== undefined) {
    const everyone = report.firstMismatch?.step === stats.firstViolationStep
      ? "first divergence"
      : "first outside the tolerance";
    lines.push({
      step: stats.firstViolationStep,
      label: `${everyone}, step ${stats.firstViolationStep}`,
      kind: "violation",
    });
  }
  return {
    metric,
    originalName: found?.originalName ?? metric,
    replayName: found?.replayName ?? metric,
    tolerance: stats.tolerance,
    violationSteps: comparison === undefined || found === undefined
      ? []
      : Float64Array.from(found.violationRows, (row) => comparison.aligned.steps[row]!),
    lines,
  };
}

function metricTable(metrics: readonly [string, ReplayMetricStats][]): Html | undefined {
  return table(
    "What was compared, those that differ first",
    [
      "Metric",
      "Compared",
      "Outside",
      "On one side",
      "First outside",
      "Bits differ from",
      "Largest difference",
      "Mean",
      "Deviation",
      "Allowed",
    ],
    metrics.map(([metric, stats], index) => [
      html`<a href="#metric-${index}">${metric}</a>`,
      stats.compared,
      stats.toleranceViolations - stats.oneSided,
      stats.oneSided,
      stats.firstViolationStep === undefined ? "–" : stepButton(stats.firstViolationStep, metric),
      stats.firstUnequalStep === undefined ? "–" : stepButton(stats.firstUnequalStep, metric),
      roundText(stats.maxDiff),
      roundText(stats.meanDiff),
      roundText(stats.stdDiff),
      formatTolerance(stats.tolerance),
    ]),
  );
}

function skippedTable(report: ReplayReport): Html | undefined {
  return table(
    "Metrics that were not compared",
    ["Metric", "Why"],
    report.skipped.map(({ metric, reason }) => [metric, reason]),
  );
}

function replicaParts(report: ReplayReport): Html | undefined {
  if (report.replicas.length === 0) return undefined;
  return html`${
    table(
      "Each run",
      ["Run", "Seed", "End", "Rows", "Outside", "Seconds", "Output"],
      report.replicas.map((replica) => [
        replica.index,
        replica.seed,
        endText(replica),
        replica.log?.steps.length ?? 0,
        replica.comparison?.violations,
        replica.durationSeconds.toFixed(1),
        code(replica.files.stdout.replace(/[^/\\]*$/, "")),
      ]),
    )
  }${
    table(
      "How far runs with the same seed differ among themselves",
      ["Metric", "Runs", "Steps", "Largest spread", "At step", "Bits differ from"],
      report.spread.map((spread) => [
        spread.metric,
        spread.replicas,
        spread.steps,
        roundText(spread.maxSpread),
        spread.maxSpreadStep ?? "–",
        spread.firstUnequalStep ?? "–",
      ]),
    )
  }${list(report.significance.map((test) => test.text))}${
    report.replicas.filter((replica) => !replica.completed).map((replica) =>
      folded(`Standard error of run ${replica.index}, its end`, replica.stderrTail)
    )
  }`;
}

function endText(replica: Replica): string {
  const exit = replica.exitCode === undefined ? "" : `, exit code ${replica.exitCode}`;
  return `${replica.end}${exit}${replica.problem === undefined ? "" : `: ${replica.problem}`}`;
}

function detailParts(report: ReplayReport): Html {
  return html`${
    table(
      "Environment that was set on top of the user's own",
      ["Variable", "Value"],
      Object.entries(report.environment).map(([name, value]) => [code(name), code(value)]),
    )
  }${
    table(
      "Seeds that were found",
      ["Seed", "Path", "File", "Line"],
      report.seeds.map((seed) => [seed.value, code(seed.path), code(seed.source), seed.line]),
    )
  }${folded("Words of the command", report.argv.map((word) => JSON.stringify(word)).join("\n"))}${
    folded("What seeds Python's libraries (sitecustomize)", report.injection)
  }${
    table(
      "Files of this replay",
      ["What", "Where"],
      Object.entries(report.files).map(([name, file]) => [name, code(file)]),
    )
  }`;
}
