/**
 * Reading and writing artifact files: the only file access of the library. `node:fs` is imported when
 * it is first needed, so that the same code runs on Deno, Bun and Node and loads where there is none.
 *
 * @module
 */

import { ArtifactIntegrityError } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";

/**
 * A byte source over a file. The file is opened for each read and not held open, so nothing has to be
 * closed; a file that changes meanwhile fails its checksums.
 */
export async function openFile(path: string | URL): Promise<ByteSource> {
  const fs = await import("node:fs");
  const size = fs.statSync(path).size;
  return {
    size,
    read(offset: number, length: number): Uint8Array {
      const bytes = new Uint8Array(length);
      const file = fs.openSync(path, "r");
      try {
        let filled = 0;
        while (filled < length) {
          const count = fs.readSync(file, bytes, filled, length - filled, offset + filled);
          if (count === 0) {
            throw new ArtifactIntegrityError(
              `Cannot read the artifact as the file ended at byte ${
                offset + filled
              }: it was changed while it was read`,
              { offset: offset + filled },
            );
          }
          filled += count;
        }
      } finally {
        fs.closeSync(file);
      }
      return bytes;
    },
  };
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
