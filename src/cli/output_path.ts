/**
 * Where the verbs that make a file write it, and that they do not overwrite by accident.
 *
 * @module
 */

import { systemDisk } from "../disk/system_disk.ts";
import { planFile, writeBeside, writePlanned } from "../disk/write_file.ts";
import { FileError } from "../errors.ts";
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

/** The word that stands for standard output, where a verb can write there. */
export const STDOUT = "-";

/** Refuses that word for what only a file can hold. @throws {InputError} If `path` is it. */
export function requireFile(path: string): void {
  if (path !== STDOUT) return;
  throw new InputError("Cannot write '-': this goes to a file, not to standard output", {
    hint: "name a file; one that is called so is './-'",
  });
}

/** What a verb that writes a file reads: none of it is the file to be written. */
interface Reading {
  /** Paths of files; undefined for those that are not given. */
  readonly reads: readonly (string | undefined)[];
}

/**
 * Checks that a file can be written, before any work is done for it.
 *
 * @throws {InputError} If it exists and `--force` is not given, if it is one that is read, or nothing can be written
 * there.
 */
export function checkOutput(path: string, { force, reads }: Overwriting & Reading): void {
  requireFile(path);
  const target = realPath(path);
  if (
    target !== undefined && reads.some((read) => read !== undefined && realPath(read) === target)
  ) {
    throw new InputError(`Cannot write '${path}': it is a file that this command reads`, {
      hint: "name another one with --output",
    });
  }
  orInputError(path, () => planFile(systemDisk(), path, { overwrite: force }));
}

/**
 * Writes a file: all of it or nothing, and over another one only with `--force`. A result that cannot be put
 * where it was wanted is put beside it: it may have taken long to make.
 *
 * @throws {InputError} If that is not possible; it says where the result is.
 */
export function writeOutput(path: string, bytes: Uint8Array, { force }: Overwriting): void {
  const disk = systemDisk();
  try {
    writePlanned(planFile(disk, path, { overwrite: force }), [bytes]);
  } catch (error) {
    const refusal = asInputError(path, error);
    if (!(refusal instanceof InputError)) throw refusal;
    const beside = writeBeside(disk, path, { pieces: () => [bytes], folders: otherFolders() });
    throw beside === undefined
      ? refusal
      : new InputError(refusal.message, { hint: `the result is in '${beside}'`, cause: error });
  }
}

/** Writes a run; says what is known of the file. */
export async function saveRun(
  run: Saveable,
  path: string,
  overwriting: Overwriting,
): Promise<{ fileBytes: number; contentHash: string }> {
  const bytes = await run.toBytes();
  writeOutput(path, bytes, overwriting);
  return { fileBytes: bytes.length, contentHash: await run.contentHash() };
}

/** Path of a file after links; undefined if there is none. */
function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** Where a result may go if nothing can be written where it was wanted. */
function otherFolders(): readonly string[] {
  try {
    return [".", Deno.env.get("TMPDIR") ?? "/tmp"];
  } catch {
    return ["."];
  }
}

/** What some work on a file that is written gives. @throws {InputError} If it cannot be written. */
export function orInputError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asInputError(path, error);
  }
}

/** The words of the command line for a file that cannot be written; other errors as they are. */
export function asInputError(path: string, error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  if (error.reason === "exists") {
    return new InputError(`Cannot write '${path}': the file already exists`, {
      hint: "pass --force to overwrite it",
    });
  }
  return new InputError(`Cannot write '${path}': ${error.why}`, { hint: error.hint, cause: error });
}
