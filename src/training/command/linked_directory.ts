/**
 * Another working directory with the same content, to find out whether a command depends on where it runs.
 *
 * @module
 */

import { makeTemporaryFolder } from "./temporary_folder.ts";

/** A temporary directory of links. */
export interface LinkedDirectory {
  /** Its path. */
  readonly path: string;
  /** Deletes the directory and its links, not what they lead to. */
  remove(): Promise<void>;
}

/**
 * Makes a directory with a link to each entry of `source` (default: this process's directory), in reverse
 * order of name, so that an unsorted listing gives another order too.
 */
export async function linkedWorkingDirectory(source = "."): Promise<LinkedDirectory> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = await makeTemporaryFolder("cwd");
  const from = path.resolve(source);
  const names = (await fs.readdir(from)).sort().reverse();
  for (const name of names) await fs.symlink(path.join(from, name), path.join(folder, name));
  return {
    path: folder,
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  };
}
