/**
 * JSON that is not one object per line: a list of rows, or rows printed over several lines.
 *
 * @module
 */

import { TrainingLogError } from "../errors.ts";
import { JsonRowReader } from "../json_rows.ts";
import { JsonSplitter } from "../json_splitter.ts";
import { excerpt } from "../line_text.ts";
import { RowAssembler } from "../row_assembler.ts";
import { type FileHead, filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: isJson,
  find: (directory) => filesNamed(directory, /^metrics\.json$/),
  read: (input) => readRecords(input),
};

function isJson({ text, firstLine }: FileHead): boolean {
  if (firstLine.startsWith("[")) return /^\[\s*(?:\{|\]|$)/.test(text);
  // Python's dictionaries are not JSON.
  return firstLine.startsWith("{") && firstLine[1] !== "'";
}

/** Reads rows that follow one another, or those of a list under a key. */
export async function readRecords(
  { path, file, builder }: LogInput,
  listKey?: string,
): Promise<void> {
  const reader = new JsonRowReader(new RowAssembler(builder));
  const splitter = new JsonSplitter((bytes, from, to, line) => {
    if (reader.read(bytes, { from, to, line })) return;
    const detail = `not a row of JSON: ${excerpt(bytes, from, to)}`;
    builder.issue("damaged", { line, detail });
  }, listKey);
  for await (const chunk of file!.chunks()) splitter.push(chunk);
  builder.lineCount = splitter.lineCount;
  const end = splitter.end();
  if (end === "truncated") {
    builder.issue("truncated", { line: splitter.lineCount, detail: "the JSON is cut short" });
  } else if (end === "no_list") {
    throw new TrainingLogError(`Cannot read ${path} as it has no list "${listKey}"`, { path });
  }
}
