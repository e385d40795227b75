/**
 * The place on a disk where one process records: refused before the work starts if nothing can be written
 * there or another process does, and cleaned of what dead ones left.
 *
 * @module
 */

import { type Disk, folderOf } from "../../disk/disk.ts";
import { type FileLock, takeLock } from "../../disk/lock.ts";
import { type ProcessTable, systemProcesses } from "../../disk/process_identity.ts";
import { systemDisk } from "../../disk/system_disk.ts";
import { type FilePlan, guard, planFile } from "../../disk/write_file.ts";
import { FileError } from "../../errors.ts";
import { LOCK_SUFFIX, PART_SUFFIX, TAIL_SUFFIX } from "./paths.ts";
import { isSealed } from "./sealed.ts";

/** Options of {@linkcode claimRecording}. */
export interface ClaimOptions {
  /** Whether a finished artifact that has the name is replaced at the end. @default {false} */
  overwrite?: boolean;
  /** Whether an unfinished recording that is there is to go on; else it is refused. @default {false} */
  resume?: boolean;
  /** Whether an unfinished recording that is there is given up; else it is refused. @default {false} */
  discard?: boolean;
  /** Most seconds between two flushes, each of which is a sign of life. */
  flushSeconds: number;
  /** Where; the file system of this process by default. */
  disk?: Disk;
  /** Processes whose locks are known; those of this system by default. */
  processes?: ProcessTable;
}

/** A place that is this process's to record to. */
export interface RecordingClaim {
  /** The finished artifact. */
  readonly plan: FilePlan;
  /** Path of the unfinished one. */
  readonly partPath: string;
  /** Path of its tail file. */
  readonly tailPath: string;
  /** Keeps others away. */
  readonly lock: FileLock;
  /** Whether there is an unfinished recording to go on with. */
  readonly hasPart: boolean;
  /** Most seconds between two flushes. */
  readonly flushSeconds: number;
  /** Where it is. */
  readonly disk: Disk;
  /** Processes whose temporary files are known. */
  readonly processes: ProcessTable;
}

/**
 * Claims the place of a recording.
 *
 * @param path Path of the finished artifact.
 * @throws {FileError} If nothing can be written there, another process records there, the finished artifact
 * exists and is not to be replaced, or an unfinished one is there and is not to go on.
 */
export function claimRecording(path: string, options: ClaimOptions): RecordingClaim {
  const { flushSeconds, disk = systemDisk(), processes = systemProcesses() } = options;
  const plan = planFile(disk, path, {
    overwrite: options.overwrite || isLeftEmpty(disk, path),
    processes,
  });
  const partPath = `${plan.path}${PART_SUFFIX}`;
  const tailPath = `${partPath}${TAIL_SUFFIX}`;
  const lock = guard(partPath, () =>
    takeLock(disk, `${partPath}${LOCK_SUFFIX}`, {
      subject: partPath,
      beatMs: flushSeconds * 1000,
      processes,
    }));
  try {
    const hasPart = guard(
      partPath,
      () => clean(disk, { partPath, tailPath, discard: options.discard ?? false }),
    );
    if (hasPart && !options.resume) {
      throw new FileError(plan.given, "exists", {
        why: `an unfinished recording is there, ${partPath}`,
        hint: "pass --resume to go on with it, or remove it and its .tail to begin anew",
      });
    }
    return { plan, partPath, tailPath, lock, hasPart, flushSeconds, disk, processes };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether a crash left the empty file that stands for a name for a moment where there are no links. */
function isLeftEmpty(disk: Disk, path: string): boolean {
  const entry = guard(path, () => disk.entry(path));
  return entry?.kind === "file" && entry.size === 0 &&
    disk.entry(`${path}${PART_SUFFIX}`) !== undefined;
}

/** Removes what counts for nothing any more; returns whether an unfinished recording is left. */
function clean(
  disk: Disk,
  { partPath, tailPath, discard }: {
    partPath: string;
    tailPath: string;
    discard: boolean;
  },
): boolean {
  const part = disk.entry(partPath);
  const tail = disk.entry(tailPath);
  // Before the first flush nothing counts; after the last the tail file does not.
  const isWhole = part !== undefined && tail !== undefined && !isSealed(disk, partPath);
  if (isWhole && !discard) return true;
  if (part !== undefined) disk.remove(partPath);
  if (tail !== undefined) {
    disk.remove(tailPath);
    // Were it back after a crash, it would be taken for that of what is recorded now.
    disk.syncFolder(folderOf(tailPath));
  }
  return false;
}
