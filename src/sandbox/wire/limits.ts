/**
 * The bounds of what a sandbox child may send and say, each with its unit in the name; those of states and runs are
 * in `src/limits.ts`.
 * This module is browser compatible.
 *
 * @module
 */

/** What the children of one sandboxed pass may send, in bytes. */
export const SANDBOX_OUTPUT_BYTES_MAX = 256 * 2 ** 20;

/** What a sandbox child may write to stderr before it is killed, in bytes; none of it is shown. */
export const SANDBOX_STDERR_BYTES_MAX = 64 * 2 ** 10;

/** Most frames of an error's stack that are told. */
export const FRAMES_MAX = 10;

/** Most named observables that a step module may export. */
export const OBSERVABLES_MAX = 100;

/** Longest line that a step may write to `console`, in UTF-16 units. */
export const CONSOLE_LINE_UNITS_MAX = 200;

/** Canonical bytes of the states that are compared at a time, to see whether they depend on what was replayed before. */
export const REPLAY_ORDER_BYTES_MAX = 16 * 2 ** 20;

/** Most lines of what steps wrote that are shown at a time. */
export const CONSOLE_LINES_MAX = 1000;

/** Most things that a step module may have been denied at a time and that are kept, to be told. */
export const DENIALS_TOLD_MAX = 32;

/** How long a stream of inputs may be silent before it is asked how far the recording is, in milliseconds. */
export const INPUT_IDLE_MS = 200;

/** Longest time that a recording whose stream of inputs broke has to come to what came in before, in milliseconds. */
export const INPUT_SETTLE_MS = 10_000;

/** Canonical bytes of checkpoints after which a recording in the sandbox says how far it is. */
export const MARK_BYTES = 4 * 2 ** 20;

/** How often it does so otherwise, in milliseconds: what is made since the last time is lost with the child. */
export const MARK_MS = 200;
