/**
 * Finds the verb, runs it, turns errors into messages and exit codes.
 *
 * @module
 */

import { VERSION } from "../artifact/tool.ts";
import { isSandboxChild } from "../sandbox/wire/child_argument.ts";
import { parseCommandLine } from "./args.ts";
import type { Command } from "./command.ts";
import { COMMAND_NAMES, loadCommand, loadCommands } from "./commands.ts";
import { type CommandSubject, reportError } from "./error_report.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit_codes.ts";
import { commandHelp, overviewHelp } from "./help.ts";
import { ClosedPipeError, type Output, processOutput } from "./output.ts";
import { suggestion } from "../text/suggestion.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Runs the command line of this process and ends it with an exit code: 0 good, 1 the answer is no, 2
 * usage or input error, 3 refused as unsafe or nothing to compare, 130 interrupted.
 *
 * @param argv Arguments after the program's name; those of the process by default.
 */
export async function main(argv: readonly string[] = Deno.args): Promise<void> {
  // The compiled binary starts itself as the sandbox's child.
  if (isSandboxChild(argv)) {
    const { runSandboxChild } = await import("../sandbox/child/bootstrap.ts");
    return await runSandboxChild();
  }
  const output = processOutput();
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    // The second Ctrl-C does not wait for anything to be saved.
    if (interrupt.signal.aborted) Deno.exit(EXIT_INTERRUPTED);
    interrupt.abort(new DOMException("Interrupted", "AbortError"));
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  const subject: Subject = {};
  let code: number;
  try {
    code = await runCommandLine(argv, { output, signal: interrupt.signal, subject });
    output.flush();
  } catch (error) {
    code = endOf(error, output, subject);
  }
  Deno.exit(interrupt.signal.aborted ? EXIT_INTERRUPTED : code);
}

/** What the command line turned out to be about, as far as it was read. */
type Subject = { -readonly [K in keyof CommandSubject]: CommandSubject[K] };

/** The exit code for an error, after it was told. */
function endOf(error: unknown, output: Output, subject: CommandSubject): number {
  try {
    if (error instanceof ClosedPipeError) return EXIT_OK;
    const code = reportError(error, output, subject);
    output.flush();
    return code;
  } catch (late) {
    if (late instanceof ClosedPipeError) return EXIT_OK;
    throw late;
  }
}

async function runCommandLine(
  argv: readonly string[],
  { output, signal, subject }: { output: Output; signal: AbortSignal; subject: Subject },
): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") {
    const topic = verb === "help" ? rest[0] : undefined;
    output.line(
      topic === undefined
        ? overviewHelp(await loadCommands(), output)
        : commandHelp(await findCommand(topic), output),
    );
    return EXIT_OK;
  }
  if (verb === "--version" || verb === "-V") {
    output.line(`rewind ${VERSION}`);
    return EXIT_OK;
  }
  const command = await findCommand(verb);
  subject.verb = command.name;
  const end = rest.indexOf("--");
  const own = end < 0 ? rest : rest.slice(0, end);
  if (own.includes("--help") || own.includes("-h")) {
    output.line(commandHelp(command, output));
    return EXIT_OK;
  }
  const args = parseCommandLine(command, rest);
  subject.file = args.positionals[0];
  return await command.run({ args, output, signal });
}

async function findCommand(verb: string): Promise<Command> {
  const command = await loadCommand(verb);
  if (command !== undefined) return command;
  throw new UsageError(
    verb.startsWith("-")
      ? `'${verb}' is no option of rewind${suggestion(verb, ["--help", "--version"])}`
      : `'${verb}' is no command of rewind${suggestion(verb, COMMAND_NAMES)}`,
  );
}
