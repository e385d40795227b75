/**
 * `rewind completions`: scripts that complete commands and options in a shell.
 *
 * @module
 */

import type { Command, CommandContext } from "./command.ts";
import { loadCommands } from "./commands.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { UsageError } from "./usage_error.ts";
import { suggestion } from "../text/suggestion.ts";

const SHELLS: Record<string, (commands: readonly Command[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** The verb. */
export const completionsCommand: Command = {
  name: "completions",
  summary: "a script that completes commands and options in your shell",
  usage: "<bash|zsh|fish>",
  positionals: [1, 1],
  options: [],
  examples: [
    { command: "source <(rewind completions bash)", note: "for this bash session" },
    {
      command: "rewind completions fish > ~/.config/fish/completions/rewind.fish",
      note: "for good",
    },
  ],
  run,
};

async function run({ args, output }: CommandContext): Promise<number> {
  const shell = args.positionals[0]!;
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined) {
    const names = Object.keys(SHELLS);
    throw new UsageError(
      `'${shell}' is none of ${names.join(", ")}${suggestion(shell, names)}`,
      "completions",
    );
  }
  output.line(script(await loadCommands()));
  return EXIT_OK;
}

function optionNames(command: Command): string[] {
  return [...command.options.map((option) => `--${option.name}`), "--help"];
}

function bashScript(commands: readonly Command[]): string {
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

function zshScript(commands: readonly Command[]): string {
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

function fishScript(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, "\\$&")}'`;
  return commands.flatMap((command) => [
    `complete -c rewind -n __fish_use_subcommand -f -a ${command.name} -d ${
      quote(command.summary)
    }`,
    ...command.options.map((option) =>
      `complete -c rewind -n "__fish_seen_subcommand_from ${command.name}" -l ${option.name}` +
      `${option.short === undefined ? "" : ` -s ${option.short}`}${
        option.value === undefined ? "" : " -r"
      } -d ${quote(option.summary)}`
    ),
  ]).join("\n");
}
