/**
 * What the bootstrap hands to the harness: the only ways out of a sandbox child.
 * This module is browser compatible.
 *
 * @module
 */

import type { MessageReader } from "./message_reader.ts";
import type { WatchMemory } from "./watch_memory.ts";

/**
 * Evaluates the text of a module that imports nothing.
 *
 * @param identifier Name of the module in messages of the runtime.
 * @returns What it exports, wrapped: no promise may resolve with a foreign namespace, whose `then`, if it
 * exports one, would be called.
 * @throws {unknown} Whatever compiling or evaluating it throws.
 */
export type EvaluateModule = (
  identifier: string,
  source: string,
) => Promise<{ readonly exports: Record<string, unknown> }>;

/** Input, output and modules of a sandbox child; kept in closures, never given to a step. */
export interface ChildIo {
  /** What the parent sends on stdin. */
  readonly messages: MessageReader;
  /** Writes all of `bytes` to stdout. */
  write(bytes: Uint8Array): void;
  /** Resident memory of the child, in bytes. */
  memoryBytes(): number;
  /** What the watchdog thread sees. */
  readonly watched: WatchMemory;
  /** Text of the module of NumPy's generator, for runs that draw from it. */
  readonly numpyText: string;
  /** The one way to load a module. */
  readonly evaluate: EvaluateModule;
}
