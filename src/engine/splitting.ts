/**
 * Generalised adaptive multilevel splitting: an unbiased estimate of how likely a trajectory reaches a level
 * that hardly any does.
 * This module is browser compatible.
 *
 * Bréhier, Gazeau, Goudenège, Lelièvre, Rousset: Unbiasedness of some generalized adaptive multilevel splitting
 * algorithms, Annals of Applied Probability 26 (2016). All particles at or below the k-th lowest score are
 * killed, not only k of them: with equal scores, which whole numbers give, anything else is biased. Each is
 * replaced by a fork of a survivor, which lies strictly above, at the first t above the score that killed.
 *
 * @module
 */

/** What the algorithm knows of a trajectory. */
export interface Scored {
  /** Its greatest score. */
  readonly best: number;
  /** Index of the first particle that it descends from. */
  readonly ancestor: number;
}

/** What makes trajectories. */
export interface SplittingWorld<P extends Scored> {
  /** The first trajectory of a particle. */
  start(particle: number): P;
  /** A fork of a trajectory, at its first state whose score is above a level. */
  fork(parent: P, place: { level: number; iteration: number; particle: number }): P;
  /** An index below `count`, each as likely as any other. */
  choose(count: number): number;
}

/** How to split. */
export interface SplittingOptions {
  /** Particles N. */
  readonly particles: number;
  /** At least so many are killed at a time: k. */
  readonly kill: number;
  /** The level to reach. */
  readonly level: number;
}

/** One round of killing. */
export interface SplittingRound {
  /** The score at or below which particles were killed. */
  readonly level: number;
  /** How many were. */
  readonly killed: number;
}

/** What came of it. */
export interface SplittingOutcome<P> {
  /** The rounds, in order. */
  readonly rounds: readonly SplittingRound[];
  /** Whether a round killed all: the estimate is 0 then. */
  readonly isExtinct: boolean;
  /** The particles in the end. */
  readonly particles: readonly P[];
}

/** Runs the algorithm once. */
export function splitOnce<P extends Scored>(
  world: SplittingWorld<P>,
  { particles: count, kill, level: goal }: SplittingOptions,
): SplittingOutcome<P> {
  const particles = Array.from({ length: count }, (_, particle) => world.start(particle));
  const rounds: SplittingRound[] = [];
  for (let iteration = 1;; iteration++) {
    const scores = Float64Array.from(particles, ({ best }) => best).sort();
    const level = scores[kill - 1]!;
    if (level >= goal) {
      // With k above 1 some may be short of the goal: they count as killed, and nothing takes their place.
      const short = scores.findIndex((score) => score >= goal);
      if (short > 0) rounds.push({ level: scores[short - 1]!, killed: short });
      return { rounds, isExtinct: false, particles };
    }
    const survivors = particles.filter(({ best }) => best > level);
    rounds.push({ level, killed: count - survivors.length });
    if (survivors.length === 0) return { rounds, isExtinct: true, particles };
    for (let particle = 0; particle < count; particle++) {
      if (particles[particle]!.best > level) continue;
      const parent = survivors[world.choose(survivors.length)]!;
      particles[particle] = world.fork(parent, { level, iteration, particle });
    }
  }
}
