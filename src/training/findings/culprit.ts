/**
 * What a search for the source of nondeterminism found: what mends it, what was ruled out, and what is left.
 * This module is browser compatible.
 *
 * @module
 */

/** One attempt: the command ran again with these fixed from outside, in fresh processes. */
export interface CulpritTrial {
  /** Libraries that were seeded; `clock` and `entropy` are those of the system. */
  readonly fixed: readonly string[];
  /** Whether all of its runs agreed. */
  readonly agrees: boolean;
  /** How many runs there were. */
  readonly runs: number;
}

/** Result of a search. */
export interface CulpritSearch {
  /** The smallest set that mends it, in words such as `unseeded random`; empty if nothing does. */
  readonly culprits: readonly string[];
  /** What was tried, in order. */
  readonly trials: readonly CulpritTrial[];
  /** What cannot be the cause, and why. */
  readonly ruledOut: readonly string[];
  /** What may be the cause still; empty if it was found. */
  readonly left: readonly string[];
}

/** The clock, and what the operating system draws. */
export const SYSTEM_SOURCES: readonly string[] = ["clock", "entropy"];

/** Libraries that are tried, those that say most before those that others draw from. */
export const SEEDED_LIBRARIES: readonly string[] = [
  "random",
  "numpy.random",
  "torch.utils.data.dataloader",
  "torch",
  "tensorflow",
  "cupy.random",
  "gymnasium.utils.seeding",
  "gym.utils.seeding",
  "jax.random",
];

/** What a library that nobody seeded is called in reports. */
export function culpritName(source: string): string {
  return source === "clock"
    ? "the clock"
    : source === "entropy"
    ? "the system's entropy"
    : `unseeded ${source}`;
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
  "unseeded random":
    "seed Python's generator: random.seed(seed), random.Random(seed); for Keras, " +
    "which takes its seeds from it, keras.utils.set_random_seed(seed)",
  "unseeded numpy.random": "seed NumPy: np.random.seed(seed), np.random.default_rng(seed)",
  "unseeded torch":
    "seed PyTorch: torch.manual_seed(seed), and a generator with a seed for DataLoader; seed() without a " +
    "number takes a new one each time, manual_seed(seed) does not",
  "unseeded torch.utils.data.dataloader":
    "give the DataLoader a generator with a seed: generator=torch.Generator().manual_seed(seed)",
  "unseeded tensorflow": "seed TensorFlow: tf.random.set_seed(seed)",
  "unseeded cupy.random": "seed CuPy: cupy.random.seed(seed)",
  "unseeded gymnasium.utils.seeding":
    "seed the environment and its spaces: env.reset(seed=seed), env.action_space.seed(seed)",
  "unseeded gym.utils.seeding":
    "seed the environment and its spaces: env.reset(seed=seed) or env.seed(seed), env.action_space.seed(seed)",
  "unseeded jax.random": "make the key from the seed alone: jax.random.key(seed)",
  "the clock": "do not take a seed, or anything that is logged as a metric, from the clock",
  "the system's entropy":
    "do not draw from os.urandom, secrets, uuid4 or SystemRandom; generators without a seed do so",
};

/** What to do about a culprit, by its name; undefined for one that is not known. */
export function culpritFix(name: string): string | undefined {
  return FIXES[name];
}
