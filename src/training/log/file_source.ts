/**
 * Looks at the files and directories around a log through `node:fs`, so that it works on Deno, Bun and
 * Node, with errors that say which file and why.
 *
 * @module
 */

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOG_CONFIG_BYTES_MAX } from "../limits.ts";
import { TrainingLogError } from "./errors.ts";

/** What a path leads to. */
export interface PathEntry {
  /** Name without the directories before it. */
  readonly name: string;
  /** The path itself, which opens it. */
  readonly path: string;
  /** Whether it is a directory. */
  readonly directory: boolean;
}

/** Why the operating system refused a file, in words, as an error of ours. */
export function fileError(path: string, cause: unknown): TrainingLogError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const name = cause instanceof Error ? cause.name : "";
  const why = code === "ENOENT" || name === "NotFound"
    ? "there is no such file or directory"
    : code === "EACCES" || code === "EPERM" || name === "PermissionDenied" || name === "NotCapable"
    ? "the permission is missing"
    : code === "EISDIR"
    ? "it is a directory"
    : cause instanceof Error
    ? cause.message
    : String(cause);
  return new TrainingLogError(`Cannot read ${path}: ${why}`, { cause, path });
}

/**
 * A small file beside a log, whole; undefined if there is none, it is no regular file, or it is larger
 * than `LOG_CONFIG_BYTES_MAX`.
 */
export async function readSmallFile(path: string): Promise<Uint8Array | undefined> {
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size > LOG_CONFIG_BYTES_MAX) return undefined;
    return new Uint8Array(await readFile(path));
  } catch {
    return undefined;
  }
}

/** What a directory holds, sorted by name (numbers in names by value). */
export async function listDirectory(path: string): Promise<PathEntry[]> {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw fileError(path, error);
  }
  const found: PathEntry[] = [];
  for (const entry of entries) {
    const full = join(path, entry.name);
    let directory = entry.isDirectory();
    // Trackers link `latest-run`; a link that leads nowhere is passed over.
    if (entry.isSymbolicLink()) {
      const target = await stat(full).catch(() => undefined);
      if (target === undefined) continue;
      directory = target.isDirectory();
    } else if (!directory && !entry.isFile()) continue;
    found.push({ name: entry.name, path: full, directory });
  }
  return found.sort((a, b) => byName(a.name, b.name));
}

/** Orders names so that `checkpoint-9` comes before `checkpoint-10`, the same in every locale. */
export function byName(a: string, b: string): number {
  const x = a.split(/(\d+)/);
  const y = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const difference = i % 2 === 1 ? Number(x[i]) - Number(y[i]) : 0;
    return difference !== 0 ? difference : x[i]! < y[i]! ? -1 : 1;
  }
  return x.length - y.length;
}

/** Whether a path exists, and whether as a directory; undefined if not. */
export async function pathKind(path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw fileError(path, error);
  }
}

/** Says it where two paths lead to one and the same file or folder: compared with itself, everything agrees. */
export async function oneAndTheSame(a: string, b: string): Promise<string[]> {
  if (a === b) return [`${a} is compared with itself`];
  try {
    const [one, other] = [await stat(a), await stat(b)];
    const isSame = one.ino !== 0 && one.ino === other.ino && one.dev === other.dev;
    return isSame
      ? [`${a} and ${b} are one and the same ${one.isDirectory() ? "folder" : "file"}`]
      : [];
  } catch {
    // A place that a format gives a meaning of its own.
    return [];
  }
}
