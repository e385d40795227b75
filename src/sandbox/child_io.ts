/**
 * What the bootstrap hands to the harness: the only ways out of a sandbox child.
 * This module is browser compatible.
 *
 * @module
 */

import type { MessageReader } from "./message_reader.ts";
import type { WatchMemory } from "./watch_memory.ts";

/** Name under which the text of NumPy's generator can be loaded, once. */
export const NUMPY_URL = "rewind:numpy";

/** Input, output and module loading of a sandbox child; kept in closures, never given to a step. */
export interface ChildIo {
  /** What the parent sends on stdin. */
  readonly messages: MessageReader;
  /** Writes all of `bytes` to stdout. */
  write(bytes: Uint8Array): void;
  /** Resident memory of the child, in bytes. */
  memoryBytes(): number;
  /** What the watchdog thread sees. */
  readonly watched: WatchMemory;
  /** Makes a module's text loadable under a `rewind:` name, once. */
  define(url: string, source: string): void;
  /** Loads a module that was defined. */
  load(url: string): Promise<Record<string, unknown>>;
}
