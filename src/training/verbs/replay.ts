/**
 * Seeded replay of a training run: finds the seed in its log, runs the command again with it, and
 * compares the metrics step by step.
 *
 * @module
 */

import { REPLICAS_MAX } from "../../limits.ts";
import { joinCommand, splitCommand } from "../command/command_words.ts";
import { compareRuns } from "../compare/compare.ts";
import { chooseSeed } from "./choose_seed.ts";
import { runBounded } from "../command/concurrency.ts";
import { FieldResolver } from "../log/fields.ts";
import { LiveComparison } from "../compare/live_comparison.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import { SITECUSTOMIZE } from "../command/python_injection.ts";
import { readRun, type ReadRunOptions } from "../log/read_run.ts";
import { replicaSignificance, replicaSpread, selectedNames } from "../findings/replicas.ts";
import { type CommandRun, runCommand } from "../command/replay_command.ts";
import { type Device, replayEnvironment } from "../command/replay_environment.ts";
import { writeReplayFiles } from "../files/replay_files.ts";
import type { ReplayReport, ReplayVerdict, Replica } from "../findings/replay_report.ts";
import { decideVerdict, explain, metricStats } from "../findings/replay_verdict.ts";
import { column, requireColumn, type RunLog } from "../log/run_log.ts";
import { injectSeed, type SeedInjection } from "../command/seed_injection.ts";
import type { ToleranceOptions } from "../compare/tolerance.ts";

/** What a replay reports while it runs. */
export interface ReplayProgress {
  /** Replica that wrote a row. */
  readonly replica: number;
  /** Step of that row. */
  readonly step: number;
  /** Last step of the original, or `maxSteps`. */
  readonly stepLast: number;
}

/** Options of {@linkcode replay}. */
export interface ReplayOptions extends ToleranceOptions {
  /** Log of the original run: a file or a directory of any known format. */
  run: string;
  /** Command that made it, as a shell would take it; no shell is run. */
  command: string;
  /** Metrics to compare: names, `a,b`, `loss:rtol=1e-5`, or `all`. */
  metrics: string | readonly string[];
  /** Steps above this are not compared, and the command is stopped when it gets there (default: all). */
  maxSteps?: number;
  /** Folder for the results (default "replay_results"). */
  outputDir?: string;
  /** Device that the command may use (default "auto": it decides). */
  device?: Device;
  /** Wall time of one replica after which it is killed, in milliseconds (default: none). */
  timeoutMs?: number;
  /** How often the command is run (default 1). */
  replicas?: number;
  /** How many run at once (default: as many as there are, up to the number of cores). */
  jobs?: number;
  /** "same" (default) gives each replica the original's seed; "vary" gives replica i the seed + i. */
  replicaSeeds?: "same" | "vary";
  /** Level of all significance tests together, with `replicaSeeds: "vary"` (default 0.05). */
  alpha?: number;
  /** The seed, where the log has none or another one is meant. */
  seed?: number | bigint;
  /** Words that take the seed, such as `--train.seed {seed}`. */
  seedArg?: string | readonly string[];
  /** Environment variable that takes the seed. */
  seedEnv?: string;
  /** Directory to run the command in (default: this process's). */
  cwd?: string;
  /** Log that the command writes itself, in place of RLDK_METRICS_PATH; `{output}` is its folder. */
  metricsFile?: string;
  /** Prepares everything, runs nothing (default false). */
  dryRun?: boolean;
  /** Stops the command at the first value outside the tolerance (default false). */
  failFast?: boolean;
  /** Seeds `random`, NumPy and PyTorch in Python processes of the command (default true). */
  inject?: boolean;
  /** Metrics and steps that one side lacks do not fail the replay (default false). */
  allowMissing?: boolean;
  /** Format of the original log (default: detected). */
  format?: ReadRunOptions["format"];
  /** Preset of field names. */
  preset?: ReadRunOptions["preset"];
  /** Own field names. */
  fieldMap?: ReadRunOptions["fieldMap"];
  /** Refuses damaged lines of the original (default false: they are reported). */
  strict?: boolean;
  /** Interrupts the replay: the command is killed, and the report says so. */
  signal?: AbortSignal;
  /** Called as rows are written. */
  onProgress?: (progress: ReplayProgress) => void;
  /** Makes the report page (default: `renderReplayPage`); with false none is written. */
  renderPage?: ((report: ReplayReport) => string) | false;
}

/**
 * Replays a training run and compares it with its log.
 *
 * @throws {TrainingLogError} if the log cannot be read, has no seed, or lacks a requested metric.
 * @throws {TrainingCommandError} if the command cannot be started.
 * @throws {TypeError} if an option is malformed.
 *
 * @example Usage
 * ```ts
 * import { replay } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/run.jsonl`, '{"step": 0, "seed": 7, "loss": 0.5}');
 * const report = await replay({
 *   run: `${folder}/run.jsonl`,
 *   command: `sh -c 'echo "{\\"step\\": 0, \\"loss\\": 0.{seed}}" > "$RLDK_METRICS_PATH"'`,
 *   metrics: "loss",
 *   outputDir: folder,
 * });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "failed");
 * assertEquals(report.firstMismatch?.replay, 0.7);
 * ```
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const path = await import("node:path");
  const { replicas: count = 1, replicaSeeds = "same", inject = true, device = "auto" } = options;
  checkCounts(options);
  const read: ReadRunOptions = {
    preset: options.preset,
    fieldMap: options.fieldMap,
  };
  const words = splitCommand(options.command);
  const selection = parseMetrics([options.metrics].flat(), options);
  const original = await readRun(options.run, {
    ...read,
    format: options.format,
    strict: options.strict,
  });
  const { seed: originalSeed, note: seedNote } = chooseSeed(original, options.seed);
  requireMetrics(selection, original, options.allowMissing ?? false);

  const folder = path.resolve(options.outputDir ?? "replay_results");
  const cwd = path.resolve(options.cwd ?? ".");
  const seedOf = (index: number): bigint =>
    originalSeed + (replicaSeeds === "vary" ? BigInt(index) : 0n);
  const injections = Array.from(
    { length: count },
    (_, index) => injectSeed(words.argv, seedOf(index), options),
  );
  const first = injections[0]!;
  const environment = {
    ...replayEnvironment({
      device,
      metricsPath: path.join(folder, "replica_0", "metrics.jsonl"),
      maxSteps: options.maxSteps,
    }),
    ...words.env,
    ...first.env,
  };
  const plan: Plan = { options, original, selection, originalSeed, cwd, first, environment };
  const notes = [
    ...(seedNote === undefined ? [] : [seedNote]),
    ...words.warnings,
    ...first.warnings,
  ];
  if (options.dryRun) {
    return assemble(plan, { verdict: "dry_run", replicas: [], notes, durationMs: 0 });
  }

  await removeOldReplicas(folder, count);
  const { performance } = await import("node:perf_hooks");
  const startedAt = performance.now();
  const fields = new FieldResolver(options.preset, options.fieldMap);
  const stepLast = Math.min(options.maxSteps ?? Infinity, original.steps.at(-1) ?? Infinity);
  const jobs = options.jobs ?? Math.min(count, await coreCount());
  const replicas = await runBounded(count, jobs, async (index) => {
    const seed = seedOf(index);
    const { argv, env } = injections[index]!;
    // Only what ran with the original's seed can violate anything.
    const live = options.failFast && seed === originalSeed
      ? new LiveComparison(original, selection)
      : undefined;
    const run = await runCommand({
      argv,
      env: { ...words.env, ...env },
      seed,
      inject,
      device,
      cwd,
      folder: path.join(folder, `replica_${index}`),
      read,
      fields,
      metricsFile: options.metricsFile,
      maxSteps: options.maxSteps,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      onRow: (row) => {
        options.onProgress?.({ replica: index, step: row.step, stepLast });
        return live?.violation(row);
      },
    });
    return toReplica(plan, index, seed, run);
  });
  const durationMs = performance.now() - startedAt;
  const report = assemble(plan, { verdict: undefined, replicas, notes, durationMs });
  const renderPage = options.renderPage ?? (await import("../report/mod.ts")).renderReplayPage;
  return await writeReplayFiles(report, folder, renderPage || undefined);
}

/** All that is fixed before the command runs. */
interface Plan {
  readonly options: ReplayOptions;
  readonly original: RunLog;
  readonly selection: MetricSelection;
  readonly originalSeed: bigint;
  readonly cwd: string;
  readonly first: SeedInjection;
  readonly environment: Readonly<Record<string, string>>;
}

function checkCounts(options: ReplayOptions): void {
  const positive = { replicas: options.replicas, jobs: options.jobs, timeoutMs: options.timeoutMs };
  for (const [name, value] of Object.entries(positive)) {
    if (value === undefined) continue;
    const whole = name === "timeoutMs" || Number.isInteger(value);
    if (!(value > 0) || !whole || (name !== "timeoutMs" && value > REPLICAS_MAX)) {
      throw new RangeError(`Cannot replay as '${name}' is out of range: current value is ${value}`);
    }
  }
  if (options.maxSteps !== undefined && !(options.maxSteps >= 0)) {
    throw new RangeError(
      `Cannot replay as 'maxSteps' must be at least 0: current value is ${options.maxSteps}`,
    );
  }
}

/** An earlier replay with more replicas must not look like a part of this one. */
async function removeOldReplicas(folder: string, count: number): Promise<void> {
  const fs = await import("node:fs/promises");
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const index = /^replica_(\d+)$/.exec(name)?.[1];
    if (index === undefined || Number(index) < count) continue;
    await fs.rm(`${folder}/${name}`, { recursive: true, force: true });
  }
}

async function coreCount(): Promise<number> {
  const { cpus } = await import("node:os");
  return Math.max(1, cpus().length);
}

/** A metric that the original lacks is found out before hours of training are spent. */
function requireMetrics(selection: MetricSelection, original: RunLog, allowMissing: boolean): void {
  const found = selection.requests.filter((request) =>
    column(original, request.name) !== undefined
  );
  if (allowMissing && (found.length > 0 || selection.all)) return;
  for (const request of selection.requests) requireColumn(original, request.name);
}

function toReplica(plan: Plan, index: number, seed: bigint, run: CommandRun): Replica {
  const { options, original, selection } = plan;
  return {
    index,
    seed,
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
    comparison: run.log === undefined ? undefined : compareRuns(original, run.log, {
      metrics: selection,
      maxSteps: options.maxSteps,
      allowMissing: options.allowMissing ?? false,
      replayCutShort: !run.completed || (run.cutShort && (options.failFast ?? false)),
    }),
    injected: [...new Set(run.injected.map((event) => event.module))],
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

interface Outcome {
  /** Fixed in advance for a dry run. */
  readonly verdict: ReplayVerdict | undefined;
  readonly replicas: readonly Replica[];
  readonly notes: readonly string[];
  readonly durationMs: number;
}

function assemble(plan: Plan, outcome: Outcome): ReplayReport {
  const { options, original, selection, originalSeed, first } = plan;
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
  const verdict = outcome.verdict ?? decideVerdict(same);
  return {
    passed: verdict === "passed",
    verdict,
    reasons: verdict === "passed" || verdict === "dry_run" ? [] : explain(same, spread),
    notes: [
      ...outcome.notes,
      ...replicas.flatMap((replica) =>
        [...replica.notes, ...(replica.comparison?.notes ?? [])].map((note) =>
          replicas.length > 1 ? `replica ${replica.index}: ${note}` : note
        )
      ),
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
    compared: same.reduce((sum, replica) => sum + (replica.comparison?.compared ?? 0), 0),
    tolerance: selection.tolerance.tolerance,
    bounds: selection.tolerance,
    mismatches: comparison?.mismatches ?? [],
    toleranceViolations: comparison?.violations ?? 0,
    firstMismatch: comparison?.firstMismatch,
    comparisonStats: comparison === undefined ? {} : metricStats(comparison),
    replayCommand: joinCommand(first.argv),
    argv: first.argv,
    cwd: plan.cwd,
    seedPlacement: first.how,
    environment: plan.environment,
    injected: [...new Set(replicas.flatMap((replica) => replica.injected))],
    injection: options.inject === false ? undefined : SITECUSTOMIZE,
    replayDuration: outcome.durationMs / 1000,
    maxSteps: options.maxSteps,
    original,
    replicas,
    decisive,
    spread,
    significance,
    files: {},
  };
}
