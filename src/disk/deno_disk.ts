/**
 * Deno's own calls: loading `node:fs` there takes longer than all that a small command does.
 *
 * @module
 */

import { type Disk, type DiskEntry, type DiskFile, NO_FOLDER_SYNC, type OpenMode } from "./disk.ts";

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
    let file: Deno.FsFile | undefined;
    try {
      file = Deno.openSync(folder);
      file.syncSync();
    } catch (error) {
      unlessUnsupported(error, file !== undefined);
    } finally {
      file?.close();
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

/** ENOSYS of Linux and of macOS, for which Deno has no name. */
const NO_SUCH_CALL = /\(os error (?:38|78)\)$/;

/**
 * Some network file systems cannot sync a folder, and a folder that may be written to need not be readable:
 * names are durable there when the system makes them so.
 */
function unlessUnsupported(error: unknown, isOpen: boolean): void {
  const { code, message } = error as { code?: string; message: string };
  const isUnsupported = isOpen
    ? NO_FOLDER_SYNC.includes(code ?? "") || NO_SUCH_CALL.test(message)
    : code === "EACCES";
  if (!isUnsupported) throw error;
}
