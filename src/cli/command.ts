/**
 * What a verb of the command line declares, and how its values reach it.
 *
 * A verb is one file that exports `command`, and one line in `verbs.ts` with its name and summary.
 * Operands and options are declared once, each by a kind from `options.ts`, and `run` receives their values
 * under the same names with the types that the declaration gives: a misspelt name is a type error, and
 * nothing is parsed anywhere else. `blockSize` is written `--block-size`.
 *
 * ```ts ignore
 * export const command = defineCommand({
 *   operands: { file: operand("run.replay"), t: integerOperand("t") },
 *   options: {
 *     every: integer("N", "Distance between two states", { min: 1, default: 1 }), // number
 *     where: text("FUNCTION", "Predicate of the state", { required: true }), // string
 *     seed: seed("Seed of the branch", { fallback: "derived from t" }), // bigint | undefined
 *     format: choice(["jsonl", "csv"], "Format of the lines", { default: "jsonl" }), // "jsonl" | "csv"
 *     force: flag("Overwrite the output file"), // boolean
 *     ...REPLAY_OPTIONS,
 *     json: JSON_OPTION,
 *   },
 *   examples: [
 *     { command: "rewind get walk.replay 842137", note: "Regenerate one state" },
 *     { command: "rewind get walk.replay -1 --json", note: "Print the last state as JSON" },
 *   ],
 *   async run({ file, t, every, json, ...replay }, { output, signal }) {
 *     await using run = await openRun(file, { ...replay, signal });
 *     // ...
 *     return EXIT_OK;
 *   },
 * });
 * ```
 *
 * @module
 */

import type { Output } from "./output.ts";

/** Bounds and names that every kind of option understands. */
export interface OptionTraits {
  /** One-letter name, if there is one. */
  readonly short?: string;
  /** Another long name that is understood. */
  readonly alias?: string;
  /** Heading of the help under which the option stands where a verb has many. */
  readonly group?: string;
}

/** One option of a verb; `T` is the type of its value, `undefined` included where it may be left out. */
export interface Option<T> extends OptionTraits {
  /** Name of the value in the help, such as `N`; a switch has none. */
  readonly value?: string;
  /** What it is for, without a final period; defaults and duties are added by the help. */
  readonly summary: string;
  /** The default as the help prints it; undefined if there is none worth a word. */
  readonly fallback?: string;
  /** Whether the verb cannot do without it. */
  readonly required?: boolean;
  /** Whether it may be given more than once. */
  readonly repeat?: boolean;
  /** The value that is meant where the option is given without one. */
  readonly implied?: string;
  /** Words that the shell may complete its value with; `"file"` for the names of files. */
  readonly completions?: readonly string[] | "file";
  /**
   * The value, from the texts that the command line gives: none, one, or several where `repeat` is set.
   * `name` is the option as a person writes it, such as `--block-size`.
   */
  read(texts: readonly string[], name: string): T;
}

/** An argument that is no option; `T` is the type of its value. It is a text unless its kind says more. */
export interface Operand<T> {
  /** How the usage line shows it, such as `<run.replay>` or `[<folder>]`. */
  readonly usage: string;
  /** Fewest and most arguments that it takes; only the last operand of a verb may take several. */
  readonly count: readonly [min: number, max: number];
  /** The value, from the arguments it takes. */
  read(texts: readonly string[]): T;
}

/** Options by their names in camelCase. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** Operands by name, in the order of the command line. */
export type Operands = Readonly<Record<string, Operand<unknown>>>;

/** The values of declared options or operands, by the same names. */
export type Values<D extends Options | Operands> = {
  readonly [K in keyof D]: D[K] extends { read(...input: never[]): infer T } ? T : never;
};

/** What a verb gets to work with, besides its values. */
export interface CommandContext {
  /** The words of the command, the verb first. */
  readonly words: readonly string[];
  /** Where results and messages go. */
  readonly output: Output;
  /** Fires when the command is asked to stop. */
  readonly signal: AbortSignal;
}

/** One example of a verb's help. */
export interface CommandExample {
  /** A command that works. */
  readonly command: string;
  /** The task that it does. */
  readonly note: string;
}

/** What a verb declares besides its values. */
interface CommandTexts {
  /** Further paragraphs of help. */
  readonly details?: readonly string[];
  /** At least two examples. */
  readonly examples: readonly CommandExample[];
}

/** A verb as {@linkcode defineCommand} takes it. */
export interface CommandDeclaration<A extends Operands, O extends Options> extends CommandTexts {
  /** Its arguments that are no options. */
  readonly operands: A;
  /** Its options; `--help` is understood by all. */
  readonly options: O;
  /** Does the work and returns the exit code. */
  run(values: Values<A> & Values<O>, context: CommandContext): Promise<number>;
}

/** A verb, ready to be run on the values that `parseCommandLine` read. */
export interface Command extends CommandTexts {
  /** Its arguments that are no options. */
  readonly operands: Operands;
  /** Its options. */
  readonly options: Options;
  /** Does the work and returns the exit code. */
  run(values: Readonly<Record<string, unknown>>, context: CommandContext): Promise<number>;
}

/** Declares a verb: `run` receives the values of exactly the operands and options that stand beside it. */
export function defineCommand<const A extends Operands, const O extends Options>(
  declaration: CommandDeclaration<A, O>,
): Command {
  // The parser reads every value with its own declaration, which the types cannot follow.
  return declaration as unknown as Command;
}

/** The long name of an option: `blockSize` is written `--block-size`. */
export function optionName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
