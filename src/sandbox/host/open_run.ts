/**
 * Joins a file's record with the sandbox that its step runs in.
 *
 * @module
 */

import { openRecord } from "../../artifact/open_record.ts";
import type { RunRecord } from "../../engine/types.ts";
import { UnsafeArtifactError } from "../../errors.ts";
import type { OpenSandboxedOptions } from "./sandboxed_run_options.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxedRun } from "./sandboxed_run.ts";
import { checkSource } from "./static_rules.ts";

/** What `openSandboxed` does, where the sandbox is known to work. */
export async function openRun(
  pathOrBytes: string | URL | Uint8Array,
  options: OpenSandboxedOptions,
): Promise<SandboxedRun> {
  const { record, info } = await openRecord(pathOrBytes);
  const child = childOf(record, options);
  return new SandboxedRun(record, child, { contentHash: info.contentHash });
}

/**
 * What a child is started with that replays a run, or goes on with it.
 *
 * @throws {UnsafeArtifactError} If there is no source, or one that breaks a static rule.
 */
export function childOf(record: RunRecord, options: OpenSandboxedOptions): ChildOptions {
  const source = options.source ?? record.source;
  if (source === undefined) {
    throw new UnsafeArtifactError(
      "Cannot open the run in the sandbox: the .replay file carries no step source",
      { hint: "pass the step module ('source', --step)" },
    );
  }
  checkSource(source);
  return {
    ...options,
    source,
    math: record.math,
    shims: record.shims,
    stepId: options.source === undefined ? record.stepId : "",
    // Read where it is needed, which is where a step fails.
    get sourceMap() {
      return options.source === undefined ? record.sourceMap : options.sourceMap;
    },
  };
}
