/**
 * What every verb of the command line declares: its options, its help and what it does.
 *
 * @module
 */

import type { Output } from "./output.ts";

/** One option of a verb. */
export interface OptionSpec {
  /** Long name without dashes, such as `block-size`. */
  readonly name: string;
  /** One-letter name, if there is one. */
  readonly short?: string;
  /** Another long name that is understood; its summary says so. */
  readonly alias?: string;
  /** Name of the value in the help, such as `N`; without one the option is a switch. */
  readonly value?: string;
  /** One line of help, default included. */
  readonly summary: string;
  /** May be given more than once. */
  readonly repeat?: boolean;
}

/** A command line, taken apart by {@linkcode parseCommandLine}. */
export interface ParsedArgs {
  /** Arguments that are not options. */
  readonly positionals: readonly string[];
  /** Values of options by long name; switches are `true`, repeated options have several. */
  readonly options: ReadonlyMap<string, readonly string[] | true>;
}

/** What a verb gets to work with. */
export interface CommandContext {
  /** The parsed command line. */
  readonly args: ParsedArgs;
  /** Where results and messages go. */
  readonly output: Output;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** One example of a verb's help. */
export interface CommandExample {
  /** A command that works. */
  readonly command: string;
  /** What it does. */
  readonly note: string;
}

/** A verb of the command line. */
export interface Command {
  /** The verb. */
  readonly name: string;
  /** One line for the list of verbs and the head of its help. */
  readonly summary: string;
  /** What follows the verb in the usage line, such as `<run.replay> <t>`. */
  readonly usage: string;
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [min: number, max: number];
  /** Its options; `--help` is understood by all. */
  readonly options: readonly OptionSpec[];
  /** Further paragraphs of help. */
  readonly details?: readonly string[];
  /** At least two examples. */
  readonly examples: readonly CommandExample[];
  /** Does the work and returns the exit code. */
  run(context: CommandContext): Promise<number>;
}

/** Printed on every verb that prints data. */
export const JSON_OPTION: OptionSpec = {
  name: "json",
  summary: "print the result as JSON",
};
