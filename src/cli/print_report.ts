/**
 * Prints the report of a verb for training runs, as JSON or as lines for people.
 *
 * @module
 */

import { toJsonText } from "../training/files/json_text.ts";
import { escapeText } from "../text/escape_text.ts";
import { optionSwitch } from "./args.ts";
import type { CommandContext } from "./command.ts";

/** Prints `json` with `--json`, else the lines; text of logs and commands is escaped. */
export function printReport(
  { args, output }: CommandContext,
  { json, lines }: { json: unknown; lines: readonly string[] },
): void {
  if (optionSwitch(args, "json")) output.line(toJsonText(json).trimEnd());
  else for (const line of lines) output.line(escapeText(line, { maxLength: Infinity }));
}
