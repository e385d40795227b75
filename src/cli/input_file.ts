/**
 * Inputs from a file or a stream: one JSON value a line, or the rows of a CSV file as objects.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { InputLog, UNDEFINED_BYTES } from "../engine/input_log.ts";
import type { RunRecord } from "../engine/types.ts";
import { INPUT_LINE_UNITS_MAX } from "./limits.ts";
import { type CsvCell, csvCells } from "../text/csv_text.ts";
import { counted, grouped } from "../text/quantity.ts";
import { path } from "./options.ts";
import { readValue } from "./read_value.ts";
import { InputError, UsageError } from "./usage_error.ts";
import type { InputSource } from "../engine/record_types.ts";

/** What names standard input. */
export const STDIN = "-";

/** The option. */
export const INPUTS_OPTION = path(
  "FILE",
  "Values from outside, one per transition: JSON Lines, CSV with a head, or - for JSON Lines from a stream",
);

/** Bytes that are read at a time. */
const READ_BYTES = 2 ** 16;

/** As much is put together from a stream: a message for each line would take longer than most steps. */
const BATCH_MAX = 4096;

/** Inputs of a run. */
export type GivenInputs = InputSource | AsyncIterable<readonly unknown[]>;

/**
 * Opens inputs.
 *
 * @param name A path, or `-`.
 * @throws {InputError} If the file cannot be used.
 */
export function openInputs(name: string): GivenInputs {
  return name === STDIN ? streamedInputs() : new InputFile(name);
}

/** The number of inputs that there are; undefined for a stream. */
export function inputCount(inputs: GivenInputs | undefined): number | undefined {
  return inputs !== undefined && "length" in inputs ? inputs.length : undefined;
}

/**
 * Refuses, before anything is done, a file with another number of inputs than a run has transitions; those
 * between states that are recorded have theirs.
 *
 * @throws {InputError} If there are too many, or too few for a run that no predicate ends.
 */
export function checkInputs(
  inputs: GivenInputs | undefined,
  { name, steps, hasUntil, recorded = 1 }: {
    name: string;
    steps: number;
    hasUntil: boolean;
    recorded?: number;
  },
): void {
  const count = inputCount(inputs);
  const transitions = steps - recorded;
  if (count === undefined || count === transitions || (count < transitions && hasUntil)) return;
  throw new InputError(
    `Cannot take the inputs: '${name}' has ${grouped(count)}, and ${
      recorded === 1 ? counted(steps, "state") : counted(transitions, "more state")
    } have ${counted(transitions, "transition")}, which take one each`,
    { hint: `pass --steps ${count + recorded}, or other inputs` },
  );
}

/** Lines of a file, read as they are needed. */
export class InputFile implements InputSource, Iterable<unknown> {
  /** It asks nobody for anything. */
  readonly ahead = BATCH_MAX;
  /** How many there are. */
  readonly length: number;
  readonly #reader: RowReader;
  #lines: Generator<string, void, void>;
  #next: string | undefined;
  #isOpen = true;

  /** Counts them. @throws {InputError} If it is no file of text. */
  constructor(name: string) {
    this.#reader = rowReader(name);
    const rows = countRows(fileLines(name));
    this.length = this.#reader.hasHead ? Math.max(0, rows - 1) : rows;
    this.#lines = fileLines(name);
  }

  pull(log: InputLog, count: number): number {
    let pulled = 0;
    for (; pulled < count && !this.isOver(); pulled++) {
      log.push(this.#take());
    }
    return pulled;
  }

  isOver(): boolean {
    while (this.#next === undefined && this.#isOpen) {
      const { value, done } = this.#lines.next();
      if (done) this.#isOpen = false;
      else if (value.trim() === "") this.#reader.skip();
      else if (!this.#reader.takeHead(value)) this.#next = value;
    }
    return this.#next === undefined;
  }

  close(): void {
    this.#isOpen = false;
    this.#next = undefined;
    this.#lines.return();
  }

  /** The values one by one. */
  *[Symbol.iterator](): Generator<unknown, void, void> {
    while (!this.isOver()) yield this.#take();
  }

  #take(): unknown {
    const line = this.#next!;
    this.#next = undefined;
    return this.#reader.value(line);
  }
}

/**
 * Takes from a file, which has the inputs of the whole run, those that the run has already.
 *
 * @throws {InputError} If they are others.
 */
export function skipKnown(
  inputs: GivenInputs,
  { record, name }: { record: RunRecord; name: string },
): void {
  if (!("pull" in inputs)) return;
  const known = record.inputs;
  const count = record.steps - 1;
  for (let t = 0; t < count;) {
    const log = new InputLog(t);
    const pulled = inputs.pull(log, Math.min(BATCH_MAX, count - t));
    for (const end = t + pulled; t < end; t++) {
      const before = known?.chunkAt(t).rowAt(t).bytes ?? UNDEFINED_BYTES;
      if (!equalBytes(log.chunkAt(t).rowAt(t).bytes, before)) {
        throw new InputError(
          `Cannot go on with the inputs of '${name}': that of the transition from state ${t} is another one ` +
            "than was recorded",
        );
      }
    }
    if (pulled === 0) {
      throw new InputError(
        `Cannot go on with the inputs of '${name}': it ends before state ${
          grouped(count)
        }, which is recorded`,
      );
    }
  }
}

/**
 * Refuses inputs that are not those of a finished run, which takes no more.
 *
 * @param inputs What is given; undefined for none.
 * @throws {InputError} If they are others, or more come in.
 */
export async function checkRecorded(
  inputs: GivenInputs | undefined,
  { record, path, name = path }: { record: RunRecord; path: string; name?: string | undefined },
): Promise<void> {
  if (inputs === undefined) {
    if (record.inputs === undefined) return;
    throw new InputError(
      `Cannot go on with '${path}': it is finished and has inputs, and none are given`,
      { hint: "pass its inputs, choose another name, or pass --force to begin anew" },
    );
  }
  if ("pull" in inputs) return skipKnown(inputs, { record, name });
  for await (const values of inputs) {
    if (values.length === 0) continue;
    throw new InputError(`Cannot go on with '${path}': it is finished, and the stream has more`, {
      hint: `make it longer: rewind extend ${path} --steps +N --inputs - --in-place`,
    });
  }
}

/** Values that come in through standard input, as many together as come together. */
async function* streamedInputs(): AsyncGenerator<readonly unknown[], void, void> {
  const reader = rowReader("the stream");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  const valuesOf = function* (lines: readonly string[]): Generator<unknown[], void, void> {
    let batch: unknown[] = [];
    for (const line of lines) {
      try {
        if (line.trim() === "") reader.skip();
        else batch.push(reader.value(line));
      } catch (error) {
        // What came before it counts.
        yield batch;
        throw error;
      }
      if (batch.length === BATCH_MAX) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  };
  const textOf = (bytes: Uint8Array, isMore: boolean): string => {
    try {
      return decoder.decode(bytes, { stream: isMore });
    } catch {
      throw new InputError("Cannot read the stream: it is not UTF-8");
    }
  };
  for await (const chunk of Deno.stdin.readable) {
    const lines = (rest + textOf(chunk, true)).split("\n");
    rest = lines.pop()!;
    if (rest.length > INPUT_LINE_UNITS_MAX) throw reader.tooLong();
    yield* valuesOf(lines);
  }
  yield* valuesOf([rest + textOf(new Uint8Array(0), false)]);
}

/** Turns lines into values, and knows which line it is at. */
class RowReader {
  readonly #name: string;
  readonly hasHead: boolean;
  #head: readonly string[] | undefined;
  #line = 0;

  constructor(name: string, hasHead: boolean) {
    this.#name = name;
    this.hasHead = hasHead;
  }

  /** Takes a line as the head, if one is to come; returns whether it did. */
  takeHead(line: string): boolean {
    if (!this.hasHead || this.#head !== undefined) return false;
    this.#line++;
    const cells = this.#cells(line);
    if (cells.every((cell) => typeof cellValue(cell) === "number")) {
      throw this.#error("has numbers where the columns are to be named");
    }
    this.#head = cells.map(({ text }) => text);
    if (new Set(this.#head).size !== this.#head.length) throw this.#error("has a name twice");
    return true;
  }

  /** Passes over a line without a value. */
  skip(): void {
    this.#line++;
  }

  /** The value of the next line. @throws {InputError} If it is none. */
  value(line: string): unknown {
    this.#line++;
    if (this.#head !== undefined) return this.#object(this.#cells(line), this.#head);
    try {
      return readValue(line.trim(), `line ${this.#line}`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new InputError(`Cannot read '${this.#name}': ${lowerFirst(error.message)}`, {
        hint: error.hint,
      });
    }
  }

  tooLong(): InputError {
    return this.#error(`is longer than ${INPUT_LINE_UNITS_MAX} characters`, this.#line + 1);
  }

  #cells(line: string): CsvCell[] {
    const cells = csvCells(line);
    if (cells === undefined) throw this.#error("has a quote that does not end");
    return cells;
  }

  #object(cells: readonly CsvCell[], head: readonly string[]): Record<string, unknown> {
    if (cells.length !== head.length) {
      throw this.#error(`has ${counted(cells.length, "cell")}, and the head ${head.length}`);
    }
    return Object.fromEntries(head.map((name, i) => [name, cellValue(cells[i]!)]));
  }

  #error(why: string, line = this.#line): InputError {
    return new InputError(`Cannot read '${this.#name}': line ${line} ${why}`);
  }
}

/** What reads the lines of a file of some name. */
function rowReader(name: string): RowReader {
  return new RowReader(name, /\.csv$/i.test(name));
}

/** A cell that is written as a JSON number, or true, false, null, is that; nothing is null; else it is text. */
function cellValue({ text, isQuoted }: CsvCell): unknown {
  if (isQuoted) return text;
  if (text === "") return null;
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?)$/i.test(text)
    ? JSON.parse(text.toLowerCase())
    : text;
}

function countRows(lines: Iterable<string>): number {
  let count = 0;
  for (const line of lines) if (line.trim() !== "") count++;
  return count;
}

/** The lines of a file, of which only one is in memory at a time. */
function* fileLines(name: string): Generator<string, void, void> {
  using file = openFile(name);
  if (file === undefined) return;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const bytes = new Uint8Array(READ_BYTES);
  let rest = "";
  for (;;) {
    const count = file.readSync(bytes) ?? 0;
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(0, count), { stream: count > 0 });
    } catch {
      throw new InputError(`Cannot read '${name}': it is not UTF-8`);
    }
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > INPUT_LINE_UNITS_MAX) {
      throw new InputError(
        `Cannot read '${name}': a line is longer than ${INPUT_LINE_UNITS_MAX} characters`,
      );
    }
    if (count === 0) break;
  }
  yield rest;
}

/** Opens a file; undefined where it is empty: a file of the kernel's has no size, and may never give a first byte. */
function openFile(name: string): Deno.FsFile | undefined {
  const { isFile, isDirectory, size } = Deno.statSync(name);
  if (isFile) return size === 0 ? undefined : Deno.openSync(name);
  throw new InputError(
    `Cannot read '${name}': it is ${isDirectory ? "a folder" : "no file"}`,
    isDirectory ? {} : { hint: `pipe it in: rewind ... --inputs - < ${name}` },
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
