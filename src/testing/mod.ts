/**
 * Assertions on recorded runs for `deno test`, vitest and `bun test`: a `.replay` file is a regression test.
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
 *
 * @module
 */

export { assertReplays, type AssertReplaysOptions } from "./assert_replays.ts";
export { assertSameRun, type AssertSameRunOptions } from "./assert_same_run.ts";
export { ReplayAssertionError } from "./assertion_error.ts";
