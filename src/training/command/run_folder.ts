/**
 * The folder of one run of a command: empty when the run starts, so that nothing of an earlier run can
 * be taken for its own.
 *
 * @module
 */

import { TrainingCommandError } from "./errors.ts";

/** File that the command is offered for its metrics. */
export const METRICS_FILE = "metrics.jsonl";
/** File that gets standard output. */
export const STDOUT_FILE = "stdout.log";
/** File that gets standard error. */
export const STDERR_FILE = "stderr.log";

/**
 * Makes the folder, or empties the one that an earlier run left there.
 *
 * @throws {TrainingCommandError} if a folder with other content is in its place.
 */
export async function prepareRunFolder(folder: string, program: string): Promise<void> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  await fs.mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw new TrainingCommandError(
      program,
      `Cannot run the command as its folder ${folder} cannot be made: ${error.message}`,
    );
  });
  const names = await fs.readdir(folder);
  if (names.length === 0) return;
  if (!names.includes(STDOUT_FILE) || !names.includes(STDERR_FILE)) {
    throw new TrainingCommandError(
      program,
      `Cannot run the command in ${folder} as that folder is not empty and holds no earlier run; ` +
        `choose another --output-dir`,
    );
  }
  for (const name of names) await fs.rm(path.join(folder, name), { recursive: true, force: true });
}
