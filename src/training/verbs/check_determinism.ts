/**
 * Runs one command several times with the same seed, in fresh processes, and says which metric parts
 * first and at which step; then changes one condition at a time and names the one that it depends on.
 *
 * @module
 */

import { REPLICAS_MAX } from "../../limits.ts";
import { type CommandWords, joinCommand, splitCommand } from "../command/command_words.ts";
import { compareRuns } from "../compare/compare.ts";
import type { RunComparison } from "../compare/run_comparison.ts";
import { chooseJobs, runBounded } from "../command/concurrency.ts";
import { determinismCard } from "../files/determinism_files.ts";
import type { DeterminismReport, DeterminismVerdict } from "../findings/determinism_report.ts";
import { FieldResolver } from "../log/fields.ts";
import { toJsonText } from "../files/json_text.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import { findUnseeded, type RunChange, tryPerturbation } from "./try_perturbation.ts";
import {
  type Perturbation,
  type PerturbationResult,
  PERTURBATIONS,
} from "../findings/perturbation.ts";
import { replicaSpread, selectedNames } from "../findings/replicas.ts";
import { type CommandRun, runCommand } from "../command/replay_command.ts";
import type { Device } from "../command/replay_environment.ts";
import { injectSeed } from "../command/seed_injection.ts";
import type { ToleranceOptions } from "../compare/tolerance.ts";
import { writeTextFile } from "../files/write_file.ts";

/** Options of {@linkcode checkDeterminism}. */
export interface DeterminismOptions extends ToleranceOptions {
  /** Command to run, as a shell would take it; no shell is run. */
  command: string;
  /** Metrics to compare: names, `a,b`, or `all` (default). */
  metrics?: string | readonly string[];
  /** How often to run it, at least 2 (default 5). */
  replicas?: number;
  /** How many run at once (default: up to the number of cores). */
  jobs?: number;
  /** Conditions to change, one at a time, once the command is found to be deterministic (default none). */
  perturb?: readonly Perturbation[];
  /** Seed to put into the command (default: the command is left as it is, the same every time). */
  seed?: number | bigint;
  /** Words that take the seed, such as `--train.seed {seed}`. */
  seedArg?: string | readonly string[];
  /** Environment variable that takes the seed. */
  seedEnv?: string;
  /** Steps after which each run is stopped (default: all). */
  steps?: number;
  /** Folder for the results (default "determinism_analysis"). */
  outputDir?: string;
  /** Device that the command may use (default "auto"). */
  device?: Device;
  /** Wall time of one run after which it is killed, in milliseconds (default: none). */
  timeoutMs?: number;
  /** Directory to run the command in (default: this process's). */
  cwd?: string;
  /** Log that the command writes itself, in place of RLDK_METRICS_PATH; `{output}` is its folder. */
  metricsFile?: string;
  /** Interrupts the check; running commands are killed. */
  signal?: AbortSignal;
}

const FIXES: Readonly<Record<string, string>> = {
  threads:
    "fix the number of threads (OMP_NUM_THREADS, torch.set_num_threads), or make reductions " +
    "independent of their order",
  hashseed:
    "do not let results depend on the order of a set or on hash(): sort before iterating, or fix " +
    "PYTHONHASHSEED",
  cwd:
    "do not let results depend on the working directory: sort directory listings, and do not derive " +
    "seeds or names from paths",
  "unseeded random": "seed Python's generator: random.seed(seed), random.Random(seed)",
  "unseeded numpy.random": "seed NumPy: np.random.seed(seed), np.random.default_rng(seed)",
  "unseeded torch":
    "seed PyTorch: torch.manual_seed(seed), and a generator with a seed for DataLoader",
};

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
 *   outputDir: folder,
 * });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "depends_on_environment");
 * assertEquals(report.culprit, "threads");
 * ```
 */
export async function checkDeterminism(options: DeterminismOptions): Promise<DeterminismReport> {
  const path = await import("node:path");
  const { replicas: count = 5, perturb = [] } = options;
  if (!Number.isInteger(count) || count < 2 || count > REPLICAS_MAX) {
    throw new RangeError(
      `Cannot check determinism as 'replicas' must be from 2 to ${REPLICAS_MAX}: current value is ${count}`,
    );
  }
  for (const name of perturb) {
    if (!PERTURBATIONS.includes(name)) {
      throw new TypeError(
        `Cannot perturb "${name}" as it is not known; choose from ${PERTURBATIONS.join(", ")}`,
      );
    }
  }
  const words = splitCommand(options.command);
  const bounds =
    options.atol === undefined && options.rtol === undefined && options.ulp === undefined
      ? { ...options, tolerance: options.tolerance ?? 0 }
      : options;
  const selection = parseMetrics([options.metrics ?? "all"].flat(), bounds);
  const folder = path.resolve(options.outputDir ?? "determinism_analysis");
  const run = makeRunner(options, words);

  const jobs = await chooseJobs(count, options);
  const runs = await runBounded(
    count,
    jobs,
    (index) => run(path.join(folder, `replica_${index}`), {}),
  );
  const base = compareReplicas(runs, selection);
  const perturbations: PerturbationResult[] = [];
  let culprit: string | undefined;
  if (base.verdict === "deterministic") {
    for (const name of perturb) {
      perturbations.push(
        await tryPerturbation(
          name,
          runs[0]!,
          selection,
          options.cwd ?? ".",
          (label, change) => run(path.join(folder, label), change),
        ),
      );
    }
    culprit = perturbations.filter((result) => result.matters).map((result) => result.perturbation)
      .join(", ") || undefined;
  } else if (base.verdict === "nondeterministic") {
    culprit = await findUnseeded(
      selection,
      (label) => run(path.join(folder, label), { inject: true }),
    );
  }
  const report = assemble(
    words,
    folder,
    runs,
    base,
    perturbations,
    culprit,
    selection,
  );
  await writeTextFile(
    path.join(folder, "determinism_card.json"),
    toJsonText(determinismCard(report)),
  );
  const { renderDeterminismPage } = await import("../report/mod.ts");
  await writeTextFile(path.join(folder, "determinism_report.html"), renderDeterminismPage(report));
  return report;
}

type Runner = (folder: string, change: RunChange) => Promise<CommandRun>;

function makeRunner(options: DeterminismOptions, words: CommandWords): Runner {
  const seed = BigInt(options.seed ?? 42);
  const named = options.seed !== undefined || options.seedArg !== undefined ||
    options.seedEnv !== undefined;
  const injection = named ? injectSeed(words.argv, seed, options) : { argv: words.argv, env: {} };
  const fields = new FieldResolver();
  return (folder, change) =>
    runCommand({
      argv: injection.argv,
      env: { ...words.env, ...injection.env },
      envOverrides: change.env ?? {},
      seed,
      inject: change.inject ?? false,
      device: options.device ?? "auto",
      cwd: change.cwd ?? options.cwd,
      folder,
      metricsFile: options.metricsFile,
      read: {},
      fields,
      maxSteps: options.steps,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
}

interface BaseResult {
  verdict: DeterminismVerdict;
  reasons: string[];
  comparisons: RunComparison[];
}

function compareReplicas(runs: readonly CommandRun[], selection: MetricSelection): BaseResult {
  const reasons: string[] = [];
  const comparisons: RunComparison[] = [];
  const reference = runs[0]!.log;
  runs.forEach((run, index) => {
    if (!run.completed) reasons.push(`run ${index}: ${run.problem}`);
    else if (run.log === undefined) reasons.push(`run ${index}: ${run.metricsProblem}`);
    else if (index > 0 && reference !== undefined) {
      const comparison = compareRuns(reference, run.log, {
        metrics: selection,
        replayCutShort: run.cutShort && runs[0]!.cutShort,
      });
      comparisons.push(comparison);
      reasons.push(...comparison.reasons.map((reason) => `run ${index} against run 0: ${reason}`));
    }
  });
  const verdict = runs.some((run) => run.child.end === "interrupted")
    ? "interrupted"
    : runs.some((run) => !run.completed)
    ? "command_failed"
    : comparisons.length < runs.length - 1 ||
        comparisons.some((comparison) => comparison.verdict === "nothing_compared")
    ? "nothing_compared"
    : comparisons.some((comparison) => comparison.verdict === "differs")
    ? "nondeterministic"
    : "deterministic";
  return { verdict, reasons, comparisons };
}

function assemble(
  words: CommandWords,
  outputDir: string,
  runs: readonly CommandRun[],
  base: BaseResult,
  perturbations: readonly PerturbationResult[],
  culprit: string | undefined,
  selection: MetricSelection,
): DeterminismReport {
  const depends = perturbations.filter((result) => result.matters);
  const verdict = base.verdict === "deterministic" && depends.length > 0
    ? "depends_on_environment"
    : base.verdict;
  const mismatches = base.comparisons.flatMap((comparison, index) =>
    comparison.mismatches.map((mismatch) => ({ ...mismatch, replica: index + 1 }))
  );
  mismatches.sort((a, b) => a.step - b.step);
  const logs = runs.flatMap((run) => run.log ?? []);
  const hints = nondeterminismHints(runs);
  const culprits = culprit?.split(", ") ?? [];
  return {
    passed: verdict === "deterministic",
    verdict,
    reasons: [
      ...(verdict === "deterministic" ? [] : base.reasons),
      ...depends.map((result) =>
        `depends on ${result.perturbation}: with ${result.change}, ${
          result.firstMismatch === undefined
            ? result.problem
            : `${result.firstMismatch.metric} differs from step ${result.firstMismatch.step} on`
        }`
      ),
    ],
    culprit: culprit ?? hints[0],
    fixes: culprits.flatMap((name) => FIXES[name] ?? []),
    replicas: runs.length,
    compared: base.comparisons.reduce((sum, comparison) => sum + comparison.compared, 0),
    metricsCompared: base.comparisons[0]?.metrics.filter((metric) => metric.compared > 0)
      .map((metric) => metric.metric) ?? [],
    skipped: base.comparisons[0]?.skipped ?? [],
    mismatches,
    violations: base.comparisons.reduce((sum, comparison) => sum + comparison.violations, 0),
    firstMismatch: mismatches[0],
    spread: logs.length < 2
      ? []
      : selectedNames(selection, logs).map((name) => replicaSpread(name, logs)),
    perturbations,
    command: joinCommand(words.argv),
    environment: runs[0]!.environment,
    hints,
    logs: runs.map((run) => run.log),
    outputDir,
  };
}

const HINT = /non-?deterministic|does not have a deterministic implementation/i;

/** Lines in which a library itself says so, each once. */
function nondeterminismHints(runs: readonly CommandRun[]): string[] {
  const lines = runs.flatMap((run) =>
    run.child.stderrTail.split("\n").filter((line) => HINT.test(line))
  );
  return [...new Set(lines.map((line) => line.trim().slice(0, 300)))];
}
