/**
 * JSON Lines: one object per line, flat, nested or an event stream; verl's file logger and rldk's
 * EventWriter write it, and so does an exported W&B history.
 *
 * @module
 */

import { JsonRowReader } from "../json_rows.ts";
import { LineSplitter } from "../line_splitter.ts";
import { contentStart, excerpt, isBlank } from "../line_text.ts";
import { RowAssembler } from "../row_assembler.ts";
import type { RowSink } from "../row_sink.ts";
import type { LogIssueExample, LogIssueKind } from "../run_log.ts";
import {
  type FileHead,
  filesNamed,
  type FoundLog,
  type LogDirectory,
  type LogFormatDescription,
  type LogInput,
} from "./format.ts";

const NAMED_SO = /\.(?:jsonl|ndjson)(?:\.gz)?$/;

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: isJsonl,
  find: findJsonLines,
  read: readJsonl,
};

/** JSON Lines in a directory: those so named, and the logs of Ray and Stable-Baselines. */
export function findJsonLines(directory: LogDirectory): FoundLog[] {
  return filesNamed(directory, /\.(?:jsonl|ndjson)(?:\.gz)?$|^(?:result|progress)\.json$/)
    .filter(({ name }) => name !== "wandb-events.jsonl");
}

function isJsonl({ name, firstLine, hasLines }: FileHead): boolean {
  if (!firstLine.startsWith("{")) return NAMED_SO.test(name);
  return firstLine[1] !== "'" && (firstLine.endsWith("}") || !hasLines || NAMED_SO.test(name));
}

/** A sink that also takes note of damage. */
export interface LineSink extends RowSink {
  /** Lines read so far. */
  lineCount: number;
  /** Counts an oddity. */
  issue(kind: LogIssueKind, example: LogIssueExample): void;
}

/** Reads JSON Lines from chunks, whole or as they come. */
export class JsonLines {
  readonly #sink: LineSink;
  readonly #reader: JsonRowReader;
  readonly #splitter: LineSplitter;

  /** Reads rows into a sink. */
  constructor(sink: LineSink) {
    this.#sink = sink;
    this.#reader = new JsonRowReader(new RowAssembler(sink));
    this.#splitter = new LineSplitter(
      (bytes, from, to, line) => this.#line(bytes, from, to, line),
      (line) => sink.issue("damaged", { line, detail: "the line is too long" }),
    );
  }

  /** Reads all lines that end in this chunk. */
  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
    this.#sink.lineCount = this.#splitter.lineCount;
  }

  /** Reads what stands after the last newline: a whole row, or the truncated tail. */
  end(): void {
    const { bytes, line } = this.#splitter.end();
    const from = contentStart(bytes, 0, bytes.length, line);
    if (isBlank(bytes, from, bytes.length)) return;
    this.#sink.lineCount = line;
    if (!this.#reader.read(bytes, { from, to: bytes.length, line })) {
      this.#sink.issue("truncated", { line, detail: "the last line is cut short" });
    }
  }

  #line(bytes: Uint8Array, from: number, to: number, line: number): void {
    from = contentStart(bytes, from, to, line);
    if (this.#reader.read(bytes, { from, to, line }) || isBlank(bytes, from, to)) return;
    this.#sink.issue("damaged", { line, detail: `not a JSON object: ${excerpt(bytes, from, to)}` });
  }
}

/** Reads a JSON Lines log. */
export async function readJsonl({ file, builder }: LogInput): Promise<void> {
  const lines = new JsonLines(builder);
  for await (const chunk of file!.chunks()) lines.push(chunk);
  lines.end();
}
