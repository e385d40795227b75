/**
 * Tables that the loggers of OpenAI Baselines and Stable-Baselines print, one per row of the log: lines
 * `| name | value |` between two lines of dashes, names below a line `| group/ | |` being of that group.
 * This module is browser compatible.
 *
 * @module
 */

import type { FieldResolver } from "../field_roles.ts";
import type { RowAssembler } from "../row_assembler.ts";
import { stepOfEntry, type TableStep } from "./table_step.ts";

/** Indentation, name and value of a line. Names on the right and numbers on the left are of other tables. */
const LINE =
  /^\|( {1,8})(?![-+.\d])([^|\s][^|]{0,199}?) *\| *((?:[-+.]?\d|nan|inf|-inf|true|false|none)[^|]{0,99}?|) *\|\s{0,4}$/i;

/** Deepest indentation of a name that is in no group. */
const TOP_INDENT = 1;

/** What a table works with. */
export interface BarTableOptions {
  /** Says which names are steps. */
  readonly fields: FieldResolver;
  /** Takes the step of a table before its row is handed over. */
  readonly onStep: (step: TableStep) => void;
}

/** Gathers the lines of each table into one row. */
export class BarTables {
  readonly #rows: RowAssembler;
  readonly #options: BarTableOptions;
  readonly #encoder = new TextEncoder();
  #open = false;
  #group = "";
  #line = 0;
  #step: TableStep | undefined;

  /** Assembles rows with `rows`, which must have none open between tables. */
  constructor(rows: RowAssembler, options: BarTableOptions) {
    this.#rows = rows;
    this.#options = options;
  }

  /** Whether a line is one of such a table. */
  static isRow(text: string): boolean {
    return text.startsWith("|") && LINE.test(text);
  }

  /** Takes a line if it is one of a table; any other line ends the table before it. */
  take(text: string, line: number): boolean {
    const match = text.startsWith("|") ? LINE.exec(text) : null;
    if (match === null) {
      this.end();
      return false;
    }
    if (!this.#open) {
      this.#open = true;
      this.#group = "";
      this.#line = line;
      this.#step = undefined;
      this.#rows.begin();
    }
    const [, indent, name, value] = match;
    if (indent!.length <= TOP_INDENT) this.#group = "";
    if (value === "" && name!.endsWith("/")) this.#group = name!;
    else {
      this.#step = stepOfEntry(this.#step, {
        name: this.#group + name,
        text: value!,
        fields: this.#options.fields,
      });
      const bytes = this.#encoder.encode(value);
      this.#rows.text(this.#rows.root.slot(this.#group + name), bytes, 0, bytes.length);
    }
    return true;
  }

  /** Hands the open table over, if there is one. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#step !== undefined) this.#options.onStep(this.#step);
    this.#rows.commit(this.#line);
  }
}
