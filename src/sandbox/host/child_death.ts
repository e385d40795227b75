/**
 * Why a sandbox child ended, from what it left behind, as an error for the user.
 *
 * @module
 */

import { SandboxError, type SandboxFailure } from "../../errors.ts";
import { LOADING } from "../wire/position.ts";

/** Why a child died, and where user code was then. */
export interface ChildDeath {
  readonly reason: SandboxFailure;
  /** " at t=17", " while loading" or nothing. */
  readonly place: string;
}

/** Reads why a child died: the watchdog signs its words with one that the step cannot know. */
export function deathIn(text: string, status: Deno.CommandStatus, signature: string): ChildDeath {
  const start = text.indexOf(`${signature}:`);
  if (start >= 0) {
    const [, reason, position] = text.slice(start).split(":", 3);
    const t = Number(position);
    return {
      reason: reason === "memory" || reason === "timeout" ? reason : "crashed",
      place: t === LOADING ? " while loading" : t >= 0 ? ` at t=${t}` : "",
    };
  }
  // A terminal sends Ctrl-C to every process in the foreground.
  if (status.signal === "SIGINT") return { reason: "aborted", place: "" };
  // The harness always ends by a signal; with a code the runtime ends for an unhandled rejection.
  if (status.signal === null && status.code === 1) return { reason: "refused", place: "" };
  const isHeap = /heap limit|out of memory/i.test(text);
  return { reason: isHeap ? "memory" : "crashed", place: "" };
}

/** The error for a death. */
export function deathError(
  { reason, place }: ChildDeath,
  status: Deno.CommandStatus,
): SandboxError {
  const how = status.signal ?? `exit code ${status.code}`;
  const messages: Record<SandboxFailure, string> = {
    timeout:
      `Cannot go on as the step exceeded the limit for time${place} and was killed: it may ` +
      "loop for ever; if it only needs longer, raise the limit ('timeoutMs', --timeout)",
    memory:
      `Cannot go on as the step exceeded the limit for memory${place} and was killed: if it ` +
      "needs so much, raise the limit ('memoryBytesMax', --memory)",
    output:
      "Cannot go on as the step's process wrote more than the limit for output and was killed",
    aborted: "Cannot go on as the sandboxed pass was aborted",
    crashed: `Cannot go on as the step's process ended before it answered (${how})`,
    refused:
      "Cannot go on as the step module failed outside of any call, such as by a promise that " +
      "was rejected and not handled: a step must be synchronous",
    protocol: "Cannot go on as the step's process gave an answer that cannot be trusted",
    permission: "Cannot go on as the sandbox lacks a permission",
  };
  return new SandboxError(reason, messages[reason]);
}
