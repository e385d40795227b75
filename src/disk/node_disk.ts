/**
 * The file system as Node and Bun give it. Nothing is imported, as that could not wait where it is needed.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { type Disk, type DiskEntry, type DiskFile, NO_FOLDER_SYNC, type OpenMode } from "./disk.ts";

/** What is used of `node:fs`. */
interface NodeFs {
  openSync(path: string, flags: string): number;
  closeSync(file: number): void;
  readSync(
    file: number,
    target: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number;
  writeSync(
    file: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number;
  ftruncateSync(file: number, length: number): void;
  fsyncSync(file: number): void;
  fstatSync(file: number): NodeStats;
  statSync(path: string): NodeStats;
  lstatSync(path: string): NodeStats;
  readlinkSync(path: string): string;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  readdirSync(folder: string): string[];
  chmodSync(path: string, mode: number): void;
  chownSync(path: string, uid: number, gid: number): void;
}

interface NodeStats {
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

let disk: Disk | undefined;

/** The file system of this process; made once. */
export function nodeDisk(): Disk {
  return disk ??= makeDisk();
}

function makeDisk(): Disk {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown; platform?: string };
  };
  const fs = process?.getBuiltinModule?.("node:fs") as NodeFs | undefined;
  if (fs === undefined) {
    throw new ArgumentTypeError(
      "Cannot use files here: that needs Deno, Bun or Node from 20.16 on",
      { hint: "elsewhere use toBytes()" },
    );
  }
  return {
    open: (path, mode) => new NodeFile(fs, path, mode),
    entry(path) {
      try {
        return entryOf(fs.statSync(path));
      } catch (error) {
        return unless(error, ["ENOENT"]);
      }
    },
    linkTarget(path) {
      try {
        return fs.lstatSync(path).isSymbolicLink() ? fs.readlinkSync(path) : undefined;
      } catch (error) {
        return unless(error, ["ENOENT"]);
      }
    },
    rename: (from, to) => fs.renameSync(from, to),
    link: (from, to) => fs.linkSync(from, to),
    remove(path) {
      try {
        fs.unlinkSync(path);
      } catch (error) {
        unless(error, ["ENOENT"]);
      }
    },
    names: (folder) => fs.readdirSync(folder),
    syncFolder(folder) {
      // Windows has no such call: there the names are durable with the files.
      if (process?.platform === "win32") return;
      let file: number | undefined;
      try {
        file = fs.openSync(folder, "r");
        fs.fsyncSync(file);
      } catch (error) {
        // Some network file systems cannot do it, and a folder that may be written to need not be readable.
        unless(error, file === undefined ? ["EACCES"] : NO_FOLDER_SYNC);
      } finally {
        if (file !== undefined) fs.closeSync(file);
      }
    },
    setMode: (path, mode) => fs.chmodSync(path, mode),
    setOwner: (path, uid, gid) => fs.chownSync(path, uid, gid),
  };
}

const FLAGS: Readonly<Record<OpenMode, string>> = { read: "r", create: "wx+", write: "r+" };

class NodeFile implements DiskFile {
  readonly #fs: NodeFs;
  readonly #file: number;

  constructor(fs: NodeFs, path: string, mode: OpenMode) {
    this.#fs = fs;
    this.#file = fs.openSync(path, FLAGS[mode]);
  }

  read(target: Uint8Array, offset: number): number {
    return this.#fs.readSync(this.#file, target, 0, target.length, offset);
  }

  write(bytes: Uint8Array, offset: number): void {
    for (let done = 0; done < bytes.length;) {
      done += this.#fs.writeSync(this.#file, bytes, done, bytes.length - done, offset + done);
    }
  }

  truncate(length: number): void {
    this.#fs.ftruncateSync(this.#file, length);
  }

  sync(): void {
    this.#fs.fsyncSync(this.#file);
  }

  size(): number {
    return this.#fs.fstatSync(this.#file).size;
  }

  close(): void {
    this.#fs.closeSync(this.#file);
  }
}

function entryOf(stats: NodeStats): DiskEntry {
  return {
    kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other",
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    modifiedMs: stats.mtimeMs,
    identity: `${stats.dev}:${stats.ino}`,
  };
}

/** Swallows errors of some codes. */
function unless(error: unknown, codes: readonly string[]): undefined {
  if (codes.includes((error as { code?: string }).code ?? "")) return undefined;
  throw error;
}
