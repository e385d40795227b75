/**
 * The numbers inside states: which there are, how each is called, and reading them again from state after
 * state. This module is browser compatible.
 *
 * @module
 */

import {
  getOwnPropertyDescriptor,
  hasOwn,
  isArray,
  mapEntries,
  mapGet,
  mapNext,
  mapSize,
  objectKeys,
  ObjectPrototype,
  setSize,
  typedArrayLength,
} from "./intrinsics.ts";
import { dataKind } from "./data_kind.ts";
import { scalarOf } from "./scalar.ts";
import { elementSegment, mapValueSegment, propertySegment, ROOT_PATH } from "./state_path.ts";

/** Keys by which an entry of a Map can be named. */
type EntryKey = string | number | boolean | bigint | null | undefined;

/** One step from a value to a part of it; plain data. */
export type LeafSegment =
  | { readonly kind: "property"; readonly key: string }
  | { readonly kind: "element"; readonly index: number }
  | { readonly kind: "entry"; readonly key: EntryKey }
  /** Number of elements or entries, and what it is called. */
  | { readonly kind: "size"; readonly name: "length" | "size" };

/** Where a number is inside a state; empty for a state that is a number. */
export type LeafPath = readonly LeafSegment[];

/** A number that states have. */
export interface NumericLeaf {
  /** Where it is. */
  readonly path: LeafPath;
  /** How people write that: `pos[0]`, `agents.length`, `state` for the state itself. */
  readonly name: string;
}

/** What {@linkcode findNumericLeaves} found. */
export interface NumericLeaves {
  /** The first ones: those nearest to the root first. */
  readonly leaves: readonly NumericLeaf[];
  /** How many more were seen. */
  readonly leftOut: number;
  /** Whether there are still more, which were not looked for. */
  readonly isCut: boolean;
}

/** Values looked at in one state; one with more is looked at in part. */
const VISITS_MAX = 65_536;

/** Longest path of a leaf, in segments. */
const LEAF_DEPTH_MAX = 64;

/** Leaves told apart; beyond that there are "more". */
const LEAVES_MAX = 10_000;

/**
 * Finds the numbers (also bigints and booleans) in some states of a run, which must be decoded data. The
 * size of an array, Map or Set is one where it is not the same in all of them.
 *
 * @param samples States of the run.
 * @param leavesMax How many to give.
 */
export function findNumericLeaves(
  samples: Iterable<unknown>,
  leavesMax: number,
): NumericLeaves {
  const search = new LeafSearch();
  for (const sample of samples) search.visit(sample);
  return search.result(leavesMax);
}

interface Found {
  readonly path: LeafPath;
  /** Whether it is a size that has always been the same. */
  isConstant: boolean;
  readonly size: number | undefined;
}

/** A value that is looked at. */
interface Spot {
  readonly value: unknown;
  readonly path: LeafPath;
  /** What it is in. */
  readonly outer: Spot | undefined;
}

/** Whether a value is inside of itself. */
function isInside({ value, outer }: Spot): boolean {
  for (let at = outer; at !== undefined; at = at.outer) if (at.value === value) return true;
  return false;
}

class LeafSearch {
  readonly #found = new Map<string, Found>();
  #isCut = false;

  visit(state: unknown): void {
    // Breadth first, so that a long array does not hide what comes after it. Objects that were met before
    // come last: a leader has numbers of its own, but a lattice has a path for each way through it.
    const queue: Spot[] = [{ value: state, path: [], outer: undefined }];
    const repeats: Spot[] = [];
    const seen = new Set<object>();
    for (let i = 0; i < queue.length; i++) {
      const spot = queue[i]!;
      const { value } = spot;
      if (typeof value !== "object" || value === null) this.#addScalar(spot);
      else if (seen.has(value)) repeats.push(spot);
      else {
        seen.add(value);
        this.#expand(value, spot, queue);
      }
    }
    for (let i = 0; i < repeats.length; i++) {
      const spot = repeats[i]!;
      const { value } = spot;
      if (typeof value !== "object" || value === null) this.#addScalar(spot);
      else if (!isInside(spot)) this.#expand(value, spot, repeats);
    }
  }

  #addScalar({ value, path }: Spot): void {
    if (scalarOf(value) !== undefined) this.#add(path, undefined);
  }

  #expand(object: object, spot: Spot, queue: Spot[]): void {
    const { path } = spot;
    if (path.length === LEAF_DEPTH_MAX) {
      this.#isCut = true;
      return;
    }
    for (const { value, segment } of partsOf(object)) {
      if (queue.length === VISITS_MAX) {
        this.#isCut = true;
        break;
      }
      queue.push({ value, path: [...path, segment], outer: spot });
    }
    const size = sizeOf(object);
    if (size !== undefined) this.#add([...path, { kind: "size", name: sizeName(object) }], size);
  }

  result(leavesMax: number): NumericLeaves {
    const all = Array.from(this.#found.values())
      .filter(({ isConstant }) => !isConstant)
      // Stable: of the same depth, in the order in which they were met.
      .sort((a, b) => a.path.length - b.path.length);
    return {
      leaves: all.slice(0, leavesMax).map(({ path }) => ({ path, name: nameOf(path) })),
      leftOut: Math.max(0, all.length - leavesMax),
      isCut: this.#isCut,
    };
  }

  #add(path: LeafPath, size: number | undefined): void {
    const id = path.map(segmentId).join("");
    const known = this.#found.get(id);
    if (known !== undefined) {
      if (known.size !== size) known.isConstant = false;
    } else if (this.#found.size === LEAVES_MAX) {
      this.#isCut = true;
    } else {
      this.#found.set(id, { path, isConstant: size !== undefined, size });
    }
  }
}

/** Tells segments apart whose names, which are cut, may be the same. */
function segmentId(segment: LeafSegment): string {
  switch (segment.kind) {
    case "property":
      return `p${segment.key.length}:${segment.key}`;
    case "element":
      return `e${segment.index};`;
    case "entry": {
      const text = `${typeof segment.key}${segment.key}`;
      return `m${text.length}:${text}`;
    }
    case "size":
      return "s";
  }
}

function nameOf(path: LeafPath): string {
  const text = path.map(segmentText).join("");
  return text.startsWith(".") && path[0]!.kind === "property" ? text.slice(1) : ROOT_PATH + text;
}

function segmentText(segment: LeafSegment): string {
  switch (segment.kind) {
    case "property":
      return propertySegment(segment.key);
    case "element":
      return elementSegment(segment.index);
    case "entry":
      return mapValueSegment(segment.key, 0);
    case "size":
      return `.${segment.name}`;
  }
}

interface Part {
  readonly segment: LeafSegment;
  readonly value: unknown;
}

/** The parts of an object that a segment can name. */
function* partsOf(object: object): Generator<Part, void, void> {
  const kind = dataKind(object);
  if (kind === "Object" || kind === "NullPrototype") {
    for (const key of objectKeys(object)) {
      const value: unknown = getOwnPropertyDescriptor(object, key)?.value;
      yield { segment: { kind: "property", key }, value };
    }
  } else if (kind === "Map") {
    const iterator = mapEntries(object as Map<unknown, unknown>);
    for (let step = mapNext(iterator); !step.done; step = mapNext(iterator)) {
      const [key, value] = step.value;
      if (typeof key === "object" && key !== null) continue;
      yield { segment: { kind: "entry", key: key as EntryKey }, value };
    }
  } else if (kind === "Array" || typeof kind === "object") {
    const elements = object as ArrayLike<unknown>;
    const length = kind === "Array" ? elements.length : typedArrayLength(object);
    for (let index = 0; index < length; index++) {
      yield { segment: { kind: "element", index }, value: elements[index] };
    }
  }
}

/** How many elements or entries a value has; undefined if it has none that are counted. */
function sizeOf(value: object): number | undefined {
  if (isArray(value)) return value.length;
  const kind = dataKind(value);
  if (kind === "Map") return mapSize(value);
  if (kind === "Set") return setSize(value);
  return typeof kind === "object" ? typedArrayLength(value) : undefined;
}

function sizeName(value: object): "length" | "size" {
  const kind = dataKind(value);
  return kind === "Map" || kind === "Set" ? "size" : "length";
}

/** Takes in the values of one leaf. */
export interface LeafSink {
  /** Takes the value at t; t ascends. */
  add(t: number, x: number): void;
}

/** A segment, and those that go on from it. */
interface Node {
  readonly segment: LeafSegment | undefined;
  /** Whether every object seems to have a property of this name. */
  readonly isInherited: boolean;
  sink: LeafSink | undefined;
  readonly children: Node[];
}

/**
 * Reads the same leaves of many states, parts that they share once. What a state does not have, or has as
 * something else than a number, is passed over.
 */
export class LeafReader {
  readonly #root: Node = makeNode(undefined);

  /** Joins each path with what takes its values. */
  constructor(leaves: readonly { readonly path: LeafPath; readonly sink: LeafSink }[]) {
    for (const { path, sink } of leaves) {
      let node = this.#root;
      for (const segment of path) {
        let next = node.children.find((child) => sameSegment(child.segment!, segment));
        if (next === undefined) node.children.push(next = makeNode(segment));
        node = next;
      }
      node.sink = sink;
    }
  }

  /** Hands the numbers of the state X_t to their sinks. */
  read(state: unknown, t: number): void {
    visit(this.#root, state, t);
  }
}

function makeNode(segment: LeafSegment | undefined): Node {
  const isInherited = segment?.kind === "property" && segment.key in ObjectPrototype;
  return { segment, isInherited, sink: undefined, children: [] };
}

function sameSegment(a: LeafSegment, b: LeafSegment): boolean {
  return a.kind === b.kind &&
    (a.kind === "property" || a.kind === "entry"
      ? Object.is(a.key, (b as typeof a).key)
      : a.kind === "size" || a.index === (b as typeof a).index);
}

function visit(node: Node, value: unknown, t: number): void {
  const { sink, children } = node;
  if (sink !== undefined) {
    const scalar = scalarOf(value);
    if (scalar !== undefined) sink.add(t, scalar);
  }
  if (typeof value !== "object" || value === null) return;
  for (let i = 0; i < children.length; i++) {
    const child = children[i]!;
    visit(child, partOf(value, child), t);
  }
}

function partOf(value: object, node: Node): unknown {
  const segment = node.segment!;
  switch (segment.kind) {
    case "property":
      if (node.isInherited && !hasOwn(value, segment.key)) return undefined;
      return (value as Record<string, unknown>)[segment.key];
    case "element":
      return (value as ArrayLike<unknown>)[segment.index];
    case "entry":
      return dataKind(value) === "Map"
        ? mapGet(value as Map<unknown, unknown>, segment.key)
        : undefined;
    case "size":
      return sizeOf(value);
  }
}
