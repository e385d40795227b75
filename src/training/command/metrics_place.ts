/**
 * The log that a command writes at a path of its own. What stood there is set aside while the command
 * runs and put back afterwards, so that the run's metrics are what this run wrote and nothing else,
 * whatever the times of files say.
 *
 * @module
 */

import { TrainingCommandError } from "./errors.ts";
import { mayRun, ownName } from "./temporary_folder.ts";

/** Stands for the folder of a run in a command and in the path of its log. */
export const OUTPUT = "{output}";

/** Whether all runs of a command write one and the same log, so that they cannot run at once. */
export function isSharedLog(metricsFile: string | undefined): boolean {
  return metricsFile !== undefined && !metricsFile.includes(OUTPUT);
}

/** A path that stands free for one run. */
export interface MetricsPlace {
  /** Where the command writes. */
  readonly path: string;
  /** Where what stood there is meanwhile; undefined if nothing did. */
  readonly aside: string | undefined;
  /** Where {@linkcode close} puts what the command wrote. */
  readonly kept: string;
  /**
   * Moves what the command wrote into its folder, and puts back what stood there before. Gives where
   * it is now; undefined if the command wrote nothing there.
   */
  close(): Promise<string | undefined>;
}

/**
 * Sets aside what stands at `path`. `folder` is where what the command writes goes in the end, `cwd` where it
 * runs.
 *
 * @throws {TrainingCommandError} if what stands there is neither a file nor a folder, holds what the command
 * needs, or is in use by another replay.
 */
export async function openMetricsPlace(
  path: string,
  { folder, cwd, program }: { folder: string; cwd: string; program: string },
): Promise<MetricsPlace> {
  const [fs, nodePath] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const refuse = (why: string): TrainingCommandError =>
    new TrainingCommandError(program, `Cannot take the metrics from ${path} as ${why}`);
  for (const needed of [cwd, folder]) {
    const inside = nodePath.relative(path, needed);
    if (!inside.startsWith("..") && !nodePath.isAbsolute(inside)) {
      throw refuse(
        `it holds ${needed}; name the log itself, or the folder that holds nothing but logs`,
      );
    }
  }
  const parent = nodePath.dirname(path);
  const base = nodePath.basename(path);
  const marker = `.${base}.rewind-aside-`;
  let stale: string | undefined;
  for (const name of await fs.readdir(parent).catch(() => [])) {
    if (!name.startsWith(marker)) continue;
    if (await mayRun(name.slice(marker.length))) {
      throw refuse(`another replay, which set ${name} aside, is under way with it`);
    }
    stale = nodePath.join(parent, name);
  }
  let info = await fs.lstat(path).catch(() => undefined);
  if (stale !== undefined) {
    if (info !== undefined) {
      throw refuse(
        `a replay that was killed left what stood there before in ${stale}; put back the one that is right ` +
          "and delete the other",
      );
    }
    await fs.rename(stale, path);
    info = await fs.lstat(path);
  }
  if (info !== undefined && !info.isFile() && !info.isDirectory() && !info.isSymbolicLink()) {
    throw refuse("it is neither a file nor a folder");
  }
  const aside = info === undefined ? undefined : nodePath.join(parent, marker + await ownName());
  if (aside !== undefined) {
    await fs.rename(path, aside).catch((error: Error) => {
      throw refuse(`what stands there cannot be set aside: ${error.message}`);
    });
  }
  const startedAtMs = Date.now();
  const kept = nodePath.join(folder, base);
  return {
    path,
    aside,
    kept,
    async close() {
      const written = await fs.lstat(path).catch(() => undefined);
      try {
        if (written === undefined) return undefined;
        if (written.isSymbolicLink()) {
          // A link that leads to an older log would hand in somebody else's rows.
          const target = await fs.stat(path).catch(() => undefined);
          const isOld = target !== undefined && target.birthtimeMs > 0 &&
            target.birthtimeMs < startedAtMs - 2000;
          if (target !== undefined && !isOld) {
            await fs.cp(path, kept, { recursive: true, dereference: true });
          }
          await fs.rm(path);
          if (isOld) throw refuse("it is a link to what stood there before the command ran");
          return target === undefined ? undefined : kept;
        }
        await move(path, kept);
        return kept;
      } finally {
        if (aside !== undefined) {
          await fs.rename(aside, path).catch((error: Error) => {
            throw refuse(
              `what stood there is now in ${aside}, and cannot be put back: ${error.message}`,
            );
          });
        }
      }
    },
  };
}

/** Renames, or copies where the two places are on different file systems. */
async function move(from: string, to: string): Promise<void> {
  const fs = await import("node:fs/promises");
  try {
    await fs.rename(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== "EXDEV") throw error;
    await fs.cp(from, to, { recursive: true, preserveTimestamps: true });
    await fs.rm(from, { recursive: true });
  }
}
