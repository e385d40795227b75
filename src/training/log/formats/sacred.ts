/**
 * What Sacred's FileStorageObserver keeps of a run: `metrics.json`, in which each metric has the list of
 * its steps and the list of its values.
 *
 * @module
 */

import { join } from "node:path";
import { pathKind } from "../file_source.ts";
import { parseDocument } from "../json_document.ts";
import { numberOf } from "../loose_number.ts";
import type { FileHead, FoundLog, LogDirectory, LogFormatDescription, LogInput } from "./format.ts";

const METRICS = "metrics.json";

/** See the module. */
export const format: LogFormatDescription = { recognizes: isMetrics, find, read };

function isMetrics({ text }: FileHead): boolean {
  return /^\{\s*"[^"]*"\s*:\s*\{\s*"(?:steps|timestamps|values|name)"\s*:\s*(?:\[|")/.test(text) &&
    text.includes('"steps"');
}

async function find({ entries }: LogDirectory): Promise<FoundLog[]> {
  const here = (name: string) => entries.find((entry) => entry.name === name && !entry.directory);
  const metrics = here(METRICS);
  if (metrics !== undefined && here("run.json") !== undefined) {
    return [{ path: metrics.path, name: METRICS }];
  }
  const runs: FoundLog[] = [];
  for (const { name, path, directory } of entries) {
    if (!directory || !/^\d+$/.test(name)) continue;
    const file = join(path, METRICS);
    const isRun = await pathKind(file) === "file" &&
      await pathKind(join(path, "run.json")) === "file";
    if (isRun) runs.push({ path: file, name });
  }
  return runs;
}

async function read({ path, file, builder }: LogInput): Promise<void> {
  const metrics = await parseDocument(path, file!);
  builder.metadata.stepKey = "steps";
  if (typeof metrics !== "object" || metrics === null) return;
  for (const [name, metric] of Object.entries(metrics)) {
    const { steps, values } = Object(metric) as { steps?: unknown; values?: unknown };
    if (!Array.isArray(steps) || !Array.isArray(values)) {
      builder.issue("damaged", { detail: `${name} has no list of steps or of values` });
      continue;
    }
    const id = builder.column(name);
    values.forEach((value, i) => {
      const number = toNumber(value);
      builder.lineCount++;
      if (number !== undefined) builder.add(Number(steps[i]), id, number, i + 1);
      else builder.missed(1, { line: i + 1, detail: `${name} is ${JSON.stringify(value)}` });
    });
  }
}

/** A number, or what Sacred makes of one of NumPy's: an object with its `value`. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "object" && value !== null) {
    return toNumber((value as { value?: unknown }).value);
  }
  return typeof value === "string" ? numberOf(value) : undefined;
}
