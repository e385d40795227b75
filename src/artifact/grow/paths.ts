/**
 * The names of the files that a recording grows in.
 * This module is browser compatible.
 *
 * @module
 */

/** What the name of an unfinished artifact ends in. */
export const PART_SUFFIX = ".part";

/** What the name of its tail file adds to that. */
export const TAIL_SUFFIX = ".tail";

/** What the name of its lock adds to that. */
export const LOCK_SUFFIX = ".lock";

/** Whether a path is that of an unfinished artifact. */
export function isUnfinishedPath(path: string): boolean {
  return path.endsWith(PART_SUFFIX);
}

/** The path that an unfinished artifact has once it is finished; that of a finished one as it is. */
export function finishedPath(path: string): string {
  return isUnfinishedPath(path) ? path.slice(0, -PART_SUFFIX.length) : path;
}
