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
