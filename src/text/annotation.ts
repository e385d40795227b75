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

/** Where an annotation is shown. */
export interface AnnotationPlace {
  /** Its heading. */
  readonly title: string;
  /** Path of the file that it is about, if there is one. */
  readonly file?: string;
  /** Line in that file, from 1. */
  readonly line?: number;
}

/** The line that makes the runner show `message` under `title`. */
export function annotation(
  level: AnnotationLevel,
  message: string,
  { title, file, line }: AnnotationPlace,
): string {
  const place = [
    ...(file === undefined ? [] : [`file=${escapeProperty(file)}`]),
    ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
  ];
  const properties = [...place, `title=${escapeProperty(title)}`].join(",");
  return `::${level} ${properties}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return escapeText(text, { maxLength: Infinity }).replaceAll("%", "%25");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
