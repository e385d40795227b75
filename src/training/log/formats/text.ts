/**
 * Plain text that a training script printed: dictionaries as the Hugging Face Trainer prints them,
 * pairs such as `step: 12 loss: 0.25` or `loss=0.25`, and the tables of Stable-Baselines. Lines without
 * any number of their own are passed over; rows without a step are counted.
 *
 * @module
 */

import { TrainingLogError } from "../errors.ts";
import { JsonRowReader } from "../json_rows.ts";
import { LineSplitter } from "../line_splitter.ts";
import { RowAssembler } from "../row_assembler.ts";
import { filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";
import { PrintedTables } from "./printed_table.ts";

/** See the module. Whatever is no other format is text. */
export const format: LogFormatDescription = {
  recognizes: () => true,
  find: (directory) => filesNamed(directory, /\.(?:log|txt)$/),
  read: readText,
};

/** Longest line that is searched for pairs: beyond it stands data, not a message. */
const TEXT_LINE_BYTES_MAX = 16_384;

/**
 * A name and a number, which may be NumPy's or PyTorch's, as in `np.float64(0.5)`. Megatron pads its
 * numbers, as in `iteration      100/  500000`. All parts are bounded so that matching stays linear.
 */
const PAIR =
  /(?<![\w.])([A-Za-z_][\w.@-]{0,80}(?:\/[\w.@-]{1,80}){0,6})["']?\s{0,3}(?:[:=]\s{0,16}|\s|\s{1,16}(?=\d{1,20}\/))(?:(?:np|numpy)\.float\d\d\(|tensor\()?([-+]?(?:\d[\d,]{0,20}(?:\.\d{0,30})?(?:[eE][-+]?\d{1,4})?|nan|inf))(?![\w.:])/gi;

async function readText({ path, file, builder }: LogInput): Promise<void> {
  const rows = new RowAssembler(builder);
  const reader = new JsonRowReader(rows);
  const tables = new PrintedTables(rows);
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const read = (bytes: Uint8Array, from: number, to: number, line: number): void => {
    if (to - from > TEXT_LINE_BYTES_MAX) return;
    const content = decoder.decode(bytes.subarray(from, to));
    if (tables.take(content, line)) return;
    const open = bytes.subarray(from, to).indexOf(0x7b);
    if (open >= 0) {
      const close = bytes.subarray(from, to).lastIndexOf(0x7d);
      const place = { from: from + open, to: from + close + 1, line };
      if (close > open && reader.read(bytes, place)) return;
    }
    rows.begin();
    for (const [, name, number] of content.matchAll(PAIR)) {
      const text = encoder.encode(number!.replaceAll(",", ""));
      rows.text(rows.root.slot(name!), text, 0, text.length);
    }
    rows.commit(line);
  };
  const splitter = new LineSplitter(read, () => {});
  for await (const chunk of file!.chunks()) splitter.push(chunk);
  const { bytes, line } = splitter.end();
  if (bytes.length > 0) read(bytes, 0, bytes.length, line);
  tables.end();
  builder.lineCount = bytes.length > 0 ? line : line - 1;
  if (builder.recordCount === 0) {
    throw new TrainingLogError(
      `Cannot read ${path} as no line of it holds a metric: give a log of metrics, or its format`,
      { path },
    );
  }
}
