/**
 * The command that goes on with a recording, for a person to paste.
 *
 * @module
 */

/** The command that goes on with an unfinished recording. */
export function resumeCommand(partPath: string, more: readonly string[] = []): string {
  return commandText(["resume", partPath, ...more]);
}

/** A command of rewind as a shell takes it. */
export function commandText(words: readonly string[]): string {
  return ["rewind", ...words].map(shellWord).join(" ");
}

/** A word as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
