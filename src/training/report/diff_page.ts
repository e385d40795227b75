/**
 * The page of a comparison of two logs.
 * This module is browser compatible.
 *
 * @module
 */

import { code, factList, list, section, table } from "../../page/fragments.ts";
import { type Html, html } from "../../page/html.ts";
import { describeDrift, type DiffReport, type SignalDiff } from "../findings/diff_report.ts";
import { fingerprintLines } from "../findings/fingerprint_finding.ts";
import type { RunLog } from "../log/run_log.ts";
import { formatTolerance } from "../compare/tolerance.ts";
import {
  differingText,
  metricNames,
  type Mood,
  roundText,
  stepButton,
  valueCount,
  verdictHead,
  violationTable,
} from "./report_parts.ts";
import { sumOutside } from "../compare/run_comparison.ts";
import type { LineMark } from "./page_data.ts";
import { plotSections, type PlotText } from "./plot_sections.ts";
import { type PageOptions, renderPage } from "./render_page.ts";

const NAMES = { original: "A", replay: "B", band: "" };

/** The page of a comparison as one HTML text that loads nothing. */
export function renderDiffPage(report: DiffReport, options: PageOptions = {}): string {
  const signals = [...report.signals].sort((x, y) =>
    firstStep(report, x) - firstStep(report, y) || 0
  );
  const { first, rest, data } = plotSections(
    signals.map((signal) => plotText(report, signal)),
    {
      original: report.a,
      replay: report.b,
      replicas: [],
      stepMax: Infinity,
      names: NAMES,
    },
  );
  const title = TITLES[report.verdict];
  const { comparison } = report;
  // The tables below say in full what each signal does.
  const why = report.mode === "exact"
    ? report.reasons.filter((reason) => !comparison.differing.includes(reason))
    : comparison.missing;
  const body = html`${
    verdictHead(MOODS[report.verdict], { title, lead: leadText(report), warnings: report.warnings })
  }${first}${section("why", "Why", list(why))}${
    section(
      "causes",
      "Possible causes",
      list([...fingerprintLines(report.fingerprints), ...report.causes]),
    )
  }${section("notes", "Notes", list(report.notes))}${
    section("signals", "Signals", signalTable(signals))
  }${section("changes", "Where they stop behaving the same", changeTable(signals))}${
    report.mode === "exact"
      ? section(
        "violations",
        "Differences",
        violationTable(comparison.mismatches, comparison.violations, {
          names: NAMES,
          elsewhere: undefined,
        }),
      )
      : undefined
  }${
    section(
      "facts",
      "The logs",
      factList([
        ["A", logText(report.a)],
        ["B", logText(report.b)],
        [
          "Judged by",
          report.mode === "exact"
            ? "the tolerance of each signal, step by step"
            : `statistics, with a false alarm in at most ${
              roundText(report.alphaPerSignal)
            } of cases per signal`,
        ],
        ["Values compared", comparison.compared],
      ]),
    )
  }${rest}${
    section(
      "skipped",
      "Not compared",
      table(
        "Signals that were not compared",
        ["Signal", "Why"],
        comparison.skipped.map(({ metric, reason }) => [metric, reason]),
      ),
    )
  }`;
  return renderPage({ title: `${title} – rewind diff`, body, data, tool: options.tool });
}

const TITLES: Readonly<Record<DiffReport["verdict"], string>> = {
  match: "The logs match",
  differs: "The logs differ",
  ["nothing_compared"]: "Nothing was compared",
};

const MOODS: Readonly<Record<DiffReport["verdict"], Mood>> = {
  match: "good",
  differs: "bad",
  ["nothing_compared"]: "unsure",
};

function leadText({ firstDivergence: first, signals, mode, comparison }: DiffReport): string {
  const names = metricNames(signals.map((signal) => signal.signal));
  const what = `${valueCount(comparison.compared)} of ${names}`;
  if (first === undefined) return `${what} compared; no difference was found.`;
  return mode === "exact"
    ? `${first.signal} is the first that differs, at step ${first.step}. ${
      differingText(sumOutside(comparison.metrics))
    } of ${names} differ.`
    : `${first.signal} is the first that stops behaving the same, at step ${first.step}. ${what} compared.`;
}

function logText(log: RunLog): Html {
  const seed = log.seeds[0] === undefined ? "" : `, seed ${log.seeds[0].value}`;
  return html`${code(log.source)} (${log.format}, ${log.steps.length} steps${seed})`;
}

/** Where a signal parts by the mode that was asked for. */
function firstStep({ mode }: DiffReport, signal: SignalDiff): number {
  return (mode === "exact" ? signal.firstStep : signal.events[0]?.step) ?? Infinity;
}

function plotText(report: DiffReport, signal: SignalDiff): PlotText {
  const { comparison, mode } = report;
  const found = comparison.metrics.find((metric) => metric.metric === signal.signal)!;
  const first = firstStep(report, signal);
  const lines: LineMark[] = signal.events.map((event) => ({
    step: event.step,
    label: event.kind.replace("_", " "),
    kind: "event",
  }));
  if (mode === "exact" && signal.firstStep !== undefined) {
    lines.push({
      step: signal.firstStep,
      label: `first difference, step ${first}`,
      kind: "violation",
    });
  }
  const parts = first < Infinity;
  return {
    metric: signal.signal,
    originalName: found.originalName,
    replayName: found.replayName,
    tolerance: mode === "exact" ? found.tolerance : undefined,
    // Runs with different seeds differ everywhere: then only the changes are marked.
    violationSteps: mode === "exact"
      ? Float64Array.from(found.violationRows, (row) => comparison.aligned.steps[row]!)
      : [],
    lines,
    mood: signal.stepsCompared === 0 ? "unsure" : parts ? "bad" : "good",
    badge: signal.stepsCompared === 0
      ? "no step in common"
      : !parts
      ? "no difference"
      : mode === "exact"
      ? `${differingText(found)} differ`
      : `${signal.events.length} ${signal.events.length === 1 ? "change" : "changes"}`,
    facts: `${signal.stepsCompared} steps compared${
      mode === "exact" ? `, allowed: ${formatTolerance(found.tolerance)}` : ""
    }. Mean of B − A ${roundText(signal.deltaMean)}, at most ${roundText(signal.maxAbsDelta)}.`,
  };
}

function signalTable(signals: readonly SignalDiff[]): Html | undefined {
  return table(
    "What was compared, those that differ first",
    [
      "Signal",
      "Compared",
      "Differ",
      "On one side",
      "First",
      "Mean of A",
      "Mean of B",
      "Median of B − A",
      "Largest",
    ],
    signals.map((signal, index) => [
      html`<a href="#metric-${index}">${signal.signal}</a>`,
      signal.stepsCompared,
      signal.violations - signal.oneSided,
      signal.oneSided,
      signal.firstStep === undefined ? "–" : stepButton(signal.firstStep, signal.signal),
      roundText(signal.meanA),
      roundText(signal.meanB),
      roundText(signal.medianDelta),
      roundText(signal.maxAbsDelta),
    ]),
  );
}

function changeTable(signals: readonly SignalDiff[]): Html | undefined {
  const rows = signals.flatMap((signal) =>
    signal.events.map((event) => ({ signal: signal.signal, event }))
  )
    .sort((x, y) => x.event.step - y.event.step);
  return table(
    "Changes beyond what chance explains",
    ["Step", "What"],
    rows.map(({ signal, event }) => [stepButton(event.step, signal), describeDrift(signal, event)]),
  );
}
