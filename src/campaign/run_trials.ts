/**
 * Runs trials in a pool of children and makes rows of them.
 *
 * @module
 */

import type { ParameterChange } from "../engine/run_options.ts";
import { keepParameterKind } from "../engine/given_value.ts";
import { changeParameters } from "../engine/same_kind.ts";
import type { RunRecord } from "../engine/types.ts";
import { decodeState } from "../codec/decode_state.ts";
import { SandboxError } from "../errors.ts";
import type { SandboxSession } from "../sandbox/host/session.ts";
import type { ModuleDescription } from "../sandbox/host/claims.ts";
import type { Keep } from "../sandbox/wire/trial_requests.ts";
import { AskedReasons } from "../sandbox/recorder/ask_reasons.ts";
import { suggestion } from "../text/suggestion.ts";
import { CampaignError } from "./campaign_error.ts";
import { ChildPool } from "./child_pool.ts";
import { type CampaignDefinition, planOf, questionOf } from "./definition.ts";
import { canReuse, runTrials, trialSeed, trialsOptions } from "./run_trial.ts";
import { rowOf, type TrialRow } from "./trial_row.ts";

/** How a campaign may use the machine. */
export interface CampaignLimits {
  /** Trials at a time; one per core by default. */
  children?: number | undefined;
  /** Ends the campaign when aborted. */
  signal?: AbortSignal;
  /**
   * Resident memory that a trial may take, in bytes.
   *
   * @default {500_000_000}
   */
  memoryBytesMax?: number;
  /**
   * Time that a trial may take, in milliseconds; Infinity for no limit.
   *
   * @default {60_000}
   */
  timeoutMs?: number;
  /**
   * What a trial may send back, in bytes.
   *
   * @default {268_435_456}
   */
  outputBytesMax?: number;
}

/** A trial that is done. */
export interface DoneTrial {
  /** Its row. */
  readonly row: TrialRow;
  /** Its run; undefined if there is none, or it is not to be kept. */
  readonly record: RunRecord | undefined;
  /** How long it took, in milliseconds. */
  readonly elapsedMs: number;
}

/** Runs the trials of a campaign; dispose of it to end its children. */
export class TrialRunner implements AsyncDisposable {
  readonly #definition: CampaignDefinition;
  readonly #pool: ChildPool;
  readonly #keep: Keep;
  /** What each set changes of the module's parameters. */
  readonly #changes: readonly (readonly ParameterChange[])[];
  readonly #reuses: boolean;
  readonly #doubt: string | undefined;

  private constructor(
    definition: CampaignDefinition,
    pool: ChildPool,
    { keep, reuses, doubt }: {
      readonly keep: Keep;
      readonly reuses: boolean;
      readonly doubt: string | undefined;
    },
  ) {
    this.#definition = definition;
    this.#keep = keep;
    this.#reuses = reuses;
    this.#doubt = doubt;
    this.#pool = pool;
    this.#changes = definition.sets.map((_, set) => changesOf(definition, set));
  }

  /**
   * Loads the module once and tries the parameters of every set.
   *
   * @throws {SandboxError} If the module cannot be used.
   * @throws {GuardError} If it has no such parameter, or of another kind.
   */
  static async prepare(
    definition: CampaignDefinition,
    { keep = "none", ...limits }: CampaignLimits & { readonly keep?: Keep },
  ): Promise<TrialRunner> {
    const pool = new ChildPool({ ...limits, ...definition.module });
    try {
      const { module, guards } = definition;
      const [{ params, observe }, reuses, doubt] = await Promise.all([
        pool.ask(describe, planOf(definition).count),
        canReuse(module),
        guards ? new AskedReasons(module).first() : undefined,
      ]);
      checkTarget(definition, observe);
      const base = params && decodeState(params);
      definition.sets.forEach((_, set) =>
        changeParameters(base, changesOf(definition, set), keepParameterKind)
      );
      return new TrialRunner(definition, pool, { keep, reuses, doubt });
    } catch (error) {
      await pool[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Children at a time. */
  get children(): number {
    return this.#pool.children;
  }

  /**
   * Runs trials, which are given by number; gives them as they are done, as many together as come together.
   *
   * @throws {GuardError | NondeterministicStepError} If the model breaks the rules.
   * @throws {SandboxError} If a text cannot be used, or it was aborted.
   */
  async *run(numbers: Iterable<number>): AsyncGenerator<DoneTrial[], void> {
    const plan = planOf(this.#definition);
    const question = questionOf(this.#definition);
    const options = { keep: this.#keep, reuses: this.#reuses, doubt: this.#doubt };
    const done = this.#pool.run(numbers, (session, tasks) => {
      const trials = tasks.map((number) => {
        const trial = plan.at(number);
        return trialSeed(trial, this.#changes[trial.set]!, question);
      });
      return runTrials(session, trialsOptions(question, trials, options));
    }, this.#reuses ? { tasksMax: Infinity } : {});
    for await (const tasks of done) {
      yield tasks.map(({ task, result, death, elapsedMs }) => ({
        row: rowOf(plan, plan.at(task), result ?? { error: death }, question.steps),
        record: result?.trial?.record,
        elapsedMs,
      }));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

/** What a set changes of the module's parameters: what was given for all sets comes first. */
export function changesOf(
  { params, sets }: Pick<CampaignDefinition, "params" | "sets">,
  set: number,
): ParameterChange[] {
  return [
    ...(params === undefined ? [] : [{ path: [], value: params.value }]),
    ...Object.entries(sets[set]!).map(([name, value]) => ({ path: name.split("."), value })),
  ];
}

/** Refuses to wait for an interval of what no trial gives. */
function checkTarget(
  { untilCi, observe }: CampaignDefinition,
  exported: readonly string[],
): void {
  const of = untilCi?.of;
  const names = observe === undefined ? exported : Object.keys(observe);
  if (of === undefined || of === "final" || names.includes(of)) return;
  throw new CampaignError(`Cannot stop at the width of an interval of '${of}': no trial gives it`, {
    hint: suggestion(of, [...names, "final"]) ?? "name an observable or 'final'",
  });
}

/** What the module exports. */
async function describe(session: SandboxSession): Promise<ModuleDescription> {
  const description = await session.describe();
  if (description.init !== "none") return description;
  throw new SandboxError(
    "refused",
    "Cannot load the step module: it does not export `init`: a state, or a function (params, rng) that makes it",
  );
}
