/**
 * What the live page carries besides its program and the artifact.
 * This module is browser compatible.
 *
 * @module
 */

import type { NamedObservable } from "./choose_plots.ts";

/** Data of the page, as JSON. */
export interface LivePageData {
  /** Name of the artifact's file; empty for a page without a run. */
  readonly file: string;
  /** The step module that takes the place of the artifact's. */
  readonly step: { readonly source: string; readonly sourceMap: string | undefined } | undefined;
  /** What to plot; all that is found, without. */
  readonly observe: readonly NamedObservable[] | undefined;
  /** The range that is shown first; all of it, without. */
  readonly range: readonly [from: number, to: number] | undefined;
  /** What the command lines that can be copied begin with, such as `rewind get walk.replay`. */
  readonly getCommand: string;
}
