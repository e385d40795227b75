/**
 * The file that describes a baseline.
 *
 * @module
 */

import { BASELINE_BYTES_MAX } from "../limits.ts";
import { type Baseline, BASELINE_FILE } from "../findings/baseline_report.ts";
import { TrainingLogError } from "../log/errors.ts";
import { writeTextFile } from "./write_results.ts";

/** What the file begins with, so that no other JSON is taken for it. */
const KIND = "rewind baseline";

/** Writes the file into the folder. @throws {OutputFileError} If it cannot be written. */
export async function writeBaseline(folder: string, baseline: Baseline): Promise<void> {
  const path = await import("node:path");
  const text = JSON.stringify(
    { kind: KIND, ...baseline, seed: baseline.seed.toString() },
    null,
    2,
  );
  await writeTextFile(path.join(folder, BASELINE_FILE), text);
}

/**
 * The baseline in a folder; undefined where there is none.
 *
 * @throws {TrainingLogError} if there is one that cannot be read.
 */
export async function readBaseline(folder: string): Promise<Baseline | undefined> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const file = path.join(folder, BASELINE_FILE);
  const info = await fs.stat(file).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  const refuse = (why: string): TrainingLogError =>
    new TrainingLogError(`Cannot read the baseline ${file}: ${why}`, { path: file });
  if (info.size > BASELINE_BYTES_MAX) throw refuse("it is too large to be one");
  let found: unknown;
  try {
    found = JSON.parse(await fs.readFile(file, "utf8"));
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (!isBaseline(found)) {
    const version = (found as { version?: unknown } | null)?.version;
    throw refuse(
      typeof version === "number" && version > 1
        ? `its version is ${version}, and this rewind knows version 1`
        : "it does not say what a baseline says",
    );
  }
  return { ...found, seed: BigInt(found.seed) };
}

type Stored = Omit<Baseline, "seed"> & { readonly seed: string };

function isBaseline(value: unknown): value is Stored {
  if (typeof value !== "object" || value === null) return false;
  const { kind, version, argv, env, cwd, seed, log, options, surroundings, ...rest } =
    value as Record<string, unknown>;
  const { facts, imported, written } = (surroundings ?? {}) as Record<string, unknown>;
  return kind === KIND && version === 1 && areTexts(argv) && argv.length > 0 && areNamed(env) &&
    typeof cwd === "string" && typeof seed === "string" && /^-?\d{1,1000}$/.test(seed) &&
    // The log lies in the folder: a path that leads out of it is somebody else's file.
    typeof log === "string" && !/^[\\/]|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(log) &&
    typeof options === "object" && options !== null && areNamed(facts) && areTexts(imported) &&
    areTexts(written) && areTexts(rest.leftOut) && areTexts(rest.envLeftOut);
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function areNamed(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null && areTexts(Object.values(value));
}
