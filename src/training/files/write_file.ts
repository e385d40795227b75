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

/**
 * Writes a text file beside its place and moves it there, so that what is there stays until the new text is
 * whole. A full disk and the like become an error that names the file.
 *
 * @throws {OutputFileError} if it cannot be written.
 */
export async function writeTextFile(file: string, text: string): Promise<void> {
  await replaceFile(file, async (beside) => {
    const fs = await import("node:fs/promises");
    await fs.writeFile(beside, text.endsWith("\n") ? text : `${text}\n`);
  });
}

/**
 * Lets `write` make a file beside `file`, and moves it there with the mode of the one that it replaces. A
 * device or FIFO is written to, not replaced, and so is what a link leads to.
 *
 * @throws {OutputFileError} if that fails; nothing is left of the attempt.
 */
export async function replaceFile(
  file: string,
  write: (beside: string) => Promise<void>,
): Promise<void> {
  const [fs, path, { default: process }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
    import("node:process"),
  ]);
  const info = await fs.stat(file).catch(() => undefined);
  if (info !== undefined && !info.isFile()) {
    return await write(file).catch((error) => {
      throw new OutputFileError(file, error);
    });
  }
  const target = info === undefined ? file : await fs.realpath(file);
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    await write(beside);
    if (info !== undefined) await fs.chmod(beside, info.mode & 0o7777);
    await fs.rename(beside, target);
  } catch (error) {
    await fs.rm(beside, { force: true }).catch(() => undefined);
    throw new OutputFileError(file, error);
  }
}
