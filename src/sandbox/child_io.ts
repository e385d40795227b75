/**
 * What the bootstrap hands to the harness: the only ways out of a sandbox child.
 * This module is browser compatible.
 *
 * @module
 */

import type { Position } from "./position.ts";

/** Limits that the watchdog thread is to enforce from now on. */
export interface WatchdogOrders {
  /** Word, known to the parent only, with which the watchdog signs its reason on stderr. */
  readonly signature: string;
  /** Process id of the parent; the child dies when its parent is another one. */
  readonly parentPid: number;
  /** Resident memory of the whole child at which it is killed. */
  readonly memoryBytesMax: number;
  /** Where user code is. */
  readonly position: Position;
  /** Milliseconds from now after which the child is killed; Infinity for no limit. */
  readonly timeoutMs: number;
}

/** What the main thread of a child tells the watchdog: limits, or to end the process. */
export type WatchdogMessage = WatchdogOrders | "die";

/** Input, output and module loading of a sandbox child; kept in closures, never given to a step. */
export interface ChildIo {
  /** Waits for input on stdin; the number of bytes put into `target`, null where the input ends. */
  read(target: Uint8Array): number | null;
  /** Writes all of `bytes` to stdout. */
  write(bytes: Uint8Array): void;
  /** Resident memory of the child, in bytes. */
  memoryBytes(): number;
  /** Gives the watchdog thread new limits. */
  orderWatchdog(orders: WatchdogOrders): void;
  /** Makes a module's text loadable under a `rewind:` name, once. */
  define(url: string, source: string): void;
  /** Loads a module that was defined. */
  load(url: string): Promise<Record<string, unknown>>;
  /** Ends the process at once. */
  die(): never;
}
