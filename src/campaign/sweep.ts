/**
 * A campaign as an async iterable of rows, for programs.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import type { RngName } from "../rng/backends.ts";
import type { ParameterSet } from "./axes.ts";
import type { CampaignDefinition } from "./definition.ts";
import { planOf } from "./definition.ts";
import { type CampaignLimits, TrialRunner } from "./run_trials.ts";
import { SeedList } from "./seed_list.ts";
import type { TrialRow } from "./trial_row.ts";

/** Options of {@linkcode sweep}. */
export interface SweepOptions extends CampaignLimits {
  /** Source of the step module: one import-free ES module, such as a run embeds. */
  readonly source: string;
  /** Number of states of each trial. */
  readonly steps: number;
  /** Seeds, as `"0..999"` or one by one. */
  readonly seeds: string | Iterable<number | bigint>;
  /**
   * Parameters that vary, by dotted path, one object for each set.
   *
   * @default {[{}]}
   */
  readonly sets?: readonly ParameterSet[];
  /** Parameters of all trials, merged over the module's. */
  readonly params?: unknown;
  /** Generator backend; what the module exports, or python, by default. */
  readonly rng?: RngName;
  /** States per block; ceil(sqrt(steps)) by default. */
  readonly blockSize?: number;
  /** Observables by name: exports of the module (undefined), or texts of functions. All exports by default. */
  readonly observe?: Readonly<Record<string, string | undefined>>;
  /** Text of an event: a predicate of state and t. */
  readonly where?: string;
  /** Text of a predicate that ends a trial. */
  readonly until?: string;
  /** Text of a function of the last state, whose value is kept. */
  readonly final?: string;
  /**
   * At how many t the values of observables are kept.
   *
   * @default {0}
   */
  readonly points?: number;
  /**
   * Whether guards look for mistakes in the model.
   *
   * @default {true}
   */
  readonly guards?: boolean;
}

/**
 * Runs a step module over seeds and parameters, in the sandbox and on all cores. A trial that throws, hangs or
 * takes too much memory gives a row that says so.
 *
 * @example Usage
 * ```ts
 * import { sweep } from "@rewind/cli/campaign";
 * import { assertEquals } from "@std/assert";
 *
 * const source = `export const init = 0;
 * export const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);`;
 *
 * const firsts = [];
 * for await (const { seed, first } of sweep({ source, steps: 50, seeds: [1, 2], where: "(x) => x === 2" })) {
 *   firsts.push([seed, first]);
 * }
 * assertEquals(firsts.length, 2);
 * ```
 *
 * @param options What to run, and how it may use the machine.
 * @returns The rows, in the order in which trials are done.
 * @throws {SandboxError} If the module cannot be used.
 * @throws {GuardError | NondeterministicStepError} If the model breaks the rules that replays need.
 */
export async function* sweep(options: SweepOptions): AsyncGenerator<TrialRow, void> {
  if (typeof options?.source !== "string") {
    throw new ArgumentTypeError("Cannot sweep: 'source', the text of the step module, is missing");
  }
  const { source, steps, seeds, sets = [{}], params, rng, blockSize, observe } = options;
  const { where, until, final, points = 0, guards = true, ...limits } = options;
  const definition: CampaignDefinition = {
    module: { source, sourceMap: undefined, stepId: "", shims: undefined },
    ...{ path: "", steps, sets, rng, blockSize, observe, where, until, final, points, guards },
    seeds: typeof seeds === "string" ? SeedList.parse(seeds) : SeedList.of(seeds),
    params: params === undefined ? undefined : { value: params },
    untilCi: undefined,
  };
  const { children, signal, memoryBytesMax, timeoutMs, outputBytesMax } = limits;
  const given = Object.fromEntries(
    Object.entries({ children, signal, memoryBytesMax, timeoutMs, outputBytesMax })
      .filter(([, value]) => value !== undefined),
  ) as CampaignLimits;
  const runner = await TrialRunner.prepare(definition, given);
  // No `await using`: the older releases of Node that load this cannot parse it.
  try {
    const plan = planOf(definition);
    for await (const done of runner.run(plan.numbers(0, plan.count))) {
      for (const { row } of done) yield row;
    }
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}
