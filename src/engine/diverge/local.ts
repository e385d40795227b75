/**
 * A recorded run against another step, both in this process.
 * This module is browser compatible.
 *
 * @module
 */

import { PathFilter } from "../../codec/path_filter.ts";
import { ArgumentTypeError } from "../../errors.ts";
import { checkOptionNames } from "../option_names.ts";
import { makeInitial } from "../record_options.ts";
import { replayPlan } from "../record_view.ts";
import { parameterProblem } from "../step_parameters.ts";
import type { RunFunctions } from "../run_options.ts";
import type { InitFunction, OptionNames, RunRecord, StateCodec, StepFunction } from "../types.ts";
import { encodeWith } from "../user_codec.ts";
import { compareRuns } from "./compare_runs.ts";
import type { Divergence } from "./divergence.ts";
import { LocalSide } from "./side.ts";

/** Options of `diverge`. */
export interface DivergeOptions<S> {
  /** Places of the state that are left out, such as `.agents[*].label`; none by default. */
  ignore?: readonly string[];
  /**
   * Compares every state. By default that is done where all states together have at most 8 MiB, and of numbers; of
   * others the ends of blocks are compared, and some between: a difference that is soon gone again may not be seen.
   */
  everyState?: boolean;
  /** What X_0 is, or makes it, with the new step; the recorded X_0 by default. */
  // deno-lint-ignore no-explicit-any -- as for the step
  init?: S | InitFunction<S, any, any>;
  /** Parameters of the new step; the recorded ones by default. */
  params?: unknown;
  /** Codec of the new step's states; that of the run by default. */
  codec?: StateCodec<S>;
  /** Called as the comparison goes on, with the t that both have reached. */
  onProgress?: (t: number) => void;
}

const OPTION_NAMES: OptionNames<DivergeOptions<unknown>> = {
  ignore: true,
  everyState: true,
  init: true,
  params: true,
  codec: true,
  onProgress: true,
};

/** What `Run.diverge` does. */
export async function divergeLocally<S>(
  { record, functions, step }: {
    record: RunRecord;
    functions: RunFunctions<S>;
    step: StepFunction<S>;
  },
  options: DivergeOptions<S>,
): Promise<Divergence> {
  checkOptionNames<DivergeOptions<unknown>>(
    options as DivergeOptions<unknown>,
    OPTION_NAMES,
    "diverge",
  );
  const problem = parameterProblem(step);
  if (problem !== undefined) throw new ArgumentTypeError(`Cannot compare the steps: ${problem}`);
  const { init, ignore = [], everyState, codec = functions.codec, onProgress } = options;
  const params = Object.hasOwn(options, "params") ? options.params : record.params;
  const own = { ...record, params };
  const start = typeof init === "function" ? makeInitial(init as InitFunction<S>, own) : init;
  const before = new LocalSide(record, replayPlan(record, functions));
  const bytes = start === undefined ? before.start : encodeWith(codec, start);
  const after = new LocalSide<S>(own, replayPlan(own, { step, codec }), bytes);
  return await compareRuns(before, after, {
    ignore: new PathFilter(ignore),
    everyState,
    from: { before: 0, after: 0 },
    arePositionsComparable: true,
    onProgress,
  });
}
