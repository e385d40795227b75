/**
 * What a search for the first bad commit found.
 *
 * @module
 */

import type { Commit } from "../command/git_worktree.ts";

/** What was found of one commit. */
export interface BisectStep {
  /** The commit. */
  readonly commit: Commit;
  /** Good, bad, or untestable. */
  readonly verdict: "good" | "bad" | "skip";
  /** Why. */
  readonly why: string;
  /** Wall time in seconds. */
  readonly durationSeconds: number;
}

/** Report of `bisect`. */
export interface BisectReport {
  /** Whether one commit was found. */
  readonly passed: boolean;
  /** "inconclusive" if only commits that cannot be tested are left. */
  readonly verdict: "found" | "inconclusive" | "interrupted";
  /** The first bad commit. */
  readonly culprit: Commit | undefined;
  /** Commits of which one is the first bad one; the culprit alone if it was found. */
  readonly candidates: readonly Commit[];
  /** Commits tested, the two ends included. */
  readonly iterations: number;
  /** Each commit, in the order in which it was tested. */
  readonly steps: readonly BisectStep[];
  /** File that holds what git and each test said. */
  readonly logsPath: string;
  /** Why there is no culprit. */
  readonly reasons: readonly string[];
}
