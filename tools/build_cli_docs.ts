/**
 * Writes docs/cli.md, the reference of the command line, from what the verbs declare. Run it after a change
 * to a verb's options: `deno task cli-docs`.
 *
 * @module
 */

import { EXIT_CODES } from "../src/cli/exit_codes.ts";
import { optionGroups, usageWords } from "../src/cli/help.ts";
import { type Verb, VERB_GROUPS } from "../src/cli/verbs.ts";

/** Where the reference is kept. */
export const CLI_DOCS_URL: URL = new URL("../docs/cli.md", import.meta.url);

/** The text of the reference. */
export async function buildCliDocs(): Promise<string> {
  const groups = VERB_GROUPS.map(async ({ title, verbs }) => {
    const sections = await Promise.all(verbs.map(verbSection));
    return [`## ${title}`, ...sections].join("\n\n");
  });
  return [
    "<!-- deno-fmt-ignore-file -->\n<!-- Made by tools/build_cli_docs.ts from what the verbs declare; not to be edited. -->",
    "# Command line",
    "Every command prints results on stdout and everything else on stderr. `--json` prints data for programs " +
    "where a command has it, `--help` prints what follows here. `NO_COLOR` is respected.",
    table(["command", "purpose"], VERB_GROUPS.flatMap(({ verbs }) => verbs).map(overviewRow)),
    "## Exit codes",
    table(["code", "meaning"], EXIT_CODES.map(([code, meaning]) => [code, meaning])),
    ...await Promise.all(groups),
  ].join("\n\n") + "\n";
}

function overviewRow({ name, summary }: Verb): readonly string[] {
  return [`[${name}](#rewind-${name})`, summary];
}

async function verbSection(verb: Verb): Promise<string> {
  const { command } = await verb.load();
  const examples = command.examples.map(({ command: line, note }) => `# ${note}\n${line}`);
  return [
    `### rewind ${verb.name}`,
    `${verb.summary}.`,
    fence("text", `rewind ${usageWords(verb.name, command).join(" ")}`),
    ...(command.details ?? []).map(escapeText),
    ...optionGroups(command).flatMap(([title, rows]) => [
      table([title.toLowerCase(), "meaning"], rows.map(([label, text]) => [`\`${label}\``, text])),
    ]),
    fence("sh", examples.join("\n")),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.startsWith("`") || text.startsWith("[") && text.includes("](")
    ? text.replaceAll("|", "\\|")
    : escapeText(text);
}

/** Text of a help, which is no Markdown. */
function escapeText(text: string): string {
  return text.replace(/[\\`*_{}<>|]/g, "\\$&");
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

if (import.meta.main) await Deno.writeTextFile(CLI_DOCS_URL, await buildCliDocs());
