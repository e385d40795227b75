/**
 * From the runs of a command to the report of a replay.
 *
 * @module
 */

import { type CommandWords, joinCommand } from "../command/command_words.ts";
import { effectsByModule, type InjectionEffect } from "../command/python_injection.ts";
import { SITECUSTOMIZE } from "../command/sitecustomize.ts";
import type { CommandRun } from "../command/replay_command.ts";
import { shownCommand } from "../command/secrets.ts";
import type { SeedInjection } from "../command/seed_injection.ts";
import { compareRuns } from "../compare/compare.ts";
import type { MetricSelection } from "../compare/metric_selection.ts";
import type { RunComparison } from "../compare/run_comparison.ts";
import type { Baseline } from "../findings/baseline_report.ts";
import { type FingerprintFinding, fingerprintsDiffer } from "../findings/fingerprint_finding.ts";
import { logWarnings } from "../findings/log_warnings.ts";
import { ownHandLines, type OwnHandTrial } from "../findings/own_hand.ts";
import type { ReplayReport, ReplayVerdict, Replica } from "../findings/replay_report.ts";
import { decideVerdict, explain, metricStats } from "../findings/replay_verdict.ts";
import {
  identicalReplicas,
  replicaSignificance,
  replicaSpread,
  selectedNames,
} from "../findings/replicas.ts";
import { changeLines, type SurroundingsChange } from "../findings/surroundings_changes.ts";
import type { RunLog } from "../log/run_log.ts";
import type { ReplayOptions } from "./replay_options.ts";

/** All that is fixed before the command runs. */
export interface ReplayPlan {
  /** What was asked for. */
  readonly options: ReplayOptions;
  /** The log that is to be reproduced. */
  readonly original: RunLog;
  /** Metrics and their bounds. */
  readonly selection: MetricSelection;
  /** Seed of the original. */
  readonly originalSeed: bigint;
  /** Directory to run in. */
  readonly cwd: string;
  /** Folder for the results. */
  readonly folder: string;
  /** Where below `{output}` the command may write its log, if it names that folder: as the original's is called. */
  readonly likelyFile: string | undefined;
  /** The command without a seed. */
  readonly words: CommandWords;
  /** The command with the seed of each replica. */
  readonly injections: readonly (SeedInjection & { readonly seed: bigint })[];
  /** Variables on top of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** What may make the answer another one than was meant. */
  readonly warnings: readonly string[];
  /** What else there is to know. */
  readonly notes: readonly string[];
  /** The baseline whose log is the original, if it is one. */
  readonly baseline: Baseline | undefined;
}

/** What is known of one run; `decided` is the comparison that stopped it. */
export interface RunOutcome {
  readonly index: number;
  readonly seed: bigint;
  readonly run: CommandRun;
  readonly decided: RunComparison | undefined;
}

/** One run of the command as the report has it. */
export function toReplica(plan: ReplayPlan, outcome: RunOutcome): Replica {
  const { options, original, selection } = plan;
  const { index, seed, run, decided } = outcome;
  const own = run.log === undefined ? [] : ownSeeds(run.log);
  return {
    index,
    seed,
    ownSeed: own.includes(seed) ? seed : own[0],
    completed: run.completed,
    cutShort: run.cutShort,
    problem: run.problem,
    metricsProblem: run.metricsProblem,
    end: run.child.end,
    exitCode: run.child.exitCode,
    stderrTail: run.child.stderrTail,
    durationSeconds: run.child.durationMs / 1000,
    leftBehind: run.child.leftBehind,
    files: { metrics: run.metricsPath, stdout: run.stdoutPath, stderr: run.stderrPath },
    log: run.log,
    comparison: decided ??
      (run.log === undefined ? undefined : compareRuns(original, run.log, {
        metrics: selection,
        maxSteps: options.maxSteps,
        allowMissing: options.allowMissing ?? false,
        replayCutShort: !run.completed,
      })),
    injected: modulesWith(run, "used"),
    injectedPerhaps: modulesWith(run, "unknown"),
    notes: [
      ...(run.metricsNote === undefined ? [] : [run.metricsNote]),
      ...(run.cutShort && run.problem !== undefined ? [run.problem] : []),
      ...(run.child.leftBehind > 0
        ? [`${run.child.leftBehind} processes were left behind by the command, and killed`]
        : []),
      ...run.outputNotes,
      ...(run.log?.issues ?? []).map((issue) =>
        `${issue.count} x ${issue.kind} in its log: ${issue.examples[0]?.detail ?? ""}`
      ),
    ],
  };
}

/** Libraries whose seed from outside had this effect. */
function modulesWith(run: CommandRun, effect: InjectionEffect): string[] {
  return [...effectsByModule(run.injected)]
    .filter(([, found]) => found === effect)
    .map(([module]) => module);
}

/** Seeds that the rows of a log name as those of the run, not of its data or environment. */
function ownSeeds(log: RunLog): bigint[] {
  const inRows = log.seeds.filter((finding) => finding.line !== undefined);
  const plain = inRows.filter((finding) => finding.path === "seed");
  return (plain.length > 0 ? plain : inRows).map((finding) => finding.value);
}

/** What came of all runs. */
export interface ReplayOutcome {
  /** Fixed in advance for a dry run. */
  readonly verdict: ReplayVerdict | undefined;
  readonly replicas: readonly Replica[];
  readonly ownHand: readonly OwnHandTrial[];
  /** What fingerprints showed; undefined unless they were asked for. */
  readonly fingerprints?: FingerprintFinding | undefined;
  readonly durationMs: number;
  /** What has changed since the baseline; undefined without one. */
  readonly changes?: readonly SurroundingsChange[] | undefined;
}

/** The report. */
export function assembleReplay(plan: ReplayPlan, outcome: ReplayOutcome): ReplayReport {
  const { options, original, selection, originalSeed } = plan;
  const first = plan.injections[0]!;
  const shown = shownCommand(first.argv, plan.environment);
  const { replicas } = outcome;
  const same = replicas.filter((replica) => replica.seed === originalSeed);
  // The first replica that fails tells most; where none does, the first one stands for all.
  const decisive = same.find((replica) => replica.comparison?.verdict === "differs") ??
    same.find((replica) => !replica.completed) ??
    same.find((replica) => replica.comparison?.verdict !== "match") ?? same[0];
  const comparison = decisive?.comparison;
  const logs = (list: readonly Replica[]): RunLog[] => list.flatMap((replica) => replica.log ?? []);
  const names = selectedNames(selection, [original, ...logs(same)]);
  const varied = options.replicaSeeds === "vary" && replicas.length > 1;
  const spread = same.length < 2 ? [] : names.map((name) => replicaSpread(name, logs(same)));
  const significance = !varied
    ? []
    : names.flatMap((name) =>
      replicaSignificance(name, original, logs(replicas), {
        alpha: options.alpha ?? 0.05,
        tests: 2 * names.length,
        maxSteps: options.maxSteps,
      }) ?? []
    );
  const ignored = varied ? identicalReplicas(selection, replicas) : undefined;
  const verdict = outcome.verdict ?? decideVerdict(same, ignored);
  const why = verdict === "passed" || verdict === "dry_run"
    ? { about: [], differing: [] }
    : explain(same, spread);
  const { changes } = outcome;
  const since = changes === undefined ? [] : changeLines(changes);
  const isWhy = verdict === "failed" || verdict === "command_failed";
  return {
    passed: verdict === "passed",
    verdict,
    reasons: [
      ...why.differing,
      ...(isWhy ? since : []),
      ...(ignored === undefined ? [] : [ignored]),
      ...why.about,
      ...(isWhy && changes?.length === 0
        ? [
          "nothing that the baseline knows has changed since; check-determinism tells whether the command repeats itself",
        ]
        : []),
      ...ownHandLines(outcome.ownHand),
    ],
    differing: why.differing,
    warnings: [
      ...plan.warnings,
      ...(verdict === "passed" && fingerprintsDiffer(outcome.fingerprints)
        ? ["the metrics agree within the tolerance, the steps do not: see the cause"]
        : []),
      ...new Set(replicas.flatMap(({ comparison }) => comparison?.weaknesses ?? [])),
      ...logWarnings(original, "the original log"),
      ...replicas.flatMap((replica) =>
        replica.log === undefined
          ? []
          : numbered(replicas, replica, logWarnings(replica.log, "the run's log"))
      ),
      ...replicas.flatMap((replica) =>
        replica.ownSeed === undefined || replica.ownSeed === replica.seed
          ? []
          : numbered(replicas, replica, [
            `seed ${replica.seed} was asked for, but the run's own log says seed ${replica.ownSeed}: ` +
            "the command does not take the seed from where it was put",
          ])
      ),
      ...replicas.flatMap((replica) =>
        numbered(replicas, replica, replica.comparison?.waived ?? [])
      ),
    ],
    notes: [
      ...(isWhy ? [] : since),
      ...plan.notes,
      ...shown.leftOut,
      ...replicas.flatMap((replica) => numbered(replicas, replica, replica.notes)),
      ...original.issues.map((issue) =>
        `${issue.count} x ${issue.kind} in the original log: ${issue.examples[0]?.detail ?? ""}`
      ),
    ],
    originalSeed,
    replaySeed: originalSeed,
    seeds: original.seeds,
    metricsCompared: comparison?.metrics.filter((metric) => metric.compared > 0)
      .map((metric) => metric.metric) ?? [],
    skipped: comparison?.skipped ?? [],
    compared: comparison?.compared ?? 0,
    tolerance: selection.tolerance.tolerance,
    bounds: selection.tolerance,
    mismatches: comparison?.mismatches ?? [],
    toleranceViolations: comparison?.violations ?? 0,
    firstMismatch: comparison?.firstMismatch,
    comparisonStats: comparison === undefined ? {} : metricStats(comparison),
    replayCommand: joinCommand(shown.argv),
    argv: shown.argv,
    cwd: plan.cwd,
    seedPlacement: first.how,
    environment: shown.environment,
    injected: [...new Set(replicas.flatMap((replica) => replica.injected))],
    injectedPerhaps: [...new Set(replicas.flatMap((replica) => replica.injectedPerhaps))],
    injection: options.inject === false ? undefined : SITECUSTOMIZE,
    replayDuration: outcome.durationMs / 1000,
    maxSteps: options.maxSteps,
    original,
    replicas,
    decisive,
    spread,
    significance,
    ownHand: outcome.ownHand,
    changes,
    fingerprints: outcome.fingerprints,
    files: {},
  };
}

/** Lines about one replica, with its number if there are several; each text once. */
function numbered(
  replicas: readonly Replica[],
  replica: Replica,
  lines: readonly string[],
): string[] {
  return lines.map((line) => replicas.length > 1 ? `replica ${replica.index}: ${line}` : line);
}
