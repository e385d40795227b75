/**
 * A picture of a state as data: what a step module's `picture` gives, once it is checked.
 * This module is browser compatible.
 *
 * @module
 */

/** How values become colors. */
export interface Coloring {
  /** In order from dark to light, from one extreme over a middle to the other, or by name. */
  readonly scale: "sequential" | "diverging" | "categories";
  /** Value of the first color. */
  readonly low: number;
  /** Value of the last color. */
  readonly high: number;
  /** For categories: each value, ascending, and what it is called. */
  readonly names: ReadonlyMap<number, string>;
}

/** Cells in rows; values in the order in which one reads. */
export interface GridLayer {
  readonly kind: "grid";
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
  readonly coloring: Coloring;
  /** How the array of the values is called: `cells`; empty if nobody knows. */
  readonly path: string;
  /** Whether it is an array of rows. */
  readonly isNested: boolean;
}

/** Points in a plane. */
export interface PointsLayer {
  readonly kind: "points";
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Directions in radians, counter-clockwise from the x axis; points without are round. */
  readonly heading: Float64Array | undefined;
  readonly values: Float64Array | undefined;
  readonly coloring: Coloring;
  /** Radius in pixels. */
  readonly size: number;
  readonly path: string;
}

/** One curve. */
export interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Empty for none. */
  readonly label: string;
}

/** Curves over common axes. */
export interface LinesLayer {
  readonly kind: "lines";
  readonly lines: readonly Line[];
}

/** Nodes and what joins them. */
export interface GraphLayer {
  readonly kind: "graph";
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Two indices of nodes per edge. */
  readonly edges: Uint32Array;
  readonly values: Float64Array | undefined;
  readonly coloring: Coloring;
  readonly size: number;
  readonly path: string;
}

/** A bar per value. */
export interface BarsLayer {
  readonly kind: "bars";
  readonly values: Float64Array;
  /** One per bar, or none. */
  readonly names: readonly string[];
  readonly path: string;
}

/** Words. */
export interface TextLayer {
  readonly kind: "text";
  readonly text: string;
  /** From 0 at the left to 1; undefined for a line above the picture. */
  readonly at: readonly [x: number, y: number] | undefined;
  /** Height in pixels. */
  readonly size: number;
}

/** One layer; later ones lie on earlier ones. */
export type Layer = GridLayer | PointsLayer | LinesLayer | GraphLayer | BarsLayer | TextLayer;

/** Part of the plane that points, graphs and lines show. */
export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** A picture. */
export interface Picture {
  /** From the one behind to the one in front. */
  readonly layers: readonly Layer[];
  /** What is shown of the plane. */
  readonly box: Box | undefined;
  /** Whether it was made without the module's help. */
  readonly isAutomatic: boolean;
}
