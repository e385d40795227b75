/**
 * The file system of this process, whatever runs it.
 *
 * @module
 */

import { DENO_DISK } from "./deno_disk.ts";
import type { Disk } from "./disk.ts";
import { nodeDisk } from "./node_disk.ts";

/** The file system of this process. */
export function systemDisk(): Disk {
  return typeof Deno === "undefined" ? nodeDisk() : DENO_DISK;
}
