/**
 * Tables whose columns are parted by blanks or bars: a header of names, then rows of numbers, as fastai,
 * spaCy, YOLO and notebooks print them.
 * This module is browser compatible.
 *
 * @module
 */

/** One cell that may be a number, with a unit or a total. */
const NUMBER_CELL =
  /^[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?(?:%|[A-Za-z]{1,3})?(?:\/\d+)?:?$/i;

/** What stands where there is no value. */
const EMPTY_CELL = /^(?:no log|-{1,3}|\u2014|n\/?a|none|null|)$/i;

const CLOCK_CELL = /^\d+(?::\d{2}){1,2}$/;

/** A progress bar after the last cell. */
const BAR = /(?::\s*|(?<!\s)\s*)\d{1,3}%\|.*$/;

/** What parts cells: a bar, or more than one blank. */
const CELL_ENDS = /\s*\|\s*|\s{2,}|\t/;

/** A name; a colon in it is that of a range, as in `mAP@.5:.95`. */
const NAME = /^[A-Za-z_#@](?:[^=:]|:(?=\.?\d))*$/;

/** A line with values that has so many wide names and no cell else is a header. */
const NAMES_MIN = 4;

/** Most cells of a row. */
const CELLS_MAX = 200;

/** See the module. Give it each line. */
export class BlankTable {
  #header: readonly string[] = [];
  #byBlank = false;
  /** Where the names of the header stand. */
  #places: readonly Cell[] = [];

  /**
   * The cells of a line that is a row of the table above it, by the names of their columns; undefined for
   * any other line, which may be the next header.
   */
  row(printed: string): Map<string, string> | undefined {
    const line = printed.replace(BAR, "");
    const { cells, header } = this.#byNarrowBlanks(line) ?? this.#byNames(this.#cells(line));
    if (header.length >= 2 && cells.length >= header.length && isRow(cells, header.length)) {
      return new Map(
        cells.flatMap((cell, i) => {
          const name = header[i] ?? `column ${i + 1}`;
          return i < header.length || NUMBER_CELL.test(cell)
            ? [[name, cell.replace(/[%:]$/, "")]]
            : [];
        }),
      );
    }
    // Rulers stand between a header and its rows.
    if (!/^[\s|+:=\u2500-\u257f-]*$/.test(line)) this.#setHeader(line);
    return undefined;
  }

  /**
   * Cells of a row that begins before the first name, with its number as pandas prints it, or with a label
   * as in a report of scikit-learn. The other cells end where their names do. Undefined for any other line.
   */
  labelled(line: string): Map<string, string> | undefined {
    const [first] = this.#places;
    if (first === undefined) return undefined;
    const [label, ...cells] = placesOf(line);
    if (label === undefined || cells.length === 0) return undefined;
    if (label.to > first.from) return this.#named(label, cells);
    const isIndex = label.from === 0 && /^\d+$/.test(label.text);
    const row: [name: string, cell: string][] = isIndex ? [["index", label.text]] : [];
    for (const { text, to } of cells) {
      const name = this.#places.find((place) => place.to === to)?.text;
      const isCell = NUMBER_CELL.test(text) || /^[-+]?(?:nan|inf)$/i.test(text) ||
        EMPTY_CELL.test(text);
      if (name === undefined || !isCell) return undefined;
      row.push([isIndex ? name : `${label.text}/${name}`, text.replace(/[%:]$/, "")]);
    }
    return new Map(row);
  }

  /** Whether a line that seems to hold values is the header of further rows: `P  R  mAP@.5`. */
  isHeader(printed: string): boolean {
    if (this.#header.length === 0 && !printed.startsWith("    ")) return false;
    const line = printed.replace(BAR, "");
    return placesOf(line).length >= NAMES_MIN && this.#setHeader(line, true);
  }

  /** Cells of a row of many whose first is a name: `person  128  254  0.7`. */
  #named(label: Cell, others: readonly Cell[]): Map<string, string> | undefined {
    const { cells, header } = this.#byNames([label, ...others].map(({ text }) => text));
    const isRow = header.length >= NAMES_MIN && cells.length === header.length &&
      /^[A-Za-z]/.test(label.text) && others.every(({ text }) => NUMBER_CELL.test(text));
    return isRow ? new Map(header.map((name, i) => [name, cells[i]!])) : undefined;
  }

  /** Names that one blank parts, where there are as many of them as cells: `mAP@.5 mAP@.5:.95`. */
  #byNames(cells: string[]): { cells: string[]; header: readonly string[] } {
    const names = this.#header.join(" ").split(" ");
    const isEach = cells.length > this.#header.length && names.length === cells.length &&
      new Set(names).size === names.length;
    return { cells, header: isEach ? names : this.#header };
  }

  #cells(line: string): string[] {
    const text = line.trim().replace(/^\||\|$/g, "").trim();
    const parts = text.split(CELL_ENDS);
    if (parts.length >= this.#header.length && !this.#byBlank) return parts.slice(0, CELLS_MAX);
    return text.split(/\s+/, CELLS_MAX);
  }

  /**
   * Cells of a row in which one blank parts two numbers, as where columns are narrow: Vowpal Wabbit parts the names of
   * its header by more than the numbers below. Undefined where that does not fit the header.
   */
  #byNarrowBlanks(line: string): { cells: string[]; header: readonly string[] } | undefined {
    const text = line.trim();
    if (this.#byBlank || !/\d [-+.\d]/.test(text) || text.includes("|")) return undefined;
    const cells = text.split(/\s+/, CELLS_MAX);
    const header = [this.#header, this.#header.join(" ").split(" ")].find((names) =>
      names.length === cells.length && new Set(names).size === names.length
    );
    return header && { cells, header };
  }

  /** Takes a line for the header, or for the end of the table; `onlyIf` it is a header, where that is asked for. */
  #setHeader(line: string, onlyIf = false): boolean {
    const text = line.trim().replace(/^\||\|$/g, "").trim();
    const wide = text.split(CELL_ENDS);
    const names = wide.length >= 2 ? wide : text.split(/\s+/);
    const isHeader = names.length >= 2 && names.length <= CELLS_MAX &&
      names.every((name) => NAME.test(name) && name.length <= 40) &&
      new Set(names).size === names.length;
    if (onlyIf && !isHeader) return false;
    this.#header = isHeader ? names : [];
    // Only what stands further in leaves room for the label of a row.
    this.#places = isHeader && /^ {2}/.test(line) && !line.includes("|") ? placesOf(line) : [];
    this.#byBlank = wide.length < 2;
    return isHeader;
  }
}

/** A cell and where it stands. */
interface Cell {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What two blanks part. */
function placesOf(line: string): Cell[] {
  return Array.from(line.matchAll(/\S+(?: \S+)*/g), ({ 0: text, index }) => ({
    text,
    from: index,
    to: index + text.length,
  })).slice(0, CELLS_MAX);
}

/** Whether the first cells are numbers, but for a name at the beginning. */
function isRow(cells: readonly string[], length: number): boolean {
  let numbers = 0;
  let empty = 0;
  for (let i = 0; i < length; i++) {
    const cell = cells[i]!;
    if (NUMBER_CELL.test(cell) || /^[-+]?(?:nan|inf)$/i.test(cell)) numbers++;
    else if (EMPTY_CELL.test(cell)) empty++;
    else if (!CLOCK_CELL.test(cell) && i > 0) return false;
  }
  return numbers > 0 && numbers + empty >= length - 2;
}
