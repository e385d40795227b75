/**
 * Reading artifact files. Nothing of a runtime is touched before it is needed, so that the same code runs on
 * Deno, Bun and Node and loads where there is none.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { type Disk, pathText } from "../disk/disk.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { damaged } from "./damaged.ts";

/**
 * A byte source over a file. The file is opened for each read and not held open, so nothing has to be
 * closed; a file that changes meanwhile fails its checksums.
 */
export function openFile(path: string | URL, disk: Disk = systemDisk()): ByteSource {
  const text = pathText(path);
  const withFile = <T>(use: (file: ReturnType<Disk["open"]>) => T): T => {
    // Not `using`: Node 20 could not load the module.
    const file = disk.open(text, "read");
    try {
      return use(file);
    } finally {
      file.close();
    }
  };
  return {
    size: withFile((file) => file.size()),
    read(offset: number, length: number): Uint8Array {
      const bytes = new Uint8Array(length);
      withFile((file) => {
        for (let filled = 0; filled < length;) {
          const count = file.read(bytes.subarray(filled), offset + filled);
          if (count === 0) {
            const end = offset + filled;
            throw damaged(`it ended at byte ${end}, changed while it was read`, end);
          }
          filled += count;
        }
      });
      return bytes;
    },
  };
}

/** Options of writing an artifact. */
export interface WriteFileOptions {
  /**
   * Replaces an existing file; keeps its mode, and follows a link to its target.
   *
   * @default {false}
   */
  overwrite?: boolean;
}
