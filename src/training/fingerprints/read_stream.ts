/**
 * Reads a stream of fingerprints step by step, whatever its length.
 *
 * @module
 */

import { FINGERPRINT_LINE_UNITS_MAX, FINGERPRINT_STEP_RECORDS_MAX } from "../limits.ts";
import { TrainingLogError } from "../log/errors.ts";
import { isFingerprintHeader } from "../log/fingerprint_files.ts";
import {
  type FingerprintEnd,
  type FingerprintHeader,
  type FingerprintRecord,
  toRecord,
} from "./record.ts";

/** The records of one step, in the order in which they were made. */
export interface FingerprintStep {
  /** The step, counted from 0. */
  readonly step: number;
  /** Its records. */
  readonly records: readonly FingerprintRecord[];
}

/** A stream that is open. */
export interface FingerprintStream {
  /** File that it is read from. */
  readonly path: string;
  /** Its first line. */
  readonly header: FingerprintHeader;
  /** How it ended; undefined until its last step was read. */
  readonly end: FingerprintEnd | undefined;
  /** The next step; undefined after the last. */
  next(): Promise<FingerprintStep | undefined>;
  /** Closes the file. */
  close(): Promise<void>;
}

/** Whether a file is a stream of fingerprints. */
export async function isFingerprintFile(path: string): Promise<boolean> {
  const fs = await import("node:fs/promises");
  let handle;
  try {
    const info = await fs.stat(path);
    // A file of the kernel's has no size, and may never give a first byte.
    if (!info.isFile() || info.size === 0) return false;
    handle = await fs.open(path);
    const { bytesRead, buffer } = await handle.read(new Uint8Array(2000), 0, 2000, 0);
    return isFingerprintHeader(new TextDecoder().decode(buffer.subarray(0, bytesRead)));
  } catch {
    return false;
  } finally {
    await handle?.close();
  }
}

/**
 * Opens a stream.
 *
 * @throws {TrainingLogError} If it cannot be read, is none, or is of another version.
 */
export async function openFingerprints(path: string): Promise<FingerprintStream> {
  const lines = readLines(path);
  const first = await lines.next();
  const head = first.done ? undefined : parse(first.value.text);
  if (typeof head !== "object" || head === null || !isFingerprintHeader(first.value!.text)) {
    await lines.return(undefined);
    throw new TrainingLogError(
      `Cannot read ${path} as fingerprints: its first line is not {"rewind": "fingerprints", ...}`,
      { path, line: 1 },
    );
  }
  const { version, level, every, hash } = head as Record<string, unknown>;
  if (version !== 1) {
    await lines.return(undefined);
    throw new TrainingLogError(
      `Cannot read ${path}: version ${version} of fingerprints is not known, only version 1 is`,
      { path, line: 1 },
    );
  }
  const header: FingerprintHeader = {
    version,
    level: typeof level === "string" ? level : "step",
    every: Number.isSafeInteger(every) && (every as number) > 0 ? every as number : 1,
    hash: typeof hash === "string" ? hash : "",
  };
  return new Stream(path, header, lines);
}

interface Line {
  readonly text: string;
  readonly number: number;
  /** Whether a newline follows it. */
  readonly isWhole: boolean;
}

class Stream implements FingerprintStream {
  readonly path: string;
  readonly header: FingerprintHeader;
  end: FingerprintEnd | undefined;
  readonly #lines: AsyncGenerator<Line, undefined>;
  #ahead: FingerprintRecord | undefined;
  #last = -Infinity;

  constructor(path: string, header: FingerprintHeader, lines: AsyncGenerator<Line, undefined>) {
    this.path = path;
    this.header = header;
    this.#lines = lines;
  }

  async next(): Promise<FingerprintStep | undefined> {
    const first = this.#ahead ?? await this.#read();
    this.#ahead = undefined;
    if (first === undefined) return undefined;
    if (first.step <= this.#last) {
      throw new TrainingLogError(
        `Cannot read ${this.path}: step ${first.step} comes after step ${this.#last}; the records of a step ` +
          "stand together, and steps go up",
        { path: this.path },
      );
    }
    this.#last = first.step;
    const records = [first];
    for (;;) {
      const record = await this.#read();
      if (record === undefined) break;
      if (record.step !== first.step) {
        this.#ahead = record;
        break;
      }
      if (records.length === FINGERPRINT_STEP_RECORDS_MAX) {
        throw new TrainingLogError(
          `Cannot read ${this.path}: step ${first.step} has more than ${FINGERPRINT_STEP_RECORDS_MAX} records`,
          { path: this.path },
        );
      }
      records.push(record);
    }
    return { step: first.step, records };
  }

  async #read(): Promise<FingerprintRecord | undefined> {
    while (this.end === undefined) {
      const { value: line, done } = await this.#lines.next();
      if (done || line === undefined) {
        this.end = { how: "cut" };
        break;
      }
      if (line.text.trim() === "") continue;
      const value = parse(line.text);
      const record = toRecord(value);
      if (record !== undefined) return record;
      const ending = typeof value === "object" && value !== null && "end" in value
        ? value as { end: unknown; why?: unknown }
        : undefined;
      if (ending !== undefined) {
        const why = typeof ending.why === "string" ? ending.why : undefined;
        this.end = ending.end === "exit" ? { how: "exit" } : { how: "error", why };
      } else if (!line.isWhole) {
        this.end = { how: "cut" };
      } else {
        throw new TrainingLogError(
          `Cannot read ${this.path}: line ${line.number} is no record with a step, kind, name and hash`,
          { path: this.path, line: line.number },
        );
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function* readLines(path: string): AsyncGenerator<Line, undefined> {
  const [{ createReadStream }, { fileError }] = await Promise.all([
    import("node:fs"),
    import("../log/file_source.ts"),
  ]);
  const stream = createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 20 });
  let carry = "";
  let number = 0;
  try {
    for await (const chunk of stream) {
      const text = carry + chunk;
      let from = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
        yield { text: text.slice(from, end), number: ++number, isWhole: true };
        from = end + 1;
      }
      carry = text.slice(from);
      if (carry.length > FINGERPRINT_LINE_UNITS_MAX) {
        throw new TrainingLogError(`Cannot read ${path}: line ${number + 1} is too long`, {
          path,
          line: number + 1,
        });
      }
    }
  } catch (error) {
    if (error instanceof TrainingLogError) throw error;
    throw fileError(path, error);
  } finally {
    stream.destroy();
  }
  if (carry !== "") yield { text: carry, number: number + 1, isWhole: false };
  return undefined;
}
