/**
 * Reports of the verbs for training runs in lines of text for people.
 *
 * @module
 */

import { TIMING_REASON } from "../training/compare/metric_selection.ts";
import { outsideText, type SkippedMetric } from "../training/compare/run_comparison.ts";
import { annotation } from "../text/annotation.ts";
import { counted, grouped } from "../text/quantity.ts";
import { formatTolerance } from "../training/compare/tolerance.ts";
import type { BisectReport } from "../training/findings/bisect_report.ts";
import type { DeterminismReport } from "../training/findings/determinism_report.ts";
import { describeDrift, type DiffReport } from "../training/findings/diff_report.ts";
import type { FolderDiffReport } from "../training/findings/folder_diff_report.ts";
import type { EvaluationReport } from "../training/findings/evaluation_report.ts";
import { fingerprintLines } from "../training/findings/fingerprint_finding.ts";
import { mismatchText } from "../training/findings/mismatch_text.ts";
import type { ReplayReport } from "../training/findings/replay_report.ts";
import { changeLines } from "../training/findings/surroundings_changes.ts";

/** Mismatches shown in text; the files hold the rest. */
const SHOWN_MAX = 10;

/** Reasons, indented; one that quotes stderr has several lines. */
function reasonLines(reasons: readonly string[]): string[] {
  return reasons.flatMap((reason) => reason.split("\n")).map((line) => `  ${line}`);
}

/** What fingerprints showed, indented: the cause stands right under the verdict. */
function causeLines(
  { fingerprints }: { readonly fingerprints?: ReplayReport["fingerprints"] },
): string[] {
  return fingerprintLines(fingerprints).map((line) => `  ${line}`);
}

/** Warnings, indented: they come before everything else but the verdict. */
function warningLines(warnings: readonly string[]): string[] {
  return warnings.map((warning) => `  warning: ${warning}`);
}

const LEFT_OUT_SHOWN_MAX = 8;

/** Columns that `all` does not take, in a line; none where all were compared. */
function leftOutLines(skipped: readonly SkippedMetric[]): string[] {
  const names = skipped.filter(({ reason }) => reason === TIMING_REASON).map(({ metric }) =>
    metric
  );
  if (names.length === 0) return [];
  const more = names.length - LEFT_OUT_SHOWN_MAX;
  const shown = names.slice(0, LEFT_OUT_SHOWN_MAX).join(", ") +
    (more > 0 ? ` and ${more} more` : "");
  return [`  not compared, as time and speed differ in every run: ${shown}`];
}

/** A replay, verdict first. */
export function replayLines(report: ReplayReport): string[] {
  const { verdict, originalSeed, compared, metricsCompared, replicas } = report;
  if (verdict === "dry_run") return dryRunLines(report);
  const seconds = report.replayDuration.toFixed(1);
  // One base for every count: that of one run.
  const runs = replicas.length <= 1
    ? counted(replicas.length, "run")
    : verdict === "passed"
    ? `each of ${replicas.length} runs`
    : `run ${report.decisive?.index ?? 0} of ${replicas.length}`;
  const what = `${counted(compared, "value")} of ${
    metricsCompared.join(", ") || "no metric"
  }, seed ${originalSeed}, ${runs}, ${seconds} s`;
  const heads: Record<string, string> = {
    passed: `REPRODUCES: ${what}`,
    failed: `DOES NOT REPRODUCE: ${what}`,
    ["nothing_compared"]: `NOTHING COMPARED: ${what}`,
    ["command_failed"]: `THE COMMAND FAILED: ${what}`,
    interrupted: `INTERRUPTED: ${what}`,
  };
  const rests = [
    ...(report.injected.length === 0 ? [] : [
      `  rests on seeding from outside (the command does not seed it): ${
        report.injected.join(", ")
      }`,
    ]),
    ...(report.injectedPerhaps.length === 0 || !report.passed ? [] : [
      `  may rest on seeding from outside (it is not known): ${report.injectedPerhaps.join(", ")}`,
    ]),
  ];
  // What changed and did no harm is the first thing to know about a replay that passes.
  const since = changeLines(report.changes ?? []).filter((line) => report.notes.includes(line));
  const lines = [
    heads[verdict]!,
    ...since.map((line) => `  ${line}`),
    ...rests,
    ...warningLines(report.warnings),
    ...causeLines(report),
    ...reasonLines(report.reasons),
  ];
  for (const [metric, stats] of Object.entries(report.comparisonStats)) {
    const largest = stats.maxDiffStep === undefined
      ? "no finite value compared"
      : stats.maxDiff === 0
      ? `no ${stats.toleranceViolations > 0 ? "finite " : ""}difference`
      : `largest difference ${stats.maxDiff.toPrecision(3)} at step ${stats.maxDiffStep}`;
    lines.push(
      `  ${metric}: ${outsideText({ ...stats, violations: stats.toleranceViolations })} ` +
        `${formatTolerance(stats.tolerance)}; ${largest}`,
    );
  }
  lines.push(
    ...report.mismatches.slice(0, SHOWN_MAX).map((mismatch) => `    ${mismatchText(mismatch)}`),
  );
  const more = report.toleranceViolations - Math.min(SHOWN_MAX, report.mismatches.length);
  if (more > 0) lines.push(`    and ${grouped(more)} more`);
  for (const spread of report.spread) {
    lines.push(
      `  ${spread.metric} over ${spread.replicas} replicas: ` +
        (spread.firstUnequalStep === undefined
          ? `equal bits at all ${spread.steps} steps`
          : `spread up to ${spread.maxSpread.toPrecision(3)} at step ${spread.maxSpreadStep}, ` +
            `apart from step ${spread.firstUnequalStep} on`),
    );
  }
  lines.push(
    ...report.significance.map((test) => `  ${test.text}`),
    ...leftOutLines(report.skipped),
  );
  const notes = report.notes.filter((note) => !since.includes(note));
  lines.push(...notes.map((note) => `  note: ${note}`));
  lines.push(...Object.values(report.files).map((file) => `  wrote ${file}`));
  return lines;
}

/** The verdict of a replay as an annotation: why it failed, or what may be doubted about it. */
export function replayAnnotation(report: ReplayReport): string {
  const title = `rewind replay: ${report.verdict.replaceAll("_", " ")}`;
  const first = report.firstMismatch;
  const why = first === undefined ? report.reasons[0] : mismatchText(first);
  return report.passed
    ? annotation(
      report.warnings.length > 0 ? "warning" : "notice",
      report.warnings[0] ?? `${counted(report.compared, "value")} compared`,
      { title },
    )
    : annotation("error", why ?? "see the report", { title });
}

function dryRunLines(report: ReplayReport): string[] {
  return [
    `would run: ${report.replayCommand}`,
    `  in ${report.cwd}`,
    `  seed ${report.originalSeed}: ${report.seedPlacement}`,
    ...report.argv.map((word, index) => `  argv[${index}] = ${JSON.stringify(word)}`),
    ...Object.entries(report.environment).map(([name, value]) => `  ${name}=${value}`),
    ...(report.injection === undefined
      ? []
      : ["  sitecustomize: seeds random, numpy, torch on import"]),
    ...warningLines(report.warnings),
    ...report.notes.map((note) => `  note: ${note}`),
  ];
}

/** A determinism check, verdict first. */
export function determinismLines(report: DeterminismReport): string[] {
  const head = report.verdict === "deterministic"
    ? "DETERMINISTIC"
    : report.verdict.toUpperCase().replaceAll("_", " ");
  return [
    `${head}: ${report.replicas} runs, ${report.compared} values of ` +
    (report.metricsCompared.join(", ") || "no metric"),
    ...warningLines(report.warnings),
    ...causeLines(report),
    ...(report.power === undefined ? [] : [`  ${report.power}`]),
    ...reasonLines(report.reasons),
    ...(report.firstMismatch === undefined
      ? []
      : [`  first: run ${report.firstMismatch.replica}, ${mismatchText(report.firstMismatch)}`]),
    ...(report.culprit === undefined ? [] : [`  culprit: ${report.culprit}`]),
    ...report.fixes.map((fix) => `  fix: ${fix}`),
    ...searchLines(report.search),
    ...report.perturbations.filter((result) => !result.matters)
      .map((result) => `  does not depend on ${result.perturbation} (${result.change})`),
    ...report.hints.map((hint) => `  stderr says: ${hint}`),
    ...leftOutLines(report.skipped),
    ...(report.files ?? []).filter((file) => file.endsWith(".json")).map((file) =>
      `  wrote ${file}`
    ),
  ];
}

/** What was tried in a search that found nothing, and what that leaves. */
function searchLines(search: DeterminismReport["search"]): string[] {
  if (search === undefined) return [];
  return [
    ...search.ruledOut.map((what) => `  ruled out: ${what}`),
    ...search.left.map((what) => `  may be: ${what}`),
  ];
}

/** A comparison of two logs, verdict first. */
export function diffLines(report: DiffReport): string[] {
  const heads = { match: "MATCH", differs: "DIFFERS", ["nothing_compared"]: "NOTHING COMPARED" };
  const lines = [
    `${heads[report.verdict]} (${report.mode}): ${report.comparison.compared} values of ` +
    (report.signals.map((signal) => signal.signal).join(", ") || "no metric"),
    ...warningLines(report.warnings),
    ...causeLines(report),
    ...reasonLines(report.reasons),
  ];
  if (report.mode === "exact") {
    const shown = report.comparison.mismatches.slice(0, SHOWN_MAX);
    lines.push(...shown.map((mismatch) => `    ${mismatchText(mismatch)}`));
    const events = report.signals.flatMap((signal) =>
      signal.events.map((event) => describeDrift(signal.signal, event))
    );
    if (events.length > 0) {
      lines.push(
        "  beyond what chance explains:",
        ...events.map((line) => `    ${line}`),
      );
    }
  }
  lines.push(...report.causes.map((cause) => `  possible cause: ${cause}`));
  lines.push(...leftOutLines(report.comparison.skipped));
  lines.push(...report.notes.map((note) => `  note: ${note}`));
  lines.push(...Object.values(report.files).map((file) => `  wrote ${file}`));
  return lines;
}

/** A comparison of every two runs of a folder, verdict first. */
export function folderDiffLines(report: FolderDiffReport): string[] {
  const { verdict, folder, runs, pairs, skipped } = report;
  return [
    `${verdict.toUpperCase().replaceAll("_", " ")}: ${counted(runs.length, "run")} in ${folder}, ${
      counted(pairs.length, "pair")
    }`,
    ...pairs.flatMap(({ a, b, report }) => [
      `  ${a} and ${b}: ${
        report.verdict === "match"
          ? `match, ${counted(report.comparison.compared, "value")}`
          : report.reasons[0] ?? report.verdict
      }`,
      ...report.causes.map((cause) => `    possible cause: ${cause}`),
    ]),
    ...skipped.map(({ name, reason }) => `  left out: ${name}: ${reason}`),
  ];
}

/** A bisection, verdict first. */
export function bisectLines(report: BisectReport): string[] {
  const { culprit } = report;
  return [
    culprit === undefined
      ? `${report.verdict.toUpperCase()}: ${report.reasons.join("; ")}`
      : `${culprit.sha} is the first bad commit`,
    ...(culprit === undefined
      ? []
      : [`  ${culprit.author}, ${culprit.date}`, `  ${culprit.subject}`]),
    ...report.steps.map((step) =>
      `  ${step.verdict.padEnd(4)} ${step.commit.sha.slice(0, 10)} ${step.commit.subject}: ${
        step.why.split("\n")[0]
      }`
    ),
    `  wrote ${report.logsPath}`,
  ];
}

/** An evaluation, verdict first. */
export function evaluationLines(report: EvaluationReport): string[] {
  return [
    `${
      report.verdict.toUpperCase().replaceAll("_", " ")
    }: suite ${report.suite}, ${report.sampleSize} rows`,
    ...(report.unwritten ?? []).map((text) => `  warning: ${text}`),
    ...report.results.map((result) =>
      `  ${result.status.replace("_", " ").padEnd(14)} ${result.evaluation}: ${result.detail}` +
      (result.firstStep === undefined ? "" : ` (first at step ${result.firstStep})`)
    ),
    ...report.comparisons.map(({ metric, welch }) =>
      `    ${metric}: mean ${welch.means[1].toPrecision(4)} against ${
        welch.means[0].toPrecision(4)
      } of the baseline, p = ${welch.p.toPrecision(2)}, effect size ${welch.effectSize.toFixed(2)}`
    ),
    ...Object.values(report.files).map((file) => `  wrote ${file}`),
  ];
}
