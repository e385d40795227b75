/**
 * From what a module's `picture` gave, which is foreign, to a picture that can be drawn: every part is looked at
 * before anything is drawn, and bounded.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";
import {
  PICTURE_BARS_MAX,
  PICTURE_CELLS_MAX,
  PICTURE_LAYERS_MAX,
  PICTURE_POINTS_MAX,
  PICTURE_TEXT_UNITS_MAX,
} from "../limits.ts";
import { escapeText } from "../../text/escape_text.ts";
import { fieldsOf, gridOf, numbersOf, optionalNumbers, textOf } from "./fields.ts";
import { layOutGraph } from "./graph_layout.ts";
import type {
  BarsLayer,
  Box,
  Coloring,
  GraphLayer,
  GridLayer,
  Layer,
  Line,
  LinesLayer,
  Picture,
  PointsLayer,
  TextLayer,
} from "./picture.ts";
import type { Ranges } from "./ranges.ts";

/** Most categories that have a color of their own. */
const CATEGORIES_MAX = 8;

/** Radius of points and nodes in pixels, if none is given, and the largest. */
const SIZE = 4;
const SIZE_MAX = 100;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a picture.
 *
 * @param given One layer, a list of layers, or `{layers, box}`.
 * @param ranges What colors cover in other pictures of the same run; it takes in this one.
 * @throws {TypeError} If it is no picture; the message says which part of it is wrong.
 */
export function checkPicture(given: unknown, ranges: Ranges): Picture {
  const whole = Array.isArray(given) ? { layers: given as unknown[] } : fieldsOf(given, "it");
  const layers = "layers" in whole ? whole.layers : [whole];
  if (!Array.isArray(layers)) throw wrong("`layers` is no array");
  if (layers.length > PICTURE_LAYERS_MAX) {
    throw wrong(`it has more than ${PICTURE_LAYERS_MAX} layers`);
  }
  const box = "box" in whole ? boxOf(whole.box) : undefined;
  const checked = layers.map((layer, i) => checkLayer(layer, `layer ${i}`, ranges));
  return { layers: checked, box: box ?? seenBox(checked, ranges), isAutomatic: false };
}

/** The part of the plane that points and graphs are shown in: all that they took so far. A grid has its own. */
function seenBox(layers: readonly Layer[], ranges: Ranges): Box | undefined {
  const placed = layers.filter((layer) => layer.kind === "points" || layer.kind === "graph");
  const isOverGrid = layers.some(({ kind }) => kind === "grid");
  return placed.length === 0 || isOverGrid ? undefined : ranges.box(placed);
}

function checkLayer(given: unknown, name: string, ranges: Ranges): Layer {
  const layer = fieldsOf(given, name);
  switch (layer.kind) {
    case "grid":
      return gridLayer(layer, name, ranges);
    case "points":
      return pointsLayer(layer, name, ranges);
    case "lines":
      return linesLayer(layer, name);
    case "graph":
      return graphLayer(layer, name, ranges);
    case "bars":
      return barsLayer(layer, name);
    case "text":
      return textLayer(layer, name);
    default:
      throw wrong(`${name} has no \`kind\` out of grid, points, lines, graph, bars and text`);
  }
}

function gridLayer(layer: Fields, name: string, ranges: Ranges): GridLayer {
  const grid = gridOf(layer.values, layer.columns, name, PICTURE_CELLS_MAX);
  return {
    kind: "grid",
    ...grid,
    coloring: coloringOf(layer, grid.values, { name, ranges }),
    path: pathOf(layer),
  };
}

function pointsLayer(layer: Fields, name: string, ranges: Ranges): PointsLayer {
  const x = numbersOf(layer.x, `${name}: \`x\``, PICTURE_POINTS_MAX);
  const y = numbersOf(layer.y, `${name}: \`y\``, PICTURE_POINTS_MAX);
  sameLength(name, { x, y });
  const values = optionalNumbers(layer.values, `${name}: \`values\``, x.length);
  return {
    kind: "points",
    x,
    y,
    heading: optionalNumbers(layer.heading, `${name}: \`heading\``, x.length),
    values,
    coloring: coloringOf(layer, values ?? new Float64Array(0), { name, ranges }),
    size: sizeOf(layer.size, name),
    path: pathOf(layer),
  };
}

function linesLayer(layer: Fields, name: string): LinesLayer {
  const { lines } = layer;
  if (!Array.isArray(lines) || lines.length > PICTURE_LAYERS_MAX) {
    throw wrong(`${name}: \`lines\` is no array of at most ${PICTURE_LAYERS_MAX} lines`);
  }
  return {
    kind: "lines",
    lines: lines.map((given, i): Line => {
      const where = `${name}: line ${i}`;
      const line = fieldsOf(given, where);
      const y = numbersOf(line.y, `${where}: \`y\``, PICTURE_POINTS_MAX);
      const x = optionalNumbers(line.x, `${where}: \`x\``, y.length) ??
        Float64Array.from(y.keys());
      return { x, y, label: shortText(line.label, `${where}: \`label\``) };
    }),
  };
}

function graphLayer(layer: Fields, name: string, ranges: Ranges): GraphLayer {
  const { nodes } = layer;
  if (!Number.isInteger(nodes) || (nodes as number) < 0 || (nodes as number) > PICTURE_POINTS_MAX) {
    throw wrong(`${name}: \`nodes\` is not the number of nodes`);
  }
  const count = nodes as number;
  const edges = edgesOf(layer.edges, name, count);
  const values = optionalNumbers(layer.values, `${name}: \`values\``, count);
  const x = optionalNumbers(layer.x, `${name}: \`x\``, count);
  const y = optionalNumbers(layer.y, `${name}: \`y\``, count);
  const place = x === undefined || y === undefined ? layOutGraph(count, edges) : { x, y };
  return {
    kind: "graph",
    ...place,
    edges,
    values,
    coloring: coloringOf(layer, values ?? new Float64Array(0), { name, ranges }),
    size: sizeOf(layer.size, name),
    path: pathOf(layer),
  };
}

/** Pairs of nodes, as one list of indices or as a list of pairs. */
function edgesOf(given: unknown, name: string, count: number): Uint32Array {
  const isNested = Array.isArray(given) && given.length > 0 && Array.isArray(given[0]);
  const flat = isNested ? gridOf(given, undefined, name, 2 * PICTURE_POINTS_MAX) : undefined;
  if (flat !== undefined && flat.columns !== 2) throw wrong(`${name}: an edge is no pair of nodes`);
  const values = flat?.values ??
    numbersOf(given, `${name}: \`edges\``, 2 * PICTURE_POINTS_MAX);
  if (values.length % 2 !== 0) throw wrong(`${name}: \`edges\` has an odd number of nodes`);
  for (const node of values) {
    if (!Number.isInteger(node) || node < 0 || node >= count) {
      throw wrong(`${name}: an edge leads to node ${node} of ${count}`);
    }
  }
  return Uint32Array.from(values);
}

function barsLayer(layer: Fields, name: string): BarsLayer {
  const values = numbersOf(layer.values, `${name}: \`values\``, PICTURE_BARS_MAX);
  const { names = [] } = layer;
  if (!Array.isArray(names) || names.length > values.length) {
    throw wrong(`${name}: \`names\` is no array of at most a name per bar`);
  }
  return {
    kind: "bars",
    values,
    names: names.map((text) => shortText(text, `${name}: a name`)),
    path: pathOf(layer),
  };
}

function textLayer(layer: Fields, name: string): TextLayer {
  const { x, y } = layer;
  const isPlaced = x !== undefined || y !== undefined;
  const place = isPlaced ? numbersOf([x ?? 0, y ?? 0], `${name}: \`x\` and \`y\``, 2) : undefined;
  return {
    kind: "text",
    text: shortText(layer.text, `${name}: \`text\``),
    at: place === undefined ? undefined : [place[0]!, place[1]!],
    size: layer.size === undefined ? 14 : sizeOf(layer.size, name),
  };
}

/** What colors mean: what the layer says, and the rest from the values. */
function coloringOf(
  layer: Fields,
  values: Float64Array,
  { name, ranges }: { name: string; ranges: Ranges },
): Coloring {
  const given = layer.range === undefined
    ? undefined
    : numbersOf(layer.range, `${name}: \`range\``, 2);
  if (given !== undefined && !(given.length === 2 && given[0]! < given[1]!)) {
    throw wrong(`${name}: \`range\` is no pair of numbers, the smaller one first`);
  }
  const named = namesOf(layer.labels, name);
  if (named !== undefined) return { scale: "categories", low: 0, high: 0, names: named };
  const { scale } = layer;
  if (scale !== undefined && !["sequential", "diverging", "categories"].includes(scale as string)) {
    throw wrong(`${name}: \`scale\` is none of sequential, diverging and categories`);
  }
  const [low, high] = given ?? ranges.cover(name, values);
  const asked = scale as Coloring["scale"] | undefined;
  const distinct = asked === undefined && given === undefined || asked === "categories"
    ? ranges.distinct(name, values, CATEGORIES_MAX)
    : undefined;
  if (distinct !== undefined && distinct.length > 0) {
    return {
      scale: "categories",
      low: low!,
      high: high!,
      names: new Map(distinct.map((value) => [value, `${value}`])),
    };
  }
  if (asked === "diverging" || (asked === undefined && low! < 0 && high! > 0)) {
    const reach = Math.max(-low!, high!);
    return given === undefined && low! < 0 && high! > 0
      ? { scale: "diverging", low: -reach, high: reach, names: new Map() }
      : { scale: "diverging", low: low!, high: high!, names: new Map() };
  }
  return { scale: "sequential", low: low!, high: high!, names: new Map() };
}

/** Names of values: a list, from 0 on, or an object by value. */
function namesOf(given: unknown, name: string): ReadonlyMap<number, string> | undefined {
  if (given === undefined) return undefined;
  const entries: [string, unknown][] = Array.isArray(given)
    ? given.map((text, i) => [`${i}`, text])
    : Object.entries(fieldsOf(given, `${name}: \`labels\``));
  if (entries.length > CATEGORIES_MAX) {
    throw wrong(`${name}: \`labels\` has more than ${CATEGORIES_MAX} names`);
  }
  const names = entries.map(([value, text]): [number, string] => {
    if (Number.isNaN(Number(value))) throw wrong(`${name}: \`labels\` names what is no number`);
    return [Number(value), shortText(text, `${name}: a label`)];
  });
  return new Map(names.sort(([a], [b]) => a - b));
}

function boxOf(given: unknown): Box {
  const sides = numbersOf(given, "`box`", 4);
  const [left, bottom, right, top] = sides as unknown as [number, number, number, number];
  if (sides.length !== 4 || !(left < right && bottom < top)) {
    throw wrong("`box` is not [left, bottom, right, top]");
  }
  return { left, bottom, right, top };
}

function sizeOf(given: unknown, name: string): number {
  if (given === undefined) return SIZE;
  if (typeof given !== "number" || !(given > 0) || given > SIZE_MAX) {
    throw wrong(`${name}: \`size\` is no number of pixels up to ${SIZE_MAX}`);
  }
  return given;
}

function pathOf({ path }: Fields): string {
  return path === undefined ? "" : shortText(path, "`path`");
}

function shortText(given: unknown, name: string): string {
  return given === undefined
    ? ""
    : escapeText(textOf(given, name), { maxLength: PICTURE_TEXT_UNITS_MAX });
}

function sameLength(name: string, { x, y }: { x: Float64Array; y: Float64Array }): void {
  if (x.length !== y.length) {
    throw wrong(`${name}: \`x\` has ${x.length} numbers and \`y\` ${y.length}`);
  }
}

function wrong(problem: string): ArgumentTypeError {
  return new ArgumentTypeError(`Cannot draw the picture: ${problem}`);
}
