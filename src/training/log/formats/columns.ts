/**
 * A JSON document that holds whole columns: the `history` of Keras and its like, lists of one length by
 * name, and what `to_json` of pandas writes column by column, row by row under an index, or split.
 *
 * @module
 */

import { TrainingLogError } from "../errors.ts";
import { parseDocument } from "../json_document.ts";
import { JsonSplitter } from "../json_splitter.ts";
import { putValue, tableOf } from "../json_table.ts";
import { RowAssembler } from "../row_assembler.ts";
import type { Slot } from "../record_keys.ts";
import { type FileHead, filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: isColumns,
  find: (directory) => filesNamed(directory, /^(?:\w*_)?history\.json$/),
  read,
};

/** A list that starts with a number, or an object whose keys are row numbers. */
const COLUMN = /:\s*(?:\[\s*(?:-?[\d.]|-?NaN|-?Infinity|null|\[)|\{\s*"\d+"\s*:)/;

function isColumns({ name, bytes, text, firstLine }: FileHead): boolean {
  if (!firstLine.startsWith("{") || /\.(?:jsonl|ndjson)$/.test(name)) return false;
  const isIndexed = /^\{\s*"\d+"\s*:\s*\{/.test(text);
  // A row that holds lists has a step of its own.
  const hasStep = /"(?:global_)?step"\s*:\s*-?\d/.test(text);
  if (!isIndexed && (hasStep || !COLUMN.test(text))) return false;
  // Objects that follow one another are rows, whatever lists they hold.
  let records = 0;
  const splitter = new JsonSplitter(() => void records++);
  splitter.push(bytes);
  const isWhole = splitter.end() === "complete";
  return records === 0 || (records === 1 && isWhole);
}

async function read({ path, file, builder }: LogInput): Promise<void> {
  const table = tableOf(await parseDocument(path, file!));
  if (table === undefined) {
    throw new TrainingLogError(`Cannot read ${path}: it holds no columns`, { path });
  }
  const rows = new RowAssembler(builder);
  const slotOf = (path: readonly string[]): Slot => {
    const [first, ...others] = path;
    return others.reduce((slot, key) => rows.root.childOf(slot).slot(key), rows.root.slot(first!));
  };
  const columns = table.columns.map(({ path, cells }) => ({ slot: slotOf(path), cells }));
  // Rows that have no step are numbered as the document numbers them.
  if (table.index !== undefined && columns.every(({ slot }) => slot.role.kind !== "step")) {
    columns.unshift({ slot: slotOf(["index"]), cells: table.index });
  }
  const singles = table.singles.map(({ path, value }) => ({ slot: slotOf(path), value }));
  const length = Math.max(...columns.map(({ cells }) => cells.length));
  const shorter = columns.filter(({ cells }) => cells.length < length);
  if (shorter.length > 0) {
    const detail = `${shorter[0]!.slot.path} has ${
      shorter[0]!.cells.length
    } values where others have ${length}`;
    builder.issue("note", { detail });
  }
  for (let row = 0; row < length; row++) {
    rows.begin();
    for (const { slot, cells } of columns) if (row < cells.length) putValue(rows, slot, cells[row]);
    // What stands once is of the whole run: the last row has it.
    if (row === length - 1) { for (const { slot, value } of singles) putValue(rows, slot, value); }
    rows.commit(row + 1);
    builder.lineCount++;
  }
}
