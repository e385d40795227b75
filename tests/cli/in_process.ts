/**
 * Runs a verb within this process, where nothing depends on its being one of its own.
 *
 * @module
 */

import { parseCommandLine } from "../../src/cli/args.ts";
import { reportError } from "../../src/cli/error_report.ts";
import { findVerb } from "../../src/cli/verbs.ts";
import { memoryOutput } from "./memory_output.ts";

/** What a verb did. */
export interface VerbResult {
  readonly code: number;
  /** What it wrote to stdout. */
  readonly text: string;
  /** What it wrote to stderr. */
  readonly notes: string;
}

/** Runs a verb; `stopAt` asks it to stop when it has shown progress so often. */
export async function runVerb(
  words: readonly string[],
  { stopAt = Infinity }: { stopAt?: number } = {},
): Promise<VerbResult> {
  const [name, ...args] = words;
  const { command } = await findVerb(name!)!.load();
  const stop = new AbortController();
  let shown = 0;
  const output = {
    ...memoryOutput(),
    progress: () => {
      if (++shown === stopAt) stop.abort(new DOMException("Interrupted", "AbortError"));
    },
  };
  const done = (code: number): VerbResult => ({
    code,
    text: output.lines.join("\n"),
    notes: output.notes.join("\n"),
  });
  try {
    const values = parseCommandLine(command, args);
    return done(await command.run(values, { words, output, signal: stop.signal }));
  } catch (error) {
    return done(reportError(error, output, { verb: name }));
  }
}
