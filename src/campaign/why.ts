/**
 * Explains an outcome of a recorded run: forks with fresh seeds say how likely it was at each t, and which
 * steps decided it.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import { resolveStep } from "../engine/run_bounds.ts";
import type { RunRecord, TraceEntry } from "../engine/types.ts";
import { ArgumentTypeError, RewindError, SandboxError } from "../errors.ts";
import { deriveForkSeed } from "../rng/derive_seed.ts";
import { branchJob } from "../sandbox/host/branch_job.ts";
import { childOf } from "../sandbox/host/open_run.ts";
import type { OpenSandboxedOptions } from "../sandbox/host/sandboxed_run_options.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { SandboxSession } from "../sandbox/host/session.ts";
import type { TrialResult } from "../sandbox/host/trials_in_child.ts";
import { ChildPool, type PoolOptions, type TaskResult } from "./child_pool.ts";
import { canReuse } from "./run_trial.ts";
import { type StateChange, stateChanges } from "./step_changes.ts";
import { searchWhy, type WhyFound, type WhyJump } from "./why_search.ts";

/** Options of {@linkcode why}. */
export interface WhyOptions {
  /** Forks at a time; one per core by default. */
  readonly children?: number | undefined;
  /**
   * Text of the event: a predicate of state and t. Without one it is that the run fails, for a run that did.
   */
  readonly where?: string | undefined;
  /**
   * Most forks.
   *
   * @default {4000}
   */
  readonly forks?: number;
  /** Steps whose draws and changes are looked up. @default {5} */
  readonly jumps?: number;
  /** Called as forks are done, with their number. */
  readonly onProgress?: (forks: number) => void;
}

/** Options of {@linkcode explain}. */
export interface ExplainOptions extends WhyOptions {
  /** Most states that the run could have had: as many as it has, if undefined. */
  readonly steps?: number | undefined;
  /** Text of the predicate that would have ended it. */
  readonly until?: string | undefined;
}

/** A step that decided. */
export interface ExplainedJump extends WhyJump {
  /** The draws of the step; undefined where they cannot be shown. */
  readonly draws: readonly TraceEntry[] | undefined;
  /** What the step changed; undefined where it made no state. */
  readonly changes: readonly StateChange[] | undefined;
}

/** What was found about an outcome. */
export interface WhyReport extends Omit<WhyFound, "jumps"> {
  /** Whether the event is that the run fails. */
  readonly isFailure: boolean;
  /** First t at which the event happened in the run; undefined if it did not. */
  readonly happenedAt: number | undefined;
  /** Steps over which the chance changed, the largest change first. */
  readonly jumps: readonly ExplainedJump[];
  /** Forks that ended early as the step failed, and count as forks in which the event did not happen. */
  readonly failedForks: number;
}

/** Forks of a campaign's why by default. */
const FORKS = 4000;

/** Steps that are looked at closely by default. */
const JUMPS = 5;

/**
 * Explains an outcome of a run.
 *
 * @param record The run.
 * @param child The step module, and limits for each fork.
 * @throws {TypeError} If there is no event to explain.
 */
export async function explain(
  record: RunRecord,
  child: ChildOptions,
  options: ExplainOptions = {},
): Promise<WhyReport> {
  const run = new SandboxedRun(record, child);
  // No `await using`: the older releases of Node that load this cannot parse it.
  try {
    return await explainRun(run, options);
  } finally {
    await run[Symbol.asyncDispose]();
  }
}

async function explainRun(run: SandboxedRun, options: ExplainOptions): Promise<WhyReport> {
  const { where, forks: forksMax = FORKS, jumps: jumpsMax = JUMPS } = options;
  const { children, until, onProgress } = options;
  const { record, child } = run;
  const isFailure = where === undefined;
  if (isFailure && record.failure === undefined) {
    throw new ArgumentTypeError("Cannot explain the run: it did not fail, and no event is given", {
      hint: "pass --where with a predicate of the state",
    });
  }
  const happenedAt = isFailure ? record.failure!.t : await run.find(where);
  // A run that failed was to be longer than it is: as long as it is known to have been at least.
  const { steps = record.steps + (isFailure ? 1 : 0) } = options;
  const reuses = await canReuse(child);
  const range = {
    from: 0,
    to: happenedAt ?? record.steps - 1,
    outcome: happenedAt === undefined ? 0 as const : 1 as const,
    forksMax,
  };
  const forks = new Forks(run, {
    ...{ ...child, children, where, until, steps, reuses, onProgress },
  });
  let found: WhyFound;
  try {
    found = await searchWhy(range, (t, first, count) => forks.make(t, first, count));
  } finally {
    await forks[Symbol.asyncDispose]();
  }
  const jumps: ExplainedJump[] = [];
  for (const jump of found.jumps) {
    jumps.push(jumps.length < jumpsMax ? await look(run, jump) : unseen(jump));
  }
  return { ...found, isFailure, happenedAt, jumps, failedForks: forks.failed };
}

/**
 * Explains an outcome of a recorded run: which steps decided it.
 *
 * @example Usage
 * ```ts
 * import { why } from "@rewind/cli/campaign";
 * import { record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const source = `export const step = (x, rng, params, t) => t === 19 ? rng.random() : x;`;
 * const step = (x: number, rng: { random(): number }, _: unknown, t: number) => t === 19 ? rng.random() : x;
 * const run = record(step, { init: 0, steps: 40, seed: 2, source });
 * const { jumps } = await why(await run.toBytes(), { where: `(x) => x > ${run.get(-1) - 0.01}`, forks: 900 });
 * assertEquals(jumps[0]?.t, 20);
 * ```
 *
 * @param pathOrBytes The run, with the source of its step.
 * @param options The event, limits of each fork, and how many forks there may be.
 * @throws {TypeError} If there is no event to explain.
 */
export async function why(
  pathOrBytes: string | URL | Uint8Array,
  options: WhyOptions & OpenSandboxedOptions = {},
): Promise<WhyReport> {
  const { record } = await openRecord(pathOrBytes);
  return await explain(record, childOf(record, options), options);
}

function unseen(jump: WhyJump): ExplainedJump {
  return { ...jump, draws: undefined, changes: undefined };
}

/** The draws of a step and what it changed. */
async function look(run: SandboxedRun, jump: WhyJump): Promise<ExplainedJump> {
  if (jump.t >= run.steps) return unseen(jump);
  const [before, after] = [await run.get(jump.t - 1), await run.get(jump.t)];
  let draws: readonly TraceEntry[] | undefined;
  try {
    draws = await run.trace(jump.t);
  } catch (error) {
    if (!(error instanceof RewindError)) throw error;
  }
  return { ...jump, draws, changes: stateChanges(before, after) };
}

/** One fork to be made. */
interface ForkTask {
  readonly t: number;
  readonly index: number;
}

/** What forks are made with. */
interface ForkOptions extends PoolOptions, Pick<ExplainOptions, "where" | "until" | "onProgress"> {
  /** Most states of a run that is forked, with those before the fork. */
  readonly steps: number;
  /** Whether one instance of the module serves all forks of a child. */
  readonly reuses: boolean;
}

/** Makes forks of a run in a pool of children. */
class Forks implements AsyncDisposable {
  readonly #run: SandboxedRun;
  readonly #record: RunRecord;
  readonly #options: ForkOptions;
  readonly #pool: ChildPool;
  /** Indices of the states that were forked. */
  readonly #tried = new Set<number>();
  #done = 0;
  #failed = 0;

  constructor(run: SandboxedRun, options: ForkOptions) {
    this.#run = run;
    this.#record = run.record;
    this.#options = options;
    this.#pool = new ChildPool(options);
  }

  /** Forks in which the step failed before the event happened. */
  get failed(): number {
    return this.#failed;
  }

  /** Makes forks from X_t; in how many the event happened. */
  async make(t: number, first: number, count: number): Promise<number> {
    const start = await this.#startAt(resolveStep(t, this.#record.steps));
    const tasks = Array.from({ length: count }, (_, i): ForkTask => ({ t, index: first + i }));
    let hits = 0;
    const work = (session: SandboxSession, some: readonly ForkTask[]) =>
      this.#fork(session, some, start);
    const limit = this.#options.reuses ? { tasksMax: Infinity } : {};
    for await (const done of this.#pool.run(tasks, work, limit)) {
      for (const { result } of done) {
        if (result === undefined || result === "failed") this.#failed++;
        if (result === "hit") hits++;
      }
      this.#done += done.length;
      this.#options.onProgress?.(this.#done);
    }
    return hits;
  }

  /** X_t, of which the forks are seen to go on as the run does when they are made first. */
  async #startAt(t: number): Promise<Uint8Array> {
    if (!this.#tried.has(t)) {
      this.#tried.add(t);
      const last = this.#record.steps - 1;
      await this.#run.lend((session) => session.generatorAt(this.#record, t, last));
    }
    return await this.#run.getBytes(t);
  }

  async *#fork(
    session: SandboxSession,
    tasks: readonly ForkTask[],
    start: Uint8Array,
  ): AsyncGenerator<TaskResult<"hit" | "miss" | "failed">[], void, void> {
    const { where, until, steps, reuses } = this.#options;
    const seeds = tasks.map(({ t, index }) => deriveForkSeed("why", this.#record.seed, [t, index]));
    const point = tasks[0]!.t;
    const job = (seed: bigint) =>
      branchJob(this.#record, session, { point, start, seed, steps: steps - point, guards: false });
    // Each fork reads the inputs behind its job.
    const jobs = this.#record.inputs === undefined ? [seeds] : seeds.map((seed) => [seed]);
    for (const some of jobs) {
      const { seed: _, guards: __, paramChanges: ___, goOn: ____, grow: _____, ...recording } =
        await job(some[0]!);
      const done = session.trials({
        recording: {
          ...recording,
          observe: {},
          ...(until === undefined ? {} : { until }),
          // Only the outcome is wanted: few states are stored.
          budget: { bytesMax: undefined, checkpointsMax: 2 },
        },
        trial: {
          ...{ where, stops: true, offset: point, final: undefined, reuses, doubt: undefined },
          points: new Float64Array(),
        },
        trials: some.map((seed) => ({ seed, paramChanges: [], isTried: false })),
        keep: "none",
      });
      for await (const results of done) yield results.map((result) => outcomeOf(result, where));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

/** What came of a fork. @throws {RewindError} If a state is not data, or a predicate threw. */
function outcomeOf(
  { ms: elapsedMs, error, trial }: TrialResult,
  where: string | undefined,
): TaskResult<"hit" | "miss" | "failed"> {
  const given = (result: "hit" | "miss" | "failed") => ({ result, elapsedMs, memoryBytes });
  const { memoryBytes = 0 } = trial ?? {};
  if (error instanceof SandboxError && error.reason === "output") return given("failed");
  if (error !== undefined) throw error;
  const { failure, first } = trial;
  if (where === undefined) return given(failure === undefined ? "miss" : "hit");
  if (first !== undefined) return given("hit");
  return given(failure === undefined ? "miss" : "failed");
}
