/**
 * Conditions of a command that can be changed one at a time, and what that did.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mismatch } from "../compare/run_comparison.ts";

/** Conditions that `checkDeterminism` can change. */
export const PERTURBATIONS = ["threads", "hashseed", "cwd"] as const;

/** One of {@linkcode PERTURBATIONS}. */
export type Perturbation = typeof PERTURBATIONS[number];

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
