/**
 * Prints the report of a training verb.
 *
 * @module
 */

import { escapeText } from "../text/escape_text.ts";
import { toJsonText } from "../training/files/json_text.ts";
import type { Output } from "./output.ts";

/** Prints a report as JSON, or its lines; text of logs and commands is escaped. */
export function printReport(
  output: Output,
  { isJson, json, lines }: { isJson: boolean; json: unknown; lines: readonly string[] },
): void {
  if (isJson) output.line(toJsonText(json).trimEnd());
  else for (const line of lines) output.line(escapeText(line, { maxLength: Infinity }));
}
