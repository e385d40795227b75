/**
 * Finds, in the text of a step module, functions that change what outlives a call: variables of the module, static
 * fields, objects that the module made when it loaded. A step that does so depends on more than its arguments. What is
 * found may be harmless, such as a cache: that is for replays to tell. Aliases are not followed.
 *
 * @module
 */

import { CHANGING_FUNCTIONS, CHANGING_METHODS } from "../host/changing_calls.ts";
import { GENERATORS } from "./generators.generated.ts";
import { type LoadingFunctions, loadingFunctions } from "./loading_functions.ts";
import { type Binding, declareAll, hasScope, isFunction, Scope } from "./scopes.ts";
import {
  type AnyNode,
  childrenOf,
  LineIndex,
  parseModule,
  type Syntax,
  visitsOf,
} from "./syntax.ts";

/** A function that changes what outlives its calls. */
export interface HiddenState {
  /** The function, `step` or `Herd.graze`; empty if it has no name. */
  readonly who: string;
  /** What it does: "assigns `births`". */
  readonly what: string;
  /** Line in the module's text, from 1. */
  readonly line: number;
  /** Column there, from 1. */
  readonly column: number;
  /** Whether the sandbox does not let it happen, and the function goes on: it changes a built-in object. */
  readonly isSwallowed?: boolean;
}

/** An object of the module that a function hands on. */
export interface HandedOn extends HiddenState {
  /** The variable that holds it. */
  readonly name: string;
}

/** What a bundler puts around modules of the older kind: it remembers which of them have run. */
const BUNDLER_NAMES = /^__(?:commonJS|esm)(?:Min)?$/;

/** Methods that only read what they are given. */
const READING_METHODS: ReadonlySet<string> = new Set(
  ("choice choices sample permutation includes indexOf has get keys values entries concat join freeze isFrozen " +
    "structuredClone stringify").split(" "),
);

/** Longest text of a target that is shown. */
const TARGET_UNITS_MAX = 40;

/**
 * What functions of a module change that outlives them; those of `step` first, else in order of the text.
 *
 * @param text Text of the module, without imports.
 * @throws {SyntaxError} If it cannot be parsed.
 */
export function findHiddenState(text: string): HiddenState[] {
  return inOrder(new Finder(parseModule(text)).find().changed);
}

/**
 * Objects of a module that its functions hand on under another name, by which they may be changed: arguments, aliases,
 * parts of lists. Most are never changed, so this is no reason for a suspicion, only a cause of what was found.
 *
 * @param text Text of the module, without imports.
 * @throws {SyntaxError} If it cannot be parsed.
 */
export function findHandedOn(text: string): HandedOn[] {
  return inOrder(new Finder(parseModule(text)).find().handedOn);
}

function inOrder<H extends HiddenState>(found: H[]): H[] {
  return found.sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

function rank({ who }: HiddenState): number {
  return who === "step" ? 0 : 1;
}

/** The code around a node. */
interface Context {
  readonly scope: Scope;
  /** Whether it runs after the module has loaded. */
  readonly isLater: boolean;
  /** Name of the function. */
  readonly who: string;
  /** What `this` is: something that lasts, or an instance of a class of the module. */
  readonly self: { readonly className?: string; readonly isLasting: boolean } | undefined;
}

class Finder {
  readonly #syntax: Syntax;
  readonly #lines: LineIndex;
  readonly #loading: LoadingFunctions;
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #found: HiddenState[] = [];
  readonly #handedOn: HandedOn[] = [];
  /** Classes whose methods change their instance. */
  readonly #changing = new Set<string>();
  /** Calls of methods of lasting instances, to be judged when all classes are known. */
  readonly #calls: { readonly className: string; readonly hidden: HiddenState }[] = [];

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
    this.#lines = new LineIndex(syntax.text);
    this.#loading = loadingFunctions(syntax.program);
    for (const { node, parent } of visitsOf(syntax.program)) {
      if (parent !== undefined) this.#parents.set(node, parent.node);
    }
  }

  find(): { readonly changed: HiddenState[]; readonly handedOn: HandedOn[] } {
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
      if (inner.isLater) this.#look(node, inner);
      for (const child of childrenOf(node)) stack.push([child, inner]);
    }
    for (const { className, hidden } of this.#calls) {
      if (this.#changing.has(className)) this.#found.push(hidden);
    }
    return { changed: this.#found, handedOn: this.#handedOn };
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
    const isLasting = !outer.isLater && this.#loading.all.has(node);
    const scope = new Scope(outer.scope, { owner: node, isLasting });
    declareAll(scope, node);
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

  #look(node: AnyNode, context: Context): void {
    for (const value of valuesIn(node)) this.#given(value, context);
    switch (node.type) {
      case "AssignmentExpression":
        return this.#assigned(node.left as AnyNode, context, "assigns");
      case "UpdateExpression":
        return this.#assigned(node.argument as AnyNode, context, "assigns");
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type === "VariableDeclaration") return;
        return this.#assigned(node.left as AnyNode, context, "assigns");
      case "UnaryExpression":
        if (node.operator !== "delete") return;
        return this.#assigned(node.argument as AnyNode, context, "deletes");
      case "CallExpression":
        return this.#called(node, context);
    }
  }

  /** Looks at a value that goes somewhere under another name. */
  #given(value: AnyNode, context: Context): void {
    if (value.type !== "Identifier") return;
    const init = context.scope.find(value.name)?.init;
    if (init === undefined || !MADE.test(init.type)) return;
    if (!this.#isLasting(value, context, false)) return;
    const what = `hands on ${this.#quote(value)}, which may be changed by another name`;
    this.#handedOn.push({ ...this.#hidden(value, context, what), name: value.name });
  }

  /** Looks at what is assigned to: a variable, a property, or a pattern of such. */
  #assigned(target: AnyNode, context: Context, verb: string): void {
    switch (target.type) {
      case "ArrayPattern":
      case "ObjectPattern":
      case "RestElement":
        for (const part of childrenOf(target)) this.#assigned(part, context, verb);
        return;
      case "Property":
        return this.#assigned(target.value as AnyNode, context, verb);
      case "AssignmentPattern":
        return this.#assigned(target.left as AnyNode, context, verb);
    }
    if (!this.#isLasting(target, context)) return;
    const hidden = this.#hidden(target, context, `${verb} ${this.#quote(target)}`);
    const root = rootOf(target);
    const isBuiltIn = root.type === "Identifier" && context.scope.find(root.name) === undefined &&
      Object.hasOwn(globalThis, root.name);
    this.#found.push({ ...hidden, isSwallowed: isBuiltIn && this.#isCaught(target) });
  }

  /** Whether what a node throws is caught around it. */
  #isCaught(node: AnyNode): boolean {
    let inner = node;
    for (let outer = this.#parents.get(inner); outer !== undefined;) {
      if (outer.type === "TryStatement" && outer.handler && outer.block === inner) return true;
      inner = outer;
      outer = this.#parents.get(inner);
    }
    return false;
  }

  #called(call: AnyNode & { type: "CallExpression" }, context: Context): void {
    const callee = call.callee as AnyNode;
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const object = callee.object as AnyNode;
    const { name } = callee.property as { name: string };
    const [first] = call.arguments as AnyNode[];
    if (object.type === "Identifier" && CHANGING_FUNCTIONS.has(`${object.name}.${name}`)) {
      if (first === undefined || !this.#isLasting(first, context, false)) return;
      const what = `changes ${this.#quote(first)} by ${object.name}.${name}()`;
      this.#found.push(this.#hidden(first, context, what));
      return;
    }
    const root = rootOf(object);
    // That a method reads its own object says nothing.
    if (root.type === "ThisExpression" && !CHANGING_METHODS.has(name)) return;
    if (!this.#isLasting(object, context, false)) return;
    const init = root.type === "Identifier" ? context.scope.find(root.name)?.init : undefined;
    const hidden = this.#hidden(callee, context, `changes ${this.#quote(object)} by ${name}()`);
    if (CHANGING_METHODS.has(name) || isMatch(name, init)) this.#found.push(hidden);
    else if (init?.type === "NewExpression" && init.callee.type === "Identifier") {
      this.#calls.push({ className: init.callee.name, hidden });
    }
  }

  /** Whether something outlives the call of the function that changes it. */
  #isLasting(target: AnyNode, { scope, self }: Context, isAssigned = true): boolean {
    const root = rootOf(target);
    if (root.type === "ThisExpression" && (root !== target || !isAssigned)) {
      if (self?.className !== undefined) this.#changing.add(self.className);
      return self?.isLasting ?? false;
    }
    if (root.type !== "Identifier") return false;
    const binding: Binding | undefined = scope.find(root.name);
    // A name that the module does not declare is a global one: what is in it can be changed.
    if (binding === undefined) return isAssigned && root !== target;
    return binding.isLasting && binding.owner !== scope.owner;
  }

  #hidden({ start }: AnyNode, { who }: Context, what: string): HiddenState {
    return { who, what, ...this.#lines.positionOf(start) };
  }

  #quote({ start, end }: AnyNode): string {
    const text = this.#syntax.text.slice(start, end).replace(/\s+/g, " ");
    return `\`${text.length > TARGET_UNITS_MAX ? `${text.slice(0, TARGET_UNITS_MAX)}...` : text}\``;
  }
}

/** What an object is declared with. */
const MADE = /^(?:Object|Array|New|Call)Expression$/;

/** Values that a node gives to a function, a variable, a property or a list. */
function valuesIn(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case "CallExpression": {
      const callee = node.callee as AnyNode;
      const isReading = callee.type === "MemberExpression" && !callee.computed &&
        READING_METHODS.has((callee.property as { name: string }).name);
      return isReading ? [] : node.arguments as AnyNode[];
    }
    case "NewExpression":
      return node.arguments as AnyNode[];
    case "VariableDeclarator":
      return node.init ? [node.init as AnyNode] : [];
    case "AssignmentExpression":
      return [node.right as AnyNode];
    case "ArrayExpression":
      return node.elements.filter((element) => element !== null) as AnyNode[];
    case "Property":
      return [node.value as AnyNode];
    case "ReturnStatement":
      return node.argument ? [node.argument as AnyNode] : [];
    default:
      return [];
  }
}

/** The object that a chain of properties starts at. */
function rootOf(node: AnyNode): AnyNode {
  let root = node;
  for (;;) {
    if (root.type === "MemberExpression") root = root.object as AnyNode;
    else if (root.type === "ChainExpression") root = root.expression as AnyNode;
    else return root;
  }
}

/** Whether a method of a regular expression remembers where it was. */
function isMatch(name: string, init: AnyNode | undefined): boolean {
  if (name !== "exec" && name !== "test" || init?.type !== "Literal") return false;
  const { regex } = init as { regex?: { flags: string } };
  return regex !== undefined && /[gy]/.test(regex.flags);
}
