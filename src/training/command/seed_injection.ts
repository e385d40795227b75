/**
 * Puts a seed into a command: into its words and its environment, never into its text.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";
import { splitCommand } from "./command_words.ts";

/** Where the seed goes when the command does not take `--seed N`. */
export interface SeedInjectionOptions {
  /** Words with `{seed}` in them, such as `--train.seed {seed}` or `data.seed={seed}`. */
  seedArg?: string | readonly string[];
  /** Name of an environment variable that gets the seed. */
  seedEnv?: string;
}

/** A command with the seed in it, and how it got there. */
export interface SeedInjection {
  /** The words to run. */
  readonly argv: readonly string[];
  /** Environment variables to add. */
  readonly env: Readonly<Record<string, string>>;
  /** One line for people: what was replaced or appended. */
  readonly how: string;
  /** What the user should know about, such as a second `--seed` that was left alone. */
  readonly warnings: readonly string[];
}

const PLACEHOLDER = "{seed}";
const NUMBER_LIKE = /^[+-]?(?:0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;
/** `--train.seed`, `--train.seed=4`, `data.seed=4`, `+seed=4`: another spelling of the seed's place. */
const DOTTED_SEED = /^(?:--?(?:[\w-]+\.)+seed(?:=.*)?|[+]{0,2}(?:[\w-]+\.)*seed=.*)$/s;
const SHELLS = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash"]);

/**
 * Puts `seed` into `argv`. In this order: `{seed}` anywhere in a word; `seedArg`; `seedEnv`; the first
 * `--seed N` or `--seed=N`; a single dotted one such as `--train.seed 4` or `data.seed=4`; else
 * `--seed N` is appended, as rldk does.
 *
 * @throws {TypeError} if `seedArg` has no `{seed}`, `seedEnv` is no name, or several dotted seeds stand in argv.
 *
 * @example Usage
 * ```ts
 * import { injectSeed } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(injectSeed(["train", "--seed=-5"], 42n).argv, ["train", "--seed=42"]);
 * assertEquals(injectSeed(["train", "--seed-offset", "3"], 42n).argv.slice(3), ["--seed", "42"]);
 * ```
 */
export function injectSeed(
  argv: readonly string[],
  seed: bigint,
  options: SeedInjectionOptions = {},
): SeedInjection {
  const text = seed.toString();
  const words = [...argv];
  const env: Record<string, string> = {};
  const how: string[] = [];
  const warnings: string[] = [];

  if (words.some((word) => word.includes(PLACEHOLDER))) {
    how.push(`{seed} replaced by ${text}`);
    for (let i = 0; i < words.length; i++) words[i] = words[i]!.replaceAll(PLACEHOLDER, text);
  }
  for (const template of [options.seedArg ?? []].flat()) {
    how.push(applyTemplate(words, template, text));
  }
  if (options.seedEnv !== undefined) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(options.seedEnv)) {
      throw new ArgumentTypeError(
        `Cannot set the seed in the environment as "${options.seedEnv}" is not a variable name`,
      );
    }
    env[options.seedEnv] = text;
    how.push(`${options.seedEnv}=${text} in the environment`);
  }
  if (how.length === 0) how.push(injectByFlag(words, text, warnings));
  return { argv: words, env, how: how.join("; "), warnings };
}

function applyTemplate(words: string[], template: string, seed: string): string {
  const parts = splitCommand(template.includes("=") ? `- ${template}` : template).argv
    .filter((word, i) => i > 0 || word !== "-");
  if (!parts.some((part) => part.includes(PLACEHOLDER))) {
    throw new ArgumentTypeError(
      `Cannot use the seed argument "${template}" as it has no {seed} in it; ` +
        `write it as "--train.seed {seed}" or "data.seed={seed}"`,
    );
  }
  const filled = parts.map((part) => part.replaceAll(PLACEHOLDER, seed));
  const head = parts[0]!;
  if (parts.length === 2 && parts[1] === PLACEHOLDER && replaceFlag(words, head, seed).length > 0) {
    return `${head} ${seed} in place of its old value`;
  }
  const equals = head.indexOf(`=${PLACEHOLDER}`);
  if (parts.length === 1 && equals > 0) {
    const key = head.slice(0, equals + 1);
    const at = words.findIndex((word) => word.startsWith(key));
    if (at >= 0) {
      words[at] = filled[0]!;
      return `${filled[0]} in place of its old value`;
    }
  }
  words.push(...filled);
  return `${filled.join(" ")} appended`;
}

function injectByFlag(words: string[], seed: string, warnings: string[]): string {
  const flags = replaceFlag(words, "--seed", seed);
  if (flags.length > 0) {
    if (flags.length > 1) {
      warnings.push(
        `--seed stands ${flags.length} times in the command; the first was replaced, ` +
          `the others were left: use {seed} or --seed-arg to say which is meant`,
      );
    }
    return `--seed ${seed} in place of its old value`;
  }
  const dotted = words.flatMap((word, i) => i > 0 && DOTTED_SEED.test(word) ? [i] : []);
  if (dotted.length > 1) {
    throw new ArgumentTypeError(
      `Cannot tell which of ${dotted.map((i) => words[i]).join(", ")} takes the seed; ` +
        `name it with --seed-arg, such as --seed-arg "data.seed={seed}"`,
    );
  }
  if (dotted.length === 1) {
    const name = words[dotted[0]!]!.replace(/=.*$/s, "");
    if (name.startsWith("-")) replaceFlag(words, name, seed);
    else words[dotted[0]!] = `${name}=${seed}`;
    return `${name} set to ${seed} in place of its old value`;
  }
  if (isShellWithScript(words)) {
    warnings.push(
      "the seed was not put into the command as it is a shell script in one word; " +
        "write {seed} where it belongs",
    );
    return "not put into the command";
  }
  words.push("--seed", seed);
  return `--seed ${seed} appended`;
}

/** Replaces the value of the first `flag`; returns the positions of all of them. */
function replaceFlag(words: string[], flag: string, seed: string): number[] {
  const at = words.flatMap((word, i) =>
    i > 0 && (word === flag || word.startsWith(`${flag}=`)) ? [i] : []
  );
  const first = at[0];
  if (first === undefined) return at;
  if (words[first] !== flag) {
    words[first] = `${flag}=${seed}`;
    return at;
  }
  const value = words[first + 1];
  // A flag that was left without its value gets one; a following option is not taken for it.
  const isValue = value !== undefined && (!value.startsWith("-") || NUMBER_LIKE.test(value));
  words.splice(first + 1, isValue ? 1 : 0, seed);
  return at;
}

function isShellWithScript(words: readonly string[]): boolean {
  const program = words[0]!.split("/").at(-1)!;
  return SHELLS.has(program) && words.slice(1).some((word) => /^-[a-z]*c$/.test(word));
}
