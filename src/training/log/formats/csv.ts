/**
 * CSV by RFC 4180, with comma, semicolon, tab or bar: Lightning's CSVLogger, exports of pandas,
 * TensorBoard and the W&B interface, and long tables of step, name and value.
 *
 * @module
 */

import { LOG_HEADERS_MAX } from "../../limits.ts";
import { counted } from "../../../text/quantity.ts";
import { TrainingLogError } from "../errors.ts";
import { LineSplitter } from "../line_splitter.ts";
import { contentStart, excerpt, isBlank } from "../line_text.ts";
import { RowAssembler } from "../row_assembler.ts";
import type { Slot } from "../record_keys.ts";
import {
  isNumber,
  isRowOfNames,
  isTableOfRuns,
  metricNames,
  separatorLine,
  TABLE_OF_RUNS,
} from "./csv_header.ts";
import { hasOddQuotes, OpenRecord } from "./csv_record.ts";
import { type FileHead, filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";

const QUOTE = 0x22;
const HASH = 0x23;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SEMICOLON = 0x3b;
const DELIMITERS = [0x2c, SEMICOLON, 0x09, 0x7c];

const HEAD_BYTES = 1 << 16;

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: looksLikeCsv,
  find: (directory) => filesNamed(directory, /\.[ct]sv(?:\.gz)?$/),
  read: readCsv,
};

/** Whether a file looks like a table: a header of names and a first row of as many fields with a number. */
export function looksLikeCsv({ name, text, firstLine }: FileHead): boolean {
  if (/^[[{]/.test(firstLine)) return false;
  if (/\.[ct]sv$/.test(name)) return true;
  const second = text.split(/\r\n?|\n/, 2)[1]?.trim();
  // A bar at the edge is that of a printed table.
  if (second === undefined || firstLine.startsWith("|")) return false;
  for (const delimiter of [",", ";", "\t", "|"]) {
    const names = firstLine.split(delimiter);
    const fields = second.split(delimiter);
    if (names.length > 1 && names.length === fields.length) {
      // Text that is printed has its numbers among the names: `Epoch 1, Loss: 0.5`.
      return !names.some((name) => /^\s*[-+]?\d|[:=]\s|\s[-+]?\d+(?:\.\d+)?\s*$/.test(name)) &&
        fields.some((field) => /^\s*"?[-+]?\.?\d[\d.,]*(?:e[-+]?\d+)?%?"?\s*$/i.test(field));
    }
  }
  return false;
}

/** Reads a CSV log. Its first record names the columns. */
export async function readCsv(input: LogInput): Promise<void> {
  const { builder } = input;
  const file = input.file!;
  const head = await file.head(HEAD_BYTES);
  const newline = head.includes(NEWLINE) || !head.includes(RETURN) ? NEWLINE : RETURN;
  const table = new CsvTable(input);
  const open = new OpenRecord();
  const onLine = (bytes: Uint8Array, from: number, to: number, line: number): void => {
    from = contentStart(bytes, from, to, line);
    if (to > from && bytes[to - 1] === RETURN) to--;
    if (!open.begun && table.isRemark(bytes, from, to)) return;
    const isOdd = hasOddQuotes(bytes, from, to);
    if (open.begun || isOdd) {
      // A quoted field goes on over the end of its line.
      const whole = open.add(bytes.subarray(from, to), { line, ends: open.begun && isOdd });
      if (whole === undefined) return;
      table.record(whole, { from: 0, to: whole.length, line: open.line, last: false });
    } else if (!isBlank(bytes, from, to) || table.singleColumn) {
      table.record(bytes, { from, to, line, last: false });
    }
  };
  const splitter = new LineSplitter(
    onLine,
    (line) => builder.issue("damaged", { line, detail: "the line is too long" }),
    newline,
  );
  for await (const chunk of file.chunks()) splitter.push(chunk);
  const { bytes, line } = splitter.end();
  builder.lineCount = bytes.length > 0 ? line : line - 1;
  if (open.begun) {
    builder.issue("truncated", { line: open.line, detail: "a quoted field does not end" });
  } else {
    const from = contentStart(bytes, 0, bytes.length, line);
    if (!isBlank(bytes, from, bytes.length) && !table.isRemark(bytes, from, bytes.length)) {
      table.record(bytes, { from, to: bytes.length, line, last: true });
    }
  }
  table.end();
}

interface RecordPlace {
  from: number;
  to: number;
  line: number;
  /** Whether the record is not followed by a newline. */
  last: boolean;
}

/** A column of the table. */
interface CsvColumn {
  readonly slot: Slot;
  /** The column whose extremes it holds: told only where they are not its values. */
  readonly extremeOf: number | undefined;
}

/** Columns by place; undefined for one that is left out. */
type CsvColumns = readonly (CsvColumn | undefined)[];

class CsvTable {
  readonly #input: LogInput;
  readonly #rows: RowAssembler;
  #columns: CsvColumns | undefined;
  #names: readonly string[] = [];
  #hasRows = false;
  #headers = 0;
  #isDelimiterKnown = false;
  #hasExtremes = false;
  /** Fields of the record, where columns hold extremes of others. */
  readonly #fieldTexts: string[] = [];
  #delimiter = DELIMITERS[0]!;
  /** A line with `#` before several names: the header, unless the line after it has no number. */
  #marked: { bytes: Uint8Array; line: number } | undefined;
  /** Whether the Monitor of Gym or Stable-Baselines wrote it, whose `t` are seconds. */
  #isMonitor = false;
  #remarks = 0;

  constructor(input: LogInput) {
    this.#input = input;
    this.#rows = new RowAssembler(input.builder);
  }

  get singleColumn(): boolean {
    return this.#columns?.length === 1;
  }

  /**
   * Whether a line is a remark: `#` with JSON, as the Monitor writes it, or with a text. A `#` before the
   * names of several columns may belong to the header, and one in a row of as many fields to the row.
   */
  isRemark(bytes: Uint8Array, from: number, to: number): boolean {
    if (bytes[from] !== HASH) return false;
    const text = new TextDecoder().decode(bytes.subarray(from + 1, Math.min(to, from + 4096)))
      .trim();
    if (text.startsWith("{")) {
      this.#isMonitor ||= text.includes('"t_start"');
      return true;
    }
    const fields = this.#columns?.length;
    const isRemark = fields === undefined
      ? !/[,;\t|]/.test(text)
      : this.#fieldCount(bytes, from, to) !== fields;
    if (isRemark) this.#remarks++;
    return isRemark;
  }

  #fieldCount(bytes: Uint8Array, from: number, to: number): number {
    let count = 0;
    this.#fields(bytes, { from, to }, () => count++);
    return count;
  }

  record(bytes: Uint8Array, place: RecordPlace): void {
    if (this.#columns !== undefined) return this.#row(this.#columns, bytes, place);
    const { from, to, line } = place;
    const delimiter = line === 1 ? separatorLine(bytes, from, to) : undefined;
    if (delimiter !== undefined) {
      this.#delimiter = delimiter;
      this.#isDelimiterKnown = true;
      return;
    }
    if (bytes[from] === HASH) {
      this.#marked = { bytes: bytes.slice(from + 1, to), line };
      return;
    }
    const marked = this.#marked;
    const text = new TextDecoder().decode(bytes.subarray(from, to));
    if (marked !== undefined && text.split(/[,;\t|]/).some(isNumber)) {
      const place = { from: 0, to: marked.bytes.length, line: marked.line };
      this.#columns = this.#header(marked.bytes, place);
      this.#row(this.#columns, bytes, { from, to, line, last: false });
    } else this.#columns = this.#header(bytes, place);
  }

  /** Takes note of what was passed over. */
  end(): void {
    if (this.#remarks === 0) return;
    const detail = `${counted(this.#remarks, "remark")} passed over`;
    this.#input.builder.issue("note", { detail });
  }

  #header(bytes: Uint8Array, { from, to, line }: Omit<RecordPlace, "last">): CsvColumns {
    const { path, run, builder } = this.#input;
    if (!this.#isDelimiterKnown) {
      const head = bytes.subarray(from, to);
      const counts = DELIMITERS.map((delimiter) => head.filter((c) => c === delimiter).length);
      this.#delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
    }
    this.#rows.decimalComma = this.#delimiter === SEMICOLON;
    const names = this.#names = this.#namesIn(bytes, from, to);
    if (names.every((name) => name === "" || isNumber(name))) {
      throw new TrainingLogError(
        `Cannot read ${path} as CSV: its first line names no columns (${excerpt(bytes, from, to)})`,
        { path, line },
      );
    }
    if (isTableOfRuns(names)) builder.issue("note", { line, detail: TABLE_OF_RUNS });
    const seen = new Map<string, number>();
    const isStepped = names.some((name) => builder.fields.role(name).kind === "step");
    return metricNames(names, { path, run }).map((column, index) => {
      // The first column of pandas is its index: it counts rows where nothing else does.
      if (column === undefined || (column.name === "" && index === 0 && isStepped)) {
        return undefined;
      }
      const { extremeOf } = column;
      this.#hasExtremes ||= extremeOf !== undefined;
      const name = column.name === ""
        ? index === 0 ? "index" : `column ${index + 1}`
        : column.name === "t" && this.#isMonitor
        ? "t (s)"
        : column.name;
      // A name that stands twice is numbered from the second on, as pandas does.
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      const slot = this.#rows.root.slot(count === 0 ? name : `${name}.${count}`);
      return { slot, extremeOf };
    });
  }

  #namesIn(bytes: Uint8Array, from: number, to: number): string[] {
    const decoder = new TextDecoder();
    const names: string[] = [];
    this.#fields(bytes, { from, to }, (part, start, end) => {
      names.push(decoder.decode(part.subarray(start, end)).trim());
    });
    return names;
  }

  /**
   * Whether a record names columns: those of a table that follows in the same file, or of this one again,
   * as where a run was resumed; or those of the table whose first line is but a title.
   */
  #isHeader(bytes: Uint8Array, { from, to, line }: RecordPlace): boolean {
    if (this.#headers >= LOG_HEADERS_MAX) return false;
    if (!isRowOfNames(bytes, { from, to, delimiter: this.#delimiter })) return false;
    if (!this.#hasRows) {
      const { fields } = this.#input.builder;
      const names = new TextDecoder().decode(bytes.subarray(from, to)).split(/[,;\t|]/);
      const hasStep = (names: readonly string[]) =>
        names.some((name) => fields.role(name.trim()).kind === "step");
      const isTitle = this.#names.length === 1 ? names.length > 1 : !hasStep(this.#names);
      if (!isTitle || (this.#names.length > 1 && !hasStep(names))) return false;
      const detail = `the title ${JSON.stringify(this.#names.join())} is passed over`;
      this.#input.builder.issue("note", { line, detail });
      return true;
    }
    const names = this.#namesIn(bytes, from, to);
    if (names.length === 1 || new Set(names).size < names.length) return false;
    if (!names.some((name) => this.#names.includes(name))) return false;
    if (names.join("\n") !== this.#names.join("\n")) {
      const detail = `another header: ${excerpt(bytes, from, to)}`;
      this.#input.builder.issue("note", { line, detail });
    }
    return true;
  }

  #row(columns: CsvColumns, bytes: Uint8Array, place: RecordPlace): void {
    if (this.#isHeader(bytes, place)) {
      this.#headers++;
      this.#columns = this.#header(bytes, place);
      return;
    }
    const { builder } = this.#input;
    const { from, to, line, last } = place;
    const rows = this.#rows;
    rows.begin();
    let i = 0;
    let extra = 0;
    const wellFormed = this.#fields(bytes, { from, to }, (part, start, end) => {
      const column = columns[i];
      if (i >= columns.length) extra += end > start ? 1 : 0;
      else if (
        column !== undefined &&
        (!this.#hasExtremes || this.#isNews(column, i, part.subarray(start, end)))
      ) rows.text(column.slot, part, start, end);
      i++;
    });
    if (wellFormed && extra === 0 && i >= columns.length) {
      rows.commit(line);
      this.#hasRows ||= to > from;
      if (last && bytes[to - 1] !== QUOTE) {
        const detail = "the last line has no newline: its last value may be cut short";
        builder.issue("note", { line, detail });
      }
      return;
    }
    const detail = last
      ? `the last line is cut short: ${excerpt(bytes, from, to)}`
      : wellFormed
      ? `${i} fields where the header has ${columns.length}: ${excerpt(bytes, from, to)}`
      : `a quote in the wrong place: ${excerpt(bytes, from, to)}`;
    if (last) builder.issue("truncated", { line, detail });
    else builder.issue("damaged", { line, detail });
  }

  /** Whether a field says more than the value of which it is the extreme. */
  #isNews({ extremeOf }: CsvColumn, index: number, bytes: Uint8Array): boolean {
    const text = this.#fieldTexts[index] = new TextDecoder().decode(bytes);
    return extremeOf === undefined || extremeOf > index || text !== this.#fieldTexts[extremeOf];
  }

  /** Calls `onField` for each field of a record; false if a quoted field does not end at a delimiter. */
  #fields(
    bytes: Uint8Array,
    { from, to }: { from: number; to: number },
    onField: (bytes: Uint8Array, from: number, to: number) => void,
  ): boolean {
    const delimiter = this.#delimiter;
    let i = from;
    for (;;) {
      if (i < to && bytes[i] === QUOTE) {
        const start = ++i;
        let escaped = false;
        while (i < to && (bytes[i] !== QUOTE || bytes[i + 1] === QUOTE && i + 1 < to)) {
          if (bytes[i] === QUOTE) {
            escaped = true;
            i++;
          }
          i++;
        }
        if (i >= to) return false;
        if (escaped) {
          const text = bytes.slice(start, i);
          let length = 0;
          for (let k = 0; k < text.length; k++) {
            text[length++] = text[k]!;
            if (text[k] === QUOTE) k++;
          }
          onField(text, 0, length);
        } else onField(bytes, start, i);
        i++;
        if (i < to && bytes[i] !== delimiter) return false;
      } else {
        const start = i;
        while (i < to && bytes[i] !== delimiter) i++;
        onField(bytes, start, i);
      }
      if (i >= to) return true;
      i++;
    }
  }
}
