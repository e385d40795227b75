/**
 * Records in the sandbox to a file that grows: whatever ends the recording, what was recorded is kept.
 *
 * @module
 */

import type { RecordingClaim } from "../../artifact/grow/claim.ts";
import type { SealedFile } from "../../artifact/grow/growing_file.ts";
import type { RecordingFile } from "../../artifact/grow/recording_file.ts";
import type { RunRecord } from "../../engine/types.ts";
import { MARK_MS } from "../wire/limits.ts";
import { GrowingRecording, timerMs } from "./growing_recording.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";
import type { RecordedRun, SandboxRecordOptions } from "./session_options.ts";

/** What is recorded, and where to. */
export interface FileRecordingParts {
  /** The place; it is given up at the end. */
  readonly claim: RecordingClaim;
  /** What the child is started with. */
  readonly child: ChildOptions;
  /** The file, once what stands at its beginning is known. */
  readonly open: (front: RunRecord) => RecordingFile;
  /** Told of each checkpoint at once, as {@linkcode SandboxRecordOptions} says. */
  readonly onCheckpoint?: SandboxRecordOptions["onCheckpoint"];
  /** Asks a session to record, with these options besides its own. */
  readonly record: (
    session: SandboxSession,
    growing: Pick<SandboxRecordOptions, "grow" | "markMs" | "onCheckpoint">,
  ) => Promise<RecordedRun>;
}

/** What came of a recording. */
export type FileRecording =
  | {
    /** The run; its checkpoints are in the file. */
    readonly record: RecordedRun;
    /** The finished file. */
    readonly sealed: SealedFile;
  }
  | {
    /** What ended it. */
    readonly error: unknown;
    /** Number of states that are kept in the unfinished artifact; undefined if there is none. */
    readonly keptSteps: number | undefined;
  };

/** Records to a file. Errors are given and not thrown, with what is kept. */
export async function recordToFile(parts: FileRecordingParts): Promise<FileRecording> {
  const { claim, child, open } = parts;
  const { flushSeconds } = claim;
  let growing: GrowingRecording | undefined;
  // Another machine cannot see whether this process lives; between two steps nothing may be flushed.
  const beat = setInterval(() => beatOf(claim), timerMs(flushSeconds));
  try {
    const record = await recordIn(child, (session) =>
      parts.record(session, {
        onCheckpoint: parts.onCheckpoint,
        markMs: Math.min(MARK_MS, flushSeconds * 500),
        grow: (front, { inputs }) =>
          growing = new GrowingRecording(open(front), {
            inputs,
            stride: front.stride,
            flushSeconds,
          }),
      }));
    return { record, sealed: growing!.seal(record) };
  } catch (error) {
    if (growing !== undefined) return { error, keptSteps: growing.stop() };
    claim.lock.release();
    return { error, keptSteps: undefined };
  } finally {
    clearInterval(beat);
  }
}

/** The child is gone before the file gets its name. */
async function recordIn(
  child: ChildOptions,
  record: (session: SandboxSession) => Promise<RecordedRun>,
): Promise<RecordedRun> {
  await using session = new SandboxSession(child);
  return await record(session);
}

/** A sign of life; that the lock was lost shows at the next flush. */
function beatOf({ lock }: RecordingClaim): void {
  try {
    lock.beat();
  } catch {
    // The folder may be out of reach for a while.
  }
}
