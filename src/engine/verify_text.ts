/**
 * What a verification found, in words.
 * This module is browser compatible.
 *
 * @module
 */

import { printableLine } from "../text/printable.ts";
import { counted, grouped } from "../text/quantity.ts";
import type { BadBlock, MismatchCause } from "./verify_types.ts";

/** What a cause means, and what to do about it. */
export const CAUSES: Readonly<Record<MismatchCause, string>> = {
  "corrupted": "the file was damaged or cut short after it was written; copy it again",
  "code changed": "the step module is not the one that the run was recorded with",
  "engine changed":
    "the run was recorded with another JavaScript engine's Math; record it again with 'rewind record', which uses portable functions",
  "nondeterministic":
    "two replays here differ from each other: the step depends on more than its arguments",
  "states changed":
    "two replays agree with each other but not with the recording: the code or the recorded states changed",
};

/** `125 of 125 blocks replay bit for bit` */
export function goodBlocks(checked: number, blocks: number): string {
  return `${grouped(checked)} of ${counted(blocks, "block")} replay bit for bit`;
}

/** What is wrong with a block, on one line. */
export function describeBad({ block, from, to, difference, error }: BadBlock): string {
  const where = `block ${grouped(block)}, steps ${grouped(from)} to ${grouped(to)}: `;
  if (error !== undefined) return where + printableLine(error);
  if (difference === undefined) return `${where}the bytes differ`;
  const { path, expected, actual, bits, ulps } = difference;
  // How far whole numbers are apart is seen; in units of their last place it misleads.
  const areWhole = [expected, actual].every((text) => /^-?\d+$/.test(text));
  const distance = areWhole ? [] : [
    ...(bits === undefined ? [] : [counted(bits, "bit")]),
    ...(ulps === undefined ? [] : [`${grouped(ulps)} ulp`]),
  ];
  return printableLine(`${where}${path}: recorded ${expected}, replayed ${actual}`) +
    (distance.length === 0 ? "" : ` (${distance.join(", ")})`);
}
