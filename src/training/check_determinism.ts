/**
 * Runs one command several times with the same seed, in fresh processes, and says which metric parts
 * first and at which step; then changes one condition at a time and names the one that it depends on.
 *
 * @module
 */

import { REPLICAS_MAX } from "../limits.ts";
import { type CommandWords, joinCommand, splitCommand } from "./command_words.ts";
import { compareRuns, type Mismatch, type RunComparison } from "./compare.ts";
import { runBounded } from "./concurrency.ts";
import { FieldResolver } from "./fields.ts";
import { toJsonText } from "./json_text.ts";
import { type MetricSelection, parseMetrics } from "./metric_selection.ts";
import { linkedWorkingDirectory } from "./linked_directory.ts";
import { replicaSpread, selectedNames } from "./replica_statistics.ts";
import { type CommandRun, runCommand } from "./replay_command.ts";
import { type Device, threadEnvironment } from "./replay_environment.ts";
import type { ReplicaSpread } from "./replay_report.ts";
import type { RunLog } from "./run_log.ts";
import { injectSeed } from "./seed_injection.ts";
import type { ToleranceOptions } from "./tolerance.ts";
import { writeTextFile } from "./write_file.ts";

/** Conditions that {@linkcode checkDeterminism} can change. */
export const PERTURBATIONS = ["threads", "hashseed", "cwd"] as const;

/** One of {@linkcode PERTURBATIONS}. */
export type Perturbation = typeof PERTURBATIONS[number];

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

/** Outcome of a determinism check. */
export type DeterminismVerdict =
  | "deterministic"
  | "nondeterministic"
  | "depends_on_environment"
  | "nothing_compared"
  | "command_failed"
  | "interrupted";

/** A disagreement of one run with the first. */
export interface ReplicaMismatch extends Mismatch {
  /** Which run, counted from 0. */
  readonly replica: number;
}

/** What changing one condition did. */
export interface PerturbationResult {
  /** The condition. */
  readonly perturbation: Perturbation;
  /** Whether metrics changed, or the command failed, with it. */
  readonly matters: boolean;
  /** What was changed, such as `OMP_NUM_THREADS=4`. */
  readonly change: string;
  /** The first disagreement with the unperturbed run. */
  readonly firstMismatch: Mismatch | undefined;
  /** What went wrong, if the command failed. */
  readonly problem: string | undefined;
}

/** Report of {@linkcode checkDeterminism}. */
export interface DeterminismReport {
  /** Whether all runs agreed, under every condition that was tried. */
  readonly passed: boolean;
  /** The outcome. */
  readonly verdict: DeterminismVerdict;
  /** Why it did not pass. */
  readonly reasons: readonly string[];
  /** What it depends on, by name: `threads`, `hashseed`, `cwd`, `unseeded random`, ...; undefined if nothing was found. */
  readonly culprit: string | undefined;
  /** What to do about it. */
  readonly fixes: readonly string[];
  /** Runs that were made without any perturbation. */
  readonly replicas: number;
  /** Values compared. */
  readonly compared: number;
  /** Metrics that were compared. */
  readonly metricsCompared: readonly string[];
  /** Metrics that were not, and why. */
  readonly skipped: RunComparison["skipped"];
  /** Disagreements with the first run, by step. */
  readonly mismatches: readonly ReplicaMismatch[];
  /** How many there are in all. */
  readonly violations: number;
  /** The first of them: the metric and step at which runs part. */
  readonly firstMismatch: ReplicaMismatch | undefined;
  /** Spread over the runs, per metric. */
  readonly spread: readonly ReplicaSpread[];
  /** What each perturbation did. */
  readonly perturbations: readonly PerturbationResult[];
  /** The command that was run. */
  readonly command: string;
  /** Variables that every run had in common, on top of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lines of stderr in which a library says that it is not deterministic. */
  readonly hints: readonly string[];
  /** Metrics of each run, for plots. */
  readonly logs: readonly (RunLog | undefined)[];
  /** Where the card and the runs' output are. */
  readonly outputDir: string;
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
  const [path, os] = await Promise.all([import("node:path"), import("node:os")]);
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

  const jobs = options.jobs ?? Math.min(count, Math.max(1, os.cpus().length));
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
  return report;
}

/** What one run has that the others have not. */
interface RunChange {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  inject?: boolean;
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
      ...pick(change.cwd ?? options.cwd, "cwd"),
      folder,
      ...pick(options.metricsFile, "metricsFile"),
      read: {},
      fields,
      ...pick(options.steps, "maxSteps"),
      ...pick(options.timeoutMs, "timeoutMs"),
      ...pick(options.signal, "signal"),
    });
}

/** An object with one optional field, or none: under exact types an absent field is not an undefined one. */
function pick<K extends string, V>(value: V | undefined, key: K): { [P in K]?: V } {
  return value === undefined ? {} : { [key]: value } as { [P in K]?: V };
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

/** Values that differ from the ones that every run has: 1 thread, hash seed 42. */
const THREADS = 4;
const HASH_SEEDS = ["1", "2", "3"];

async function tryPerturbation(
  perturbation: Perturbation,
  reference: CommandRun,
  selection: MetricSelection,
  cwd: string,
  run: (label: string, change: RunChange) => Promise<CommandRun>,
): Promise<PerturbationResult> {
  const directory = perturbation === "cwd" ? await linkedWorkingDirectory(cwd) : undefined;
  // One other hash seed may by chance leave a small set in the same order.
  const changes: (RunChange & { text: string })[] = perturbation === "threads"
    ? [{ env: threadEnvironment(THREADS), text: `${THREADS} threads instead of 1` }]
    : perturbation === "hashseed"
    ? HASH_SEEDS.map((seed) => ({
      env: { PYTHONHASHSEED: seed },
      text: `PYTHONHASHSEED=${seed} instead of 42`,
    }))
    : [{ cwd: directory!.path, text: "another working directory with the same files" }];
  try {
    let last: PerturbationResult | undefined;
    for (const [index, { text, ...change }] of changes.entries()) {
      const result = await run(`perturbed_${perturbation}_${index}`, change);
      const comparison = result.log === undefined || reference.log === undefined
        ? undefined
        : compareRuns(reference.log, result.log, {
          metrics: selection,
          replayCutShort: result.cutShort,
        });
      const problem = result.problem !== undefined && !result.completed
        ? result.problem
        : comparison === undefined
        ? result.metricsProblem
        : undefined;
      const matters = problem !== undefined || comparison?.verdict !== "match";
      last = {
        perturbation,
        matters,
        change: text,
        firstMismatch: comparison?.firstMismatch,
        problem: problem ??
          (matters && comparison?.firstMismatch === undefined ? comparison?.reasons[0] : undefined),
      };
      if (matters || result.child.end === "interrupted") break;
    }
    return last!;
  } finally {
    await directory?.remove();
  }
}

/** If runs agree once libraries are seeded from outside, those libraries are what nobody seeded. */
async function findUnseeded(
  selection: MetricSelection,
  run: (label: string) => Promise<CommandRun>,
): Promise<string | undefined> {
  const seeded = [await run("seeded_0"), await run("seeded_1")];
  const [first, second] = seeded.map((result) => result.log);
  if (first === undefined || second === undefined) return undefined;
  if (compareRuns(first, second, { metrics: selection }).verdict !== "match") return undefined;
  const modules = [...new Set(seeded[0]!.injected.map((event) => event.module))];
  // NumPy and PyTorch import `random` for themselves: the last one imported is the likeliest.
  const likely = modules.includes("torch")
    ? "torch"
    : modules.includes("numpy.random")
    ? "numpy.random"
    : modules[0];
  return likely === undefined ? undefined : `unseeded ${likely}`;
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

/** The report as `determinism_card.json` holds it: rldk's fields, and ours. */
export function determinismCard(report: DeterminismReport): Record<string, unknown> {
  return {
    version: "1.0",
    passed: report.passed,
    culprit: report.culprit,
    fixes: report.fixes,
    replica_variance: Object.fromEntries(
      report.spread.map((spread) => [spread.metric, spread.meanStd ** 2]),
    ),
    rng_map: report.environment,
    mismatches: report.mismatches.map((mismatch) => ({
      replica: mismatch.replica,
      step: mismatch.step,
      metric: mismatch.metric,
      reference_value: mismatch.original,
      replica_value: mismatch.replay,
      difference: mismatch.absoluteDiff,
      issue: mismatch.kind,
    })),
    dataloader_notes: report.hints,
    verdict: report.verdict,
    reasons: report.reasons,
    replicas: report.replicas,
    compared: report.compared,
    metrics_compared: report.metricsCompared,
    skipped: report.skipped,
    violations: report.violations,
    first_metric: report.firstMismatch?.metric,
    first_step: report.firstMismatch?.step,
    perturbations: report.perturbations,
    command: report.command,
  };
}
