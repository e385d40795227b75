/**
 * Places in files as messages name them.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeText } from "./escape_text.ts";
import type { AuthorPlace } from "../error_types.ts";

/** A place as `file:line:column`, safe to print. */
export function placeText({ file, line, column }: AuthorPlace): string {
  return `${escapeText(file)}:${line}:${column}`;
}
