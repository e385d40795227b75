/**
 * `rewind completions`: scripts that complete commands and options in a shell.
 *
 * @module
 */

import { suggestion } from "../text/suggestion.ts";
import { type Command, defineCommand, type Option, optionName } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { operand } from "./options.ts";
import { UsageError } from "./usage_error.ts";
import { type Verb, VERBS } from "./verbs.ts";

/** A verb with its options. */
interface LoadedVerb extends Verb {
  readonly options: Command["options"];
}

const SHELLS: Record<string, (verbs: readonly LoadedVerb[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** The verb. */
export const command = defineCommand({
  operands: { shell: operand("bash|zsh|fish") },
  options: {},
  examples: [
    { command: "source <(rewind completions bash)", note: "Complete in this bash session" },
    {
      command: "rewind completions fish > ~/.config/fish/completions/rewind.fish",
      note: "Complete in fish from now on",
    },
  ],
  async run({ shell }, { output }) {
    const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (script === undefined) {
      const names = Object.keys(SHELLS);
      throw new UsageError(`Invalid shell '${shell}': it must be ${names.join(", ")}`, {
        hint: suggestion(shell, names),
      });
    }
    output.line(script(
      await Promise.all(VERBS.map(async (verb) => ({
        ...verb,
        options: (await verb.load()).command.options,
      }))),
    ));
    return EXIT_OK;
  },
});

function optionNames({ options }: LoadedVerb): string[] {
  return [...Object.keys(options).map(optionName), "--help"];
}

function bashScript(commands: readonly LoadedVerb[]): string {
  const cases = commands.map((command) =>
    `    ${command.name}) words="${optionNames(command).join(" ")}" ;;`
  );
  return `_rewind() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _rewind rewind`;
}

function zshScript(commands: readonly LoadedVerb[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const verbs = commands.map((command) => quote(`${command.name}:${command.summary}`));
  const cases = commands.map((command) => {
    const options = optionNames(command).map(quote).join(" ");
    return `    ${command.name}) compadd -- ${options}; _files ;;`;
  });
  return `#compdef rewind
_rewind() {
  if (( CURRENT == 2 )); then
    local -a verbs
    verbs=(${verbs.join(" ")})
    _describe command verbs
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _rewind rewind`;
}

function fishScript(commands: readonly LoadedVerb[]): string {
  return commands.flatMap((command) => [
    `complete -c rewind -n __fish_use_subcommand -f -a ${command.name} -d ${
      fishQuote(command.summary)
    }`,
    ...Object.entries(command.options).map(([key, option]) =>
      `complete -c rewind -n "__fish_seen_subcommand_from ${command.name}" ${
        fishOption(optionName(key), option)
      }`
    ),
  ]).join("\n");
}

function fishOption(name: string, { short, value, summary, completions }: Option<unknown>): string {
  const words = completions === undefined || completions === "file"
    ? ""
    : ` -f -a '${completions.join(" ")}'`;
  return `-l ${name.slice(2)}${short === undefined ? "" : ` -s ${short}`}${
    value === undefined ? "" : ` -r${words}`
  } -d ${fishQuote(summary)}`;
}

function fishQuote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
