/** What the tests of the readers share. */

import { dirname, join } from "node:path";
import { detectFormat, type DetectFormatOptions } from "../../../src/training/log/detect_format.ts";
import { readRun, type ReadRunOptions } from "../../../src/training/log/read_run.ts";
import type { LogIssue, LogIssueKind, RunLog } from "../../../src/training/log/run_log.ts";

/** Path of a golden log. */
export function golden(path: string): string {
  return new URL(`../../golden/training/${path}`, import.meta.url).pathname;
}

/** Runs a test on files in a fresh directory, whose name holds no seed, and removes it. */
export async function withFiles(
  files: Record<string, string | Uint8Array>,
  test: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "rewind-log-" });
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(directory, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(
        path,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The format of a log and the path of it, as `detectFormat` finds them. */
export async function detect(
  path: string,
  options?: DetectFormatOptions,
): Promise<{ format: string; path: string; passedOver: readonly string[] }> {
  const { file, format, path: found, passedOver } = await detectFormat(path, options);
  await file?.close();
  return { format, path: found, passedOver };
}

/** Reads one log whose content is given. */
export async function readText(
  name: string,
  content: string | Uint8Array,
  options?: ReadRunOptions,
): Promise<RunLog> {
  let log: RunLog | undefined;
  await withFiles({ [name]: content }, async (directory) => {
    log = await readRun(join(directory, name), options);
  });
  return log!;
}

/** A metric as pairs of step and value, only where it has one. */
export function series(log: RunLog, name: string): [number, number][] {
  const column = log.columns.get(name)!;
  const pairs: [number, number][] = [];
  log.steps.forEach((step, row) => {
    if (column.present[row] === 1) pairs.push([step, column.values[row]!]);
  });
  return pairs;
}

/** The issue of one kind, if the log has it. */
export function issue(log: RunLog, kind: LogIssueKind): LogIssue | undefined {
  return log.issues.find((i) => i.kind === kind);
}

/** Seeds as `value@path`. */
export function seeds(log: RunLog): string[] {
  return log.seeds.map(({ value, path }) => `${value}@${path}`);
}

/** The loss of the golden logs at a step, as make_fixtures.py computes it: equal to a few ulps only. */
export function goldenLoss(step: number): number {
  return 2.5 * Math.exp(-step / 40) + 0.01 * Math.sin(step);
}
