/**
 * The help of the command as a whole; it needs no verb.
 *
 * @module
 */

import { EXIT_CODES } from "./exit_codes.ts";
import { type Output, twoColumns, wrap } from "./output.ts";
import { VERB_GROUPS } from "./verbs.ts";

/** Help of the command as a whole; needs no verb. */
export function overviewHelp(output: Output): string {
  const { columns } = output;
  return [
    wrap(
      "rewind: time travel for long, seeded simulations, and seeded replay of training runs",
      columns,
    ),
    "",
    output.bold("Usage"),
    wrap("rewind <command> [options]", columns, "  "),
    ...VERB_GROUPS.flatMap(({ title, verbs }) => [
      "",
      output.bold(title),
      twoColumns(verbs.map(({ name, summary }) => [name, summary] as const), columns),
    ]),
    "",
    output.bold("Exit codes"),
    twoColumns(EXIT_CODES, columns),
    "",
    wrap("Run 'rewind help <command>' for options and examples.", columns),
  ].join("\n");
}
