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

/** Runs `rewind` with arguments that begin with a verb; paths must be absolute. */
export async function runVerb(argv: readonly string[]): Promise<CliResult> {
  const output = memoryOutput();
  const [verb, ...rest] = argv;
  let code: number;
  try {
    const { command } = await findVerb(verb!)!.load();
    const values = parseCommandLine(command, rest);
    code = await command.run(values, {
      ...{ words: argv, output },
      signal: new AbortController().signal,
    });
  } catch (error) {
    code = reportError(error, output, { verb });
  }
  const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return { code, stdout: textOf(output.lines), stderr: textOf(output.notes) };
}
