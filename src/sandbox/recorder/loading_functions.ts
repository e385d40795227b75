/**
 * Which functions run while a module loads.
 *
 * @module
 */

import { isFunction } from "./scopes.ts";
import { type AnyNode, childrenOf, type Program } from "./syntax.ts";

/** Functions that run while the module loads. */
export interface LoadingFunctions {
  /** Those that run then and never again: they are called where they stand. */
  readonly once: ReadonlySet<AnyNode>;
  /** All: also those that module code calls by their names, or gives to what it calls. */
  readonly all: ReadonlySet<AnyNode>;
}

/** Finds them by the calls in the code that runs while the module loads. */
export function loadingFunctions(program: Program): LoadingFunctions {
  const once = new Set<AnyNode>();
  const all = new Set<AnyNode>();
  const named = namedFunctions(program);
  const waiting: AnyNode[] = [program];
  const add = (node: AnyNode | null | undefined): void => {
    if (!node || !isFunction(node) || all.has(node)) return;
    all.add(node);
    waiting.push(node);
  };
  for (let root = waiting.pop(); root !== undefined; root = waiting.pop()) {
    for (const node of outsideFunctions(root)) {
      if (node.type !== "CallExpression" && node.type !== "NewExpression") continue;
      const callee = node.callee as AnyNode;
      // `(function () {}).call(this)` too.
      const called = callee.type === "MemberExpression" ? callee.object as AnyNode : callee;
      if (isFunction(called)) once.add(called);
      add(called.type === "Identifier" ? named.get(called.name) : called);
      for (const argument of node.arguments) {
        for (const part of partsOf(argument as AnyNode)) add(part);
      }
    }
  }
  return { once, all };
}

/** The functions that stand in an argument: the argument, or parts of the object or list that it is. */
function partsOf(argument: AnyNode): AnyNode[] {
  if (argument.type === "ArrayExpression") return argument.elements as AnyNode[];
  if (argument.type !== "ObjectExpression") return [argument];
  return argument.properties.flatMap((part) =>
    part.type === "Property" ? [part.value as AnyNode] : []
  );
}

/** The functions that the module declares by name. */
function namedFunctions(program: Program): ReadonlyMap<string, AnyNode> {
  const named = new Map<string, AnyNode>();
  for (const node of outsideFunctions(program)) {
    if (node.type === "FunctionDeclaration" && node.id) named.set(node.id.name, node);
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier" || !node.init) continue;
    named.set(node.id.name, node.init as AnyNode);
  }
  return named;
}

/** All nodes of a function or module but what is in functions in it. */
function* outsideFunctions(root: AnyNode): Generator<AnyNode> {
  const stack = childrenOf(root);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    if (!isFunction(node)) stack.push(...childrenOf(node));
  }
}
