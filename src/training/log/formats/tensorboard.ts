/**
 * TensorBoard event files, `events.out.tfevents.*`. Scalars are float32 unless their tensor says
 * otherwise. Several files of one directory are one run, as a run that was resumed writes a new one;
 * directories below it are runs of their own, whose names go before those of their metrics, as `train/`
 * and `validation/` of Keras do.
 *
 * @module
 */

import { TrainingLogError } from "../errors.ts";
import { byName } from "../file_source.ts";
import { LogFile } from "../log_file.ts";
import { FrameReader, isTfRecord } from "../tensorboard/event_frames.ts";
import { EventReader } from "../tensorboard/event_reader.ts";
import { walkFiles } from "../walk_directory.ts";
import type { FileHead, FoundLog, LogDirectory, LogFormatDescription, LogInput } from "./format.ts";

/** Directories below the given one that are searched for event files. */
const DEPTH_MAX = 8;

/** See the module. */
export const format: LogFormatDescription = {
  isBinary: true,
  recognizes: ({ name, bytes }: FileHead) => isEventFileName(name) || isTfRecord(bytes),
  find,
  read: readTensorboard,
};

async function find({ path }: LogDirectory): Promise<FoundLog[]> {
  try {
    for await (const { name } of walkFiles(path, DEPTH_MAX)) {
      if (isEventFileName(name)) return [{ path, name: "." }];
    }
  } catch (error) {
    // A directory with so many files is not one of runs.
    if (!(error instanceof TrainingLogError)) throw error;
  }
  return [];
}

/** Whether a file is named as event files are. */
function isEventFileName(name: string): boolean {
  return /(?:^|\.)tfevents\./.test(name);
}

/** Directories that are parts of one run, as Keras and others write them. */
const PART = /^(?:train|training|val|valid|validation|eval|evaluation|test|dev)$/i;

/** Whether a directory holds several runs, each in a directory of its own, and not the parts of one. */
export async function holdsEventRuns(path: string): Promise<boolean> {
  const runs = new Set<string>();
  for await (const { name, directory } of walkFiles(path, DEPTH_MAX)) {
    if (isEventFileName(name)) runs.add(directory.split("/")[0]!);
  }
  return runs.size > 1 && ![...runs].some((name) => name === "" || PART.test(name));
}

/** Reads an event file, or all those of a directory. */
async function readTensorboard({ path, file, builder, run, signal }: LogInput): Promise<void> {
  if (file !== undefined) return await readEvents(new EventReader(builder, ""), file);
  for (const [prefix, files] of await runsBelow(path, run)) {
    const events = new EventReader(builder, prefix);
    for (const path of files.sort(byName)) {
      await readEvents(events, await LogFile.open(path, signal));
    }
  }
}

async function readEvents(events: EventReader, file: LogFile): Promise<void> {
  events.file = file.path;
  const frames = new FrameReader(events);
  for await (const chunk of file.chunks()) {
    if (!frames.push(chunk)) break;
  }
  frames.end();
}

/** The event files of each run below a directory, by what goes before the names of its metrics. */
async function runsBelow(path: string, run: string | undefined): Promise<Map<string, string[]>> {
  const runs = new Map<string, string[]>();
  for await (const { name, path: file, directory } of walkFiles(path, DEPTH_MAX)) {
    if (!isEventFileName(name)) continue;
    const files = runs.get(directory);
    if (files === undefined) runs.set(directory, [file]);
    else files.push(file);
  }
  const names = [...runs.keys()].sort(byName);
  if (names.length === 0) {
    throw new TrainingLogError(`Cannot read ${path}: it holds no event files`, { path });
  }
  if (run !== undefined) {
    const chosen = run === "." ? "" : run;
    const files = runs.get(chosen);
    if (files !== undefined) return new Map([["", files]]);
    const known = names.map((name) => name === "" ? "." : name).join(", ");
    throw new TrainingLogError(`Cannot find run "${run}" in ${path}: it has ${known}`, { path });
  }
  const common = commonDirectory(names);
  let sessions = 0;
  return new Map(names.map((name) => {
    const below = name.slice(common.length).replace(/^\//, "");
    // `add_hparams` makes a directory named for the time, which no other run shares.
    const shown = below.replace(
      /(?:^|(?<=\/))\d{10}\.\d+$/,
      () => `hparams${++sessions > 1 ? sessions : ""}`,
    );
    return [shown === "" ? "" : `${shown}/`, runs.get(name)!];
  }));
}

/** The directory in which all lie. */
function commonDirectory(names: readonly string[]): string {
  const parts = names[0]!.split("/");
  while (parts.length > 0) {
    const common = parts.join("/");
    if (names.every((name) => name === common || name.startsWith(`${common}/`))) return common;
    parts.pop();
  }
  return "";
}
