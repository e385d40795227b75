/**
 * What the writing of files needs of a runtime: calls that are done when they return, so that the order of
 * what reaches the disk is the order of the program. Tests put a simulated disk in its place.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";

/** An open file. */
export interface DiskFile {
  /** Reads at an offset; returns how many bytes came, 0 at the end. */
  read(target: Uint8Array, offset: number): number;
  /** Writes all of some bytes at an offset. */
  write(bytes: Uint8Array, offset: number): void;
  /** Cuts the file, or fills it with zeros, to a length. */
  truncate(length: number): void;
  /** Waits until all that was written is durable. */
  sync(): void;
  /** Length in bytes. */
  size(): number;
  /** Closes it. */
  close(): void;
}

/** What is known of something that has a path. */
export interface DiskEntry {
  /** A file, a folder, or anything else: a device, a FIFO, a socket. */
  readonly kind: "file" | "folder" | "other";
  /** Length in bytes. */
  readonly size: number;
  /** Permission bits; undefined where there are none. */
  readonly mode: number | undefined;
  /** Owner; undefined where there is none. */
  readonly uid: number | undefined;
  /** Group; undefined where there is none. */
  readonly gid: number | undefined;
  /** When its content last changed, in milliseconds since 1970 by the clock of the file system. */
  readonly modifiedMs: number;
  /** The same for two paths of one file; undefined where that is not known. */
  readonly identity: string | undefined;
}

/** How a file is opened: `create` fails where the name is taken. */
export type OpenMode = "read" | "create" | "write";

/**
 * A file system. All errors carry the `code` of the system call that failed, such as `ENOENT`.
 */
export interface Disk {
  /** Opens a file. */
  open(path: string, mode: OpenMode): DiskFile;
  /** What has a path, after links; undefined if nothing has. */
  entry(path: string): DiskEntry | undefined;
  /** What a link points to, as it stands in it; undefined if the path is no link. */
  linkTarget(path: string): string | undefined;
  /** Gives a file another path, in whose place it comes if that is taken. */
  rename(from: string, to: string): void;
  /** Gives a file a second path; fails where that is taken. */
  link(from: string, to: string): void;
  /** Removes a file; nothing happens if it is not there. */
  remove(path: string): void;
  /** Names in a folder. */
  names(folder: string): string[];
  /** Waits until the names in a folder are durable. */
  syncFolder(folder: string): void;
  /** Sets permission bits. */
  setMode(path: string, mode: number): void;
  /** Sets owner and group. */
  setOwner(path: string, uid: number, gid: number): void;
}

/** Codes with which file systems say that they cannot make the names in a folder durable when asked to. */
export const NO_FOLDER_SYNC: readonly string[] = [
  "EINVAL",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EBADF",
];

/** The path that a `file:` URL stands for; a path as it is. */
export function pathText(path: string | URL): string {
  if (typeof path === "string") return path;
  if (path.protocol !== "file:") {
    throw new ArgumentTypeError(`Cannot use ${path.href} as a file: only 'file:' URLs name one`);
  }
  const text = decodeURIComponent(path.pathname);
  return /^\/[A-Za-z]:\//.test(text) ? text.slice(1) : text;
}

/** The folder that a path lies in. */
export function folderOf(path: string): string {
  const at = lastSeparator(path);
  if (at < 0) return ".";
  return at === 0 ? path.slice(0, 1) : path.slice(0, at);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** A path in a folder; one that begins at a root stays as it is. */
export function pathIn(folder: string, path: string): string {
  if (folder === "." || /^(?:[/\\]|[A-Za-z]:)/.test(path)) return path;
  return /[/\\]$/.test(folder) ? `${folder}${path}` : `${folder}/${path}`;
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf("/"), isWindows() ? path.lastIndexOf("\\") : -1);
}

function isWindows(): boolean {
  // Deno has `process` too, but takes a while to load it.
  if (typeof Deno !== "undefined") return Deno.build.os === "windows";
  const { process } = globalThis as { process?: { platform?: string } };
  return process?.platform === "win32";
}

/**
 * Writes a new file and, unless told otherwise, waits until its content is durable; the name is not, yet.
 *
 * @returns Its length in bytes.
 */
export function writeNewFile(
  disk: Disk,
  path: string,
  pieces: Iterable<Uint8Array>,
  { isDurable = true } = {},
): number {
  const file = disk.open(path, "create");
  try {
    let at = 0;
    for (const piece of pieces) {
      file.write(piece, at);
      at += piece.length;
    }
    if (isDurable) file.sync();
    return at;
  } finally {
    file.close();
  }
}

/** All bytes of a small file. @throws {RangeError} If it has more than `bytesMax`. */
export function readWholeFile(disk: Disk, path: string, bytesMax: number): Uint8Array {
  const file = disk.open(path, "read");
  try {
    const size = file.size();
    if (size > bytesMax) {
      throw new ArgumentRangeError(
        `Cannot read '${path}': it has ${size} bytes, of which ${bytesMax} are allowed`,
      );
    }
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const count = file.read(bytes.subarray(filled), filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    file.close();
  }
}

/** The code of the system call that failed, such as `ENOENT`; undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}
