/**
 * What rewind itself changes about a command's surroundings, and whether a replay fails because of it.
 * This module is browser compatible.
 *
 * @module
 */

import type { OwnChange } from "../command/replay_environment.ts";

/**
 * What leaving a change away did: the run reproduces (or the command does not fail any more), its
 * metrics change without that, or it makes no difference.
 */
export type OwnHandEffect = "mends" | "changes" | "none";

/** One run of the command without something that rewind changes. */
export interface OwnHandTrial {
  /** What was left away; empty for the command once more as it was. */
  readonly without: readonly OwnChange[];
  /** What that did. */
  readonly effect: OwnHandEffect;
}

const WORDS: Readonly<Record<OwnChange, string>> = {
  seeding: "seeding Python's libraries from outside (--without seeding, or --no-inject)",
  threads: "one thread for each library, OMP_NUM_THREADS=1 and others (--without threads)",
  hashseed: "PYTHONHASHSEED=42 (--without hashseed)",
  cuda: "CUDA_LAUNCH_BLOCKING, CUBLAS_WORKSPACE_CONFIG and others (--without cuda)",
  tensorflow: "TF_DETERMINISTIC_OPS and TF_CUDNN_DETERMINISTIC (--without tensorflow)",
};

/** Whether the command, run once more as it was, gave another outcome: what a change does cannot be told. */
export function isUnrepeatable(trials: readonly OwnHandTrial[]): boolean {
  return trials.some(({ without, effect }) => without.length === 0 && effect !== "none");
}

/** What the trials show, in lines; the first one is without any of the changes. */
export function ownHandLines(trials: readonly OwnHandTrial[]): string[] {
  const [all, ...single] = trials;
  if (all === undefined) return [];
  if (all.effect === "none") {
    return [
      "nothing that rewind changes about the surroundings matters: without it the outcome is the same",
    ];
  }
  if (isUnrepeatable(trials)) {
    return [
      "nondeterministic: the same command, run once more in the same surroundings, gives another outcome; " +
      "rewind check-determinism finds the culprit",
    ];
  }
  const lines = single.filter((trial) => trial.effect !== "none").map((trial) => {
    const what = trial.without.map((name) => WORDS[name]).join(" and ");
    return trial.effect === "mends"
      ? `rewind's own hand: without ${what} it reproduces`
      : `rewind's own hand: ${what} changes the outcome, which does not reproduce without it either`;
  });
  if (all.effect === "mends" && !single.some((trial) => trial.effect === "mends")) {
    lines.push(
      `rewind's own hand: without all of ${all.without.join(", ")} it reproduces (--without ${
        all.without.join(",")
      })`,
    );
  }
  return lines;
}
