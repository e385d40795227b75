/**
 * Options of a search for the first bad commit.
 *
 * @module
 */

import type { BisectStep } from "../findings/bisect_report.ts";

/** Options of `bisect`; one of `metric`, `shellPredicate` and `run` says what is good. */
export interface BisectOptions {
  /** Commit that is good. */
  good: string;
  /** Commit that is bad (default "HEAD"). */
  bad?: string;
  /** Command that trains, run in the worktree; its metrics or its replay decide. */
  command?: string;
  /** Metric whose mean over the last `window` rows is compared. */
  metric?: string;
  /** Comparison that is true of a good commit, such as `> 0.2`. */
  cmp?: string;
  /** Rows that the mean is taken over (default 100). */
  window?: number;
  /** Command for `sh -c`: 0 is good, 125 skips, up to 127 is bad, above that stops the bisection. */
  shellPredicate?: string;
  /** Log of a good run: a commit is good if `command` reproduces it. */
  run?: string;
  /** Metrics that must reproduce (default `all`), with `run`. */
  metrics?: string | readonly string[];
  /** Relative tolerance, with `run` (default 0.01). */
  tolerance?: number;
  /** Log that the command writes itself, in place of RLDK_METRICS_PATH; `{output}` is its folder. */
  metricsFile?: string | undefined;
  /** Whether the culprit and the commit before it are tested a second time (default true). */
  confirm?: boolean;
  /** Command that builds, run first; a commit that does not build is skipped. */
  build?: string;
  /** Paths in the repository that git does not hold, to link into the worktree. */
  links?: readonly string[];
  /** Repository (default: the one of this process's directory). */
  repo?: string;
  /** Wall time after which a commit is skipped, in milliseconds (default: none). */
  timeoutMs?: number;
  /** Whether to test the good and the bad commit themselves first (default true). */
  checkEnds?: boolean;
  /** Folder for the log and each commit's output (default "bisect_results"). */
  outputDir?: string;
  /** Interrupts the bisection; the worktree is removed. */
  signal?: AbortSignal;
  /** Called after each commit. */
  onProgress?: (step: BisectStep) => void;
}
