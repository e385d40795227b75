/**
 * Runs one command several times with the same seed, in fresh processes, and says which metric parts
 * first and at which step; then looks for what it depends on.
 *
 * @module
 */

import { type CommandWords, splitCommand } from "../command/command_words.ts";
import { chooseJobs, runBounded } from "../command/concurrency.ts";
import { runCommand } from "../command/replay_command.ts";
import { injectSeed } from "../command/seed_injection.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import { determinismCard } from "../files/determinism_files.ts";
import { toJsonText } from "../files/json_text.ts";
import { writeReportFiles } from "../files/write_results.ts";
import type { CulpritSearch } from "../findings/culprit.ts";
import type { DeterminismReport } from "../findings/determinism_report.ts";
import type { PerturbationResult } from "../findings/perturbation.ts";
import {
  assembleDeterminism,
  compareReplicas,
  type DeterminismPlan,
  pairAgreement,
} from "./determinism_assembly.ts";
import { checkDeterminismOptions, type DeterminismOptions } from "./determinism_options.ts";
import { findCulprit } from "./find_culprit.ts";
import { judgeFingerprints } from "./judge_fingerprints.ts";
import { tryPerturbation } from "./try_perturbation.ts";

/**
 * Checks whether a command gives the same metrics every time.
 *
 * @throws {TrainingCommandError} if it cannot be started.
 * @throws {TypeError} if an option is malformed.
 * @throws {RangeError} if a number is out of range.
 *
 * @example Usage
 * ```ts
 * import { checkDeterminism } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const report = await checkDeterminism({
 *   command: `sh -c 'echo "{\\"step\\": 0, \\"loss\\": $OMP_NUM_THREADS}" > "$RLDK_METRICS_PATH"'`,
 *   replicas: 2,
 *   perturb: ["cwd", "threads"],
 *   spreadMs: 0,
 *   outputDir: folder,
 * });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "depends_on_environment");
 * assertEquals(report.culprit, "threads");
 * ```
 */
export async function checkDeterminism(options: DeterminismOptions): Promise<DeterminismReport> {
  checkDeterminismOptions(options);
  const path = await import("node:path");
  const { replicas: count = 5 } = options;
  const jobs = await chooseJobs(count, options);
  const words = splitCommand(options.command);
  const folder = path.resolve(options.outputDir ?? "determinism_analysis");
  const plan: DeterminismPlan = {
    options,
    words,
    folder,
    selection: makeSelection(options),
    steps: typeof options.steps === "object" ? new Set(options.steps) : undefined,
    maxSteps: options.steps === undefined ? undefined : Math.max(...[options.steps].flat()),
    run: makeRunner(options, words, folder),
  };
  const startedAtMs = Date.now();
  const runs = await runBounded(count, jobs, async (index) => {
    if (index === count - 1) await pause(startedAtMs + (options.spreadMs ?? 1100) - Date.now());
    return await plan.run(`replica_${index}`, {});
  });
  const fingerprints = options.fingerprint && await judgeFingerprints(
    runs.map((run, index) => ({ name: `run ${index}`, files: run.fingerprints })),
    { maxSteps: plan.maxSteps },
  );
  const base = compareReplicas(runs, plan, fingerprints);
  const perturbations: PerturbationResult[] = [];
  let search: CulpritSearch | undefined;
  let interrupted = false;
  if (base.verdict === "deterministic") {
    for (const name of options.perturb ?? []) {
      const result = await tryPerturbation(name, {
        reference: runs[0]!,
        selection: plan.selection,
        steps: plan.steps,
        cwd: options.cwd ?? ".",
        run: plan.run,
      });
      interrupted = result === undefined;
      if (result === undefined) break;
      perturbations.push(result);
    }
  } else if (base.verdict === "nondeterministic" && (options.diagnose ?? true)) {
    search = await findCulprit({
      selection: plan.selection,
      steps: plan.steps,
      agreement: pairAgreement(runs, plan),
      run: (label, fixed) => plan.run(label, { fixed }),
    });
  }
  const report = assembleDeterminism(plan, {
    runs,
    base,
    perturbations,
    interrupted,
    search,
    fingerprints,
  });
  const { renderDeterminismPage } = await import("../report/mod.ts");
  const paths = {
    card: path.join(folder, "determinism_card.json"),
    page: path.join(folder, "determinism_report.html"),
  };
  const { files, failures } = await writeReportFiles(paths, {
    card: () => toJsonText(determinismCard(report)),
    page: () => renderDeterminismPage(report),
  });
  return { ...report, files: Object.values(files), warnings: [...report.warnings, ...failures] };
}

function makeSelection(options: DeterminismOptions): MetricSelection {
  const bounds = { ...options, tolerance: options.tolerance ?? 0 };
  return parseMetrics([options.metrics ?? "all"].flat(), bounds);
}

function makeRunner(
  options: DeterminismOptions,
  words: CommandWords,
  folder: string,
): DeterminismPlan["run"] {
  const seed = BigInt(options.seed ?? 42);
  const named = options.seed !== undefined || options.seedArg !== undefined ||
    options.seedEnv !== undefined;
  const injection = named ? injectSeed(words.argv, seed, options) : { argv: words.argv, env: {} };
  const maxSteps = options.steps === undefined ? undefined : Math.max(...[options.steps].flat());
  return (label, change) =>
    runCommand({
      // Runs of an experiment are compared by their metrics alone.
      fingerprint: label.startsWith("replica_") ? options.fingerprint : undefined,
      argv: injection.argv,
      env: { ...words.env, ...injection.env },
      envOverrides: change.env ?? {},
      seed,
      inject: change.fixed ?? false,
      device: options.device ?? "auto",
      cwd: change.cwd ?? options.cwd,
      folder: `${folder}/${label}`,
      metricsFile: options.metricsFile,
      read: {},
      maxSteps,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
}

function pause(ms: number): Promise<void> | undefined {
  return ms <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms));
}
