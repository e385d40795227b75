/**
 * JavaScript as a tree: what the recorder looks at the author's code with. Only on the author's side and
 * only while recording; the sandbox's own rules look at raw text.
 *
 * @module
 */

import { type AnyNode, type Comment, type Node, parse, type Program } from "acorn";

export type { AnyNode, Comment, Node, Program };

/** A module's text as a tree. */
export interface Syntax {
  /** The text. */
  readonly text: string;
  /** Its tree; each node has `start` and `end`, offsets into the text. */
  readonly program: Program;
  /** Its comments, in order. */
  readonly comments: readonly Comment[];
}

/**
 * Parses an ES module.
 *
 * @throws {SyntaxError} If it is none, or has syntax that is younger than the parser.
 */
export function parseModule(text: string): Syntax {
  const comments: Comment[] = [];
  const program = parse(text, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowHashBang: true,
    // Scopes are found by offsets.
    ranges: true,
    onComment: comments,
  });
  return { text, program, comments };
}

/** The nodes directly below a node, in order of their text. */
export function childrenOf(node: Node): AnyNode[] {
  const children: AnyNode[] = [];
  let isSorted = true;
  const add = (child: unknown): void => {
    if (!isNode(child)) return;
    isSorted &&= children.length === 0 || children.at(-1)!.start <= child.start;
    children.push(child);
  };
  for (const key of Object.keys(node)) {
    const value: unknown = (node as unknown as Record<string, unknown>)[key];
    if (typeof value !== "object" || value === null || key === "range") continue;
    if (Array.isArray(value)) value.forEach(add);
    else add(value);
  }
  return isSorted ? children : children.sort((a, b) => a.start - b.start);
}

/** A node and where it is in its tree. */
export interface Visit {
  /** The node. */
  readonly node: AnyNode;
  /** The node around it; undefined for the root. */
  readonly parent: Visit | undefined;
}

/** The innermost node at an offset. */
export function visitAt(program: Program, offset: number): Visit {
  let visit: Visit = { node: program, parent: undefined };
  for (;;) {
    const inner = childrenOf(visit.node).find(({ start, end }) => start <= offset && offset < end);
    if (inner === undefined) return visit;
    visit = { node: inner, parent: visit };
  }
}

/** All nodes of a tree, each before what is in it, in order of their text. */
export function* visitsOf(root: Node): Generator<Visit> {
  // With a stack of its own: a sum of 10,000 terms is a tree of that depth.
  const stack: Visit[] = [{ node: root as AnyNode, parent: undefined }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    yield visit;
    const parent = visit;
    for (const node of childrenOf(visit.node).reverse()) stack.push({ node, parent });
  }
}

/** The nodes around a visited one, innermost first. */
export function* around({ parent }: Visit): Generator<Visit> {
  for (let visit = parent; visit !== undefined; visit = visit.parent) yield visit;
}

/** Lines and columns of a text, both from 1, by offset. */
export class LineIndex {
  readonly #starts: readonly number[];

  /** Finds the lines of a text. */
  constructor(text: string) {
    this.#starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  /** Line and column of an offset. */
  positionOf(offset: number): { line: number; column: number } {
    let low = 0;
    for (let high = this.#starts.length; high - low > 1;) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null &&
    typeof (value as { type?: unknown }).type === "string";
}
