/**
 * Where the command writes: results to stdout, everything else, progress too, to stderr.
 *
 * @module
 */

import { jsonPieces } from "../text/json_pieces.ts";

/** The two streams of a command, and what is known of the terminal behind them. */
export interface Output {
  /** Columns to lay text out for. */
  readonly columns: number;
  /** Whether results go to a terminal, and not to a file or another program. */
  readonly isTerminal: boolean;
  /** Writes a piece of result to stdout. */
  write(text: string): void;
  /** Writes a line of result to stdout. */
  line(text?: string): void;
  /** Writes a value as indented JSON to stdout. */
  json(value: unknown): void;
  /** Writes a message to stderr. */
  note(text: string): void;
  /** Writes what went wrong to stderr, after `error:`. */
  problem(text: string): void;
  /** Shows progress in one line of a terminal that the next message replaces; a line a minute elsewhere. */
  progress(text: string): void;
  /** Text in bold where stdout is a terminal that wants color. */
  bold(text: string): string;
  /** Text in green (good), red (bad) or dim (less important) where stdout wants color. */
  paint(text: string, color: "good" | "bad" | "dim"): string;
  /** Writes what is still buffered. */
  flush(): void;
  /**
   * Whether nothing more can be written to stdout: its reader has gone, as `head` does, or writing failed. What
   * is written then is dropped, so that the answer of a command does not depend on who reads it; what would
   * only write on can stop.
   */
  readonly isClosed: boolean;
  /** Why results could not be written, but for a reader that has gone: a full disk, say. */
  readonly failure: Error | undefined;
}

const CODES = { bold: [1, 22], good: [32, 39], bad: [31, 39], dim: [2, 22] } as const;

/** Buffered bytes after which stdout is written. */
const FLUSH_BYTES = 1 << 16;

/** Columns where the terminal's width is not known. */
const COLUMNS_DEFAULT = 80;

/** Narrower than this nothing can be laid out. */
const COLUMNS_MIN = 20;

/** Progress is shown no more often: a person cannot read faster, and writing takes time. */
const PROGRESS_MS = 80;

/** Where it goes to a file or another program, a line a minute is enough. */
const PROGRESS_LINE_MS = 60_000;

/** The process's own streams. */
export function processOutput(): Output {
  const encoder = new TextEncoder();
  const isTerminal = Deno.stdout.isTerminal();
  const isLive = Deno.stderr.isTerminal();
  let pending: string[] = [];
  let pendingLength = 0;
  let progressLength = 0;
  let progressAt = isLive ? -Infinity : performance.now();
  let closedBy: Error | undefined;

  const flush = (): void => {
    if (pendingLength === 0) return;
    const text = pending.join("");
    pending = [];
    pendingLength = 0;
    closedBy ??= writeAll(Deno.stdout, encoder.encode(text));
  };
  // Nobody could be told that stderr is full; the answer does not depend on it.
  const tell = (text: string): void => void writeAll(Deno.stderr, encoder.encode(text));
  const clearProgress = (): void => {
    // Blanks, as NO_COLOR asks for no escape codes.
    if (progressLength > 0) {
      tell(`\r${" ".repeat(progressLength)}\r`);
    }
    progressLength = 0;
  };
  const note = (text: string): void => {
    clearProgress();
    flush();
    tell(`${text}\n`);
  };
  const write = (text: string): void => {
    clearProgress();
    if (closedBy !== undefined) return;
    pending.push(text);
    pendingLength += text.length;
    if (pendingLength >= FLUSH_BYTES) flush();
  };
  const line = (text = ""): void => write(`${text}\n`);

  return {
    get columns(): number {
      return terminalColumns();
    },
    isTerminal,
    write,
    line,
    json(value): void {
      for (const piece of jsonPieces(value, 2)) write(piece);
      write("\n");
    },
    note,
    problem: (text) => note(`${colored("error", "bad", isLive)}: ${text}`),
    progress(text: string): void {
      const now = performance.now();
      if (now - progressAt < (isLive ? PROGRESS_MS : PROGRESS_LINE_MS)) return;
      progressAt = now;
      if (!isLive) return note(text);
      flush();
      const shown = text.slice(0, terminalColumns() - 1);
      tell(`\r${shown.padEnd(progressLength)}`);
      progressLength = Math.max(progressLength, shown.length);
    },
    bold: (text) => colored(text, "bold", isTerminal),
    paint: (text, color) => colored(text, color, isTerminal),
    flush(): void {
      clearProgress();
      flush();
    },
    get isClosed(): boolean {
      return closedBy !== undefined;
    },
    get failure(): Error | undefined {
      return closedBy instanceof Deno.errors.BrokenPipe ? undefined : closedBy;
    },
  };
}

function colored(text: string, code: keyof typeof CODES, isTerminal: boolean): string {
  if (!isTerminal || Deno.noColor) return text;
  const [on, off] = CODES[code];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

/** The terminal's width; without a terminal what COLUMNS says, if it may be read. */
function terminalColumns(): number {
  try {
    return Math.max(COLUMNS_MIN, Deno.consoleSize().columns);
  } catch {
    const { state } = Deno.permissions.querySync({ name: "env", variable: "COLUMNS" });
    const columns = state === "granted" ? Number(Deno.env.get("COLUMNS")) : NaN;
    return Number.isInteger(columns) && columns >= COLUMNS_MIN ? columns : COLUMNS_DEFAULT;
  }
}

/** Time to wait for a reader that is slow on a stream that does not wait itself, in milliseconds. */
const RETRY_MS = 10;

/** Writes all of some bytes; gives the error if that fails. */
function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): Error | undefined {
  for (let written = 0; written < bytes.length;) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) return error as Error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return undefined;
}

/** Breaks text into lines of at most `columns` characters at spaces; longer words stay whole. */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line].join("\n");
}

/** Two columns, the second one wrapped; below each other where the first would take too much room. */
export function twoColumns(rows: readonly (readonly [string, string])[], columns: number): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  const narrow = left > columns / 2;
  return rows.map(([name, text]) => {
    if (narrow) return `  ${name}\n${wrap(text, columns, "      ")}`;
    const wrapped = wrap(text, columns - left, "").split("\n").join(`\n${" ".repeat(left)}`);
    return `  ${name.padEnd(left - 2)}${wrapped}`;
  }).join("\n");
}
