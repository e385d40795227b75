/**
 * Why a run may not be that of a plain loop, in words for its author.
 * This module is browser compatible.
 *
 * @module
 */

/** That a state holds an object of the module. @param name What leads to it; empty if no name does. */
export function heldReason(name: string): string {
  const what = name === "" ? "that the module made when it loaded" : `of \`${name}\``;
  return `the state holds an object ${what}, of which a checkpoint makes a copy`;
}

const CHANGED = ", which the module made, changes by another name";

/** That an object of the module is another one than when it loaded. @param place What leads to it, such as `stats.births`. */
export function changedReason(place: string): string {
  return `\`${place}\`${CHANGED}`;
}

/** What happened, and the place of such a reason behind it, if it has one. */
export function partReason(problem: string): { readonly what: string; readonly place?: string } {
  if (!problem.endsWith(CHANGED)) return { what: problem };
  const at = problem.lastIndexOf(": `");
  return { what: problem.slice(0, at), place: problem.slice(at + 3, -CHANGED.length - 1) };
}
