/**
 * Runs a verb inside of the test's process: what a child would print, without the time that it takes to start.
 *
 * @module
 */

import { parseCommandLine } from "../../src/cli/args.ts";
import { reportError } from "../../src/cli/error_report.ts";
import { findVerb } from "../../src/cli/verbs.ts";
import { memoryOutput } from "./memory_output.ts";
import { type CliResult, inTurn } from "./run_cli.ts";

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
  let file: string | undefined;
  try {
    const { command } = await findVerb(verb!)!.load();
    const values = parseCommandLine(command, args);
    if (typeof values.file === "string") file = values.file;
    code = await command.run(values, { words, output, signal: stop.signal });
  } catch (error) {
    code = reportError(error, output, { verb, ...(file === undefined ? {} : { file }) });
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

/** Words that name a file by what it is, with the part of a log where there is one. */
const FILE_WORD = /^(?!-)[^\s=]*\.(?:replay|part|[jt]s|jsonl?|csv|html|svg|png|gif)(?:#\w+)?$/;

/**
 * Runs a verb as if in a folder: words that name files are those there, and what is printed names them without it. Where no
 * file is named to write to, a verb would write to the folder of the test's process. A few run at a time.
 */
export async function runVerbIn(folder: string, words: readonly string[]): Promise<CliResult> {
  const placed = words.map((word) => FILE_WORD.test(word) ? `${folder}/${word}` : word);
  const { code, stdout, stderr } = await inTurn(() => runVerb(placed));
  const bare = (text: string) => text.replaceAll(`${folder}/`, "");
  return { code, stdout: bare(stdout), stderr: bare(stderr) };
}

function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
