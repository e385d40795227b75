/**
 * Texts as cells of CSV (RFC 4180) that no terminal acts on and no spreadsheet runs.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeText } from "./escape_text.ts";

/**
 * What no CSV needs and terminals act on: control characters but tabs and line feeds, marks that change the
 * direction of text, and other separators of lines.
 */
const CONTROL = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\p{Zl}\p{Zp}]/gu;

/** A text that spreadsheets take for a formula; East Asian forms of the signs count for them too. */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** Whether a spreadsheet would run a text; a number with a sign is none. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text) && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
}

/** A text with `'` in front where it would be run as a formula: spreadsheets show the rest as it is. */
export function withoutFormula(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** A cell as it is written; an empty text is `""`, as nothing stands for what is not there. */
export function csvCell(cell: string): string {
  const text = cell.replace(CONTROL, (character) => escapeText(character));
  return text === "" || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A cell that was read. */
export interface CsvCell {
  /** Its text, without the quotes around it. */
  readonly text: string;
  /** Whether it had quotes. */
  readonly isQuoted: boolean;
}

/** The cells of a line; undefined if a quote does not end. */
export function csvCells(line: string): CsvCell[] | undefined {
  const cells: CsvCell[] = [];
  for (let at = 0;;) {
    const isQuoted = line[at] === '"';
    const [cell] = (isQuoted ? QUOTED : PLAIN).exec(line.slice(at)) ?? [];
    if (cell === undefined) return undefined;
    cells.push({ text: isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell, isQuoted });
    at += cell.length;
    if (at === line.length) return cells;
    if (line[at] !== ",") return undefined;
    at++;
  }
}

const QUOTED = /^"(?:[^"]|"")*"/;
const PLAIN = /^[^,"]*/;
