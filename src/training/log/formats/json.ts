/**
 * JSON that is not one object per line: a list of rows, rows printed over several lines, and the
 * Hugging Face Trainer's `trainer_state.json`, whose rows are its `log_history`.
 *
 * @module
 */

import { TrainingLogError } from "../errors.ts";
import { readChunks } from "../file_source.ts";
import { JsonRowReader } from "../json_rows.ts";
import { JsonSplitter } from "../json_splitter.ts";
import { excerpt } from "../line_text.ts";
import { RowAssembler } from "../row_assembler.ts";
import type { LogInput } from "./adapter.ts";

/** Reads a JSON list of rows, or rows that follow one another over several lines. */
export async function readJson(input: LogInput): Promise<void> {
  await readRecords(input);
}

/** Reads the `log_history` of a `trainer_state.json`. */
export async function readTrainerState(input: LogInput): Promise<void> {
  await readRecords(input, "log_history");
}

async function readRecords({ path, builder, signal }: LogInput, listKey?: string): Promise<void> {
  const reader = new JsonRowReader(new RowAssembler(builder));
  const splitter = new JsonSplitter((bytes, from, to, line) => {
    if (reader.read(bytes, { from, to, line })) return;
    const detail = `not a row of JSON: ${excerpt(bytes, from, to)}`;
    builder.issue("damaged", { line, detail });
  }, listKey);
  for await (const chunk of readChunks(path, signal)) splitter.push(chunk);
  builder.lineCount = splitter.lineCount;
  const end = splitter.end();
  if (end === "truncated") {
    builder.issue("truncated", { line: splitter.lineCount, detail: "the JSON is cut short" });
  } else if (end === "no_list") {
    throw new TrainingLogError(`Cannot read ${path} as it has no list "${listKey}"`, { path });
  }
}
