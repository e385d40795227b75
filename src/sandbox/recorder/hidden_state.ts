/**
 * Finds, in the text of a step module, functions that change what outlives a call: variables of the module, static
 * fields, objects that the module made when it loaded. A step that does so depends on more than its arguments. What is
 * found may be harmless, such as a cache: that is for replays to tell. Aliases are not followed.
 *
 * @module
 */

import { CHANGING_FUNCTIONS, CHANGING_METHODS } from "../host/changing_calls.ts";
import { type Context, type LaterCode, rootOf, type Suspect } from "./later_code.ts";
import type { Binding, Scope } from "./scopes.ts";
import { type AnyNode, childrenOf } from "./syntax.ts";

/** A function that changes what outlives its calls. */
export interface HiddenState extends Suspect {
  /** Whether the sandbox does not let it happen, and the function goes on: it changes a built-in object. */
  readonly isSwallowed?: boolean;
}

/** An object of the module that a function hands on. */
export interface HandedOn extends Suspect {
  /** The variable that holds it. */
  readonly name: string;
}

/** Methods that only read what they are given. */
const READING_METHODS: ReadonlySet<string> = new Set(
  ("choice choices sample permutation includes indexOf has get keys values entries concat join freeze isFrozen " +
    "structuredClone stringify").split(" "),
);

/**
 * What functions of a module change that outlives them; those of `step` first, else in order of the text.
 *
 * @param code The module.
 */
export function findHiddenState(code: LaterCode): HiddenState[] {
  return inOrder(new Finder(code).find().changed);
}

/**
 * Objects of a module that its functions hand on under another name, by which they may be changed: arguments, aliases,
 * parts of lists. Most are never changed, so this is no reason for a suspicion, only a cause of what was found.
 *
 * @param code The module.
 */
export function findHandedOn(code: LaterCode): HandedOn[] {
  return inOrder(new Finder(code).find().handedOn);
}

function inOrder<S extends Suspect>(found: S[]): S[] {
  return found.sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

function rank({ who }: Suspect): number {
  return who === "step" ? 0 : 1;
}

class Finder {
  readonly #code: LaterCode;
  readonly #found: HiddenState[] = [];
  readonly #handedOn: HandedOn[] = [];
  /** Classes whose methods change their instance. */
  readonly #changing = new Set<string>();
  /** Calls of methods of lasting instances, to be judged when all classes are known. */
  readonly #calls: { readonly className: string; readonly hidden: HiddenState }[] = [];

  constructor(code: LaterCode) {
    this.#code = code;
  }

  find(): { readonly changed: HiddenState[]; readonly handedOn: HandedOn[] } {
    for (const [node, context] of this.#code.visits()) this.#look(node, context);
    for (const { className, hidden } of this.#calls) {
      if (this.#changing.has(className)) this.#found.push(hidden);
    }
    return { changed: this.#found, handedOn: this.#handedOn };
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
    const what = `hands on ${this.#code.quote(value)}, which may be changed by another name`;
    this.#handedOn.push({ ...this.#code.suspect(value, context, what), name: value.name });
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
    const isSwallowed = target.type === "MemberExpression" &&
      isBuiltIn(target, context.scope) && this.#isCaught(target);
    if (!isSwallowed && !this.#isLasting(target, context)) return;
    const hidden = this.#code.suspect(target, context, `${verb} ${this.#code.quote(target)}`);
    this.#found.push({ ...hidden, isSwallowed });
  }

  /** Whether what a node throws is caught around it. */
  #isCaught(node: AnyNode): boolean {
    let inner = node;
    for (let outer = this.#code.parentOf(inner); outer !== undefined;) {
      if (outer.type === "TryStatement" && outer.handler && outer.block === inner) return true;
      inner = outer;
      outer = this.#code.parentOf(inner);
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
      const what = `changes ${this.#code.quote(first)} by ${object.name}.${name}()`;
      this.#found.push(this.#code.suspect(first, context, what));
      return;
    }
    if (ACCESSORS.test(name)) return this.#assigned(callee, context, "defines");
    const root = rootOf(object);
    // That a method reads its own object says nothing.
    if (root.type === "ThisExpression" && !CHANGING_METHODS.has(name)) return;
    if (!this.#isLasting(object, context, false)) return;
    const init = root.type === "Identifier" ? context.scope.find(root.name)?.init : undefined;
    const hidden = this.#code.suspect(
      callee,
      context,
      `changes ${this.#code.quote(object)} by ${name}()`,
    );
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
}

/** How properties with getters are defined. */
const ACCESSORS = /^__define[GS]etter__$/;

/** Names that stand for one another, at most. */
const ALIASES_MAX = 8;

/** Whether something is a built-in object or a part of one, by its name or that of a variable that it is put into. */
function isBuiltIn(node: AnyNode, scope: Scope): boolean {
  let root = rootOf(node);
  for (let names = 0; root.type === "Identifier" && names < ALIASES_MAX; names++) {
    const binding = scope.find(root.name);
    if (binding === undefined) return Object.hasOwn(globalThis, root.name);
    if (binding.init === undefined) return false;
    root = rootOf(binding.init);
  }
  return false;
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

/** Whether a method of a regular expression remembers where it was. */
function isMatch(name: string, init: AnyNode | undefined): boolean {
  if (name !== "exec" && name !== "test" || init?.type !== "Literal") return false;
  const { regex } = init as { regex?: { flags: string } };
  return regex !== undefined && /[gy]/.test(regex.flags);
}
