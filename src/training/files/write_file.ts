/**
 * Writes results, and says in words why one could not be written.
 *
 * @module
 */

import { RewindError } from "../../errors.ts";

/** A report or another result could not be written. */
export class OutputFileError extends RewindError {
  /** The file that could not be written. */
  readonly path: string;

  /** Names the file and says why. */
  constructor(path: string, cause: unknown) {
    const full = (cause as { code?: string } | undefined)?.code === "ENOSPC";
    const why = full
      ? "the disk is full; what was written before is kept"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    super("OUTPUT_FILE", `Cannot write ${path} as ${why}`, { cause });
    this.path = path;
  }
}

/** Writes a text file; a full disk and the like become an error that names the file. */
export async function writeTextFile(file: string, text: string): Promise<void> {
  const fs = await import("node:fs/promises");
  try {
    await fs.writeFile(file, text.endsWith("\n") ? text : `${text}\n`);
  } catch (error) {
    throw new OutputFileError(file, error);
  }
}
