/**
 * Annotations of GitHub Actions: a line of output that the runner takes for a command, in which text that
 * somebody else wrote must not become another one.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeText } from "./escape_text.ts";

/** How an annotation is shown. */
export type AnnotationLevel = "error" | "warning" | "notice";

/** The line that makes the runner show `message` under `title`. */
export function annotation(
  level: AnnotationLevel,
  message: string,
  { title }: { title: string },
): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return escapeText(text, { maxLength: Infinity }).replaceAll("%", "%25");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
