/**
 * The one way in which files are written: all of it or nothing, whatever happens. What cannot be written is
 * refused before there is anything to lose.
 *
 * A temporary file is made beside the target, its content made durable, and given the target's name, which
 * is then made durable too. Links are followed, mode and owner are kept, and only a file is ever replaced.
 *
 * @module
 */

import { FileError } from "../errors.ts";
import {
  type Disk,
  type DiskEntry,
  errorCode,
  folderOf,
  nameOf,
  pathIn,
  writeNewFile,
} from "./disk.ts";
import { type ProcessTable, systemProcesses } from "./process_identity.ts";
import { cleanTemporaries, temporaryPath } from "./temporary.ts";
import type { FileFailure } from "../error_types.ts";

/** Options of {@linkcode planFile}. */
export interface PlanFileOptions {
  /**
   * Whether an existing file is replaced.
   *
   * @default {false}
   */
  overwrite?: boolean;
  /** Processes whose temporary files are known; those of this system by default. */
  processes?: ProcessTable;
}

/** Links are followed so often; more are a circle. */
const LINKS_MAX = 40;

/** A file that can be written, as far as could be known when it was planned. */
export interface FilePlan {
  /** Path of the file, after links. */
  readonly path: string;
  /** Path as it was given. */
  readonly given: string;
  /** Whether an existing file is replaced. */
  readonly overwrite: boolean;
  /** The file that is to be replaced; undefined if there is none yet. */
  readonly replaced: DiskEntry | undefined;
  /** Where it is. */
  readonly disk: Disk;
  /** Whose temporary files are known. */
  readonly processes: ProcessTable;
}

/**
 * Finds out whether a file can be written, before any work is done for it: makes and removes a temporary file
 * where it is to be. Cleans temporary files of dead processes away.
 *
 * @throws {FileError} If it exists and is not to be replaced, is a folder, a device, a pipe or another
 * user's, if its folder is missing, or nothing can be written there.
 */
export function planFile(disk: Disk, path: string, options: PlanFileOptions = {}): FilePlan {
  const { overwrite = false, processes = systemProcesses() } = options;
  const target = guard(path, () => followLinks(disk, path));
  // Links of the kernel, as /dev/stdout is one, lead to what has no path.
  const replaced = guard(path, () => disk.entry(target) ?? disk.entry(path));
  const plan = { path: target, given: path, overwrite, replaced, disk, processes };
  checkReplaced(plan, replaced);
  const folder = folderOf(target);
  const parent = guard(path, () => disk.entry(folder));
  if (parent?.kind !== "folder") {
    throw new FileError(path, "missing", {
      why: `there is no folder '${folder}'`,
      hint: "make the folder first",
    });
  }
  cleanTemporaries(disk, target, processes);
  const probe = temporaryPath(target, processes);
  guard(path, () => {
    makeFirst(disk, path, probe);
    try {
      takeOver(plan, probe);
    } finally {
      disk.remove(probe);
    }
  });
  return plan;
}

/**
 * Writes the file.
 *
 * @returns Its length in bytes.
 * @throws {FileError} If it cannot be written now; what was there before is unharmed.
 */
export function writePlanned(plan: FilePlan, pieces: Iterable<Uint8Array>): number {
  const { disk, path, given, processes } = plan;
  const temporary = temporaryPath(path, processes);
  try {
    const bytes = guard(given, () => writeNewFile(disk, temporary, pieces));
    placeFile(plan, temporary);
    return bytes;
  } catch (error) {
    removeQuietly(disk, temporary);
    throw error;
  }
}

/**
 * Gives a finished file, whose content is durable and which lies in the same folder, its final name.
 *
 * @throws {FileError} If that is taken by now and not to be replaced; the finished file is still there.
 */
export function placeFile(plan: FilePlan, finished: string): void {
  const { disk, path, given, overwrite } = plan;
  guard(given, () => {
    const present = disk.entry(path);
    checkReplaced(plan, present);
    takeOver(plan, finished);
    if (overwrite) {
      disk.rename(finished, path);
      disk.syncFolder(folderOf(path));
    } else moveToFreeName(disk, finished, path);
  });
}

/**
 * Keeps a result whose place was lost after the work was done: writes it under a free name beside the place
 * where it was wanted, or in another folder if nothing can be written there.
 *
 * @param path Where it was wanted.
 * @param options Its bytes, and other folders to try.
 * @returns Where it is; undefined if it could not be written anywhere.
 */
export function writeBeside(
  disk: Disk,
  path: string,
  { pieces, folders = [], processes = systemProcesses() }: {
    pieces: () => Iterable<Uint8Array>;
    folders?: readonly string[];
    processes?: ProcessTable;
  },
): string | undefined {
  for (const folder of [folderOf(path), ...folders]) {
    try {
      const free = freeName(disk, pathIn(folder, nameOf(path)));
      const plan = planFile(disk, free, { processes });
      writePlanned(plan, pieces());
      return plan.path;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return undefined;
}

/**
 * Gives a finished file a free name beside the one that it was to have.
 *
 * @param path The name that it was to have.
 * @param finished Where it is, in the same folder.
 * @returns Its new name; undefined if it stays where it is.
 */
export function placeBeside(disk: Disk, path: string, finished: string): string | undefined {
  try {
    const free = freeName(disk, path);
    moveToFreeName(disk, finished, free);
    return free;
  } catch {
    return undefined;
  }
}

/** The first of `run.replay`, `run.1.replay`, `run.2.replay` and so on that is not taken. */
function freeName(disk: Disk, path: string): string {
  const extension = /\.[^./\\]*$/.exec(path)?.[0] ?? "";
  const stem = path.slice(0, path.length - extension.length);
  let free = path;
  for (let i = 1; disk.entry(free) !== undefined; i++) free = `${stem}.${i}${extension}`;
  return free;
}

/** The path behind links; the last one may point to what is not there yet. */
function followLinks(disk: Disk, path: string): string {
  let current = path;
  for (let i = 0; i < LINKS_MAX; i++) {
    const target = disk.linkTarget(current);
    if (target === undefined) return current;
    current = pathIn(folderOf(current), target);
  }
  throw new FileError(path, "failed", { why: "its links lead in a circle" });
}

/** Makes a file in a folder that is there. */
function makeFirst(disk: Disk, given: string, path: string): void {
  try {
    disk.open(path, "create").close();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    throw new FileError(given, "denied", {
      why: "no file can be made in its folder",
      hint: "choose another folder",
      cause: error,
    });
  }
}

function checkReplaced(
  { given, overwrite }: Pick<FilePlan, "given" | "overwrite">,
  present: DiskEntry | undefined,
): void {
  if (present === undefined) return;
  if (present.kind === "folder") throw new FileError(given, "folder", { why: "it is a folder" });
  if (present.kind === "other") {
    throw new FileError(given, "special", {
      why: "it is a device, pipe or socket, which a file cannot replace",
      hint: "name a file",
    });
  }
  if (!overwrite) throw existing(given);
  if (present.mode !== undefined && (present.mode & 0o222) === 0) {
    throw new FileError(given, "foreign", {
      why: "it is write-protected",
      hint: "allow writing to it first",
    });
  }
}

/** Gives a file the mode and the owner of the one that it is to replace. */
function takeOver({ disk, given, replaced }: FilePlan, path: string): void {
  if (replaced?.mode === undefined) return;
  const own = disk.entry(path);
  if (own === undefined) return;
  const { uid, gid, mode } = replaced;
  if (uid !== undefined && gid !== undefined && (own.uid !== uid || own.gid !== gid)) {
    try {
      disk.setOwner(path, uid, gid);
    } catch (cause) {
      // A group that is not ours is lost, as with any program that replaces a file; an owner is not.
      if (own.uid !== uid) {
        throw new FileError(given, "foreign", { why: "it belongs to another user", cause });
      }
    }
  }
  // After the owner, whose change takes bits away.
  if (own.mode !== mode) disk.setMode(path, mode);
}

/** Codes of file systems that know no second names. */
const NO_LINKS: readonly string[] = [
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
  "EINVAL",
];

/** Gives a file a name that is not taken: a rename would replace what took it meanwhile. */
function moveToFreeName(disk: Disk, from: string, to: string): void {
  try {
    disk.link(from, to);
  } catch (error) {
    if (!NO_LINKS.includes(errorCode(error) ?? "")) throw error;
    // The name is ours once it is made; what is renamed over is our own empty file.
    disk.open(to, "create").close();
    disk.rename(from, to);
    disk.syncFolder(folderOf(to));
    return;
  }
  // A crash must not keep the removal of the old name and lose the new one; where both stay, that is seen.
  disk.syncFolder(folderOf(to));
  removeQuietly(disk, from);
}

function removeQuietly(disk: Disk, path: string): void {
  try {
    disk.remove(path);
  } catch {
    // The first error counts.
  }
}

function existing(path: string): FileError {
  return new FileError(path, "exists", {
    why: "it exists",
    hint: "choose another name, or set 'overwrite' to replace it",
  });
}

/** What the codes of failed system calls mean for a file that is to be written. */
const FAILURES: Readonly<Record<string, readonly [FileFailure, string]>> = {
  ENOENT: ["missing", "its folder is not there any more"],
  ENOTDIR: ["missing", "a part of its path is not a folder"],
  EACCES: ["denied", "the system does not permit it"],
  EPERM: ["denied", "the system does not permit it"],
  EROFS: ["denied", "the disk is read-only"],
  EISDIR: ["folder", "it is a folder"],
  ENAMETOOLONG: ["failed", "its name is too long"],
  ENOSPC: ["full", "the disk is full"],
  EDQUOT: ["full", "the quota of its owner is used up"],
  EFBIG: ["full", "the file would be larger than the system allows"],
  EIO: ["failed", "the disk reports an error (EIO)"],
  ESTALE: ["failed", "the network file system lost it (ESTALE)"],
  EMFILE: ["failed", "this process has too many open files"],
  ENFILE: ["failed", "the system has too many open files"],
};

/**
 * Runs what writes a file and turns failed system calls into words.
 *
 * @throws {FileError} If one failed.
 */
export function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asFileError(path, error);
  }
}

/** The error for a failed system call; any other error as it is. */
export function asFileError(path: string, error: unknown): unknown {
  if (error instanceof FileError) return error;
  const code = errorCode(error) ?? CODES[systemText(error) ?? ""];
  if (code === "EEXIST") return existing(path);
  const [reason, why] = FAILURES[code ?? ""] ?? unnamedFailure(error) ?? [];
  return reason === undefined ? error : new FileError(path, reason, { why: why!, cause: error });
}

/** Codes that Deno has no name for, by what the system says. */
const CODES: Readonly<Record<string, string>> = {
  "Disk quota exceeded": "EDQUOT",
  "Disc quota exceeded": "EDQUOT",
  "Stale file handle": "ESTALE",
  "Stale NFS file handle": "ESTALE",
};

/** What the system said of a failed call, where an error gives it. */
function systemText(error: unknown): string | undefined {
  return /^(.+) \(os error \d+\)/.exec((error as Error).message ?? "")?.[1];
}

/** What a failed system call says that has no words here. */
function unnamedFailure(error: unknown): readonly [FileFailure, string] | undefined {
  const { code } = error as { code?: unknown };
  const text = systemText(error);
  if (text !== undefined) return ["failed", `the system says: ${text}`];
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code)
    ? ["failed", `the system says: ${code}`]
    : undefined;
}
