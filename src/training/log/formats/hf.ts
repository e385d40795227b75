/**
 * The Hugging Face Trainer's `trainer_state.json`, whose rows are its `log_history`; TRL writes it too.
 * A directory means the last checkpoint in it, whose history holds that of all before.
 *
 * @module
 */

import { join } from "node:path";
import { pathKind } from "../file_source.ts";
import type { FileHead, FoundLog, LogDirectory, LogFormatDescription } from "./format.ts";
import { readRecords } from "./json.ts";

const STATE = "trainer_state.json";

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: isTrainerState,
  find: findState,
  read: (input) => readRecords(input, "log_history"),
};

function isTrainerState({ name, text, firstLine }: FileHead): boolean {
  if (!firstLine.startsWith("{")) return false;
  // ms-swift ends its JSON Lines with the Trainer's state: only the first record tells.
  const isLines = firstLine.endsWith("}") && /^\s*\{/.test(text.slice(firstLine.length));
  return name === STATE || /"log_history"\s*:/.test(isLines ? firstLine : text);
}

async function findState({ entries, run }: LogDirectory): Promise<FoundLog[]> {
  const here = entries.find(({ name }) => name === STATE);
  if (here !== undefined) return [{ path: here.path, name: STATE }];
  const checkpoints = entries.filter(({ name, directory }) =>
    directory && /^checkpoint-\d+$/.test(name) && (run === undefined || run === name)
  );
  for (const checkpoint of checkpoints.reverse()) {
    const path = join(checkpoint.path, STATE);
    if (await pathKind(path) === "file") return [{ path, name: checkpoint.name }];
  }
  return [];
}
