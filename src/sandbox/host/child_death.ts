/**
 * Why a sandbox child ended, from what it left behind, as an error for the user.
 *
 * @module
 */

import { SandboxError } from "../../errors.ts";
import { LOADING } from "../wire/position.ts";
import type { SandboxFailure } from "../../error_types.ts";

/** Why a child died, and where user code was then. */
export interface ChildDeath {
  readonly reason: SandboxFailure;
  /** " at t=17", " while loading" or nothing. */
  readonly place: string;
  /** Which part of its job it was at; undefined where that is not known. */
  readonly part: number | undefined;
}

/** A child died. */
export class ChildDeathError extends SandboxError {
  /** Which part of its job it was at; undefined where that is not known. */
  readonly part: number | undefined;

  /** Says why and where. */
  constructor({ reason, part }: ChildDeath, message: string) {
    super(reason, message, { hint: HINTS[reason] });
    this.part = part;
  }
}

/** Signals that ask a process, and those that it started, to stop. */
const STOPS: ReadonlySet<string> = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

/** Reads why a child died: the watchdog signs its words with one that the step cannot know. */
export function deathIn(text: string, status: Deno.CommandStatus, signature: string): ChildDeath {
  const start = text.indexOf(`${signature}:`);
  if (start >= 0) {
    const [, reason, position, part] = text.slice(start).split("\n", 1)[0]!.split(":");
    const t = Number(position);
    return {
      reason: reason === "memory" || reason === "timeout" ? reason : "crashed",
      place: t === LOADING ? " while loading" : t >= 0 ? ` at t=${t}` : "",
      part: Number(part),
    };
  }
  // A terminal sends Ctrl-C to every process in the foreground, a scheduler SIGTERM to all of a job.
  if (status.signal !== null && STOPS.has(status.signal)) return died("aborted");
  // The harness always ends by a signal; with a code the runtime ends for an unhandled rejection.
  if (status.signal === null && status.code === 1) return died("refused");
  const isHeap = /heap limit|out of memory/i.test(text);
  return died(isHeap ? "memory" : "crashed");
}

/** A death of which only the reason is known. */
function died(reason: SandboxFailure): ChildDeath {
  return { reason, place: "", part: undefined };
}

/** What to do about a death. */
const HINTS: Partial<Record<SandboxFailure, string>> = {
  timeout: "raise the limit ('timeoutMs', --timeout) if it does not loop for ever",
  memory: "raise the limit ('memoryBytesMax', --memory) if it needs so much",
  refused: "make the step synchronous",
};

/** The error for a death. */
export function deathError(death: ChildDeath, status: Deno.CommandStatus): SandboxError {
  const { reason, place } = death;
  const how = status.signal ?? `exit code ${status.code}`;
  const messages: Record<SandboxFailure, string> = {
    timeout: `Cannot go on: the step exceeded the limit for time${place} and was killed`,
    memory: `Cannot go on: the step exceeded the limit for memory${place} and was killed`,
    output: "Cannot go on: the step's process wrote more than the limit for output and was killed",
    aborted: "Cannot go on: the sandboxed pass was aborted",
    crashed: `Cannot go on: the step's process ended before it answered (${how})`,
    refused:
      "Cannot go on: the step module failed outside of any call, such as by a promise that " +
      "was rejected and not handled",
    protocol: "Cannot go on: the step's process gave an answer that cannot be trusted",
    permission: "Cannot go on: the sandbox lacks a permission",
  };
  return new ChildDeathError(death, messages[reason]);
}
