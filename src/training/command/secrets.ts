/**
 * What looks like a secret in variables and commands: it is never kept.
 * This module is browser compatible.
 *
 * @module
 */

/** Stands where something was left out. */
export const LEFT_OUT = "<left out>";

/** Names of secrets: `WANDB_API_KEY`, `--token`, `db.password`. */
const SECRET_NAME =
  /(?:^|[-_.])(?:token|secret|passwd|password|passphrase|pwd|api[-_]?key|apikey|access[-_]?key(?:[-_]?id)?|secret[-_]?key|private[-_]?key|auth|authorization|credentials?|cookie|session[-_]?key)$/i;
/** Tokens of a tokenizer are no secrets. */
const TOKENIZER_NAME =
  /(?:pad|eos|bos|unk|sep|cls|mask|image|video|audio|special|stop|start|end|mask|decoder)[-_]?token$/i;
/** Values that are secrets by their look: of OpenAI, Hugging Face, GitHub, GitLab, Slack, AWS, Google; JSON web tokens. */
const SECRET_VALUE =
  /\b(?:sk-[\w-]{16,}|hf_\w{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|A(?:KIA|SIA)[A-Z0-9]{12,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,})|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** A password in the address of a server. */
const ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(@)/gi;

/** Whether a variable or option of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !TOKENIZER_NAME.test(name);
}

/** Whether a text is, or holds, a secret by its look. */
function isSecretValue(text: string): boolean {
  return SECRET_VALUE.test(text) || text.search(ADDRESS) >= 0;
}

/** Words without secrets, and what was left out of them. */
export interface CleanWords {
  /** The words; {@linkcode LEFT_OUT} where a secret stood. */
  readonly words: readonly string[];
  /** One line for each: its place, never its value. */
  readonly leftOut: readonly string[];
}

/** Leaves secrets out of the words of a command: `--token X`, `--token=X`, `api_key=X`, and what looks like one. */
export function withoutSecrets(words: readonly string[]): CleanWords {
  const leftOut: string[] = [];
  let follows: string | undefined;
  const clean = words.map((word, index) => {
    const name = follows;
    follows = undefined;
    if (name !== undefined && !word.startsWith("-")) {
      leftOut.push(`the value of ${name} in the command`);
      return LEFT_OUT;
    }
    const equals = word.indexOf("=");
    const key = equals > 0 ? word.slice(0, equals) : word;
    if (isSecretName(key.replace(/^[-+]+/, ""))) {
      if (equals > 0) {
        leftOut.push(`the value of ${key} in the command`);
        return `${key}=${LEFT_OUT}`;
      }
      if (word.startsWith("-")) follows = word;
      return word;
    }
    if (!isSecretValue(word)) return word;
    leftOut.push(`a part of word ${index + 1} of the command, which looks like a secret`);
    const without = word.replace(ADDRESS, `$1${LEFT_OUT}$2`);
    return SECRET_VALUE.test(without) ? LEFT_OUT : without;
  });
  return { words: clean, leftOut };
}

/** Variables without those that hold secrets, and the names of these. */
export function variablesWithoutSecrets(
  variables: Readonly<Record<string, string>>,
): { variables: Record<string, string>; leftOut: string[] } {
  const kept: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (isSecretName(name) || isSecretValue(value)) leftOut.push(name);
    else kept[name] = value;
  }
  return { variables: kept, leftOut };
}

/** A command as reports show it, which are written to files and handed around. */
export interface ShownCommand {
  /** The words without secrets. */
  readonly argv: readonly string[];
  /** Variables on top of the user's own; {@linkcode LEFT_OUT} in the place of secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was left out, one line for each; empty if nothing was. */
  readonly leftOut: readonly string[];
}

/** Leaves secrets out of a command and of the variables that were set for it. */
export function shownCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): ShownCommand {
  const { words, leftOut } = withoutSecrets(argv);
  const { leftOut: names } = variablesWithoutSecrets(environment);
  return {
    argv: words,
    environment: {
      ...environment,
      ...Object.fromEntries(names.map((name) => [name, LEFT_OUT])),
    },
    leftOut: [...leftOut, ...names.map((name) => `the variable ${name}`)].map((what) =>
      `left out of this report, as it looks like a secret: ${what}`
    ),
  };
}
