/**
 * Reading and writing artifact files: the only file access of the library. Nothing of a runtime is touched
 * before it is needed, so that the same code runs on Deno, Bun and Node and loads where there is none.
 *
 * @module
 */

import { ArtifactIntegrityError } from "../errors.ts";
import type { ByteSource } from "../bytes/byte_source.ts";

/** What reading needs of a runtime. */
interface FileReader {
  /** Size of a file in bytes. */
  sizeOf(path: string | URL): number;
  /** Calls `read` with a function that reads at an offset, while the file is open. */
  withFile(
    path: string | URL,
    use: (readAt: (target: Uint8Array, offset: number) => number) => void,
  ): void;
}

/** Deno's own calls: loading `node:fs` there takes longer than all that a small command does. */
const DENO_READER: FileReader = {
  sizeOf: (path) => Deno.statSync(path).size,
  withFile(path, use) {
    // Not `using`: Node 20 could not load the module.
    const file = Deno.openSync(path);
    try {
      use((target, offset) => {
        file.seekSync(offset, Deno.SeekMode.Start);
        return file.readSync(target) ?? 0;
      });
    } finally {
      file.close();
    }
  },
};

async function nodeReader(): Promise<FileReader> {
  const fs = await import("node:fs");
  return {
    sizeOf: (path) => fs.statSync(path).size,
    withFile(path, use) {
      const file = fs.openSync(path, "r");
      try {
        use((target, offset) => fs.readSync(file, target, 0, target.length, offset));
      } finally {
        fs.closeSync(file);
      }
    },
  };
}

/**
 * A byte source over a file. The file is opened for each read and not held open, so nothing has to be
 * closed; a file that changes meanwhile fails its checksums.
 */
export async function openFile(path: string | URL): Promise<ByteSource> {
  const reader = typeof Deno === "undefined" ? await nodeReader() : DENO_READER;
  return {
    size: reader.sizeOf(path),
    read(offset: number, length: number): Uint8Array {
      const bytes = new Uint8Array(length);
      reader.withFile(path, (readAt) => {
        for (let filled = 0; filled < length;) {
          const count = readAt(bytes.subarray(filled), offset + filled);
          if (count === 0) throw endedEarly(offset + filled);
          filled += count;
        }
      });
      return bytes;
    },
  };
}

function endedEarly(offset: number): ArtifactIntegrityError {
  return new ArtifactIntegrityError(
    `Cannot read the .replay file: it ended at byte ${offset}, changed while it was read`,
    { offset },
  );
}

/** Options of {@linkcode writeFileAtomic}. */
export interface WriteFileOptions {
  /**
   * Replaces an existing file.
   *
   * @default {true}
   */
  overwrite?: boolean;
}

/**
 * Writes a file so that, whatever happens, the path holds either what it held before or all of the
 * new bytes: a temporary file beside it, fsync, rename.
 */
export async function writeFileAtomic(
  path: string | URL,
  bytes: Uint8Array,
  options: WriteFileOptions = {},
): Promise<void> {
  const { link, open, rename, rm } = await import("node:fs/promises");
  const { fileURLToPath } = await import("node:url");
  const target = path instanceof URL ? fileURLToPath(path) : path;
  const temporary = `${target}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.overwrite ?? true) {
      await rename(temporary, target);
    } else {
      // A hard link fails where the name is taken; a rename would replace it.
      await link(temporary, target);
      await rm(temporary);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
