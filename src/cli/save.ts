/**
 * Where the verbs that make a run write it, and that they do not overwrite by accident.
 *
 * @module
 */

import { optionSwitch, optionText } from "./args.ts";
import type { OptionSpec, ParsedArgs } from "./command.ts";
import { UsageError } from "./usage_error.ts";

/** Allows a file to be replaced. */
export const FORCE_OPTION: OptionSpec = {
  name: "force",
  short: "f",
  summary: "replace the output file if it exists",
};

/** Something that has the bytes of an artifact. */
interface Saveable {
  toBytes(): Promise<Uint8Array>;
  contentHash(): Promise<string>;
  save(path: string, options: { overwrite: boolean }): Promise<void>;
}

/**
 * The file to write: `--output`, or `<stem>.replay` in the current folder.
 *
 * @throws {UsageError} If it exists and `--force` is not given, before any work is done.
 */
export async function outputPath(args: ParsedArgs, stem: string): Promise<string> {
  const path = optionText(args, "output") ?? `${stem}.replay`;
  if (!optionSwitch(args, "force") && await exists(path)) throw taken(path);
  return path;
}

/** Writes a run; says what is known of the file. */
export async function saveRun(
  run: Saveable,
  path: string,
  args: ParsedArgs,
): Promise<{ fileBytes: number; contentHash: string }> {
  try {
    await run.save(path, { overwrite: optionSwitch(args, "force") });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw taken(path);
    if ((error as { code?: string }).code === "EEXIST") throw taken(path);
    throw error;
  }
  const { size } = await Deno.stat(path);
  return { fileBytes: size, contentHash: await run.contentHash() };
}

/** Whether something has that name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function taken(path: string): UsageError {
  return new UsageError(`Cannot write ${path} as it exists: use --force to replace it`);
}
