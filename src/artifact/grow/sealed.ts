/**
 * Tells finished recordings from unfinished ones where a crash left both names.
 *
 * @module
 */

import type { Disk } from "../../disk/disk.ts";
import { finishedPath } from "./paths.ts";

/** Whether an unfinished artifact is a finished one, which got its name and has not lost the other yet. */
export function isSealed(disk: Disk, partPath: string): boolean {
  const identity = disk.entry(partPath)?.identity;
  return identity !== undefined && identity === disk.entry(finishedPath(partPath))?.identity;
}
