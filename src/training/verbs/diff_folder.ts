/**
 * Compares every two runs that lie in one folder, as a logger with a folder for each run leaves them.
 *
 * @module
 */

import { DIFF_RUNS_MAX } from "../limits.ts";
import type { FolderDiffReport, RunPair } from "../findings/folder_diff_report.ts";
import { TrainingLogError } from "../log/errors.ts";
import { listDirectory } from "../log/file_source.ts";
import { readingOf, readRun } from "../log/read_run.ts";
import type { RunLog } from "../log/run_log.ts";
import { diffLogs, type DiffOptions, diffSelection } from "./diff_runs.ts";

/** Options of {@linkcode diffFolder}. */
export interface DiffFolderOptions extends Omit<DiffOptions, "a" | "b" | "outputDir"> {
  /** Folder with one folder for each run. */
  folder: string;
}

/**
 * Compares every two runs of a folder.
 *
 * @throws {TrainingLogError} if there are fewer than two runs, or more than `DIFF_RUNS_MAX`.
 *
 * @example Usage
 * ```ts
 * import { diffFolder } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * for (const [name, loss] of [["a", 0.5], ["b", 0.5], ["c", 0.4]] as const) {
 *   await Deno.mkdir(`${folder}/${name}`);
 *   await Deno.writeTextFile(`${folder}/${name}/metrics.jsonl`, JSON.stringify({ step: 0, loss }));
 * }
 * const report = await diffFolder({ folder });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.pairs.map(({ report }) => report.verdict), ["match", "differs", "differs"]);
 * ```
 */
export async function diffFolder(options: DiffFolderOptions): Promise<FolderDiffReport> {
  const { folder } = options;
  const logs: { name: string; log: RunLog }[] = [];
  const skipped: { name: string; reason: string }[] = [];
  let isLost = false;
  const below = (await listDirectory(folder)).filter(({ directory }) => directory);
  if (below.length > DIFF_RUNS_MAX) {
    throw new TrainingLogError(
      `Cannot compare all runs in ${folder}: it holds ${below.length} folders, and every two of at most ` +
        `${DIFF_RUNS_MAX} are compared`,
      { path: folder, hint: "name the two that you mean" },
    );
  }
  for (const { name, path } of below) {
    try {
      logs.push({ name, log: await readRun(path, readingOf(options)) });
    } catch (error) {
      if (!(error instanceof TrainingLogError)) throw error;
      skipped.push({ name, reason: error.message });
      isLost ||= !error.isNoLog;
    }
  }
  if (logs.length < 2) {
    const found = logs.length === 0 ? "no run" : `one run, ${logs[0]!.name}`;
    throw new TrainingLogError(
      `Cannot compare runs in ${folder}: its folders hold ${found}` +
        (skipped.length === 0 ? "" : ` (${skipped[0]!.name}: ${skipped[0]!.reason})`),
      { path: folder },
    );
  }
  const selection = diffSelection(options);
  const pairs: RunPair[] = [];
  for (const [i, first] of logs.entries()) {
    for (const other of logs.slice(i + 1)) {
      const report = diffLogs(first.log, other.log, selection, options);
      pairs.push({ a: first.name, b: other.name, report });
    }
  }
  const verdicts = pairs.map(({ report }) => report.verdict);
  // A run that was not read may be the one that differs.
  if (isLost && options.allowMissing !== true) verdicts.push("nothing_compared");
  const verdict =
    (["differs", "nothing_compared"] as const).find((one) => verdicts.includes(one)) ?? "match";
  return {
    passed: verdict === "match",
    verdict,
    folder,
    runs: logs.map(({ name }) => name),
    pairs,
    skipped,
  };
}
