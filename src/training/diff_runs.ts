/**
 * Compares two logs: exactly (where do they first differ beyond a tolerance) and, for runs with different
 * seeds, statistically (where do they stop behaving the same).
 *
 * @module
 */

import { alignedSeries, compareRuns, type RunComparison } from "./compare.ts";
import {
  detectDrift,
  type DriftEvent,
  type DriftKind,
  type DriftResult,
} from "./drift_detection.ts";
import { jsonSafe, toJsonText } from "./json_text.ts";
import { type MetricSelection, parseMetrics } from "./metric_selection.ts";
import { readRun, type ReadRunOptions } from "./read_run.ts";
import { column, requireColumn, type RunLog } from "./run_log.ts";
import { quantileOfSorted, summarize } from "./statistics.ts";
import type { ToleranceOptions } from "./tolerance.ts";
import { writeTextFile } from "./write_file.ts";

/** Options of {@linkcode diff}. */
export interface DiffOptions extends ToleranceOptions {
  /** The first log. */
  a: string;
  /** The second log. */
  b: string;
  /** Metrics to compare: names, `a,b`, `loss:rtol=1e-5`, or `all` (default). */
  signals?: string | readonly string[];
  /** "exact" judges by the tolerance, "drift" by the statistics; both are reported (default "exact"). */
  mode?: "exact" | "drift";
  /** Chance of a false alarm in drift mode, over all signals (default 0.01). */
  alpha?: number;
  /** Steps above this are left out of both. */
  maxSteps?: number;
  /** Metrics and steps that one side lacks do not count as a difference (default false). */
  allowMissing?: boolean;
  /** Format of both logs (default: detected). */
  format?: ReadRunOptions["format"];
  /** Preset of field names. */
  preset?: ReadRunOptions["preset"];
  /** Own field names. */
  fieldMap?: ReadRunOptions["fieldMap"];
  /** Refuses damaged lines (default false: they are reported). */
  strict?: boolean;
  /** Folder for the reports (default: none are written). */
  outputDir?: string;
}

/** One signal in both logs. */
export interface SignalDiff {
  /** Its name. */
  readonly signal: string;
  /** Whether it differs beyond the tolerance; "no_overlap" if no step has it in both. */
  readonly status: "ok" | "differs" | "no_overlap";
  /** Steps at which both have a value. */
  readonly stepsCompared: number;
  /** First step beyond the tolerance. */
  readonly firstStep: number | undefined;
  /** First step at which the bits differ. */
  readonly firstUnequalStep: number | undefined;
  /** Values beyond the tolerance. */
  readonly violations: number;
  /** Mean over the common steps in the first log. */
  readonly meanA: number;
  /** Mean over the common steps in the second log. */
  readonly meanB: number;
  /** Mean of b - a. */
  readonly deltaMean: number;
  /** Median of b - a. */
  readonly medianDelta: number;
  /** Largest b - a. */
  readonly maxDelta: number;
  /** Smallest b - a. */
  readonly minDelta: number;
  /** Largest |b - a|; infinite where only one is. */
  readonly maxAbsDelta: number;
  /** Where the two stop behaving the same, by step. */
  readonly events: readonly DriftFinding[];
  /** Values that the statistics rest on, and how many independent ones they are worth. */
  readonly n: number;
  /** See `n`. */
  readonly nEffective: number;
  /** Why the statistics could not be computed, if so. */
  readonly notComputable: string | undefined;
}

/** A drift event, by step. */
export interface DriftFinding extends Omit<DriftEvent, "index"> {
  /** First step of it. */
  readonly step: number;
}

/** Report of {@linkcode diff}. */
export interface DiffReport {
  /** Whether the logs match, by the mode that was asked for; never true if nothing was compared. */
  readonly passed: boolean;
  /** The outcome by that mode. */
  readonly verdict: "match" | "differs" | "nothing_compared";
  /** The mode. */
  readonly mode: "exact" | "drift";
  /** Why they do not match. */
  readonly reasons: readonly string[];
  /** What was seen and does not count. */
  readonly notes: readonly string[];
  /** Each signal. */
  readonly signals: readonly SignalDiff[];
  /** The exact comparison behind it. */
  readonly comparison: RunComparison;
  /** First step and signal of all, by the mode that was asked for. */
  readonly firstDivergence: { readonly step: number; readonly signal: string } | undefined;
  /** Level that all drift tests of one signal share. */
  readonly alphaPerSignal: number;
  /** Differences between the runs themselves that may explain it: seed, commit, command. */
  readonly causes: readonly string[];
  /** The first log. */
  readonly a: RunLog;
  /** The second log. */
  readonly b: RunLog;
  /** Files that were written, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Compares two training logs of any known formats.
 *
 * @throws {TrainingLogError} if a log cannot be read, or a named signal is in neither log.
 *
 * @example Usage
 * ```ts
 * import { diff } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const rows = [0.5, 0.4, 0.3].map((loss, step) => JSON.stringify({ step, loss }));
 * await Deno.writeTextFile(`${folder}/a.jsonl`, rows.join("\n"));
 * await Deno.writeTextFile(`${folder}/b.jsonl`, rows.join("\n").replace("0.3", "0.35"));
 * const report = await diff({ a: `${folder}/a.jsonl`, b: `${folder}/b.jsonl` });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "differs");
 * assertEquals(report.firstDivergence, { step: 2, signal: "loss" });
 * ```
 */
export async function diff(options: DiffOptions): Promise<DiffReport> {
  const read: ReadRunOptions = {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.preset === undefined ? {} : { preset: options.preset }),
    ...(options.fieldMap === undefined ? {} : { fieldMap: options.fieldMap }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
  };
  const bounds =
    options.atol === undefined && options.rtol === undefined && options.ulp === undefined
      ? { tolerance: options.tolerance ?? 0 }
      : options;
  const selection = parseMetrics([options.signals ?? "all"].flat(), bounds);
  const a = await readRun(options.a, read);
  const b = await readRun(options.b, read);
  requireSignals(selection, a, b);
  const report = diffLogs(a, b, selection, options);
  return options.outputDir === undefined ? report : await writeDiffFiles(report, options.outputDir);
}

/** A name that neither log knows is a slip of the pen, not a difference. */
function requireSignals(selection: MetricSelection, a: RunLog, b: RunLog): void {
  for (const { name } of selection.requests) {
    if (column(b, name) === undefined) requireColumn(a, name);
  }
}

/** In exact mode drift is only told beside it: for longer logs it would take longer than all the rest. */
const DRIFT_BESIDE_EXACT_STEPS_MAX = 50_000;

const DRIFT_LEFT_OUT: DriftResult = {
  events: [],
  n: 0,
  nEffective: NaN,
  alphaPerTest: NaN,
  notComputable: "the log is long and exact mode was asked for",
};

/** Compares two logs that are read already. */
export function diffLogs(
  a: RunLog,
  b: RunLog,
  selection: MetricSelection,
  options: Pick<DiffOptions, "mode" | "alpha" | "maxSteps" | "allowMissing"> = {},
): DiffReport {
  const { mode = "exact", alpha = 0.01 } = options;
  const comparison = compareRuns(a, b, {
    metrics: selection,
    ...(options.maxSteps === undefined ? {} : { maxSteps: options.maxSteps }),
    allowMissing: options.allowMissing ?? false,
  });
  const alphaPerSignal = alpha / Math.max(1, comparison.metrics.length);
  const signals = comparison.metrics.map((metric): SignalDiff => {
    const { steps, original, replay } = alignedSeries(a, b, metric, comparison.aligned);
    const drift = mode === "drift" || steps.length <= DRIFT_BESIDE_EXACT_STEPS_MAX
      ? detectDrift(original, replay, { alpha: alphaPerSignal })
      : DRIFT_LEFT_OUT;
    return {
      signal: metric.metric,
      status: metric.compared === 0 ? "no_overlap" : metric.violations > 0 ? "differs" : "ok",
      stepsCompared: metric.compared,
      firstStep: metric.firstMismatch?.step,
      firstUnequalStep: metric.firstUnequalStep,
      violations: metric.violations,
      ...describeDeltas(original, replay),
      events: drift.events.map(({ index, ...event }) => ({ step: steps[index]!, ...event })),
      n: drift.n,
      nEffective: drift.nEffective,
      notComputable: drift.notComputable,
    };
  });
  const drifts = signals.flatMap((signal) =>
    signal.events.map((event) => ({ signal: signal.signal, event }))
  ).sort((x, y) => x.event.step - y.event.step);
  const judged = mode === "exact"
    ? { verdict: comparison.verdict, reasons: comparison.reasons }
    : judgeDrift(comparison, signals, drifts);
  const first = comparison.firstMismatch;
  return {
    passed: judged.verdict === "match",
    verdict: judged.verdict,
    mode,
    reasons: judged.reasons,
    notes: [
      ...comparison.notes,
      ...signals.flatMap((signal) =>
        signal.notComputable === undefined || mode === "exact"
          ? []
          : [`${signal.signal}: drift is not computable, as ${signal.notComputable}`]
      ),
      ...[a, b].flatMap((log) =>
        log.issues.map((issue) =>
          `${issue.count} x ${issue.kind} in ${log.source}: ${issue.examples[0]?.detail ?? ""}`
        )
      ),
    ],
    signals,
    comparison,
    firstDivergence: mode === "exact"
      ? first && { step: first.step, signal: first.metric }
      : drifts[0] && { step: drifts[0].event.step, signal: drifts[0].signal },
    alphaPerSignal,
    causes: judged.verdict === "match" ? [] : findCauses(a, b),
    a,
    b,
    files: {},
  };
}

function judgeDrift(
  comparison: RunComparison,
  signals: readonly SignalDiff[],
  drifts: readonly { signal: string; event: DriftFinding }[],
): Pick<DiffReport, "verdict" | "reasons"> {
  if (drifts.length > 0) {
    return {
      verdict: "differs",
      reasons: drifts.map(({ signal, event }) => describeDrift(signal, event)),
    };
  }
  // A signal too short to be tested was not found to be the same.
  const tested = signals.filter((signal) => signal.notComputable === undefined);
  return tested.length > 0 ? { verdict: "match", reasons: [] } : {
    verdict: "nothing_compared",
    reasons: comparison.compared === 0
      ? comparison.reasons
      : signals.map((signal) => `${signal.signal}: ${signal.notComputable}`),
  };
}

const DRIFT_WORDS: ReadonlyMap<DriftKind, string> = new Map([
  ["offset", "is offset"],
  ["level_shift", "shifts its level"],
  ["drift", "drifts away"],
  ["variance_change", "changes its spread"],
  ["outlier", "has an outlier"],
  ["non_finite", "is not finite on one side"],
]);

/** One finding in one line. */
export function describeDrift(signal: string, event: DriftFinding): string {
  const where = event.kind === "outlier"
    ? `at step ${event.step}`
    : event.kind === "non_finite"
    ? `at ${event.count} steps from step ${event.step} on`
    : `from step ${event.step} on`;
  const there = short(event.after);
  const change = event.kind === "variance_change"
    ? ` (ratio of deviations ${short(event.before)} before, ${there} after)`
    : event.kind === "drift"
    ? ` (${there} per step)`
    : event.kind === "offset"
    ? ` (by ${there})`
    : event.kind === "non_finite"
    ? ""
    : ` (difference ${short(event.before)} before, ${there} there)`;
  const odds = event.p > 0
    ? `, z = ${event.zScore.toFixed(1)}, p = ${event.p.toExponential(1)}`
    : "";
  return `${signal} ${DRIFT_WORDS.get(event.kind)} ${where}${change}${odds}`;
}

function short(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

type Deltas = Pick<
  SignalDiff,
  "meanA" | "meanB" | "deltaMean" | "medianDelta" | "maxDelta" | "minDelta" | "maxAbsDelta"
>;

/** An infinite delta stays one; where both are NaN, or the same infinity, there is none. */
function describeDeltas(a: Float64Array, b: Float64Array): Deltas {
  const deltas = new Float64Array(a.length);
  let count = 0;
  for (let k = 0; k < a.length; k++) {
    if (Object.is(a[k]!, b[k]!) && !Number.isFinite(a[k]!)) continue;
    const delta = b[k]! - a[k]!;
    if (!Number.isNaN(delta)) deltas[count++] = delta;
  }
  const sorted = deltas.subarray(0, count).sort();
  const finite = Number.isFinite(sorted[0] ?? 0) && Number.isFinite(sorted.at(-1) ?? 0);
  return {
    meanA: summarize(a.filter((value) => Number.isFinite(value))).mean,
    meanB: summarize(b.filter((value) => Number.isFinite(value))).mean,
    deltaMean: finite ? summarize(sorted).mean : NaN,
    medianDelta: quantileOfSorted(sorted, 0.5),
    maxDelta: sorted.at(-1) ?? NaN,
    minDelta: sorted[0] ?? NaN,
    maxAbsDelta: sorted.length === 0 ? NaN : Math.max(-sorted[0]!, sorted.at(-1)!),
  };
}

function findCauses(a: RunLog, b: RunLog): string[] {
  const causes: string[] = [];
  const seeds = [a, b].map((log) => log.seeds[0]?.value);
  if (seeds[0] !== undefined && seeds[1] !== undefined && seeds[0] !== seeds[1]) {
    causes.push(`the seeds differ: ${seeds[0]} and ${seeds[1]}`);
  }
  const commits = [a.metadata.gitSha, b.metadata.gitSha];
  if (commits[0] !== undefined && commits[1] !== undefined && commits[0] !== commits[1]) {
    causes.push(`the commits differ: ${commits[0]} and ${commits[1]}`);
  }
  const commands = [a.metadata.command?.join(" "), b.metadata.command?.join(" ")];
  if (commands[0] !== undefined && commands[1] !== undefined && commands[0] !== commands[1]) {
    causes.push(`the commands differ: ${commands[0]} and ${commands[1]}`);
  }
  const rateA = column(a, "lr");
  const rateB = column(b, "lr");
  if (rateA !== undefined && rateB !== undefined) {
    const rates = parseMetrics([rateA.name], { tolerance: 0, atol: 1e-12 });
    const first = compareRuns(a, b, { metrics: rates, allowMissing: true }).firstMismatch;
    if (first !== undefined) causes.push(`the learning rates differ from step ${first.step} on`);
  }
  return causes;
}

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
      signals_with_differences: report.signals.filter((signal) => signal.status !== "ok")
        .map((signal) => signal.signal),
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
      notes: report.notes,
      skipped: report.comparison.skipped,
      first_divergence: report.firstDivergence,
      causes: report.causes,
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

async function writeDiffFiles(report: DiffReport, outputDir: string): Promise<DiffReport> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = path.resolve(outputDir);
  await fs.mkdir(folder, { recursive: true });
  const files = {
    report: path.join(folder, "diff_report.json"),
    divergence: path.join(folder, "divergence_report.json"),
    events: path.join(folder, "divergence_events.csv"),
  };
  const rows = report.signals.flatMap((signal) =>
    signal.events.map((event) =>
      [csvField(signal.signal), event.step, jsonSafe(event.zScore), event.kind, event.count].join(
        ",",
      )
    )
  );
  await writeTextFile(files.report, toJsonText(diffJson(report)));
  await writeTextFile(files.divergence, toJsonText(divergenceJson(report)));
  await writeTextFile(
    files.events,
    ["signal,step,z_score,type,consecutive_count", ...rows].join("\n"),
  );
  return { ...report, files };
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
