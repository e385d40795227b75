/**
 * What a person is told when something went wrong, and the exit code that goes with it.
 *
 * @module
 */

import {
  ArtifactIntegrityError,
  InvariantError,
  NondeterministicReplayError,
  NondeterministicStepError,
  SandboxError,
  UnsafeArtifactError,
} from "../errors.ts";
import { escapeText } from "../text/escape_text.ts";
import { EXIT_INTERRUPTED, EXIT_NO, EXIT_REFUSED, EXIT_USAGE } from "./exit_codes.ts";
import { fileErrorPath, fileErrorReason } from "./file_errors.ts";
import { printable, printableLine } from "../text/printable.ts";
import type { Output } from "./output.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** Longest message that is printed. */
const MESSAGE_LENGTH_MAX = 2000;

/** What the command was doing. */
export interface CommandSubject {
  /** The verb, if there was a known one. */
  readonly verb?: string | undefined;
  /** The file that it was about, named where a message speaks of "the artifact". */
  readonly file?: string | undefined;
}

/** Writes a message for an error and returns the exit code. */
export function reportError(error: unknown, output: Output, subject: CommandSubject): number {
  const { verb, file } = subject;
  if (isInterruption(error)) {
    output.note("interrupted");
    return EXIT_INTERRUPTED;
  }
  const isAboutFile = error instanceof ArtifactIntegrityError ||
    error instanceof UnsafeArtifactError;
  const prefix = isAboutFile && file !== undefined ? `${escapeText(file)}: ` : "";
  output.problem(prefix + describeError(error, file));
  const hint = hintOf(error, verb);
  if (hint !== undefined) output.note(`hint: ${printable(hint)}`);
  if (isDefect(error)) output.note(printable((error as Error).stack ?? ""));
  return exitCodeOf(error);
}

/** The one thing to do about an error, where there is one to name. */
function hintOf(error: unknown, verb: string | undefined): string | undefined {
  if (!(error instanceof InputError)) return undefined;
  if (error.hint !== undefined || !(error instanceof UsageError)) return error.hint;
  return `see 'rewind ${verb === undefined ? "" : `${verb} `}--help'`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UnsafeArtifactError) return EXIT_REFUSED;
  if (error instanceof SandboxError) {
    // Code that does not load or has no permission is bad input; what had to be killed is refused.
    return ["refused", "permission"].includes(error.reason) ? EXIT_USAGE : EXIT_REFUSED;
  }
  if (error instanceof NondeterministicReplayError || error instanceof NondeterministicStepError) {
    return EXIT_NO;
  }
  return EXIT_USAGE;
}

/** Whether a command ended early because it was asked to. */
function isInterruption(error: unknown): boolean {
  return error instanceof SandboxError
    ? error.reason === "aborted"
    : error instanceof DOMException && error.name === "AbortError";
}

/** One message for an error, safe to print; `file` names the file where the error does not. */
export function describeError(error: unknown, file?: string): string {
  if (error instanceof Deno.errors.NotCapable) return describeMissingPermission(error);
  if (!(error instanceof Error)) return escapeText(String(error));
  if (error instanceof InputError) return printable(error.message);
  const reason = fileErrorReason(error);
  if (reason !== undefined) {
    const path = fileErrorPath(error) ?? file;
    return `Cannot open ${path === undefined ? "a file" : escapeText(path)}: ${reason}`;
  }
  return printableLine(error.message, { maxLength: MESSAGE_LENGTH_MAX });
}

function describeMissingPermission(error: Error): string {
  const [, access, flag] = /^Requires (.+), run again with the (--allow-[a-z]+) flag/.exec(
    error.message,
  ) ?? [];
  return access === undefined
    ? escapeText(error.message)
    : `Cannot go on without ${escapeText(access)}: run rewind with ${flag}`;
}

/** How a refusal of ours reads; the engine's own TypeErrors read otherwise. */
const REFUSAL = /^Cannot (?!destructure\b).* as /s;

/** Errors that are no fault of a person's or a file's are shown with their stack. */
function isDefect(error: unknown): boolean {
  if (error instanceof InvariantError || error instanceof ReferenceError) return true;
  return error instanceof TypeError && !REFUSAL.test(error.message);
}
