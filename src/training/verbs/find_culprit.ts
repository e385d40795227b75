/**
 * Finds what makes a command differ from run to run: fixes one source of randomness at a time from outside, in
 * fresh processes, and names the smallest set that makes runs agree.
 *
 * @module
 */

import { effectsByModule } from "../command/python_injection.ts";
import type { CommandRun } from "../command/replay_command.ts";
import { compareRuns } from "../compare/compare.ts";
import type { MetricSelection } from "../compare/metric_selection.ts";
import {
  culpritName,
  type CulpritSearch,
  type CulpritTrial,
  SEEDED_LIBRARIES,
  SYSTEM_SOURCES,
} from "../findings/culprit.ts";

/** Sets that are tried at most; beyond, all that was seen together is the answer. */
const TRIALS_MAX = 30;
/** Runs of one set at most. */
const RUNS_MAX = 10;

/** What the search needs. */
export interface CulpritSearchOptions {
  /** Metrics that are to agree. */
  readonly selection: MetricSelection;
  /** Steps that count; undefined for all. */
  readonly steps: ReadonlySet<number> | undefined;
  /** Share of the pairs of runs that agreed without any help, in [0, 1). */
  readonly agreement: number;
  /** Runs the command with these sources fixed; `label` names its folder. */
  readonly run: (label: string, fixed: readonly string[]) => Promise<CommandRun>;
}

/** See the module. */
export async function findCulprit(options: CulpritSearchOptions): Promise<CulpritSearch> {
  const trials: CulpritTrial[] = [];
  const seen: CommandRun[] = [];
  // Where most runs agree without help, two that agree with it say little: chance must be below 5%.
  const runs = options.agreement === 0
    ? 2
    : Math.min(RUNS_MAX, 1 + Math.ceil(Math.log(0.05) / Math.log(options.agreement)));
  // A run that somebody stopped says nothing about its seeds.
  let interrupted = false;
  const agrees = async (fixed: readonly string[]): Promise<boolean> => {
    if (interrupted) return false;
    let first: CommandRun | undefined;
    let same = true;
    let made = 0;
    for (; made < runs && same; made++) {
      const run = await options.run(`fixed_${trials.length}_${made}`, fixed);
      if (run.child.end === "interrupted") {
        interrupted = true;
        return false;
      }
      seen.push(run);
      first ??= run;
      same = run.completed && run.log !== undefined &&
        compareRuns(first.log!, run.log, { metrics: options.selection, steps: options.steps })
            .verdict === "match";
    }
    trials.push({ fixed, agrees: same, runs: made });
    return same;
  };

  const everything = [...SEEDED_LIBRARIES, ...SYSTEM_SOURCES];
  const mended = await agrees(SEEDED_LIBRARIES) || await agrees(everything);
  const effects = effectsByModule(seen.flatMap((run) => run.injected));
  // What nothing was drawn from cannot be the cause.
  const drawn = everything.filter((name) => ["used", "unknown"].includes(effects.get(name) ?? ""));
  if (mended) {
    for (const set of subsets(drawn, TRIALS_MAX)) {
      const known = trials.find((trial) => sameSet(trial.fixed, set));
      if (known?.agrees ?? await agrees(set)) {
        return { culprits: set.map(culpritName), trials, ruledOut: [], left: [] };
      }
      if (interrupted) break;
    }
    if (!interrupted) {
      return { culprits: drawn.map(culpritName), trials, ruledOut: [], left: [] };
    }
  }
  if (interrupted) {
    return {
      culprits: [],
      trials,
      ruledOut: [],
      left: ["anything, as the search was interrupted"],
    };
  }
  return { culprits: [], trials, ...whatIsLeft(effects) };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Sets of names by size, at most `count` of them. */
function* subsets(names: readonly string[], count: number): Generator<readonly string[]> {
  let left = count;
  for (let size = 1; size <= names.length; size++) {
    for (const set of combinations(names, size)) {
      if (left-- === 0) return;
      yield set;
    }
  }
}

function* combinations(names: readonly string[], size: number): Generator<readonly string[]> {
  if (size === 0) return yield [];
  for (let first = 0; first + size <= names.length; first++) {
    for (const rest of combinations(names.slice(first + 1), size - 1)) {
      yield [names[first]!, ...rest];
    }
  }
}

function whatIsLeft(
  effects: ReadonlyMap<string, string>,
): Pick<CulpritSearch, "ruledOut" | "left"> {
  const hash = "the order of sets and of hash() (PYTHONHASHSEED is fixed)";
  const threads = "threads of BLAS and OpenMP (one each)";
  const others = [
    "threads and processes of its own",
    "files, network and other machines",
    "addresses of objects: id(), and hash() and repr() of objects without their own",
    "code in C or CUDA that seeds itself, or adds in any order",
  ];
  // The clock and the system's entropy are fixed in every Python process that reads sitecustomize.
  if (!effects.has("clock")) {
    return {
      ruledOut: [threads],
      left: [
        "the clock, the system's entropy and every generator: no Python process took the seeds " +
        "(python -I and -S do not read them)",
        ...others,
      ],
    };
  }
  const seeded = SEEDED_LIBRARIES.filter((name) =>
    effects.has(name) && effects.get(name) !== "seen"
  );
  return {
    ruledOut: [
      ...(seeded.length === 0 ? [] : [`generators of ${seeded.join(", ")} (seeded from outside)`]),
      "time.time(), os.urandom, SystemRandom, secrets and uuid4 (fixed from outside)",
      hash,
      threads,
    ],
    left: [
      "a generator that the script seeds itself, from something that changes (datetime.now(), a process id)",
      ...others,
    ],
  };
}
