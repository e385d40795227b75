/**
 * What a person is told when something went wrong, and the exit code that goes with it.
 *
 * @module
 */

import {
  ArgumentRangeError,
  ArgumentSyntaxError,
  ArgumentTypeError,
  ArtifactIntegrityError,
  BaselineError,
  InvariantError,
  NondeterministicReplayError,
  NondeterministicStepError,
  RewindError,
  SandboxError,
  StepModuleError,
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
  if (isInterruption(error)) {
    output.note("interrupted");
    return EXIT_INTERRUPTED;
  }
  output.problem(describeError(error, subject.file));
  const hint = hintOf(error, subject.verb);
  if (hint !== undefined) output.note(`hint: ${printableLine(hint)}`);
  if (isDefect(error)) {
    output.note(printable((error as Error).stack ?? ""));
    if (hint === undefined) output.note("hint: this is a defect in rewind, please report it");
  }
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UnsafeArtifactError || error instanceof BaselineError) return EXIT_REFUSED;
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

/** One message for an error without its hint, safe to print; `file` names the file where the error does not. */
export function describeError(error: unknown, file?: string): string {
  if (error instanceof Deno.errors.NotCapable) return describeMissingPermission(error).problem;
  if (!(error instanceof Error)) return escapeText(String(error));
  if (error instanceof InputError) return printable(error.message);
  // Words of the bundler have several lines.
  if (error instanceof StepModuleError) return printable(problemOf(error));
  const reason = fileErrorReason(error);
  if (reason !== undefined) {
    const path = fileErrorPath(error) ?? file;
    return `Cannot open ${path === undefined ? "a file" : `'${escapeText(path)}'`}: ${reason}`;
  }
  const problem = printableLine(problemOf(error), { maxLength: MESSAGE_LENGTH_MAX });
  return file !== undefined && isAboutFile(error) ? namingFile(problem, escapeText(file)) : problem;
}

/** An error's message without the hint with which it ends. */
function problemOf(error: Error): string {
  const hint = isRaisedOnPurpose(error) ? error.hint : undefined;
  const end = `; ${hint}`;
  return hint !== undefined && error.message.endsWith(end)
    ? error.message.slice(0, -end.length)
    : error.message;
}

/** The one thing to do about an error, where there is one to name. */
function hintOf(error: unknown, verb: string | undefined): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return describeMissingPermission(error).hint;
  if (error instanceof InputError) {
    if (error.hint !== undefined || !(error instanceof UsageError)) return error.hint;
    return `see 'rewind ${verb === undefined ? "" : `${verb} `}--help'`;
  }
  return isRaisedOnPurpose(error) ? error.hint : undefined;
}

/** What a file is and what it asks for: errors that say "the .replay file" without knowing its name. */
function isAboutFile(error: Error): boolean {
  return error instanceof ArtifactIntegrityError || error instanceof UnsafeArtifactError;
}

function namingFile(problem: string, file: string): string {
  const named = problem.replace("the .replay file", () => `'${file}'`);
  return named === problem ? `${file}: ${problem}` : named;
}

function describeMissingPermission(error: Error): { problem: string; hint?: string } {
  const [, access, flag] = /^Requires (.+), run again with the (--allow-[a-z]+) flag/.exec(
    error.message,
  ) ?? [];
  return access === undefined
    ? { problem: escapeText(error.message) }
    : { problem: `Cannot go on without ${escapeText(access)}`, hint: `run rewind with ${flag}` };
}

/** Errors that rewind raises on purpose: of its own domain, or for wrong arguments. */
type PurposefulError = RewindError | ArgumentTypeError | ArgumentRangeError | ArgumentSyntaxError;

function isRaisedOnPurpose(error: unknown): error is PurposefulError {
  return error instanceof RewindError || error instanceof ArgumentTypeError ||
    error instanceof ArgumentRangeError || error instanceof ArgumentSyntaxError;
}

/** Errors that are no fault of a person's or a file's are shown with their stack. */
function isDefect(error: unknown): boolean {
  if (error instanceof InvariantError) return true;
  return error instanceof Error && !isRaisedOnPurpose(error) && !(error instanceof InputError) &&
    fileErrorReason(error) === undefined && !(error instanceof Deno.errors.NotCapable);
}
