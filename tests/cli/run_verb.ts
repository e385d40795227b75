/**
 * Runs a verb inside of the test's process: what a child would print, without the time that it takes to start.
 *
 * @module
 */

import { parseCommandLine } from "../../src/cli/args.ts";
import { reportError } from "../../src/cli/error_report.ts";
import { findVerb } from "../../src/cli/verbs.ts";
import { memoryOutput } from "./memory_output.ts";
import type { CliResult } from "./run_cli.ts";

/** What a verb did. */
export interface VerbResult extends CliResult {
  /** What it wrote to stdout, without the last line break. */
  readonly text: string;
  /** What it wrote to stderr, without the last line break. */
  readonly notes: string;
}

/**
 * Runs `rewind` with arguments that begin with a verb; paths must be absolute. `stopAt` asks it to stop when it has
 * shown progress so often.
 */
export async function runVerb(
  words: readonly string[],
  { stopAt = Infinity }: { stopAt?: number } = {},
): Promise<VerbResult> {
  const [verb, ...args] = words;
  const stop = new AbortController();
  let shown = 0;
  const output = {
    ...memoryOutput(),
    progress: () => {
      if (++shown === stopAt) stop.abort(new DOMException("Interrupted", "AbortError"));
    },
  };
  let code: number;
  try {
    const { command } = await findVerb(verb!)!.load();
    const values = parseCommandLine(command, args);
    code = await command.run(values, { words, output, signal: stop.signal });
  } catch (error) {
    code = reportError(error, output, { verb });
  }
  const { lines, notes } = output;
  return {
    code,
    stdout: ended(lines),
    stderr: ended(notes),
    text: lines.join("\n"),
    notes: notes.join("\n"),
  };
}

function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
