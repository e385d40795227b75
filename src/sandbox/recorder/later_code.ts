/**
 * The code of a step module that runs after it has loaded, with what its names mean and which function it stands in.
 *
 * @module
 */

import { GENERATORS } from "./generators.generated.ts";
import { type LoadingFunctions, loadingFunctions } from "./loading_functions.ts";
import { declareAll, hasScope, isFunction, Scope } from "./scopes.ts";
import {
  type AnyNode,
  childrenOf,
  LineIndex,
  parseModule,
  type Syntax,
  visitsOf,
} from "./syntax.ts";

/** Something of a module that may make its run another one than a plain loop gives. */
export interface Suspect {
  /** The function, `step` or `Herd.graze`; empty if it has no name. */
  readonly who: string;
  /** What it does: "assigns `births`". */
  readonly what: string;
  /** Line in the module's text, from 1. */
  readonly line: number;
  /** Column there, from 1. */
  readonly column: number;
}

/** What a bundler puts around modules of the older kind: it remembers which of them have run. */
const BUNDLER_NAMES = /^__(?:commonJS|esm)(?:Min)?$/;

/** Longest text of a target that is shown. */
const TARGET_UNITS_MAX = 40;

/** The code around a node. */
export interface Context {
  readonly scope: Scope;
  /** Whether it runs after the module has loaded. */
  readonly isLater: boolean;
  /** Name of the function. */
  readonly who: string;
  /** What `this` is: something that lasts, or an instance of a class of the module. */
  readonly self: { readonly className?: string; readonly isLasting: boolean } | undefined;
}

/** A module's code. */
export class LaterCode {
  readonly #syntax: Syntax;
  readonly #lines: LineIndex;
  readonly #loading: LoadingFunctions;
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #fields: (AnyNode & { type: "PropertyDefinition" })[] = [];

  /**
   * @param text Text of the module, without imports.
   * @throws {SyntaxError} If it cannot be parsed.
   */
  constructor(text: string) {
    this.#syntax = parseModule(text);
    this.#lines = new LineIndex(text);
    this.#loading = loadingFunctions(this.#syntax.program);
    for (const { node, parent } of visitsOf(this.#syntax.program)) {
      if (parent !== undefined) this.#parents.set(node, parent.node);
      if (node.type === "PropertyDefinition") this.#fields.push(node);
    }
  }

  /** All its nodes that run later, each with the code around it. */
  *visits(): Generator<readonly [AnyNode, Context]> {
    const { program, text } = this.#syntax;
    // Rewind's own generators fill tables when they need them.
    const own = GENERATORS.map((generators) => ({
      start: text.indexOf(generators.text),
      length: generators.text.length,
    }));
    const scope = new Scope(undefined, { owner: program, isLasting: true });
    const outermost = { scope, isLater: false, who: "", self: undefined };
    const stack: [AnyNode, Context][] = [[program, outermost]];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const [node, outer] = top;
      if (own.some(({ start, length }) => node.start === start && node.end <= start + length)) {
        continue;
      }
      if (this.#isOfBundler(node)) continue;
      const inner = this.#enter(node, outer);
      if (inner.isLater) yield [node, inner];
      for (const child of childrenOf(node)) stack.push([child, inner]);
    }
  }

  /** The node around another one than the module's. */
  parentOf(node: AnyNode): AnyNode {
    return this.#parents.get(node)!;
  }

  /** What private fields of that name start with, of classes or of what was made of them when the module loaded. */
  lastingFields(name: string): (AnyNode | null | undefined)[] {
    return this.#fields.filter((field) =>
      field.key.type === "PrivateIdentifier" && field.key.name === name &&
      (field.static || this.#loading.made.has(this.#classOf(field)?.name ?? ""))
    ).map(({ value }) => value as AnyNode | null | undefined);
  }

  #isOfBundler(node: AnyNode): boolean {
    return node.type === "VariableDeclarator" && node.id.type === "Identifier" &&
      BUNDLER_NAMES.test(node.id.name);
  }

  #enter(node: AnyNode, outer: Context): Context {
    if (node.type === "PropertyDefinition" && !node.static) {
      // What a field starts with is computed for each instance.
      const scope = new Scope(outer.scope, { owner: node, isLasting: false });
      return { ...outer, scope, isLater: true, who: this.#classOf(node)?.name ?? outer.who };
    }
    if (!hasScope(node)) return outer;
    if (!isFunction(node)) {
      const scope = new Scope(outer.scope, {
        owner: outer.scope.owner,
        isLasting: outer.scope.isLasting,
      });
      declareAll(scope, node);
      return { ...outer, scope };
    }
    const isLasting = outer.scope.isLasting && this.#loading.all.has(node);
    const scope = new Scope(outer.scope, { owner: node, isLasting });
    declareAll(scope, node, isLasting ? this.#loading.given.get(node) : []);
    const isArrow = node.type === "ArrowFunctionExpression";
    return {
      scope,
      isLater: outer.isLater || !this.#loading.once.has(node),
      who: this.#nameOf(node) ?? outer.who,
      self: isArrow ? outer.self : this.#selfOf(node, outer),
    };
  }

  #nameOf(node: AnyNode): string | undefined {
    const { id } = node as { id?: { name: string } | null };
    if (id) return id.name;
    const parent = this.#parents.get(node)!;
    if (parent.type === "VariableDeclarator" && parent.id.type === "Identifier") {
      return parent.id.name;
    }
    if (parent.type !== "MethodDefinition" && parent.type !== "Property") return undefined;
    const key = (parent.key as { name?: string }).name;
    if (key === undefined) return undefined;
    const name = parent.type === "Property" ? undefined : this.#classOf(parent)?.name;
    return name === undefined ? key : `${name}.${key}`;
  }

  /** What `this` is in a function that is not an arrow. */
  #selfOf(node: AnyNode, { scope }: Context): Context["self"] {
    const parent = this.#parents.get(node)!;
    if (parent.type === "MethodDefinition") {
      const className = this.#classOf(parent)?.name;
      if (!parent.static) {
        const isMaking = parent.kind === "constructor" || className === undefined;
        return isMaking ? undefined : { className, isLasting: false };
      }
      return { isLasting: className !== undefined && scope.find(className)?.isLasting === true };
    }
    if (parent.type !== "Property") return undefined;
    // A method of an object that a lasting variable holds.
    const holder = this.#parents.get(this.#parents.get(parent)!)!;
    const isHeld = holder.type === "VariableDeclarator" && holder.id.type === "Identifier" &&
      scope.find(holder.id.name)?.isLasting === true;
    return { isLasting: isHeld };
  }

  #classOf(method: AnyNode): { readonly name: string } | undefined {
    const owner = this.#parents.get(this.#parents.get(method)!)!;
    const { id } = owner as { id?: { name: string } | null };
    if (id) return id;
    const holder = this.#parents.get(owner);
    return holder?.type === "VariableDeclarator" && holder.id.type === "Identifier"
      ? holder.id
      : undefined;
  }

  /** What a node does, as something to look into. */
  suspect({ start }: AnyNode, { who }: Context, what: string): Suspect {
    return { who, what, ...this.#lines.positionOf(start) };
  }

  /** A node's text, for messages. */
  quote({ start, end }: AnyNode): string {
    const text = this.#syntax.text.slice(start, end).replace(/\s+/g, " ");
    return `\`${text.length > TARGET_UNITS_MAX ? `${text.slice(0, TARGET_UNITS_MAX)}...` : text}\``;
  }
}

/** The object that a chain of properties starts at. */
export function rootOf(node: AnyNode): AnyNode {
  let root = node;
  for (;;) {
    if (root.type === "MemberExpression") root = root.object as AnyNode;
    else if (root.type === "ChainExpression") root = root.expression as AnyNode;
    else return root;
  }
}
