/**
 * What errors say besides their message.
 * This module is browser compatible.
 *
 * @module
 */

/** Where two states first differ: a path into the state and both values as text. */
export interface StateDifference {
  /** Path of the first differing value, such as `state.agents[3].x`. */
  readonly path: string;
  /** The recorded value at that path, as short text. */
  readonly expected: string;
  /** The replayed value at that path, as short text. */
  readonly actual: string;
  /** How many bits of the two float64 images differ, where both values are numbers. */
  readonly bits?: number;
  /** Distance in units in the last place, where both values are finite numbers. */
  readonly ulps?: bigint;
}

/** What an error has besides its message. */
export interface RewindErrorOptions extends ErrorOptions {
  /** The one thing to do about it; the message ends with it. */
  hint?: string | undefined;
}

/**
 * Why a file cannot be written: `exists`, and may not be replaced; `folder`, `special` (a device, pipe or
 * socket) or `foreign` (of another user, or write-protected) is what has its name; `missing` is the folder
 * that it is to be in; `in-use` by another process; `full` or `failed` is the disk; `denied` by permissions.
 */
export type FileFailure =
  | "exists"
  | "folder"
  | "special"
  | "foreign"
  | "missing"
  | "in-use"
  | "full"
  | "denied"
  | "failed";

/** A place in a file of the author of a step module. */
export interface AuthorPlace {
  /**
   * Name of the file: relative to the step module's folder, `npm:name@version/path` in a package, else the
   * last part of its path.
   */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column in UTF-16 units, from 1. */
  readonly column: number;
}

/**
 * What a guard found: a function that changes what it was given to read, a state that checkpoints lose, or a
 * value that does not fit where it was given.
 */
export type GuardKind = "params" | "observer" | "lost" | "given";

/** What ended a sandboxed replay before it answered. */
export type SandboxFailure =
  | "timeout"
  | "memory"
  | "output"
  | "refused"
  | "protocol"
  | "crashed"
  | "aborted"
  | "permission";
