/**
 * An output that keeps what a command writes.
 *
 * @module
 */

import type { Output } from "../../src/cli/output.ts";
import { jsonPieces } from "../../src/text/json_pieces.ts";

/** What was written so far, line by line. */
export interface MemoryOutput extends Output {
  /** Lines of stdout. */
  readonly lines: string[];
  /** Lines of stderr. */
  readonly notes: string[];
}

/** An output without color or terminal. */
export function memoryOutput({ columns = 80 }: { columns?: number } = {}): MemoryOutput {
  const lines: string[] = [];
  const notes: string[] = [];
  /** What was written of a line that is not at its end. */
  let open = "";
  return {
    lines,
    notes,
    columns,
    isTerminal: false,
    write(text) {
      const parts = (open + text).split("\n");
      open = parts.pop()!;
      lines.push(...parts);
    },
    line: (text = "") => void lines.push(text),
    json: (value) => void lines.push([...jsonPieces(value, 2)].join("")),
    note: (text) => void notes.push(text),
    problem: (text) => void notes.push(`error: ${text}`),
    progress: () => {},
    bold: (text) => text,
    paint: (text) => text,
    flush: () => {},
    isClosed: false,
    failure: undefined,
  };
}
