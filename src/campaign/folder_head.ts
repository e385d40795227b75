/**
 * What the file `campaign.json` of any kind of campaign says first, and when two say the same.
 * This module is browser compatible.
 *
 * @module
 */

/** What every head says. */
export interface FolderHead {
  /** Which kind of campaign. */
  readonly format: string;
  /** Version of the format. */
  readonly version: 1;
  /** Program that began it. */
  readonly tool: string;
  /** Path of the module as it was given. */
  readonly path: string;
}

/** Fields that may differ between two that are one campaign. */
const INCIDENTAL: readonly string[] = ["tool", "path"];

/** The first field in which two heads differ that decides the results; undefined if there is none. */
export function differenceOf<H extends FolderHead>(a: H, b: H): (keyof H & string) | undefined {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof H & string)[];
  return keys.find((key) =>
    !INCIDENTAL.includes(key) && JSON.stringify(a[key]) !== JSON.stringify(b[key])
  );
}
