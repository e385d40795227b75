/**
 * Which files a test of golden runs is about, and which modules they came from.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { suggestion } from "../text/suggestion.ts";
import { InputError } from "./usage_error.ts";

/** Folders that are not looked into. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** How deep below the working directory a module is looked for that nobody has named. */
const DEPTH_BELOW = 4;

/** Paths of the `.replay` files in files and folders, in order. */
export async function goldenFiles(places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    if ((await statOf(place)).isDirectory) await collect(place, found);
    else found.push(place);
  }
  return [...new Set(found)].sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
}

async function statOf(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new InputError(`Cannot open '${path}': there is no such file or folder`);
    }
    throw error;
  }
}

async function collect(folder: string, found: string[]): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory && !SKIPPED_FOLDERS.has(name)) await collect(path, found);
    else if (isFile && name.endsWith(".replay")) found.push(path);
  }
}

/** Finds the modules of runs by the names that the runs have of them. */
export class ModuleFinder {
  readonly #places: readonly string[];
  readonly #known = new Map<string, readonly string[]>();
  /** Modules that nobody named and that lie below the working directory. */
  readonly guesses: Set<string> = new Set();

  /**
   * Looks in these files and folders first, then where a run lies and in the folders above it; without any, in those
   * below the working directory last.
   */
  constructor(places: readonly string[]) {
    this.#places = places;
  }

  /**
   * Paths of what can be the module of a run: several where modules in several folders have its name.
   *
   * @param file Path of the run.
   * @param stepId Name of its module.
   * @throws {InputError} If there is none.
   */
  async modulesOf(file: string, stepId: string): Promise<readonly string[]> {
    const key = `${dirname(file)}\0${stepId}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await this.#search(file, stepId);
    this.#known.set(key, found);
    return found;
  }

  async #search(file: string, stepId: string): Promise<readonly string[]> {
    const names: string[] = [];
    const found: string[] = [];
    const only = this.#places.length === 1 ? this.#places[0] : undefined;
    if (only !== undefined && !(await statOf(only)).isDirectory) return [only];
    for (const place of this.#places) {
      const isFolder = (await statOf(place)).isDirectory;
      for (const path of isFolder ? await filesIn(place) : [place]) {
        if (basename(path) === stepId) found.push(path);
        names.push(basename(path));
      }
    }
    if (found.length > 0) return found;
    // A name with a separator would lead out of the folders that are looked in.
    const isName = stepId !== "" && basename(stepId) === stepId && stepId !== "..";
    for (let folder = dirname(resolve(file)); isName;) {
      const path = join(folder, stepId);
      if (await isFile(path)) return [path];
      const above = dirname(folder);
      if (above === folder || folder === resolve(".")) break;
      folder = above;
    }
    if (isName && this.#places.length === 0) {
      const below = (await filesIn(".", DEPTH_BELOW)).filter((path) => basename(path) === stepId);
      // Not the one whose code is in the file: that may be an old copy of one that has changed.
      if (below.length > 1) {
        throw new InputError(`Cannot tell which is the module of '${file}': ${below.join(", ")}`, {
          hint: "name it, or a folder that has it, with --module",
        });
      }
      for (const path of below) this.guesses.add(path);
      if (below.length === 1) return below;
    }
    throw new InputError(
      stepId === ""
        ? `Cannot test '${file}': it does not say which module it came from`
        : `Cannot find '${stepId}', the module of '${file}'`,
      {
        hint: suggestion(stepId, names) ??
          "name the module, or a folder that has it, with --module",
      },
    );
  }
}

async function filesIn(folder: string, depth = Infinity): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isFile) files.push(path);
    else if (isDirectory && depth > 0 && !SKIPPED_FOLDERS.has(name)) {
      const inner = filesIn(path, depth - 1);
      // Nobody has named what is looked through as a guess: some of it may be closed to the user.
      files.push(...await (depth === Infinity ? inner : inner.catch(() => [])));
    }
  }
  return files.sort();
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
