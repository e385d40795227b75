/**
 * What the bootstrap hands to the harness: the only ways out of a sandbox child.
 * This module is browser compatible.
 *
 * @module
 */

import type { MessageReader } from "../wire/message_reader.ts";
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

/** What of the harness is only loaded where it is needed: the jobs, and NumPy's generator. */
export type HarnessPart = "jobs" | "numpy";

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
  /** Loads a part of the harness, once. */
  loadPart(part: HarnessPart): Promise<Record<string, unknown>>;
  /** The one way to load any other module. */
  readonly evaluate: EvaluateModule;
}
