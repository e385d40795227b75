/**
 * Deno's own calls: loading `node:fs` there takes longer than all that a small command does.
 *
 * @module
 */

import type { Disk, DiskEntry, DiskFile, OpenMode } from "./disk.ts";

/** The file system as Deno gives it. */
export const DENO_DISK: Disk = {
  open: (path, mode) => new DenoFile(path, mode),
  entry(path) {
    try {
      return DenoFile.entryOf(Deno.statSync(path));
    } catch (error) {
      return unlessMissing(error);
    }
  },
  linkTarget(path) {
    try {
      return Deno.lstatSync(path).isSymlink ? Deno.readLinkSync(path) : undefined;
    } catch (error) {
      return unlessMissing(error);
    }
  },
  rename: (from, to) => Deno.renameSync(from, to),
  link: (from, to) => Deno.linkSync(from, to),
  remove(path) {
    try {
      Deno.removeSync(path);
    } catch (error) {
      unlessMissing(error);
    }
  },
  names: (folder) => Array.from(Deno.readDirSync(folder), ({ name }) => name),
  syncFolder(folder) {
    // Windows has no such call: there the names are durable with the files.
    if (Deno.build.os === "windows") return;
    const file = Deno.openSync(folder);
    try {
      file.syncSync();
    } catch (error) {
      unlessUnsupported(error);
    } finally {
      file.close();
    }
  },
  setMode: (path, mode) => Deno.chmodSync(path, mode),
  setOwner: (path, uid, gid) => Deno.chownSync(path, uid, gid),
};

class DenoFile implements DiskFile {
  readonly #file: Deno.FsFile;

  constructor(path: string, mode: OpenMode) {
    this.#file = mode === "read"
      ? Deno.openSync(path)
      : Deno.openSync(path, { read: true, write: true, createNew: mode === "create" });
  }

  read(target: Uint8Array, offset: number): number {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    return this.#file.readSync(target) ?? 0;
  }

  write(bytes: Uint8Array, offset: number): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) {
      done += this.#file.writeSync(bytes.subarray(done));
    }
  }

  truncate(length: number): void {
    this.#file.truncateSync(length);
  }

  sync(): void {
    this.#file.syncSync();
  }

  size(): number {
    return this.#file.statSync().size;
  }

  close(): void {
    this.#file.close();
  }

  static entryOf(info: Deno.FileInfo): DiskEntry {
    return {
      kind: info.isFile ? "file" : info.isDirectory ? "folder" : "other",
      size: info.size,
      mode: info.mode === null ? undefined : info.mode & 0o7777,
      uid: info.uid ?? undefined,
      gid: info.gid ?? undefined,
      modifiedMs: info.mtime?.getTime() ?? 0,
      identity: info.ino === null ? undefined : `${info.dev}:${info.ino}`,
    };
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}

/** Some network file systems cannot sync a folder; they make names durable on their own. */
function unlessUnsupported(error: unknown): void {
  const { code } = error as { code?: unknown };
  if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EBADF") throw error;
}
