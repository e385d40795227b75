/**
 * `assertSameRun`: two runs give the same states.
 * This module is browser compatible.
 *
 * @module
 */

import type { Run } from "../artifact/run.ts";
import { later } from "../later.ts";
import { ReplayAssertionError } from "./assertion_error.ts";

/** Options of {@linkcode assertSameRun}. */
export interface AssertSameRunOptions {
  /** Parts of the state that are left out, such as `.agents[*].label`; none by default. */
  ignore?: readonly string[];
}

/**
 * Asserts that two runs have the same states, each compared with the other's: as many, and equal by value.
 *
 * @param actual The run to be tested.
 * @param expected The run that it is to be.
 * @param options What to leave out.
 * @throws {ReplayAssertionError} If a state differs; the message names the first one, the draws that differ in the
 * step that made it, and the first part that differs.
 *
 * @example Usage
 * ```ts
 * import { type PythonRandom, record } from "@rewind/cli";
 * import { assertSameRun } from "@rewind/cli/testing";
 *
 * const options = { init: 0, steps: 1000, seed: 42 };
 * const a = record((x: number, rng: PythonRandom) => x + rng.random(), options);
 * const b = record((x: number, rng: PythonRandom) => rng.random() + x, options);
 *
 * await assertSameRun(a, b);
 * ```
 */
export async function assertSameRun<S>(
  actual: Run<S>,
  expected: Run<S>,
  { ignore = [] }: AssertSameRunOptions = {},
): Promise<void> {
  const { compareStates } = await later<typeof import("./compare_two_runs.ts")>(
    "testing/compare_two_runs.ts",
  );
  const problem = compareStates({ actual, expected }, ignore);
  if (problem === undefined) return;
  throw new ReplayAssertionError(`the runs are not the same: ${problem.lines.join("\n")}`, problem);
}
