/**
 * The trajectories of a splitting: runs that are scored while they are made, and forked at exact states.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, GuardError, StepError } from "../errors.ts";
import { createRng } from "../rng/backends.ts";
import { deriveForkSeed } from "../rng/derive_seed.ts";
import { defaultBlockSize } from "./run_bounds.ts";
import { CheckpointLog, MemoryCheckpoints } from "./checkpoint_log.ts";
import { blockOf } from "./block_grid.ts";
import { recordPlan } from "./record.ts";
import type { RecordOutcome, RecordPlan } from "./record_types.ts";
import { Replayer } from "./replay.ts";
import { type Scored, splitOnce, type SplittingOptions, type SplittingWorld } from "./splitting.ts";
import { decodeWith } from "./user_codec.ts";

/** Where a trajectory comes from. */
interface Descent {
  /** Its seed. */
  readonly seed: bigint;
  /** The t at which it starts: 0, or where it left its parent. */
  readonly origin: number;
  /** What it was forked from; undefined for one from the start. */
  readonly parent: Descent | undefined;
}

/** A trajectory with what forking it takes. */
interface Made<S> extends Scored {
  /** Where it comes from. */
  readonly descent: Descent;
  /** The t at which its score rose above all before, and the score; `t` counts from 0 on. */
  readonly rises: readonly (readonly [t: number, score: number])[];
  readonly plan: RecordPlan<S>;
  readonly checkpoints: MemoryCheckpoints;
}

/** What trajectories are made of. */
export interface TrajectoryOptions<S> {
  /** The model, as it is recorded; its `steps` are the horizon, its `until` ends a trajectory. */
  readonly plan: RecordPlan<S>;
  /** How far a state is: greater is nearer to the event. Must not change the state. */
  readonly score: (state: S, t: number) => unknown;
  /** The score at which the event has happened: the trajectory ends there. */
  readonly level: number;
  /** Seed of all. */
  readonly seed: bigint;
  /** Which of the independent repeats. */
  readonly repeat: number;
  /** Called before a trajectory, or a part of one, is made. */
  readonly onRun?: ((plan: RecordPlan<S>) => void) | undefined;
  /** Called at the start of each block. */
  readonly onBlock?: (() => void) | undefined;
}

/** What one repeat of a splitting gives. */
export interface SplitRepeat {
  /** The scores at or below which particles were killed, ascending. */
  readonly levels: Float64Array;
  /** How many were killed in each round. */
  readonly killed: Float64Array;
  /** Whether the last round killed all. */
  readonly isExtinct: boolean;
  /** First particles that those in the end descend from. */
  readonly ancestors: number;
  /** Steps that were made, those that forking replays included. */
  readonly transitions: number;
  /** Those of the first trajectories. */
  readonly firstTransitions: number;
  /** How a run that gets to the level came about: seeds, and where each left the one before; none if none did. */
  readonly lineage: readonly { readonly seed: bigint; readonly origin: number }[];
  /** The t at which the level is reached; undefined if none gets there. */
  readonly reachedAt: number | undefined;
}

/** Makes the trajectories of one repeat, and splits them. */
export function splitTrajectories<S>(
  options: TrajectoryOptions<S>,
  { particles, kill }: Pick<SplittingOptions, "particles" | "kill">,
): SplitRepeat {
  const { level } = options;
  const world = new Trajectories(options);
  const { rounds, isExtinct, particles: last } = splitOnce(world, { particles, kill, level });
  const winner = last.find(({ best }) => best >= level);
  const reachedAt = winner?.rises.at(-1)?.[0];
  return {
    levels: Float64Array.from(rounds, (round) => round.level),
    killed: Float64Array.from(rounds, (round) => round.killed),
    isExtinct,
    ancestors: new Set(last.map(({ ancestor }) => ancestor)).size,
    transitions: world.transitions,
    firstTransitions: world.firstTransitions,
    lineage: winner === undefined ? [] : lineageOf(winner.descent, reachedAt!),
    reachedAt,
  };
}

/**
 * Makes trajectories. A fork is a branch of its parent: its own grid of blocks, and the seed BLAKE2b-64 of
 * `rare:<seed>:<repeat>:<iteration>:<particle>`.
 */
class Trajectories<S> implements SplittingWorld<Made<S>> {
  readonly #options: TrajectoryOptions<S>;
  readonly #chooser: { random(): number };
  /** Steps that were made, those that forking replays included. */
  transitions = 0;
  /** Those of the first trajectories, which come before all forks. */
  firstTransitions = 0;

  constructor(options: TrajectoryOptions<S>) {
    this.#options = options;
    const { seed, repeat } = options;
    this.#chooser = createRng("sfc32", deriveForkSeed("rare-choices", seed, [repeat]));
  }

  choose(count: number): number {
    return Math.floor(this.#chooser.random() * count);
  }

  start(particle: number): Made<S> {
    const { plan } = this.#options;
    // The model is tried once: it breaks the rules with every seed.
    const second = particle === 0 ? plan.second : undefined;
    const made = this.#make({ ...plan, second }, { iteration: 0, particle, ancestor: particle });
    this.firstTransitions = this.transitions;
    return made;
  }

  fork(
    parent: Made<S>,
    { level, iteration, particle }: { level: number; iteration: number; particle: number },
  ): Made<S> {
    const [t] = parent.rises.find(([, score]) => score > level)!;
    const { plan } = this.#options;
    const steps = plan.steps - t;
    const bytes = this.#stateAt(parent, t - parent.descent.origin);
    const state = decodeWith(plan.codec, bytes);
    return this.#make(
      {
        ...plan,
        steps,
        blockSize: defaultBlockSize(steps),
        origin: plan.origin + t,
        initial: () => state,
        second: undefined,
      },
      { iteration, particle, ancestor: parent.ancestor, parent: parent.descent, origin: t },
    );
  }

  /** Canonical bytes of the state at a t of a trajectory's own. */
  #stateAt({ plan, checkpoints }: Made<S>, t: number): Uint8Array {
    const block = blockOf(t, plan);
    this.#options.onRun?.(plan);
    this.#options.onBlock?.();
    const replayer = new Replayer(plan);
    replayer.start(block, checkpoints.bytesAt(block));
    this.transitions += t - replayer.t;
    replayer.goTo(t);
    return replayer.encode();
  }

  #make(
    planned: RecordPlan<S>,
    { iteration, particle, ancestor, parent, origin = 0 }: {
      iteration: number;
      particle: number;
      ancestor: number;
      parent?: Descent;
      origin?: number;
    },
  ): Made<S> {
    const { score, level, seed: master, repeat, onRun, onBlock } = this.#options;
    const seed = deriveForkSeed("rare", master, [repeat, iteration, particle]);
    const rises: [number, number][] = [];
    let best = -Infinity;
    const until = (state: S, local: number): boolean => {
      const t = origin + local;
      const value = score(state, t);
      if (typeof value !== "number" || Number.isNaN(value)) {
        throw new ArgumentRangeError(`Cannot use the score at t=${t}: it is ${String(value)}`, {
          hint: "the score must be a number for every state",
        });
      }
      // Guards ask for states again.
      if (value > best) {
        best = value;
        rises.push([t, value]);
      }
      return value >= level || (planned.until?.(state, t) ?? false);
    };
    const plan = { ...planned, seed, until };
    const checkpoints = new MemoryCheckpoints();
    let outcome: RecordOutcome;
    onRun?.(plan);
    try {
      outcome = recordPlan(plan, { checkpoints: new CheckpointLog(checkpoints, plan), onBlock });
    } catch (error) {
      throw error instanceof GuardError && error.kind === "observer" ? namingScore(error) : error;
    }
    const { steps, failure } = outcome;
    this.transitions += steps - 1;
    if (failure !== undefined) {
      throw new StepError(
        origin + failure.t,
        `Cannot make state ${origin + failure.t}: ${failure.error}`,
        {
          hint: "a trajectory cannot end so: give the event an end of its own (until)",
        },
      );
    }
    return { descent: { seed, origin, parent }, best, ancestor, rises, plan, checkpoints };
  }
}

/** The error of a guard that sees score and end as one function. */
function namingScore(error: GuardError): GuardError {
  const { kind, path, t, hint } = error;
  const problem = error.problem.replaceAll(/\buntil\b/g, "score or until");
  return new GuardError({ kind, path, t }, problem, { hint });
}

/** How a trajectory came about. One that was forked where the level is reached adds nothing to what its parent did. */
function lineageOf(descent: Descent, reachedAt: number): SplitRepeat["lineage"] {
  const lineage: { seed: bigint; origin: number }[] = [];
  let first: Descent | undefined = descent;
  while (first.parent !== undefined && first.origin === reachedAt) first = first.parent;
  for (let one: Descent | undefined = first; one !== undefined; one = one.parent) {
    lineage.unshift({ seed: one.seed, origin: one.origin });
  }
  return lineage;
}
