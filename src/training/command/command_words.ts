/**
 * Splits the text of a command into environment assignments and words, as a POSIX shell would,
 * without running one.
 *
 * @module
 */

import { ArgumentSyntaxError, ArgumentTypeError } from "../../errors.ts";
import { join, split } from "shlex";
import { shellWarnings } from "./shell_warnings.ts";

/** A command as data: what the shell would have set, and the words it would have handed over. */
export interface CommandWords {
  /** Leading `NAME=value` words. */
  readonly env: Readonly<Record<string, string>>;
  /** The program and its arguments; never empty. */
  readonly argv: readonly string[];
  /** What a shell would have done with this text and nothing here does. */
  readonly warnings: readonly string[];
}

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;
/** Stands for a literal backslash while `shlex` works; a noncharacter, so no command holds it. */
const SHIELD = "\uFDD0";

/**
 * Splits `command` into words; `#` at the start of a word begins a comment.
 *
 * @throws {SyntaxError} if a quote is not closed or no word is left.
 *
 * @example Usage
 * ```ts
 * import { splitCommand } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const words = splitCommand(`OMP_NUM_THREADS=1 python train.py --name "a b" # night run`);
 * assertEquals(words.argv, ["python", "train.py", "--name", "a b"]);
 * assertEquals(words.env, { OMP_NUM_THREADS: "1" });
 * ```
 */
export function splitCommand(command: string): CommandWords {
  if (typeof command !== "string") {
    throw new ArgumentTypeError(
      `Cannot run the command as it is not text: current value is ${command}`,
    );
  }
  let words: string[];
  try {
    words = split(prepare(command)).map((word) => word.replaceAll(SHIELD, "\\"));
  } catch (error) {
    throw new ArgumentSyntaxError(
      `Cannot split the command into words as a quote or escape is not closed: ${command}`,
      { cause: error },
    );
  }
  const env: Record<string, string> = {};
  let first = 0;
  for (; first < words.length && ASSIGNMENT.test(words[first]!); first++) {
    const word = words[first]!;
    const equals = word.indexOf("=");
    env[word.slice(0, equals)] = word.slice(equals + 1);
  }
  const argv = words.slice(first);
  if (argv.length === 0) {
    throw new ArgumentSyntaxError(
      `Cannot run the command as it names no program: current value is "${command}"`,
    );
  }
  return { env, argv, warnings: shellWarnings(command) };
}

/** The text that a POSIX shell would split into exactly these words. */
export function joinCommand(argv: readonly string[]): string {
  return join(argv);
}

/**
 * Cuts comments and shields literal backslashes. `shlex` 3.0.0 knows no comments, and it undoes the
 * escapes of a whole word each time a quote closes, so that `'a\\b'"c"` would lose a backslash.
 */
function prepare(command: string): string {
  let out = "";
  let quote = "";
  let atWordStart = true;
  for (let i = 0; i < command.length; i++) {
    const char = command[i]!;
    if (quote !== "") {
      if (char === "\\" && quote === "'") {
        out += SHIELD;
      } else if (char === "\\" && i + 1 < command.length) {
        const next = command[++i]!;
        out += quote === '"' ? escapedInDoubleQuotes(next) : char + next;
      } else {
        if (char === quote || (quote === "$" && char === "'")) quote = "";
        out += char;
      }
      continue;
    }
    if (char === "#" && atWordStart) {
      const end = command.indexOf("\n", i);
      if (end < 0) break;
      i = end;
      out += "\n";
      continue;
    }
    atWordStart = char === " " || char === "\t" || char === "\n" || char === "\r";
    if (char === "\\" && i + 1 < command.length) {
      const next = command[++i]!;
      out += next === "\\" ? SHIELD : char + next;
      continue;
    }
    if (char === '"') quote = '"';
    if (char === "'") quote = command[i - 1] === "$" ? "$" : "'";
    out += char;
  }
  return out;
}

/** In double quotes a backslash escapes only these; before anything else it is itself. */
function escapedInDoubleQuotes(next: string): string {
  if (next === "\\") return SHIELD;
  if (next === "$" || next === "`") return next;
  if (next === '"' || next === "\n") return "\\" + next;
  return SHIELD + next;
}
