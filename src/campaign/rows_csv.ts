/**
 * The rows of a campaign as a table: one line per trial, one column per number.
 * This module is browser compatible.
 *
 * @module
 */

import type { Json } from "../codec/state_to_json.ts";
import type { TrialRow } from "./trial_row.ts";

/** What the columns of the table are known from. */
export interface CsvColumns {
  /** Names of the parameters that vary. */
  readonly parameters: readonly string[];
  /** A row that has every observable, if there is one. */
  readonly sample: TrialRow | undefined;
}

const SCALARS = ["mean", "std", "min", "max"] as const;

/** The columns of one observable: of a vector one mean for each of its components. */
function observedColumns(
  name: string,
  sample: TrialRow,
): readonly [string, (row: TrialRow) => Json][] {
  const { mean } = sample.observed[name]!;
  if (Array.isArray(mean)) {
    return mean.map((_, i) => [
      `${name}[${i}].mean`,
      (row) => (row.observed[name]?.mean as Json[] | undefined)?.[i] ?? null,
    ]);
  }
  return SCALARS.map((key) => [`${name}.${key}`, (row) => row.observed[name]?.[key] ?? null]);
}

/** Writes the table of a campaign line by line. */
export class CsvTable {
  readonly #columns: readonly (readonly [name: string, of: (row: TrialRow) => Json | undefined])[];

  /** Decides on the columns. */
  constructor({ parameters, sample }: CsvColumns) {
    this.#columns = [
      ["trial", (row) => row.trial],
      ["set", (row) => row.set],
      ["seed", (row) => row.seed],
      ...parameters.map((name): [string, (row: TrialRow) => Json] => [
        `params.${name}`,
        (row) => row.params[name] as Json,
      ]),
      ["outcome", (row) => row.outcome],
      ["steps", (row) => row.steps],
      ["failure", (row) => row.failure?.error ?? null],
      ["failure_t", (row) => row.failure?.t ?? null],
      ["first", (row) => row.first],
      ["final", (row) => row.final],
      ...(sample === undefined
        ? []
        : Object.keys(sample.observed).flatMap((name) => observedColumns(name, sample))),
      ["hash", (row) => row.hash],
    ];
  }

  /** The line of names. */
  head(): string {
    return `${this.#columns.map(([name]) => field(name)).join(",")}\n`;
  }

  /** The line of a row. */
  line(row: TrialRow): string {
    return `${this.#columns.map(([, of]) => field(of(row) ?? null)).join(",")}\n`;
  }
}

/**
 * A value as a field. Texts of the step's author that a spreadsheet would take for a formula get an apostrophe.
 */
function field(value: Json): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+@\t\r]|^-(?![\d.]|Infinity$)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
