/**
 * Seeded replay of a training run: finds the seed in its log, runs the command again with it, and
 * compares the metrics step by step.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";
import { chooseJobs, runBounded } from "../command/concurrency.ts";
import { isSharedLog, OUTPUT } from "../command/metrics_place.ts";
import { type CommandRun, type CommandRunOptions, runCommand } from "../command/replay_command.ts";
import { replayEnvironment } from "../command/replay_environment.ts";
import { METRICS_FILE } from "../command/run_folder.ts";
import { compareRuns } from "../compare/compare.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import type { RunComparison } from "../compare/run_comparison.ts";
import { REPLAY_FILES, writeReplayFiles } from "../files/replay_files.ts";
import { mismatchText } from "../findings/mismatch_text.ts";
import type { FingerprintFinding } from "../findings/fingerprint_finding.ts";
import type { ReplayReport, Replica } from "../findings/replay_report.ts";
import { readingOf, readRun } from "../log/read_run.ts";
import { column, requireColumn, type RunLog } from "../log/run_log.ts";
import { findFingerprints, judgeFingerprints } from "./judge_fingerprints.ts";
import { chooseSeed } from "./choose_seed.ts";
import { assembleReplay, type ReplayPlan, toReplica } from "./replay_assembly.ts";
import { changesSince, codeBefore, completeOptions, placeSeed } from "./replay_baseline.ts";
import { checkReplayOptions, type ReplayOptions } from "./replay_options.ts";
import { mayBeOwnHand, tryOwnHand } from "./try_own_hand.ts";

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
  checkReplayOptions(options);
  const plan = await prepare(options);
  const { folder, baseline } = plan;
  const jobs = await chooseJobs(options.replicas ?? 1, plan.options);
  if (options.dryRun) {
    return assembleReplay(plan, {
      verdict: "dry_run",
      replicas: [],
      ownHand: [],
      durationMs: 0,
    });
  }
  await removeOldReplicas(folder, plan.injections.length);
  const { performance } = await import("node:perf_hooks");
  const startedAt = performance.now();
  const place = { argv: plan.injections[0]!.argv, cwd: plan.cwd };
  const before = await codeBefore(baseline, place);
  const runs = await runBounded(
    plan.injections.length,
    jobs,
    (index) => runReplica(plan, index),
  );
  const replicas = runs.map(({ replica }) => replica);
  const changes = baseline === undefined || before === undefined
    ? undefined
    : await changesSince(baseline, { ...place, before, run: runs[0]!.run });
  const durationMs = performance.now() - startedAt;
  const failed = replicas.find((replica) =>
    replica.seed === plan.originalSeed && replica.comparison?.verdict !== "match"
  );
  const isOurs = failed !== undefined && (options.diagnose ?? true) &&
    !options.signal?.aborted && mayBeOwnHand(plan, failed);
  const ownHand = isOurs
    ? await tryOwnHand(
      plan,
      failed,
      (label, without) => runWith(plan, plan.injections[failed.index]!, { label, without }),
    )
    : [];
  const report = assembleReplay(plan, {
    verdict: undefined,
    replicas,
    fingerprints: plan.options.fingerprint && await compareSteps(plan, runs),
    ownHand,
    durationMs,
    changes,
  });
  const renderPage = options.renderPage ?? (await import("../report/mod.ts")).renderReplayPage;
  return await writeReplayFiles(report, folder, renderPage || undefined);
}

/** Fingerprints of the runs with the original's seed, against its own or among themselves. */
async function compareSteps(
  { options, originalSeed }: ReplayPlan,
  runs: readonly { replica: Replica; run: CommandRun }[],
): Promise<FingerprintFinding> {
  const own = await findFingerprints(options.run);
  const same = runs.filter(({ replica }) => replica.seed === originalSeed).map((
    { replica, run },
  ) => ({
    name: `run ${replica.index}`,
    files: run.fingerprints,
  }));
  const original = own.length === 0 ? [] : [{ name: "the original", files: own }];
  const found = await judgeFingerprints([...original, ...same], { maxSteps: options.maxSteps });
  return original.length > 0 || same.length > 1 || found.comparison !== undefined ? found : {
    ...found,
    problem: found.files.length === 0
      ? found.problem
      : "the original has none beside its log; keep a run with 'rewind baseline --fingerprint', or " +
        "run it twice with --replicas 2",
  };
}

/** Reads the original and decides on everything before the command runs. */
async function prepare(given: ReplayOptions): Promise<ReplayPlan> {
  const path = await import("node:path");
  const request = await completeOptions(given);
  const { options, words, baseline } = request;
  const { replicas: count = 1, replicaSeeds = "same", metricsFile } = options;
  const selection = parseMetrics([options.metrics].flat(), options);
  const original = await readRun(options.run, readingOf(options));
  const { seed: originalSeed, note: seedNote } = chooseSeed(original, options.seed);
  requireMetrics(selection, original, options.allowMissing ?? false);
  const folder = path.resolve(options.outputDir ?? "replay_results");
  requireOtherFolder(folder, path.resolve(options.run), path);
  const injections = Array.from({ length: count }, (_, index) => {
    const seed = originalSeed + (replicaSeeds === "vary" ? BigInt(index) : 0n);
    return { seed, ...placeSeed(request, seed) };
  });
  const first = injections[0]!;
  const inTurn = count > 1 && isSharedLog(metricsFile)
    ? [`the runs went one after the other, as each of them writes ${metricsFile}`]
    : [];
  return {
    options,
    original,
    selection,
    originalSeed,
    cwd: path.resolve(options.cwd ?? "."),
    folder,
    likelyFile: baseline === undefined && words.argv.some((word) => word.includes(OUTPUT))
      ? await likelyFileOf(options.run, original.source)
      : undefined,
    words,
    injections,
    environment: {
      ...replayEnvironment({
        device: options.device ?? "auto",
        metricsPath: path.join(folder, "replica_0", METRICS_FILE),
        maxSteps: options.maxSteps,
        seeded: options.inject ?? true,
        without: options.without,
      }),
      ...words.env,
      ...first.env,
    },
    warnings: [...words.warnings, ...first.warnings],
    notes: [...request.notes, ...(seedNote === undefined ? [] : [seedNote]), ...inTurn],
    baseline,
  };
}

/** Where below the folder of a run its log is. */
async function likelyFileOf(run: string, log: string): Promise<string> {
  const path = await import("node:path");
  return path.relative(path.resolve(run), path.resolve(log)) || path.basename(log);
}

async function runReplica(
  plan: ReplayPlan,
  index: number,
): Promise<{ replica: Replica; run: CommandRun }> {
  const { options, original } = plan;
  const injection = plan.injections[index]!;
  const { seed } = injection;
  const stepLast = Math.min(options.maxSteps ?? Infinity, original.steps.at(-1) ?? Infinity);
  let decided: RunComparison | undefined;
  const judge = (log: RunLog): string | undefined => {
    decided = compareSoFar(plan, log);
    const first = decided?.mismatches[0];
    return first && `the command was stopped at the first violation: ${mismatchText(first)}`;
  };
  const run = await runWith(plan, injection, {
    label: `replica_${index}`,
    without: options.without,
    onRow: (row) => options.onProgress?.({ replica: index, step: row.step, stepLast }),
    // Only what ran with the original's seed can violate anything.
    judge: options.failFast && seed === plan.originalSeed ? judge : undefined,
  });
  const replica = toReplica(plan, { index, seed, run, decided: run.judged ? decided : undefined });
  return { replica, run };
}

/** Runs the command with a seed, in a folder called `label`. */
function runWith(
  { options, words, cwd, folder, baseline, likelyFile }: ReplayPlan,
  { argv, env, seed }: ReplayPlan["injections"][number],
  { label, ...own }: Pick<CommandRunOptions, "without" | "onRow" | "judge"> & { label: string },
): Promise<CommandRun> {
  return runCommand({
    argv,
    env: { ...words.env, ...env },
    seed,
    inject: options.inject ?? true,
    device: options.device ?? "auto",
    cwd,
    folder: `${folder}/${label}`,
    read: { preset: options.preset, fieldMap: options.fieldMap },
    metricsFile: options.metricsFile,
    likelyFile,
    maxSteps: options.maxSteps,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    surroundings: baseline !== undefined,
    // A run of an experiment is compared by its metrics alone.
    fingerprint: own.without === options.without ? options.fingerprint : undefined,
    ...own,
  });
}

/**
 * Compares the steps that are complete in a log that is still being written: the last one may still get
 * values. What is missing so far may still come.
 */
function compareSoFar(
  { original, selection, options }: ReplayPlan,
  log: RunLog,
): RunComparison | undefined {
  const complete = log.steps.at(-2);
  if (complete === undefined) return undefined;
  return compareRuns(original, log, {
    metrics: selection,
    maxSteps: Math.min(options.maxSteps ?? Infinity, complete),
    allowMissing: true,
  });
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

/** Results must not take the place of the log that they are about. */
function requireOtherFolder(folder: string, run: string, path: typeof import("node:path")): void {
  const inside = path.relative(folder, run);
  if (inside !== REPLAY_FILES.metrics && !/^replica_\d+(?:[/\\]|$)/.test(inside)) return;
  throw new ArgumentTypeError(
    `Cannot write the results to ${folder} as they would replace the log that is replayed, ${run}; ` +
      "choose another --output-dir",
  );
}

/** A metric that the original lacks is found out before hours of training are spent. */
function requireMetrics(selection: MetricSelection, original: RunLog, allowMissing: boolean): void {
  const found = selection.requests.filter((request) =>
    column(original, request.name) !== undefined
  );
  if (allowMissing && (found.length > 0 || selection.all)) return;
  for (const request of selection.requests) requireColumn(original, request.name);
}
