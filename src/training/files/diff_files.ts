/**
 * The files that a comparison of two logs leaves: rldk's names and fields, and ours.
 *
 * @module
 */

import { csvCell, withoutFormula } from "../../text/csv_text.ts";
import type { DiffReport } from "../findings/diff_report.ts";
import { fingerprintJson } from "../findings/fingerprint_finding.ts";
import { jsonSafe, toJsonText } from "./json_text.ts";
import { writeReportFiles } from "./write_results.ts";

/** The report as `diff_report.json` holds it: rldk's fields, and ours. */
export function diffJson(report: DiffReport): Record<string, unknown> {
  const { aligned } = report.comparison;
  const counts = report.signals.map((signal) => signal.stepsCompared);
  return {
    summary: {
      requested_signals: [
        ...report.signals.map((signal) => signal.signal),
        ...report.comparison.skipped.map((skipped) => skipped.metric),
      ],
      signals_compared: report.signals.length,
      signals_with_differences: report.signals.filter((signal) => signal.status !== "ok").length,
      verdict: report.verdict,
      max_abs_delta: report.signals.reduce(
        (max, signal) => Math.max(max, signal.maxAbsDelta || 0),
        0,
      ),
      steps_only_a: aligned.onlyA.count,
      steps_only_b: aligned.onlyB.count,
      min_steps_compared: counts.length > 0 ? Math.min(...counts) : 0,
      max_steps_compared: counts.length > 0 ? Math.max(...counts) : 0,
      mode: report.mode,
      compared: report.comparison.compared,
      reasons: report.reasons,
      warnings: report.warnings,
      notes: report.notes,
      skipped: report.comparison.skipped,
      first_divergence: report.firstDivergence,
      causes: report.causes,
      fingerprints: fingerprintJson(report.fingerprints),
    },
    signals: report.signals.map((signal) => ({
      signal: signal.signal,
      steps_compared: signal.stepsCompared,
      steps_only_a: aligned.onlyA.count,
      steps_only_b: aligned.onlyB.count,
      status: signal.status,
      mean_a: signal.meanA,
      mean_b: signal.meanB,
      delta_mean: signal.deltaMean,
      median_delta: signal.medianDelta,
      max_delta: signal.maxDelta,
      min_delta: signal.minDelta,
      max_abs_delta: signal.maxAbsDelta,
      first_step: signal.firstStep,
      first_unequal_step: signal.firstUnequalStep,
      violations: signal.violations,
      one_sided: signal.oneSided,
      events: signal.events,
      n: signal.n,
      n_effective: signal.nEffective,
      not_computable: signal.notComputable,
    })),
  };
}

/** The drift findings as `divergence_report.json` holds them. */
export function divergenceJson(report: DiffReport): Record<string, unknown> {
  const events = report.signals.flatMap((signal) =>
    signal.events.map((event) => ({ signal: signal.signal, ...event }))
  );
  const first = events.reduce<typeof events[number] | undefined>(
    (best, event) => best === undefined || event.step < best.step ? event : best,
    undefined,
  );
  return {
    diverged: events.length > 0,
    first_step: first?.step,
    tripped_signals: [...new Set(events.map((event) => event.signal))],
    suspected_causes: report.causes,
    alpha_per_signal: report.alphaPerSignal,
    events,
  };
}

/** Writes the three files and the page, which `renderPage` makes, into `outputDir`. */
export async function writeDiffFiles(
  report: DiffReport,
  outputDir: string,
  renderPage: (report: DiffReport) => string,
): Promise<DiffReport> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = path.resolve(outputDir);
  await fs.mkdir(folder, { recursive: true });
  const paths = {
    report: path.join(folder, "diff_report.json"),
    divergence: path.join(folder, "divergence_report.json"),
    events: path.join(folder, "divergence_events.csv"),
    page: path.join(folder, "diff_report.html"),
  };
  const rows = report.signals.flatMap((signal) =>
    signal.events.map((event) =>
      [
        csvCell(withoutFormula(signal.signal)),
        event.step,
        jsonSafe(event.zScore),
        event.kind,
        event.count,
      ].join(
        ",",
      )
    )
  );
  const { files, failures } = await writeReportFiles(paths, {
    report: () => toJsonText(diffJson(report)),
    divergence: () => toJsonText(divergenceJson(report)),
    events: () => ["signal,step,z_score,type,consecutive_count", ...rows].join("\n"),
    page: (files) => renderPage({ ...report, files }),
  });
  return { ...report, files, warnings: [...report.warnings, ...failures] };
}
