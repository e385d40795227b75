/**
 * From the runs of a command to the report of a determinism check.
 *
 * @module
 */

import { type CommandWords, joinCommand } from "../command/command_words.ts";
import { shownCommand } from "../command/secrets.ts";
import type { CommandRun } from "../command/replay_command.ts";
import { compareRuns } from "../compare/compare.ts";
import { isExact } from "../compare/tolerance.ts";
import type { MetricSelection } from "../compare/metric_selection.ts";
import { type RunComparison, sumOutside } from "../compare/run_comparison.ts";
import { culpritFix, type CulpritSearch } from "../findings/culprit.ts";
import type { DeterminismReport, DeterminismVerdict } from "../findings/determinism_report.ts";
import { type FingerprintFinding, fingerprintsDiffer } from "../findings/fingerprint_finding.ts";
import type { PerturbationResult } from "../findings/perturbation.ts";
import { groupReasons } from "../findings/grouped_reasons.ts";
import { agreementText } from "../findings/replica_power.ts";
import { replicaSpread, selectedNames } from "../findings/replicas.ts";
import type { DeterminismOptions } from "./determinism_options.ts";
import type { RunChange } from "./try_perturbation.ts";

/** All that is fixed before the command runs. */
export interface DeterminismPlan {
  /** What was asked for. */
  readonly options: DeterminismOptions;
  /** The command without a seed. */
  readonly words: CommandWords;
  /** Folder for the results. */
  readonly folder: string;
  /** Metrics and their bounds. */
  readonly selection: MetricSelection;
  /** Steps that count; undefined for all. */
  readonly steps: ReadonlySet<number> | undefined;
  /** Steps after which a run is stopped. */
  readonly maxSteps: number | undefined;
  /** Runs the command, with a change, in a folder of this name. */
  readonly run: (label: string, change: RunChange) => Promise<CommandRun>;
}

/** What a comparison of all runs with the first one gave. */
export interface BaseResult {
  readonly verdict: DeterminismVerdict;
  readonly reasons: readonly string[];
  /** Those among the reasons that say how a metric differs. */
  readonly differing: readonly string[];
  /** By the number of the run. */
  readonly comparisons: ReadonlyMap<number, RunComparison>;
}

type Plan = Pick<DeterminismPlan, "selection" | "steps" | "maxSteps">;

/** Compares every run with the first. */
export function compareReplicas(
  runs: readonly CommandRun[],
  plan: Plan,
  fingerprints?: FingerprintFinding,
): BaseResult {
  const problems = new Map<number, string>();
  const comparisons = new Map<number, RunComparison>();
  const reference = runs[0]!.log;
  runs.forEach((run, index) => {
    if (!run.completed) problems.set(index, run.problem ?? "it did not end as it should");
    else if (run.log === undefined) problems.set(index, run.metricsProblem ?? "no metrics");
    else if (index > 0 && reference !== undefined) {
      const comparison = compareRuns(reference, run.log, {
        metrics: plan.selection,
        steps: plan.steps,
        maxSteps: plan.maxSteps,
        names: ["first run", "other run"],
      });
      comparisons.set(index, comparison);
    }
  });
  const verdicts = [...comparisons.values()].map((comparison) => comparison.verdict);
  const verdict = runs.some((run) => run.child.end === "interrupted")
    ? "interrupted"
    : runs.some((run) => !run.completed)
    ? "command_failed"
    : verdicts.includes("differs")
    ? "nondeterministic"
    : verdicts.length < runs.length - 1 || verdicts.includes("nothing_compared")
    ? "nothing_compared"
    : "deterministic";
  const told = runs.flatMap((_, index) => {
    const problem = problems.get(index);
    const comparison = comparisons.get(index);
    return problem === undefined && comparison === undefined
      ? []
      : [{ index, comparison, problems: problem === undefined ? [] : [problem] }];
  });
  const { about, differing } = groupReasons(told, "run");
  const seen = withFingerprints(verdict, fingerprints, plan);
  if (seen !== undefined) return { ...seen, differing, comparisons };
  return { verdict, reasons: [...differing, ...about], differing, comparisons };
}

/** Where metrics say nothing against it, fingerprints decide: they see bits that a log rounds off. */
function withFingerprints(
  verdict: DeterminismVerdict,
  finding: FingerprintFinding | undefined,
  plan: Plan,
): Pick<BaseResult, "verdict" | "reasons"> | undefined {
  const compared = finding?.comparison?.verdict;
  if (!isExact(plan.selection.tolerance)) return undefined;
  if (verdict === "nothing_compared" && compared === "agree") {
    return { verdict: "deterministic", reasons: [] };
  }
  return ["deterministic", "nothing_compared"].includes(verdict) && fingerprintsDiffer(finding)
    ? {
      verdict: "nondeterministic",
      reasons: ["the steps differ, the metrics that were logged do not"],
    }
    : undefined;
}

/** Share of the pairs of runs that agree. */
export function pairAgreement(runs: readonly CommandRun[], plan: Plan): number {
  let agreeing = 0;
  let pairs = 0;
  for (let i = 0; i < runs.length; i++) {
    for (let k = i + 1; k < runs.length; k++) {
      const { log: a } = runs[i]!;
      const { log: b } = runs[k]!;
      if (a === undefined || b === undefined) continue;
      pairs++;
      const options = { metrics: plan.selection, steps: plan.steps, maxSteps: plan.maxSteps };
      if (compareRuns(a, b, options).verdict === "match") agreeing++;
    }
  }
  return pairs === 0 ? 0 : agreeing / pairs;
}

/** What came of everything that was run. */
export interface DeterminismOutcome {
  readonly runs: readonly CommandRun[];
  readonly base: BaseResult;
  readonly perturbations: readonly PerturbationResult[];
  /** Whether somebody stopped it before all conditions were tried. */
  readonly interrupted: boolean;
  readonly search: CulpritSearch | undefined;
  readonly fingerprints: FingerprintFinding | undefined;
}

/** The report. */
export function assembleDeterminism(
  plan: DeterminismPlan,
  { runs, base, perturbations, interrupted, search, fingerprints }: DeterminismOutcome,
): DeterminismReport {
  const depends = perturbations.filter((result) => result.matters);
  const verdict = base.verdict !== "deterministic"
    ? base.verdict
    : depends.length > 0
    ? "depends_on_environment"
    : interrupted
    ? "interrupted"
    : base.verdict;
  const compared = [...base.comparisons.values()];
  const outside = sumOutside(compared.flatMap(({ metrics }) => metrics));
  const mismatches = [...base.comparisons].flatMap(([replica, comparison]) =>
    comparison.mismatches.map((mismatch) => ({ ...mismatch, replica }))
  );
  mismatches.sort((a, b) => a.step - b.step);
  const logs = runs.flatMap((run) => run.log ?? []);
  const hints = nondeterminismHints(runs);
  const shown = shownCommand(plan.words.argv, runs[0]!.environment);
  const culprits = search?.culprits ?? depends.map((result) => result.perturbation);
  return {
    passed: verdict === "deterministic",
    verdict,
    reasons: [
      ...(verdict === "deterministic" ? [] : base.reasons),
      ...(interrupted ? ["it was interrupted before all conditions were tried"] : []),
      ...depends.map((result) =>
        `depends on ${result.perturbation}: with ${result.change}, ${
          result.firstMismatch === undefined
            ? result.problem
            : `${result.firstMismatch.metric} differs from step ${result.firstMismatch.step} on`
        }`
      ),
    ],
    warnings: [
      ...plan.words.warnings,
      ...(verdict === "deterministic" && compared.every((found) => found.compared === 0)
        ? ["no metric was compared: the verdict rests on fingerprints alone"]
        : []),
      ...describeIssues(runs),
      ...new Set(compared.flatMap(({ weaknesses }) => weaknesses)),
    ],
    culprit: culprits.join(", ") || hints[0],
    search,
    power: verdict === "deterministic" ? agreementText(runs.length) : undefined,
    fixes: culprits.flatMap((name) => culpritFix(name) ?? []),
    replicas: runs.length,
    differing: verdict === "deterministic" ? [] : base.differing,
    compared: compared.reduce((sum, comparison) => sum + comparison.compared, 0),
    metricsCompared: compared[0]?.metrics.filter((metric) => metric.compared > 0)
      .map((metric) => metric.metric) ?? [],
    skipped: compared[0]?.skipped ?? [],
    mismatches,
    violations: outside.violations,
    oneSided: outside.oneSided,
    firstMismatch: mismatches[0],
    spread: logs.length < 2
      ? []
      : selectedNames(plan.selection, logs).map((name) => replicaSpread(name, logs)),
    perturbations,
    command: joinCommand(shown.argv),
    environment: shown.environment,
    hints,
    fingerprints,
    logs: runs.map((run) => run.log),
    outputDir: plan.folder,
  };
}

/** What was left out of the logs of the runs, each text once with the runs that it is about. */
function describeIssues(runs: readonly CommandRun[]): string[] {
  const runsByText = new Map<string, number[]>();
  runs.forEach((run, index) => {
    for (const { kind, count, examples } of run.log?.issues ?? []) {
      const text = `${count} x ${kind}: ${examples[0]?.detail ?? ""}`;
      runsByText.set(text, [...runsByText.get(text) ?? [], index]);
    }
  });
  return [...runsByText].map(([text, indices]) => {
    const which = indices.length === runs.length ? "every run" : `run ${indices.join(", ")}`;
    return `in the log of ${which}: ${text}`;
  });
}

const HINT = /non-?deterministic|does not have a deterministic implementation/i;

/** Lines in which a library itself says so, each once. */
function nondeterminismHints(runs: readonly CommandRun[]): string[] {
  const lines = runs.flatMap((run) =>
    run.child.stderrTail.split("\n").filter((line) => HINT.test(line))
  );
  return [...new Set(lines.map((line) => line.trim().slice(0, 300)))];
}
