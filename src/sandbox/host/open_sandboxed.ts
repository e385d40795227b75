/**
 * Opens artifacts from strangers: their step source runs in the sandbox only.
 *
 * @module
 */

import { openRecord } from "../../artifact/open_record.ts";
import { UnsafeArtifactError } from "../../errors.ts";
import type { SandboxLimits } from "./sandbox_limits.ts";
import type { SandboxedRun } from "./sandboxed_run.ts";
import { checkSource } from "./static_rules.ts";

/** Options of {@linkcode openSandboxed}. */
export interface OpenSandboxedOptions extends SandboxLimits {
  /** Kills whatever runs when aborted. */
  signal?: AbortSignal;
  /** Source of a step module to use in place of the one in the artifact, import-free. */
  source?: string;
  /** Source map of that source as JSON, so that errors name the author's files. */
  sourceMap?: string | undefined;
}

/**
 * Opens an artifact together with the step source that it carries, which runs in a child process
 * without permissions, imports, clock or entropy, and with bounded memory, time and output. Needs
 * `--allow-run` for the runtime's own executable, and `--allow-read` for the file.
 *
 * @param pathOrBytes A path, a `file:` URL, or the bytes of a `.replay` file.
 * @param options Limits, and perhaps another source.
 * @throws {ArtifactIntegrityError} If the artifact is damaged, cut short or foreign.
 * @throws {UnsafeArtifactError} If it carries no source, or one that breaks a static rule.
 *
 * @example Usage
 * ```ts
 * import { openSandboxed, record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const source = "export const init = 0; export const step = (x) => x + 2;";
 * const bytes = await record((x: number) => x + 2, { init: 0, steps: 100, seed: 1, source })
 *   .toBytes();
 *
 * await using run = await openSandboxed(bytes);
 * assertEquals(await run.get(17), 34);
 * assertEquals((await run.verify()).ok, true);
 * ```
 */
export async function openSandboxed(
  pathOrBytes: string | URL | Uint8Array,
  options: OpenSandboxedOptions = {},
): Promise<SandboxedRun> {
  const { record, info } = await openRecord(pathOrBytes);
  const source = options.source ?? record.source;
  if (source === undefined) {
    throw new UnsafeArtifactError(
      "Cannot open the run in the sandbox: the .replay file carries no step source",
      { hint: "pass the step module ('source', --step)" },
    );
  }
  checkSource(source);
  // Loaded when it is needed: it carries the child's program, and syntax that Node 20 does not know.
  const { SandboxedRun } = await import("./sandboxed_run.ts");
  const child = {
    ...options,
    source,
    math: record.math,
    // Read where it is needed, which is where a step fails.
    get sourceMap() {
      return options.source === undefined ? record.sourceMap : options.sourceMap;
    },
  };
  return new SandboxedRun(record, child, { contentHash: info.contentHash });
}
