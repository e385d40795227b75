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
  RewindError,
  SandboxError,
  UnsafeArtifactError,
} from "../errors.ts";
import { escapeText } from "../sandbox/escape_text.ts";
import { EXIT_NO, EXIT_REFUSED, EXIT_USAGE } from "./exit_codes.ts";
import type { Output } from "./output.ts";
import { UsageError } from "./usage_error.ts";

/** Longest message that is printed. */
const MESSAGE_LENGTH_MAX = 2000;

/**
 * Writes a message for an error and returns the exit code.
 *
 * @param error What was thrown.
 * @param output Where to write.
 * @param file The file that the command was about, named where a message speaks of "the artifact".
 */
export function reportError(error: unknown, output: Output, file: string | undefined): number {
  const isAboutFile = error instanceof ArtifactIntegrityError ||
    error instanceof UnsafeArtifactError;
  const subject = isAboutFile && file !== undefined ? `${escapeText(file)}: ` : "";
  output.note(`${output.paint("rewind", "bad")}: ${subject}${describe(error)}`);
  if (error instanceof UsageError) {
    output.note(`try 'rewind${error.verb === undefined ? "" : ` ${error.verb}`} --help'`);
  }
  if (error instanceof InvariantError || isUnexpected(error)) {
    output.note(
      escapeText((error as Error).stack ?? "", { maxLength: 4000 }).replaceAll("\\n", "\n"),
    );
  }
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UnsafeArtifactError) return EXIT_REFUSED;
  if (
    error instanceof SandboxError && (error.reason === "refused" || error.reason === "protocol")
  ) {
    return EXIT_REFUSED;
  }
  if (error instanceof NondeterministicReplayError || error instanceof NondeterministicStepError) {
    return EXIT_NO;
  }
  return EXIT_USAGE;
}

function describe(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    const flag = /--allow-[a-z]+/.exec(error.message)?.[0];
    return flag === undefined
      ? escapeText(error.message)
      : `Deno was started without a permission that this needs: add ${flag} (${
        escapeText(error.message.split(",")[0]!)
      })`;
  }
  if (!(error instanceof Error)) return escapeText(String(error));
  const reason = FILE_REASONS[fileErrorCode(error)];
  if (reason !== undefined) return `Cannot open ${fileOf(error)}: ${reason}`;
  return escapeText(error.message, { maxLength: MESSAGE_LENGTH_MAX });
}

/** What the system's codes of failed file accesses mean. */
const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  ENOSPC: "the disk is full",
};

/** The code of a file error, of `node:fs` or of Deno. */
function fileErrorCode(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "";
}

/** The file that an error is about, as its message quotes it. */
function fileOf(error: Error): string {
  const { path } = error as { path?: unknown };
  const quoted = /'([^']+)'/.exec(error.message)?.[1];
  return escapeText(typeof path === "string" ? path : quoted ?? "the file", { quote: true });
}

/** Errors that are not a person's or a file's fault are shown with their stack. */
function isUnexpected(error: unknown): boolean {
  return error instanceof Error && !(error instanceof RewindError) &&
    !(error instanceof UsageError) &&
    !(error instanceof ArtifactIntegrityError) && error.constructor === TypeError;
}
