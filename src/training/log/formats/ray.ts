/**
 * A folder of Ray Tune: one folder per trial, in which `result.json` has the results line by line.
 *
 * @module
 */

import { join } from "node:path";
import { pathKind } from "../file_source.ts";
import type { FoundLog, LogDirectory, LogFormatDescription } from "./format.ts";
import { readJsonl } from "./jsonl.ts";

/** See the module. */
export const format: LogFormatDescription = { find: findTrials, read: readJsonl };

async function findTrials({ entries }: LogDirectory): Promise<FoundLog[]> {
  const trials: FoundLog[] = [];
  for (const { name, path, directory } of entries) {
    const result = join(path, "result.json");
    if (directory && await pathKind(result) === "file") trials.push({ path: result, name });
  }
  return trials;
}
