/**
 * Writes results, and says in words why one could not be written.
 *
 * @module
 */

import { systemDisk } from "../../disk/system_disk.ts";
import { asFileError, guard, planFile, writePlanned } from "../../disk/write_file.ts";
import { FileError, RewindError } from "../../errors.ts";

/** A report or another result could not be written. */
export class OutputFileError extends RewindError {
  /** The file that could not be written. */
  readonly path: string;

  /** Names the file and says why. */
  constructor(path: string, cause: unknown) {
    const why = cause instanceof FileError ? whyOf(cause) : String(cause);
    super("OUTPUT_FILE", `Cannot write ${path}: ${why}`, { cause });
    this.path = path;
  }
}

function whyOf({ reason, why }: FileError): string {
  return reason === "full" ? `${why}; what was written before is kept` : why;
}

/**
 * Writes a text file, all of it or nothing: what is there stays until the new text is whole.
 *
 * @throws {OutputFileError} If it cannot be written.
 */
export async function writeTextFile(file: string, text: string): Promise<void> {
  await writePieces(file, [text.endsWith("\n") ? text : `${text}\n`]);
}

/** What makes the text of a file of a report, whole or in pieces, from the files that there are. */
export type FileContent = (files: Readonly<Record<string, string>>) => string | Iterable<string>;

/**
 * The same for the files of a report, in the order of their contents: those that were written, and why others were
 * not. A verdict that hours of training gave is not lost with a file.
 *
 * @param paths Paths of the files by their names in the report.
 * @param contents What makes those that it has, by the same names.
 */
export async function writeReportFiles(
  paths: Readonly<Record<string, string>>,
  contents: Readonly<Record<string, FileContent>>,
): Promise<{ files: Record<string, string>; failures: string[] }> {
  const files = Object.fromEntries(Object.keys(contents).map((name) => [name, paths[name]!]));
  const failures: string[] = [];
  for (const [name, contentOf] of Object.entries(contents)) {
    const content = contentOf(files);
    try {
      if (typeof content === "string") await writeTextFile(files[name]!, content);
      else await writePieces(files[name]!, content);
    } catch (error) {
      if (!(error instanceof OutputFileError)) throw error;
      failures.push(`${error.message}; a file of that name, if there is one, is of an earlier run`);
      delete files[name];
    }
  }
  return { files, failures };
}

/**
 * The same for a text in pieces. A device or FIFO, such as `/dev/stdout`, is written to, not replaced.
 *
 * @throws {OutputFileError} If it cannot be written; nothing is left of the attempt.
 */
export async function writePieces(file: string, pieces: Iterable<string>): Promise<void> {
  const disk = systemDisk();
  try {
    if (guard(file, () => disk.entry(file))?.kind === "other") {
      const { writeFile } = await import("node:fs/promises");
      return await writeFile(file, pieces);
    }
    writePlanned(planFile(disk, file, { overwrite: true }), encoded(pieces));
  } catch (error) {
    throw new OutputFileError(file, asFileError(file, error));
  }
}

function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const piece of pieces) yield encoder.encode(piece);
}
