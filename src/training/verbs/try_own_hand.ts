/**
 * Runs a command that does not reproduce once without each thing that rewind changes about its surroundings, to
 * say whether rewind's own hand is to blame.
 *
 * @module
 */

import type { CommandRun } from "../command/replay_command.ts";
import { OWN_CHANGES, type OwnChange } from "../command/replay_environment.ts";
import { compareRuns } from "../compare/compare.ts";
import { isExact } from "../compare/tolerance.ts";
import { isUnrepeatable, type OwnHandEffect, type OwnHandTrial } from "../findings/own_hand.ts";
import type { Replica } from "../findings/replay_report.ts";
import type { ReplayPlan } from "./replay_assembly.ts";

/** Differences that begin no larger than this may come from another order of additions. */
const SMALL = 1e-3;

/** Whether a failed run is one that rewind's own changes may explain. */
export function mayBeOwnHand({ selection }: ReplayPlan, failed: Replica): boolean {
  if (!failed.completed) return failed.end === "exited";
  const first = failed.comparison?.firstMismatch;
  if (failed.comparison?.verdict !== "differs" || first === undefined) return false;
  return isExact(selection.tolerance) || first.relativeDiff <= SMALL;
}

/**
 * Without all changes first. Only if that makes a difference, once more as it was, as a command that gives another
 * outcome each time tells nothing about a change; and without each of them.
 */
export async function tryOwnHand(
  plan: ReplayPlan,
  failed: Replica,
  run: (label: string, without: readonly OwnChange[]) => Promise<CommandRun>,
): Promise<OwnHandTrial[]> {
  const kept = plan.options.without ?? [];
  const changes = OWN_CHANGES.filter((change) =>
    !kept.includes(change) && !(change === "seeding" && plan.options.inject === false) &&
    !(["cuda", "tensorflow"].includes(change) &&
      ["cpu", "mps"].includes(plan.options.device ?? "auto"))
  );
  const trials: OwnHandTrial[] = [];
  /** Whether the run was let alone: one that somebody stopped says nothing. */
  const attempt = async (without: readonly OwnChange[]): Promise<boolean> => {
    const label = without.length === 0
      ? "again"
      : `without_${without.length > 1 ? "all" : without[0]}`;
    const result = await run(label, [...kept, ...without]);
    if (result.child.end === "interrupted") return false;
    trials.push({ without, effect: effectOf(plan, failed, result) });
    return true;
  };
  if (changes.length === 0 || !await attempt(changes)) return trials;
  if (trials[0]!.effect === "none") return trials;
  if (!await attempt([]) || isUnrepeatable(trials) || changes.length === 1) return trials;
  for (const change of changes) if (!await attempt([change])) break;
  return trials;
}

function effectOf(plan: ReplayPlan, failed: Replica, result: CommandRun): OwnHandEffect {
  const { options, original, selection } = plan;
  const { log } = result;
  const compare = { metrics: selection, maxSteps: options.maxSteps };
  const reproduces = result.completed && log !== undefined &&
    compareRuns(original, log, { ...compare, allowMissing: options.allowMissing ?? false })
        .verdict === "match";
  if (reproduces) return "mends";
  // A command that runs at last is not to blame on what makes it run.
  if (!failed.completed) return result.completed ? "mends" : "none";
  if (!result.completed || log === undefined || failed.log === undefined) return "changes";
  const same = compareRuns(failed.log, log, {
    metrics: { ...selection, requests: selection.requests.map(exactly), tolerance: EXACT },
    maxSteps: options.maxSteps,
    replayCutShort: failed.cutShort,
  });
  return same.verdict === "match" ? "none" : "changes";
}

const EXACT = { tolerance: 0, atol: 0, rtol: 0, ulp: 0 };

function exactly(request: ReplayPlan["selection"]["requests"][number]): typeof request {
  return { ...request, tolerance: EXACT };
}
