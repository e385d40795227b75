/**
 * DVCLive's folder: one table per metric below `plots/metrics`, with a row per step. `metrics.json` next
 * to it has only the last values.
 *
 * @module
 */

import { join } from "node:path";
import { pathKind } from "../file_source.ts";
import { LineSplitter } from "../line_splitter.ts";
import { isBlank } from "../line_text.ts";
import { LogFile } from "../log_file.ts";
import { numberOf } from "../loose_number.ts";
import { walkFiles } from "../walk_directory.ts";
import type { FoundLog, LogDirectory, LogFormatDescription, LogInput } from "./format.ts";

const DEPTH_MAX = 16;

/** See the module. */
export const format: LogFormatDescription = { find, read };

async function find({ path, entries }: LogDirectory): Promise<FoundLog[]> {
  const places = [path, ...entries.filter(isFolder).map((entry) => entry.path)];
  for (const place of places) {
    if (await pathKind(join(place, "plots", "metrics")) === "directory") {
      return [{ path: place, name: place === path ? "dvclive" : "dvclive/" }];
    }
  }
  return [];
}

function isFolder({ name, directory }: { name: string; directory: boolean }): boolean {
  return directory && name.startsWith("dvclive");
}

async function read({ path, builder, signal }: LogInput): Promise<void> {
  builder.metadata.stepKey = "step";
  let lines = 0;
  for await (const file of walkFiles(join(path, "plots", "metrics"), DEPTH_MAX)) {
    if (!file.name.endsWith(".tsv")) continue;
    const name = file.name.slice(0, -4);
    const table = new MetricTable(
      file.directory === "" ? name : `${file.directory}/${name}`,
      builder,
    );
    const opened = await LogFile.open(file.path, signal);
    lines += await table.read(opened);
  }
  builder.lineCount = lines;
}

/** The table of one metric: a step, perhaps a time, and the value in the column of its name. */
class MetricTable {
  readonly #name: string;
  readonly #builder: LogInput["builder"];
  #step = 0;
  #value = 1;

  constructor(name: string, builder: LogInput["builder"]) {
    this.#name = name;
    this.#builder = builder;
  }

  /** Reads the table; the number of its lines. */
  async read(file: LogFile): Promise<number> {
    const id = this.#builder.column(this.#name);
    const decoder = new TextDecoder();
    const splitter = new LineSplitter((bytes, from, to, line) => {
      const text = decoder.decode(bytes.subarray(from, to)).trimEnd();
      if (line === 1) this.#header(text);
      else if (text !== "") this.#row(id, text, line);
    }, (line) => this.#damaged(line, "the line is too long"));
    for await (const chunk of file.chunks()) splitter.push(chunk);
    const { bytes, line } = splitter.end();
    if (isBlank(bytes, 0, bytes.length)) return splitter.lineCount;
    // A value that is cut short is still a number: without its newline the line cannot be trusted.
    const detail = `${this.#name}: the last line is cut short`;
    this.#builder.issue("truncated", { line, detail });
    return line;
  }

  #header(text: string): void {
    const names = text.split("\t");
    this.#step = Math.max(0, names.indexOf("step"));
    const last = this.#name.slice(this.#name.lastIndexOf("/") + 1);
    const value = names.indexOf(last);
    this.#value = value >= 0 ? value : names.length - 1;
  }

  #row(id: number, text: string, line: number): void {
    const cells = text.split("\t");
    const step = numberOf(cells[this.#step] ?? "");
    const value = numberOf(cells[this.#value] ?? "");
    if (step === undefined || value === undefined) this.#damaged(line, text.slice(0, 60));
    else this.#builder.add(step, id, value, line);
  }

  #damaged(line: number, detail: string): void {
    this.#builder.issue("damaged", { line, detail: `${this.#name}: ${detail}` });
  }
}
