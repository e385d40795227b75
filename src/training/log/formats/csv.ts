/**
 * CSV by RFC 4180, with comma, semicolon or tab: Lightning's CSVLogger, exports of pandas,
 * TensorBoard and the W&B interface, and long tables of step, name and value.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../../../limits.ts";
import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import { LineSplitter } from "../line_splitter.ts";
import { contentStart, excerpt, isBlank, isBlankByte } from "../line_text.ts";
import { RowAssembler, type Slot } from "../row_assembler.ts";
import { type FileHead, filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";

const QUOTE = 0x22;
const HASH = 0x23;
const BRACE_OPEN = 0x7b;
const DELIMITERS = [0x2c, 0x3b, 0x09];

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: looksLikeCsv,
  find: (directory) => filesNamed(directory, /\.[ct]sv(?:\.gz)?$/),
  read: readCsv,
};

/** Whether a file looks like a table: a header and a first row of as many fields. */
export function looksLikeCsv({ name, text, firstLine }: FileHead): boolean {
  if (/^[[{]/.test(firstLine)) return false;
  if (/\.[ct]sv$/.test(name)) return true;
  const second = text.split("\n", 2)[1]?.trim();
  if (second === undefined) return false;
  for (const delimiter of [",", ";", "\t"]) {
    const fields = firstLine.split(delimiter);
    if (fields.length > 1 && second.split(delimiter).length === fields.length) {
      return !fields.some((field) => /^\s*[-+]?\d/.test(field));
    }
  }
  return false;
}

/** Reads a CSV log. Its first record names the columns. */
export async function readCsv(input: LogInput): Promise<void> {
  const { builder } = input;
  const table = new CsvTable(input);
  let open: Uint8Array | undefined;
  let openLine = 0;
  const splitter = new LineSplitter((bytes, from, to, line) => {
    from = contentStart(bytes, from, to, line);
    if (to > from && bytes[to - 1] === 0x0d) to--;
    if (open !== undefined) {
      // A quoted field goes on over the end of its line.
      const joined: Uint8Array = joinLines(open, bytes.subarray(from, to));
      if (isOpen(joined, 0, joined.length) && joined.length < LOG_LINE_BYTES_MAX) open = joined;
      else {
        open = undefined;
        table.record(joined, { from: 0, to: joined.length, line: openLine, last: false });
      }
    } else if (!table.begun && isComment(bytes, from, to)) return;
    else if (isOpen(bytes, from, to)) {
      open = bytes.slice(from, to);
      openLine = line;
    } else if (!isBlank(bytes, from, to) || table.singleColumn) {
      table.record(bytes, { from, to, line, last: false });
    }
  }, (line) => builder.issue("damaged", { line, detail: "the line is too long" }));
  for await (const chunk of input.file!.chunks()) splitter.push(chunk);
  const { bytes, line } = splitter.end();
  builder.lineCount = bytes.length > 0 ? line : line - 1;
  if (open !== undefined) {
    builder.issue("truncated", { line: openLine, detail: "a quoted field does not end" });
  } else {
    const from = contentStart(bytes, 0, bytes.length, line);
    if (!isBlank(bytes, from, bytes.length)) {
      table.record(bytes, { from, to: bytes.length, line, last: true });
    }
  }
}

/**
 * Whether a line before the header is none: `#` with JSON, as the Monitor of Gym and Stable-Baselines
 * writes it, or with a remark. A `#` before the names of several columns belongs to the header.
 */
function isComment(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== HASH) return false;
  let i = from + 1;
  while (i < to && isBlankByte(bytes[i]!)) i++;
  return bytes[i] === BRACE_OPEN || !DELIMITERS.some((c) => bytes.subarray(i, to).includes(c));
}

/** Whether a quoted field is still open at the end: the quotes are odd in number. */
function isOpen(bytes: Uint8Array, from: number, to: number): boolean {
  let odd = false;
  for (let i = from; i < to; i++) {
    if (bytes[i] === QUOTE) odd = !odd;
  }
  return odd;
}

function joinLines(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + 1 + b.length);
  joined.set(a);
  joined[a.length] = 0x0a;
  joined.set(b, a.length + 1);
  return joined;
}

interface RecordPlace {
  from: number;
  to: number;
  line: number;
  /** Whether the record is not followed by a newline. */
  last: boolean;
}

class CsvTable {
  readonly #input: LogInput;
  readonly #rows: RowAssembler;
  #slots: (Slot | undefined)[] | undefined;
  #delimiter = DELIMITERS[0]!;

  constructor(input: LogInput) {
    this.#input = input;
    this.#rows = new RowAssembler(input.builder);
  }

  /** Whether the header has been read. */
  get begun(): boolean {
    return this.#slots !== undefined;
  }

  get singleColumn(): boolean {
    return this.#slots?.length === 1;
  }

  record(bytes: Uint8Array, place: RecordPlace): void {
    if (this.#slots === undefined) this.#slots = this.#header(bytes, place);
    else this.#row(this.#slots, bytes, place);
  }

  #header(bytes: Uint8Array, { from, to, line }: RecordPlace): (Slot | undefined)[] {
    const { path, run, builder } = this.#input;
    if (bytes[from] === HASH) from++;
    const head = bytes.subarray(from, to);
    const counts = DELIMITERS.map((delimiter) => head.filter((c) => c === delimiter).length);
    this.#delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
    const decoder = new TextDecoder();
    const names: string[] = [];
    this.#fields(bytes, { from, to }, (part, start, end) => {
      names.push(decoder.decode(part.subarray(start, end)).trim());
    });
    if (names.every((name) => name === "" || !Number.isNaN(Number(name)))) {
      throw new TrainingLogError(
        `Cannot read ${path} as CSV: its first line names no columns (${excerpt(bytes, from, to)})`,
        { path, line },
      );
    }
    if (["Name", "State", "Created", "Runtime"].every((name) => names.includes(name))) {
      const detail =
        "a table of runs as the W&B interface exports it: its rows are runs, not steps";
      builder.issue("note", { line, detail });
    }
    const seen = new Map<string, number>();
    return metricNames(names, { path, run }).map((name) => {
      if (name === undefined || name === "") return undefined;
      // A name that stands twice is numbered from the second on, as pandas does.
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      return this.#rows.root.slot(count === 0 ? name : `${name}.${count}`);
    });
  }

  #row(slots: readonly (Slot | undefined)[], bytes: Uint8Array, place: RecordPlace): void {
    const { builder } = this.#input;
    const { from, to, line, last } = place;
    const rows = this.#rows;
    rows.begin();
    let i = 0;
    let extra = 0;
    const wellFormed = this.#fields(bytes, { from, to }, (part, start, end) => {
      const slot = slots[i];
      if (i >= slots.length) extra += end > start ? 1 : 0;
      else if (slot !== undefined && end > start) rows.text(slot, part, start, end);
      i++;
    });
    if (wellFormed && extra === 0 && i >= slots.length) {
      rows.commit(line);
      if (last && bytes[to - 1] !== QUOTE) {
        const detail = "the last line has no newline: its last value may be cut short";
        builder.issue("note", { line, detail });
      }
      return;
    }
    const detail = last
      ? `the last line is cut short: ${excerpt(bytes, from, to)}`
      : wellFormed
      ? `${i} fields where the header has ${slots.length}: ${excerpt(bytes, from, to)}`
      : `a quote in the wrong place: ${excerpt(bytes, from, to)}`;
    if (last) builder.issue("truncated", { line, detail });
    else builder.issue("damaged", { line, detail });
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

/**
 * Names of the columns' metrics; undefined for those to leave out. In a table that the W&B interface
 * exports, columns are called `<run> - <metric>`, with `__MIN` and `__MAX` beside each.
 */
function metricNames(
  names: readonly string[],
  { path, run }: { path: string; run: string | undefined },
): (string | undefined)[] {
  const split = (name: string) => {
    const at = name.lastIndexOf(" - ");
    return at < 0 ? undefined : { run: name.slice(0, at), metric: name.slice(at + 3) };
  };
  const others = names.filter((name) => split(name) === undefined);
  // One such name may be a metric of its own; a table of W&B has nothing else but its step.
  // The step may be any metric that was chosen for the axis; the extremes beside a metric tell, too.
  const all = new Set(names);
  const exported = others.length === 1 && names.length > 1 &&
    (/^(?:step|_step|global_step|train\/global_step|relative time.*|wall time)$/i.test(
      others[0]!,
    ) ||
      names.some((name) => all.has(`${name}__MIN`) && all.has(`${name}__MAX`)));
  if (!exported) return [...names];
  const runs = [...new Set(names.flatMap((name) => split(name)?.run ?? []))];
  const chosen = runs.length === 1 ? runs[0] : run;
  if (chosen === undefined || !runs.includes(chosen)) {
    throw ambiguousRunError(path, runs);
  }
  return names.map((name) => {
    const parts = split(name);
    if (parts === undefined) return name;
    return parts.run !== chosen || /__(?:MIN|MAX)$/.test(parts.metric) ? undefined : parts.metric;
  });
}
