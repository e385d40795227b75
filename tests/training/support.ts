/** Helpers of the training room's tests: tables without files, temporary folders, programs that may be missing. */

export { HAS_PYTHON as PYTHON } from "../python.ts";
import { type Column, NO_LOG, type RunLog } from "../../src/training/log/run_log.ts";

/** A log as `readRun` would give it; `undefined` in a column is a missing value. */
export function makeLog(
  steps: readonly number[],
  columns: Readonly<Record<string, readonly (number | undefined)[]>>,
  options: { source?: string; float32?: boolean } = {},
): RunLog {
  return {
    ...NO_LOG,
    source: options.source ?? "test",
    steps: Float64Array.from(steps),
    lines: Uint32Array.from(steps, (_, row) => row + 1),
    columns: new Map(
      Object.entries(columns).map(([name, values]): [string, Column] => [name, {
        name,
        canonical: name,
        values: Float64Array.from(values, (value) => value ?? 0),
        present: Uint8Array.from(values, (value) => value === undefined ? 0 : 1),
        count: values.filter((value) => value !== undefined).length,
        integer: values.every((value) => value === undefined || Number.isSafeInteger(value)),
        float32: options.float32 ?? false,
        emptyCount: 0,
        earlierOf: undefined,
      }]),
    ),
    recordCount: steps.length,
    lineCount: steps.length,
  };
}

/** Runs `body` with a temporary folder that is deleted afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "rewind-test-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes rows as JSON lines and returns the path. */
export async function writeRows(path: string, rows: readonly unknown[]): Promise<string> {
  await Deno.writeTextFile(path, rows.map((row) => JSON.stringify(row)).join("\n") + "\n");
  return path;
}

/** Whether a program can be run. */
export function hasProgram(program: string, args: readonly string[] = ["--version"]): boolean {
  try {
    return new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" })
      .outputSync()
      .success;
  } catch {
    return false;
  }
}

/** Whether any process has `text` in its command line: what a test started must be gone. */
export function isRunning(text: string): boolean {
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ");
      if (line.includes(text)) return true;
    } catch {
      // Gone meanwhile.
    }
  }
  return false;
}

/** Normally distributed numbers from a uniform source (Box and Muller). */
export function normalSource(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The path of a file URL. */
export function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname);
}
