/**
 * `assertReplays`: a recorded run as a test of the step in this process.
 * This module is browser compatible.
 *
 * @module
 */

import { load } from "../artifact/load.ts";
import type { Run } from "../artifact/run.ts";
import { later } from "../later.ts";
import { ReplayAssertionError } from "./assertion_error.ts";
import type { LoadOptions } from "../artifact/types.ts";

/** Options of {@linkcode assertReplays}. */
export interface AssertReplaysOptions<S> extends LoadOptions<S> {
  /** Parts of the state that are left out, such as `.agents[*].label`; none by default. */
  ignore?: readonly string[];
}

/**
 * Asserts that a recorded run replays with a step: from the same X_0, seed, parameters and inputs it leads to the
 * states that the file holds. Where the file carries the step that made it and the runtime is Deno, the message names
 * the exact step, its first other draw and the first part of the state that differs; elsewhere the block.
 *
 * @param pathOrBytes A path, a `file:` URL, or the bytes of a `.replay` file.
 * @param options The step, and what it needs.
 * @returns The run.
 * @throws {ReplayAssertionError} If it does not.
 *
 * @example Usage
 * ```ts
 * import { type PythonRandom, record } from "@rewind/cli";
 * import { assertReplays } from "@rewind/cli/testing";
 *
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
 * const golden = await record(step, { init: 0, steps: 1000, seed: 42 }).toBytes();
 *
 * await assertReplays(golden, { step });
 * ```
 */
export async function assertReplays<S>(
  pathOrBytes: string | URL | Uint8Array,
  { ignore = [], ...options }: AssertReplaysOptions<S>,
): Promise<Run<S>> {
  const run = await load(pathOrBytes, options);
  const { compareWithFile } = await later<typeof import("./compare_with_file.ts")>(
    "testing/compare_with_file.ts",
  );
  const problem = await compareWithFile(run.record, options, ignore);
  if (problem === undefined) return run;
  const name = pathOrBytes instanceof Uint8Array ? "the run" : `'${pathOrBytes}'`;
  throw new ReplayAssertionError(`${name} does not replay: ${problem.lines.join("\n")}`, problem);
}
