/**
 * A temporary worktree of a repository in which `git bisect` runs: the user's own tree, index and HEAD
 * are never touched, and neither is a bisection that is under way there.
 *
 * @module
 */

import { RewindError } from "../../errors.ts";
import { makeTemporaryFolder, staleFolders } from "./temporary_folder.ts";

/** A repository cannot be used, or git refused. */
export class GitError extends RewindError {
  /** Says what git said. */
  constructor(message: string, options?: ErrorOptions) {
    super("GIT", message, options);
  }
}

/** One commit. */
export interface Commit {
  /** Full hash. */
  readonly sha: string;
  /** Author's name. */
  readonly author: string;
  /** Author date, ISO 8601. */
  readonly date: string;
  /** First line of its message. */
  readonly subject: string;
}

const GIT_OUTPUT_BYTES_MAX = 64 * 2 ** 20;

/**
 * Runs git and gives its output.
 *
 * @throws {GitError} if it fails; the message holds what it said.
 */
export async function git(cwd: string, args: readonly string[]): Promise<string> {
  const [{ execFile }, { default: process }] = await Promise.all([
    import("node:child_process"),
    import("node:process"),
  ]);
  const env: Record<string, string> = { ...process.env as Record<string, string>, LC_ALL: "C" };
  // Set by hooks and by git aliases, they would name the user's own index and tree.
  for (const name of ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"]) delete env[name];
  return await new Promise((resolve, reject) => {
    execFile(
      "git",
      // Hooks of the repository are for the user's own work.
      ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false", ...args],
      { cwd, env, maxBuffer: GIT_OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else {
          const said = (stderr.trim() || stdout.trim() || error.message).slice(0, 2000);
          reject(new GitError(`Cannot run git ${args[0]} as it says: ${said}`, { cause: error }));
        }
      },
    );
  });
}

/** A worktree that is removed again. */
export interface TemporaryWorktree {
  /** Its directory. */
  readonly path: string;
  /** Puts the files of the commit that is checked out back as they are in it, and deletes all others. */
  clean(): Promise<void>;
  /** Removes the worktree. */
  remove(): Promise<void>;
}

/**
 * Adds a worktree of the repository at `repo`, with `commit` checked out. Each of `links` (paths inside
 * the repository that git does not hold, such as data) is linked into it.
 */
export async function addTemporaryWorktree(
  repo: string,
  commit: string,
  links: readonly string[],
): Promise<TemporaryWorktree> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const top = (await git(repo, ["rev-parse", "--show-toplevel"])).trim();
  // Those of processes that were killed: their repositories are to forget them, too.
  for (const stale of await staleFolders("bisect")) await removeWorktree(path.join(stale, "tree"));
  const parent = await makeTemporaryFolder("bisect");
  const folder = path.join(parent, "tree");
  const remove = async (): Promise<void> => {
    await removeWorktree(folder);
    await fs.rm(parent, { recursive: true, force: true });
  };
  const link = async (): Promise<void> => {
    for (const name of links) {
      const target = path.join(folder, name);
      await fs.mkdir(path.dirname(target), { recursive: true });
      await fs.symlink(path.join(top, name), target).catch((error: { code?: string }) => {
        if (error.code !== "EEXIST") throw error;
      });
    }
  };
  try {
    await git(top, ["worktree", "add", "--detach", "--quiet", folder, commit]);
    await link();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    path: folder,
    async clean() {
      await git(folder, ["reset", "--hard", "--quiet"]);
      await git(folder, ["clean", "-ffdxq"]);
      await link();
    },
    remove,
  };
}

/** Deletes a worktree, and what its repository remembers of it; nothing if there is none. */
async function removeWorktree(folder: string): Promise<void> {
  await git(folder, ["worktree", "remove", "--force", folder]).catch(() => undefined);
}

/**
 * The commit that `revision` names.
 *
 * @throws {GitError} if it names none.
 */
export async function readCommit(repo: string, revision: string): Promise<Commit> {
  // git would take it for an option: `--output=x` writes a file.
  if (revision.startsWith("-") || revision === "") {
    throw new GitError(`Cannot use "${revision}" as a commit: it is not the name of one`);
  }
  const text = await git(repo, [
    "show",
    "--no-patch",
    "--format=%H%x00%an%x00%aI%x00%s",
    `${revision}^{commit}`,
    "--",
  ]);
  const [sha, author, date, subject] = text.trim().split("\0");
  return { sha: sha!, author: author!, date: date!, subject: subject ?? "" };
}
