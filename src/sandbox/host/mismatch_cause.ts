/**
 * Why a run does not verify: tells the ways apart in which that happens.
 *
 * @module
 */

import type { ArtifactInfo } from "../../artifact/open_record.ts";
import { currentWriter } from "../../artifact/saved_record.ts";
import { compareEncodings } from "../../codec/compare_states.ts";
import type { RunRecord } from "../../engine/types.ts";
import type { MismatchCause, VerifyReport } from "../../engine/verify_types.ts";
import { SandboxError } from "../../errors.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";

/** What the cause is looked for in. */
export interface MismatchEvidence {
  /** What the failed verification found. */
  readonly report: VerifyReport;
  /** Where the run was recorded. */
  readonly info: Pick<ArtifactInfo, "recordedBy">;
  /** The source that was run, and limits. */
  readonly child: ChildOptions;
  /**
   * Milliseconds that are left of the time limit. The verification and this share one: a hostile step gets no
   * more time by failing.
   */
  readonly restMs: () => number;
}

/** The likely cause; undefined if a limit was hit before it was found. */
export async function mismatchCause(
  record: RunRecord,
  { report, info, child, restMs }: MismatchEvidence,
): Promise<MismatchCause | undefined> {
  const [bad] = report.badBlocks;
  try {
    if (bad!.error === undefined && await replaysDiffer(record, { child, restMs }, bad!.block)) {
      return "nondeterministic";
    }
  } catch (error) {
    // The verdict stands; only why is not known.
    if (error instanceof SandboxError && error.reason !== "aborted") return undefined;
    throw error;
  }
  if (record.source !== undefined && child.source !== record.source) return "code changed";
  const here = currentWriter().mathFingerprint;
  // A file without code that names no engine comes from the Python package: no engine's Math made it.
  const isOther = info.recordedBy.length === 0
    ? record.source !== undefined
    : info.recordedBy.some(({ mathFingerprint }) => mathFingerprint !== here);
  if (record.math === "engine" && isOther) return "engine changed";
  return record.source === undefined ? "code changed" : "states changed";
}

/**
 * Whether replays of one span differ from each other: in a process of their own, and as the second one in
 * the same process, where variables outside the step show.
 */
async function replaysDiffer(
  record: RunRecord,
  { child, restMs }: Pick<MismatchEvidence, "child" | "restMs">,
  span: number,
): Promise<boolean> {
  const ends: Uint8Array[] = [];
  for (const spans of [Uint32Array.of(span), Uint32Array.of(span, span)]) {
    const timeoutMs = restMs();
    if (timeoutMs <= 0) {
      throw new SandboxError("timeout", "Cannot go on: the time limit is reached");
    }
    await using session = new SandboxSession({ ...child, timeoutMs });
    for await (const end of session.replaySpans(record, spans, { oneInstance: true })) {
      if (end instanceof Uint8Array) ends.push(end);
    }
  }
  return ends.length < 3 || ends.some((end) => compareEncodings(end, ends[0]!).kind === "value");
}
