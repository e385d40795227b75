/**
 * Finds the verb, runs it, turns errors into messages and exit codes.
 *
 * @module
 */

import { VERSION } from "../artifact/tool_version.ts";
import { later } from "../later.ts";
import { SANDBOX_MEMORY_BYTES_MAX } from "../limits.ts";
import { isSandboxChild } from "../sandbox/wire/child_argument.ts";
import { suggestion } from "../text/suggestion.ts";
import type { CommandSubject } from "./error_report.ts";
import {
  EXIT_OK,
  EXIT_USAGE,
  signalExitCode,
  STOP_SIGNALS,
  type StopSignal,
} from "./exit_codes.ts";
import { overviewHelp } from "./overview.ts";
import { type Output, processOutput } from "./output.ts";
import { UsageError } from "./usage_error.ts";
import { findVerb, type Verb, VERBS } from "./verbs.ts";

/**
 * Runs the command line of this process and ends it with one of the exit codes of `exit_codes.ts`.
 *
 * @param argv Arguments after the program's name; those of the process by default.
 */
export async function main(argv: readonly string[] = Deno.args): Promise<void> {
  // The compiled binary starts itself as the sandbox's child.
  if (isSandboxChild(argv)) {
    const { runSandboxChild } = await later<typeof import("../sandbox/child/bootstrap.ts")>(
      "sandbox/child/bootstrap.ts",
    );
    return await runSandboxChild();
  }
  const output = processOutput();
  const { signal, stopCode } = listenForStops();
  const subject: Subject = {};
  let code: number;
  try {
    code = await runCommandLine(argv, { output, signal, subject });
  } catch (error) {
    code = await endOf(error, output, subject);
  }
  code = await written(code, output);
  Deno.exit(stopCode() ?? code);
}

/** Signals that come within this time of the first one are the same wish to stop, in milliseconds. */
const REPEATED_MS = 500;

/** A signal that fires when the process is asked to stop, and the exit code that this calls for. */
function listenForStops(): { signal: AbortSignal; stopCode: () => number | undefined } {
  const stop = new AbortController();
  let code: number | undefined;
  let stoppedAt = 0;
  const listen = (name: StopSignal): void =>
    Deno.addSignalListener(name, () => {
      // Where a task runner passes Ctrl-C on, it comes twice: by the terminal and by the runner.
      if (code !== undefined && performance.now() - stoppedAt < REPEATED_MS) return;
      // A second one does not wait for anything to be saved.
      if (code !== undefined) Deno.exit(code);
      code = signalExitCode(name);
      stoppedAt = performance.now();
      stop.abort(new DOMException("Interrupted", "AbortError"));
    });
  listen("SIGINT");
  if (Deno.build.os !== "windows") {
    for (const name of Object.keys(STOP_SIGNALS) as StopSignal[]) {
      if (name !== "SIGINT") listen(name);
    }
  }
  return { signal: stop.signal, stopCode: () => code };
}

/** What the command line turned out to be about, as far as it was read. */
type Subject = { -readonly [K in keyof CommandSubject]: CommandSubject[K] };

/** The exit code for an error, after it was told. */
async function endOf(error: unknown, output: Output, subject: CommandSubject): Promise<number> {
  const { reportError } = await later<typeof import("./error_report.ts")>("cli/error_report.ts");
  return reportError(error, output, subject);
}

/** Writes what is left of the results; where that fails a good answer is none. */
async function written(code: number, output: Output): Promise<number> {
  output.flush();
  if (output.failure === undefined) return code;
  const { fileErrorReason } = await later<typeof import("./file_errors.ts")>("cli/file_errors.ts");
  const reason = fileErrorReason(output.failure) ?? output.failure.message;
  output.problem(`Cannot write the results to stdout: ${reason}`);
  return code === EXIT_OK ? EXIT_USAGE : code;
}

async function runCommandLine(
  argv: readonly string[],
  { output, signal, subject }: { output: Output; signal: AbortSignal; subject: Subject },
): Promise<number> {
  const [word, ...rest] = argv;
  const topic = word === "help" ? rest[0] : undefined;
  if (topic !== undefined) return await printHelp(verbOf(topic), output);
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    output.line(overviewHelp(output));
    return EXIT_OK;
  }
  if (word === "--version" || word === "-V") {
    output.line(`rewind ${VERSION}`);
    return EXIT_OK;
  }
  const verb = verbOf(word);
  subject.verb = verb.name;
  const end = rest.indexOf("--");
  const own = end < 0 ? rest : rest.slice(0, end);
  if (own.includes("--help") || own.includes("-h")) return await printHelp(verb, output);
  // First, so that the child has what it reads while this process is busy with loading.
  if (verb.runsStep) await startChildAhead();
  const [{ command }, { parseCommandLine }] = await Promise.all([
    verb.load(),
    later<typeof import("./args.ts")>("cli/args.ts"),
  ]);
  const values = parseCommandLine(command, rest);
  if (typeof values.file === "string") subject.file = values.file;
  return await command.run(values, { words: argv, output, signal });
}

/** The sandbox's child starts while this process loads the verb: together they take as long as one. */
async function startChildAhead(): Promise<void> {
  const { startAhead } = await later<typeof import("../sandbox/host/spawn_child.ts")>(
    "sandbox/host/spawn_child.ts",
  );
  // With --memory it is not used, and ends with this process.
  const child = startAhead(SANDBOX_MEMORY_BYTES_MAX);
  if (child === undefined) return;
  const { sendTexts } = await later<typeof import("../sandbox/host/child_texts.ts")>(
    "sandbox/host/child_texts.ts",
  );
  await sendTexts(child);
}

async function printHelp(verb: Verb, output: Output): Promise<number> {
  const [{ command }, { commandHelp }] = await Promise.all([
    verb.load(),
    later<typeof import("./help.ts")>("cli/help.ts"),
  ]);
  output.line(commandHelp(verb, command, output));
  return EXIT_OK;
}

function verbOf(word: string): Verb {
  const verb = findVerb(word);
  if (verb !== undefined) return verb;
  if (word.startsWith("-")) {
    throw new UsageError(`Unknown option '${word}'`, {
      hint: suggestion(word, ["--help", "--version"]),
    });
  }
  throw new UsageError(`Unknown command '${word}'`, {
    hint: suggestion(word, VERBS.map(({ name }) => name)),
  });
}
