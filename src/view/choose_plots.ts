/**
 * Which numbers of a run its pages plot.
 * This module is browser compatible.
 *
 * @module
 */

import {
  findNumericLeaves,
  type NumericLeaf,
  type NumericLeaves,
} from "../codec/numeric_leaves.ts";
import type { ObservableChoice } from "../sandbox/host/session_options.ts";
import { VIEW_SERIES_MAX } from "./limits.ts";

/** An observable, and how it is to be called. */
export interface NamedObservable {
  /** What heads its plot; printable. */
  readonly name: string;
  /** What it is. */
  readonly choice: ObservableChoice;
}

/** What of a run is plotted. */
export interface Plotted extends NumericLeaves {
  /** Observables; their plots come first. */
  readonly observe: readonly NamedObservable[];
}

/** More numbers than this inside of lists are too many to say something alone. */
const ELEMENTS_MAX = 12;

/** So many of them are plotted where there is nothing else. */
const ELEMENTS_SHOWN = 4;

/**
 * Chooses what to plot: what was asked for, else all observables that the module exports, and numbers in states.
 *
 * @param samples Some of the states; only read where nothing was asked for.
 */
export function choosePlots(
  samples: Iterable<unknown>,
  { exported, asked }: {
    exported: readonly string[];
    asked: readonly NamedObservable[] | undefined;
  },
): Plotted {
  if (asked !== undefined) return { leaves: [], leftOut: 0, isCut: false, observe: asked };
  const observe = exported.map((name): NamedObservable => ({ name, choice: { name } }));
  const found = findNumericLeaves(samples, VIEW_SERIES_MAX);
  const isElement = ({ path }: NumericLeaf): boolean => path.some(({ kind }) => kind === "element");
  const elements = found.leaves.filter(isElement).length + found.leftOut;
  if (elements <= ELEMENTS_MAX) return { ...found, observe };
  const single = found.leaves.filter((leaf) => !isElement(leaf));
  const leaves = observe.length + single.length > 0
    ? single
    : found.leaves.slice(0, ELEMENTS_SHOWN);
  const leftOut = found.leftOut + found.leaves.length - leaves.length;
  return { ...found, leaves, leftOut, observe };
}
