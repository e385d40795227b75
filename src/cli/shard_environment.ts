/**
 * Which shard of how many a task is, from the variables that the engine that started it sets.
 *
 * @module
 */

import type { Shard } from "../engine/shard.ts";
import { InputError } from "./usage_error.ts";

/** Gives a variable of the environment; undefined if it is not set. Throws if it may not be read. */
export interface Environment {
  /** Whether it may be read. */
  isReadable(name: string): boolean;
  /** Its value. */
  get(name: string): string | undefined;
}

/** What the environment says. */
export interface EnvironmentShard {
  /** The shard. */
  readonly shard: Shard;
  /** Which engine said so. */
  readonly engine: string;
  /** The variables that it was taken from, as `NAME=value`. */
  readonly variables: readonly string[];
}

/** A kind of engine: the variable that says which task this is, and how to make a shard of it. */
interface Engine {
  readonly name: string;
  readonly variable: string;
  /** Further variables that it looks at. */
  readonly others: readonly string[];
  /** The shard; undefined if the variable means nothing here. */
  shard(read: VariableReader, count: number | undefined): Shard | undefined;
}

/** Tasks of an array by their ids. */
interface TaskArray {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** Number of tasks, where the engine tells: lists such as 1,5,7 have fewer than the ids between. */
  readonly tasks?: number;
  /** Id of the first task where arrays are counted as people count there. */
  readonly base: number;
}

const ENGINES: readonly Engine[] = [
  {
    name: "Slurm job array",
    variable: "SLURM_ARRAY_TASK_ID",
    others: ["_MIN", "_MAX", "_STEP", "_COUNT"].map((end) => `SLURM_ARRAY_TASK${end}`),
    shard(read, count) {
      const id = read.whole(this.variable);
      const [first, last, step, tasks] = this.others.map((name) => read.whole(name));
      return shardOfArray(
        { id, first: first!, last: last!, step: step!, tasks: tasks!, base: 0 },
        count,
      );
    },
  },
  {
    name: "Slurm srun",
    variable: "SLURM_PROCID",
    others: ["SLURM_STEP_NUM_TASKS"],
    shard(read, count) {
      // Batch scripts have a SLURM_PROCID too, and an SLURM_NTASKS of tasks that were never started.
      const tasks = read.wholeIfSet("SLURM_STEP_NUM_TASKS") ?? 1;
      return tasks === 1 ? undefined : shardOfIndex(read, { index: this.variable, tasks, count });
    },
  },
  {
    name: "Kubernetes indexed job",
    variable: "JOB_COMPLETION_INDEX",
    others: [],
    shard(read, count) {
      return shardOfIndex(read, { index: this.variable, count });
    },
  },
  {
    name: "GNU parallel",
    variable: "PARALLEL_SEQ",
    others: [],
    shard(read, count) {
      return shardOfIndex(read, { index: this.variable, base: 1, count });
    },
  },
  ...["PBS_ARRAY_INDEX", "PBS_ARRAYID"].map((variable): Engine => ({
    name: "PBS job array",
    variable,
    others: [],
    shard(read, count) {
      return shardOfIndex(read, { index: variable, count });
    },
  })),
  {
    name: "SGE array job",
    variable: "SGE_TASK_ID",
    others: ["SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE"],
    shard(read, count) {
      if (read.text(this.variable) === "undefined") return undefined;
      const id = read.whole(this.variable);
      const [first, last, step] = this.others.map((name) => read.whole(name));
      return shardOfArray({ id, first: first!, last: last!, step: step!, base: 1 }, count);
    },
  },
  {
    name: "LSF job array",
    variable: "LSB_JOBINDEX",
    others: ["LSB_JOBINDEX_END", "LSB_JOBINDEX_STEP"],
    shard(read, count) {
      const id = read.whole(this.variable);
      if (id === 0) return undefined;
      const last = read.whole("LSB_JOBINDEX_END");
      const step = read.wholeIfSet("LSB_JOBINDEX_STEP") ?? 1;
      return shardOfArray({ id, first: 1, last, step, base: 1 }, count);
    },
  },
  {
    name: "AWS Batch array job",
    variable: "AWS_BATCH_JOB_ARRAY_INDEX",
    others: ["AWS_BATCH_JOB_ARRAY_SIZE"],
    shard(read, count) {
      const tasks = read.wholeIfSet("AWS_BATCH_JOB_ARRAY_SIZE");
      return shardOfIndex(read, { index: this.variable, tasks, count });
    },
  },
];

/**
 * The shard of this task.
 *
 * @param count Number of shards, for engines that tell a task its index only.
 * @throws {InputError} If no engine says so, or if it is not clear what it says.
 */
export function shardFromEnvironment(
  environment: Environment,
  count: number | undefined,
): EnvironmentShard {
  const found: (EnvironmentShard & { variable: string })[] = [];
  for (const engine of ENGINES) {
    const { variable, name } = engine;
    if (!environment.isReadable(variable) || environment.get(variable) === undefined) continue;
    const read = new VariableReader(environment);
    const shard = engine.shard(read, count);
    if (shard !== undefined) found.push({ shard, engine: name, variable, variables: read.seen });
  }
  const [only, second] = found;
  if (only === undefined) throw nothingFound(environment);
  if (second === undefined) return only;
  throw ambiguous(`both ${only.variable} and ${second.variable} are set`);
}

/** Reads variables and remembers them. */
class VariableReader {
  readonly #environment: Environment;
  readonly #seen = new Map<string, string>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** All that was read, as `NAME=value`. */
  get seen(): string[] {
    return Array.from(this.#seen, ([name, value]) => `${name}=${value}`);
  }

  text(name: string): string | undefined {
    const value = this.#environment.get(name);
    if (value !== undefined) this.#seen.set(name, value);
    return value;
  }

  /** A whole number of at least 0; undefined if it is not set. */
  wholeIfSet(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) {
      throw ambiguous(`${name} is ${JSON.stringify(text.slice(0, 40))}, not a whole number`);
    }
    return Number(text);
  }

  whole(name: string): number {
    const value = this.wholeIfSet(name);
    if (value === undefined) throw ambiguous(`${name} is not set`);
    return value;
  }
}

/** The shard of an engine that tells an index, and perhaps how many tasks there are. */
function shardOfIndex(
  read: VariableReader,
  { index: variable, base = 0, tasks, count }: {
    index: string;
    base?: number;
    tasks?: number | undefined;
    count: number | undefined;
  },
): Shard {
  const id = read.whole(variable);
  const total = count ?? tasks;
  if (total === undefined) {
    throw new InputError(
      `Cannot detect the number of shards: only ${variable} is set`,
      { hint: "pass it explicitly: --shard auto/8" },
    );
  }
  if (tasks !== undefined && tasks !== total) {
    throw ambiguous(`there are ${tasks} tasks, not ${total}`);
  }
  return inRange(id - base, total, variable);
}

function shardOfArray(array: TaskArray, count: number | undefined): Shard {
  const { id, first, last, base } = array;
  const step = Math.max(1, array.step);
  const between = (last - first) / step + 1;
  const place = (id - first) / step;
  const isWhole = (array.tasks ?? between) === between && Number.isInteger(place);
  if (isWhole && between > 1 && between === (count ?? between)) {
    return inRange(place, between, "the task id");
  }
  // A list of tasks, or some of them again: only the ids of the whole array tell which they are.
  if (count !== undefined) return inRange(id - base, count, "the task id");
  const what = between === 1 ? "has one task" : "is a list of tasks";
  throw ambiguous(`the array ${what}, perhaps some of a larger one`, "--shard auto/8");
}

function inRange(index: number, count: number, what: string): Shard {
  if (index < 0 || index >= count) {
    throw ambiguous(`${what} does not lie among ${count} shards`);
  }
  return { index, count };
}

function ambiguous(why: string, how = "--shard 3/8"): InputError {
  return new InputError(`Cannot detect the shard: ${why}`, { hint: `pass it explicitly: ${how}` });
}

function nothingFound(environment: Environment): InputError {
  const names = ENGINES.map(({ variable }) => variable);
  const hidden = ENGINES.filter(({ variable }) => !environment.isReadable(variable));
  if (hidden.length === 0) {
    return ambiguous(
      `no known scheduler variable is set: ${
        names.join(", ")
      } (SLURM_PROCID counts only in tasks that srun started)`,
    );
  }
  const flag = hidden.flatMap(({ variable, others }) => [variable, ...others]).join(",");
  return new InputError(
    "Cannot detect the shard: rewind may not read the environment",
    {
      hint:
        `run it with --allow-env, or with your scheduler's variables out of --allow-env=${flag}`,
    },
  );
}
