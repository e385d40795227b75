/**
 * The header of a CSV table: which columns are metrics, and which lines are headers.
 *
 * @module
 */

import { ambiguousRunError } from "../errors.ts";

const QUOTE = 0x22;

/** A column by its name. */
export interface NamedColumn {
  /** Name of its metric. */
  readonly name: string;
  /** The column whose smallest or largest values it holds, where it does. */
  readonly extremeOf: number | undefined;
}

/** Whether a field is a number. */
export function isNumber(text: string): boolean {
  return text.trim() !== "" && !Number.isNaN(Number(text));
}

/** The delimiter that Excel's first line `sep=;` names; undefined for any other line. */
export function separatorLine(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from > 8) return undefined;
  return /^"?sep=([,;|\t])"?$/i.exec(new TextDecoder().decode(bytes.subarray(from, to)))?.[1]
    ?.charCodeAt(0);
}

/** What a table of runs is. */
export const TABLE_OF_RUNS =
  "a table of runs as the W&B interface exports it: its rows are runs, not steps";

/** Whether a header is that of a table of runs. */
export function isTableOfRuns(names: readonly string[]): boolean {
  return ["Name", "State", "Created", "Runtime"].every((name) => names.includes(name));
}

/** Whether every field of a record begins with a letter, as names do and numbers do not. */
export function isRowOfNames(
  bytes: Uint8Array,
  { from, to, delimiter }: { from: number; to: number; delimiter: number },
): boolean {
  let isFirst = true;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (isFirst) {
      if (byte === QUOTE || byte === 0x20) continue;
      const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a || byte === 0x5f ||
        byte >= 0x80;
      if (!isLetter) return false;
      isFirst = false;
    } else if (byte === delimiter) isFirst = true;
  }
  return !isFirst;
}

/**
 * Names of the columns' metrics; undefined for those to leave out. In a table that the W&B interface
 * exports, columns are called `<run> - <metric>`, with `__MIN` and `__MAX` beside each.
 */
export function metricNames(
  names: readonly string[],
  { path, run }: { path: string; run: string | undefined },
): (NamedColumn | undefined)[] {
  const split = (name: string) => {
    const at = name.lastIndexOf(" - ");
    return at < 0 ? undefined : { run: name.slice(0, at), metric: name.slice(at + 3) };
  };
  const others = names.filter((name) => split(name) === undefined);
  // One such name may be a metric of its own; a table of W&B has nothing else but its step.
  // The step may be any metric that was chosen for the axis; the extremes beside a metric tell, too.
  const all = new Set(names);
  const exported = others.length === 1 && names.length > 1 &&
    (/^(?:step|_step|global_step|train\/global_step|relative time.*|wall time)$/i.test(
      others[0]!,
    ) ||
      names.some((name) => all.has(`${name}__MIN`) && all.has(`${name}__MAX`)));
  if (!exported) return names.map((name) => ({ name, extremeOf: undefined }));
  const runs = [...new Set(names.flatMap((name) => split(name)?.run ?? []))];
  const chosen = runs.length === 1 ? runs[0] : run;
  if (chosen === undefined || !runs.includes(chosen)) {
    throw ambiguousRunError(path, runs);
  }
  return names.map((name) => {
    const parts = split(name);
    if (parts === undefined) return { name, extremeOf: undefined };
    if (parts.run !== chosen) return undefined;
    // Of steps that the export puts together it tells the extremes: elsewhere they are the values.
    const of = names.indexOf(name.replace(/__(?:MIN|MAX)$/, ""));
    return { name: parts.metric, extremeOf: names[of] === name || of < 0 ? undefined : of };
  });
}
