/**
 * Shards of a verification or of statistics: what `verifyShard` and `statsShard` of a run give, wherever they
 * ran, becomes the answer of one machine. This module is browser compatible.
 *
 * @example Usage
 * ```ts
 * import { type PythonRandom, record } from "@rewind/cli";
 * import { mergeShards } from "@rewind/cli/shards";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + rng.random();
 * const run = record(step, { init: 0, steps: 10_000, seed: 42 });
 *
 * const shards = [0, 1, 2].map((index) => run.statsShard({ index, count: 3 }));
 * const merged = mergeShards(await Promise.all(shards));
 * assertEquals(merged.kind === "stats" && merged.stats, run.stats());
 * ```
 *
 * @module
 */

export {
  type MergedShards,
  type MergedStats,
  type MergedVerification,
  mergeShards,
  type MergeShardsOptions,
} from "./merge_shards.ts";
