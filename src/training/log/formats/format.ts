/**
 * What a log format says about itself: its name, how it is recognized, its preset, how it is read. A
 * format is one file that exports such a description as `format`, and one line in `list.ts`.
 *
 * @module
 */

import type { PathEntry } from "../file_source.ts";
import type { LogBuilder } from "../log_builder.ts";
import type { LogFile } from "../log_file.ts";

/** A log to be read, and the table to read it into. */
export interface LogInput {
  /** File or directory. */
  readonly path: string;
  /** The open file; undefined for a directory. */
  readonly file: LogFile | undefined;
  /** The table to fill. */
  readonly builder: LogBuilder;
  /** Which run to take where the log holds several. */
  readonly run: string | undefined;
  /** Stops the reading. */
  readonly signal: AbortSignal | undefined;
}

/** A directory in which a log is looked for. */
export interface LogDirectory {
  /** The directory. */
  readonly path: string;
  /** What lies directly in it. */
  readonly entries: readonly PathEntry[];
  /** Which of several runs is meant, where that is said. */
  readonly run: string | undefined;
}

/** A log in a directory. */
export interface FoundLog {
  /** What the reader of the format takes. */
  readonly path: string;
  /** Its path relative to the directory, by which people name it; `.` for the directory itself. */
  readonly name: string;
  /** Whether the layout says more than the content would: then the format is not looked for again. */
  readonly exact?: boolean;
}

/** Bytes at the beginning of a file, and what recognizing asks about them. */
export class FileHead {
  /** The file's path. */
  readonly path: string;
  /** Its name, without `.gz`. */
  readonly name: string;
  /** Its first bytes. */
  readonly bytes: Uint8Array;
  /** They as text, without blanks at the beginning. */
  readonly text: string;
  /** The first line of the text, without blanks around it. */
  readonly firstLine: string;
  /** Whether there is more than the first line. */
  readonly hasLines: boolean;

  /** Looks at the first bytes of a file. */
  constructor(file: { readonly path: string; readonly name: string }, bytes: Uint8Array) {
    this.path = file.path;
    this.name = file.name;
    this.bytes = bytes;
    this.text = new TextDecoder().decode(bytes).trimStart();
    const end = this.text.search(/[\r\n]/);
    this.hasLines = end >= 0;
    this.firstLine = (this.hasLines ? this.text.slice(0, end) : this.text).trim();
  }
}

/** A format of logs. */
export interface LogFormatDescription {
  /** Field names that it implies; none by default. */
  readonly preset?: string;
  /** Whether its files are no text. */
  readonly isBinary?: boolean;
  /** Whether a file is of this format, by its first bytes; its name is a hint. Undefined for directories. */
  readonly recognizes?: (head: FileHead) => boolean | Promise<boolean>;
  /** The logs of this format in a directory, by its layout. */
  readonly find?: (directory: LogDirectory) => FoundLog[] | Promise<FoundLog[]>;
  /** Reads a log into its table. */
  readonly read: (input: LogInput) => Promise<void>;
}

/** The files of a directory whose names match. */
export function filesNamed(directory: LogDirectory, pattern: RegExp): FoundLog[] {
  return directory.entries
    .filter(({ name, directory }) => !directory && pattern.test(name))
    .map(({ name, path }) => ({ name, path }));
}
