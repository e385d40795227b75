/**
 * Places in files as messages name them.
 * This module is browser compatible.
 *
 * @module
 */

import type { AuthorPlace } from "../errors.ts";
import { escapeText } from "./escape_text.ts";

/** A place as `file:line:column`, safe to print. */
export function placeText({ file, line, column }: AuthorPlace): string {
  return `${escapeText(file)}:${line}:${column}`;
}
