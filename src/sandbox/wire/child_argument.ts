/**
 * How a compiled binary, which is its own sandbox child, knows which of the two it is.
 * This module is browser compatible.
 *
 * @module
 */

/** First argument of a compiled binary that is to be a sandbox child. */
export const SANDBOX_CHILD_ARGUMENT = "__rewind-sandbox-child";

/** Whether a process that was started with `args` is to be a sandbox child. */
export function isSandboxChild(args: readonly string[]): boolean {
  return args[0] === SANDBOX_CHILD_ARGUMENT;
}
