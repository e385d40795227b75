/**
 * The library with every part that it otherwise loads only when it is needed: for programs that are bundled.
 * It exports what `@rewind/cli` exports.
 *
 * @example Usage
 * ```ts
 * import { record } from "@rewind/cli/whole";
 * import { assertEquals } from "@std/assert";
 *
 * const run = record((x: number) => x + 2, { init: 0, steps: 100, seed: 1 });
 * assertEquals(run.get(17), 34);
 * ```
 *
 * @module
 */

import { carry } from "./src/later.ts";

export * from "./mod.ts";

carry({
  "artifact/grow/file_recorder.ts": () => import("./src/artifact/grow/file_recorder.ts"),
  "artifact/grow/open_unfinished.ts": () => import("./src/artifact/grow/open_unfinished.ts"),
  "artifact/load_run.ts": () => import("./src/artifact/load_run.ts"),
  "artifact/open_record.ts": () => import("./src/artifact/open_record.ts"),
  "artifact/peer/read_peer.ts": () => import("./src/artifact/peer/read_peer.ts"),
  "artifact/saved_record.ts": () => import("./src/artifact/saved_record.ts"),
  "artifact/shard_part.ts": () => import("./src/artifact/shard_part.ts"),
  "engine/diverge/local.ts": () => import("./src/engine/diverge/local.ts"),
  "testing/compare_two_runs.ts": () => import("./src/testing/compare_two_runs.ts"),
  "testing/compare_with_file.ts": () => import("./src/testing/compare_with_file.ts"),
  "engine/when_local.ts": () => import("./src/engine/when_local.ts"),
  "sandbox/host/child_lender.ts": () => import("./src/sandbox/host/child_lender.ts"),
  "sandbox/host/sandboxed_side.ts": () => import("./src/sandbox/host/sandboxed_side.ts"),
  "sandbox/host/open_run.ts": () => import("./src/sandbox/host/open_run.ts"),
});
