/**
 * Several runs of one kind, one for each seed: a folder with their logs or folders, or a store that holds them.
 *
 * @module
 */

import { basename } from "node:path";
import { TrainingLogError } from "./errors.ts";
import { listDirectory, pathKind } from "./file_source.ts";
import { checkFieldMap, readLog, type ReadRunOptions } from "./read_run.ts";
import type { RunLog } from "./run_log.ts";

/** One run of a group. */
export interface GroupMember {
  /** Its name in the group: that of its file or folder, or the store's. */
  readonly name: string;
  /** Its log. */
  readonly log: RunLog;
}

/** The runs of a group. */
export interface RunGroup {
  /** The path that was given. */
  readonly path: string;
  /** Its runs, in the order of their names. */
  readonly members: readonly GroupMember[];
  /** What lies in the folder and is no log, each with the reason. */
  readonly leftOut: readonly string[];
  /** Runs whose logs cannot be read, each with the reason. */
  readonly lost: readonly string[];
}

/**
 * Reads a group. A path that is one log is a group of one run.
 *
 * @throws {TrainingLogError} if there is no log.
 */
export async function readGroup(path: string, options: ReadRunOptions = {}): Promise<RunGroup> {
  const group = await readMembers(path, options);
  checkFieldMap(group.members.map(({ log }) => log));
  return group;
}

async function readMembers(path: string, options: ReadRunOptions): Promise<RunGroup> {
  const isDirectory = await pathKind(path) === "directory";
  if (isDirectory) {
    // A directory of TensorBoard's is one log, with the runs in the names of metrics: here each run counts.
    const { holdsEventRuns } = await import("./formats/tensorboard.ts");
    if (await holdsEventRuns(path)) return await readEntries(path, options);
  }
  try {
    return {
      path,
      members: [{ name: basename(path), log: await readLog(path, options) }],
      leftOut: [],
      lost: [],
    };
  } catch (error) {
    if (!(error instanceof TrainingLogError)) throw error;
    if (error.runs.length > 0) {
      return await readAll(path, error.runs.map((run) => ({ name: run, run })), options);
    }
    if (!isDirectory) throw error;
    const group = await readEntries(path, options);
    if (group.members.length === 0) throw error;
    return group;
  }
}

/** What lies in a directory, each file or folder as a run. */
async function readEntries(path: string, options: ReadRunOptions): Promise<RunGroup> {
  const entries = (await listDirectory(path)).filter(({ name }) => !name.startsWith("."));
  return await readAll(path, entries.map(({ name, path }) => ({ name, path })), options);
}

async function readAll(
  path: string,
  places: readonly { name: string; path?: string; run?: string }[],
  options: ReadRunOptions,
): Promise<RunGroup> {
  const members: GroupMember[] = [];
  const leftOut: string[] = [];
  const lost: string[] = [];
  for (const { name, path: own = path, run } of places) {
    try {
      const chosen = run === undefined ? {} : { run };
      members.push({ name, log: await readLog(own, { ...options, ...chosen }) });
    } catch (error) {
      if (!(error instanceof TrainingLogError) || options.strict === true) throw error;
      (error.isNoLog ? leftOut : lost).push(`${name} of ${path} is not read: ${error.message}`);
    }
  }
  return { path, members, leftOut, lost };
}
