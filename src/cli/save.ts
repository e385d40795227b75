/**
 * Where the verbs that make a file write it, and that they do not overwrite by accident.
 *
 * @module
 */

import { dirname } from "node:path";
import { writeFileAtomic } from "../artifact/file.ts";
import { fileErrorReason } from "./file_errors.ts";
import { flag } from "./options.ts";
import { InputError } from "./usage_error.ts";

/** Allows a file to be replaced. */
export const FORCE_OPTION = flag("Overwrite the output file", { short: "f" });

/** Whether a file may be replaced. */
export interface Overwriting {
  /** Whether `--force` is given. */
  readonly force: boolean;
}

/** Something that has the bytes of an artifact. */
interface Saveable {
  toBytes(): Promise<Uint8Array>;
  contentHash(): Promise<string>;
}

/**
 * Checks that a file can be written, before any work is done for it.
 *
 * @throws {InputError} If it exists and `--force` is not given, is a folder or has none to be in.
 */
export async function checkOutput(path: string, { force }: Overwriting): Promise<void> {
  const present = await statOf(path);
  if (present?.isDirectory) throw new InputError(`Cannot write '${path}': it is a folder`);
  if (present !== undefined && !force) throw taken(path);
  const folder = dirname(path);
  if (present === undefined && !(await statOf(folder))?.isDirectory) {
    throw new InputError(`Cannot write '${path}': there is no folder '${folder}'`, {
      hint: "make the folder first",
    });
  }
}

/**
 * Writes a file: all of it or nothing, and over another one only with `--force`.
 *
 * @throws {InputError} If that is not possible.
 */
export async function writeOutput(
  path: string,
  bytes: Uint8Array,
  { force }: Overwriting,
): Promise<void> {
  try {
    await writeFileAtomic(path, bytes, { overwrite: force });
  } catch (error) {
    if ((error as { code?: unknown }).code === "EEXIST") throw taken(path);
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`Cannot write '${path}': ${reason}`, { cause: error });
  }
}

/** Writes a run; says what is known of the file. */
export async function saveRun(
  run: Saveable,
  path: string,
  overwriting: Overwriting,
): Promise<{ fileBytes: number; contentHash: string }> {
  const bytes = await run.toBytes();
  await writeOutput(path, bytes, overwriting);
  return { fileBytes: bytes.length, contentHash: await run.contentHash() };
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (fileErrorReason(error) === undefined) throw error;
    throw new InputError(`Cannot write '${path}': ${fileErrorReason(error)}`, { cause: error });
  }
}

function taken(path: string): InputError {
  return new InputError(`Cannot write '${path}': the file already exists`, {
    hint: "pass --force to overwrite it",
  });
}
