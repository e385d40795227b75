/**
 * Plain text that a training script printed: dictionaries as the Hugging Face Trainer prints them, names
 * and numbers in whatever way, progress bars, and tables.
 *
 * @module
 */

import { TrainingLogError } from "../errors.ts";
import { LineSplitter } from "../line_splitter.ts";
import { PrintedLog } from "../text/printed_log.ts";
import { filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";

/** See the module. Whatever is no other format is text. */
export const format: LogFormatDescription = {
  recognizes: () => true,
  find: (directory) => filesNamed(directory, /\.(?:log|txt|out)$/),
  read: readText,
};

async function readText({ path, file, builder }: LogInput): Promise<void> {
  const log = new PrintedLog(builder);
  const splitter = new LineSplitter(
    (bytes, from, to, line) => log.line(bytes, from, to, line),
    (line) => builder.issue("damaged", { line, detail: "the line is too long" }),
  );
  for await (const chunk of file!.chunks()) splitter.push(chunk);
  const { bytes, line } = splitter.end();
  if (bytes.length > 0) log.line(bytes, 0, bytes.length, line);
  log.end();
  builder.lineCount = bytes.length > 0 ? line : line - 1;
  if (builder.recordCount === 0) {
    throw new TrainingLogError(
      `Cannot read ${path}: no line of it holds a metric; give a log of metrics, or its format`,
      { path, isNoLog: true },
    );
  }
}
