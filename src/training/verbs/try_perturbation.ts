/**
 * Changes one condition of a deterministic command at a time, to name what it depends on.
 *
 * @module
 */

import { compareRuns } from "../compare/compare.ts";
import { linkedWorkingDirectory } from "../command/linked_directory.ts";
import type { MetricSelection } from "../compare/metric_selection.ts";
import type { CommandRun } from "../command/replay_command.ts";
import { threadEnvironment } from "../command/replay_environment.ts";
import type { Perturbation, PerturbationResult } from "../findings/perturbation.ts";

/** What one run has that the others have not. */
export interface RunChange {
  /** Variables that win over all others. */
  env?: Readonly<Record<string, string>>;
  /** Another working directory. */
  cwd?: string;
  /** Libraries of Python processes that are seeded from outside (default none). */
  fixed?: readonly string[];
}

/** Values that differ from the ones that every run has: 1 thread, hash seed 42. */
const THREADS = 4;
const HASH_SEEDS = ["1", "2", "3"];

/** What {@linkcode tryPerturbation} needs. */
export interface PerturbationOptions {
  /** The run without any change. */
  readonly reference: CommandRun;
  /** Metrics that are to agree with it. */
  readonly selection: MetricSelection;
  /** Steps that count; undefined for all. */
  readonly steps: ReadonlySet<number> | undefined;
  /** Directory that the command runs in. */
  readonly cwd: string;
  /** Runs the command with a change; `label` names its folder. */
  readonly run: (label: string, change: RunChange) => Promise<CommandRun>;
}

/** Runs the command under one changed condition and compares it with the run without; undefined if it was interrupted. */
export async function tryPerturbation(
  perturbation: Perturbation,
  { reference, selection, steps, cwd, run }: PerturbationOptions,
): Promise<PerturbationResult | undefined> {
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
      if (result.child.end === "interrupted") return undefined;
      const comparison = result.log === undefined || reference.log === undefined
        ? undefined
        : compareRuns(reference.log, result.log, {
          metrics: selection,
          steps,
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
      if (matters) break;
    }
    return last!;
  } finally {
    await directory?.remove();
  }
}
