/**
 * Which functions run while a module loads.
 *
 * @module
 */

import { isFunction } from "./scopes.ts";
import { type AnyNode, childrenOf, type Program, visitsOf } from "./syntax.ts";

/** Functions that run while the module loads. */
export interface LoadingFunctions {
  /** Those that run then and never again: they are called where they stand. */
  readonly once: ReadonlySet<AnyNode>;
  /** All: also those that module code calls by their names, makes instances with, or gives to what it calls. */
  readonly all: ReadonlySet<AnyNode>;
  /** What each of them is called with; nothing where that is not the same, or not known. */
  readonly given: ReadonlyMap<AnyNode, readonly AnyNode[]>;
  /** Names of the classes of which there are instances then, and of those that these extend. */
  readonly made: ReadonlySet<string>;
}

/** Finds them by the calls in the code that runs while the module loads. */
export function loadingFunctions(program: Program): LoadingFunctions {
  const once = new Set<AnyNode>();
  const all = new Set<AnyNode>();
  const given = new Map<AnyNode, readonly AnyNode[]>();
  const made = new Set<string>();
  const named = namedFunctions(program);
  const waiting: AnyNode[] = [program];
  const add = (node: AnyNode): void => {
    if (!isFunction(node) || all.has(node)) return;
    all.add(node);
    waiting.push(node);
  };
  for (let root = waiting.pop(); root !== undefined; root = waiting.pop()) {
    for (const node of outsideFunctions(root)) {
      if (node.type !== "CallExpression" && node.type !== "NewExpression") continue;
      const callee = node.callee as AnyNode;
      const values = node.arguments as AnyNode[];
      const isPlain = callee.type !== "MemberExpression" && values.every(isNoSpread);
      for (const called of calledBy(callee, named)) {
        add(called);
        given.set(called, given.has(called) || !isPlain ? [] : values);
      }
      const direct = callee.type === "MemberExpression" ? callee.object as AnyNode : callee;
      if (isFunction(direct)) once.add(direct);
      if (node.type === "NewExpression" && callee.type === "Identifier") made.add(callee.name);
      for (const part of values.flatMap(partsOf)) {
        add(part);
        given.set(part, []);
      }
    }
  }
  // A set that grows while it is worked off.
  const bases = baseClasses(program);
  for (const name of made) bases.get(name)?.forEach((base) => made.add(base));
  return { once, all, given, made };
}

/** The functions that a call may mean: that which stands there, or all that have the name of what is called. */
function calledBy(
  callee: AnyNode,
  named: ReadonlyMap<string, readonly AnyNode[]>,
): readonly AnyNode[] {
  if (callee.type === "Identifier") return named.get(callee.name) ?? [];
  if (callee.type !== "MemberExpression") return [callee];
  // `(function () {}).call(this)`, `setup.call(this)`, `Model.create()`.
  const object = callee.object as AnyNode;
  if (object.type !== "Identifier") return [object];
  const { name } = callee.property as { name?: string };
  return named.get(`${object.name}.${name}`) ?? named.get(object.name) ?? [];
}

function isNoSpread(node: AnyNode): boolean {
  return node.type !== "SpreadElement";
}

/** The functions that stand in an argument: the argument, or parts of the object or list that it is. */
function partsOf(argument: AnyNode): AnyNode[] {
  if (argument.type === "ArrayExpression") {
    // A hole is none.
    return argument.elements.filter((element) => element !== null) as AnyNode[];
  }
  if (argument.type !== "ObjectExpression") return [argument];
  return argument.properties.flatMap((part) =>
    part.type === "Property" ? [part.value as AnyNode] : []
  );
}

/**
 * The functions that have a name, in the module or in functions of it: a class's is its constructor, and a method's has
 * that of its class or object before it.
 */
function namedFunctions(program: Program): ReadonlyMap<string, readonly AnyNode[]> {
  const named = new Map<string, AnyNode[]>();
  const add = (name: string, node: AnyNode): void => {
    const same = named.get(name);
    if (same === undefined) named.set(name, [node]);
    else same.push(node);
  };
  const addAll = (name: string, node: AnyNode): void => {
    if (isFunction(node)) return add(name, node);
    for (const member of membersOf(node)) {
      const { name: key } = member.key as { name?: string };
      const value = member.value as AnyNode | null;
      if (!value || !isFunction(value)) continue;
      add(key === "constructor" ? name : `${name}.${key}`, value);
    }
  };
  for (const { node } of visitsOf(program)) {
    if (/^(?:Function|Class)Declaration$/.test(node.type)) {
      const { id } = node as { id?: { name: string } | null };
      if (id) addAll(id.name, node);
    } else if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init) {
      addAll(node.id.name, node.init as AnyNode);
    }
  }
  return named;
}

/** Names of the classes that classes of a name extend. */
function baseClasses(program: Program): ReadonlyMap<string, readonly string[]> {
  const bases = new Map<string, string[]>();
  for (const { node, parent } of visitsOf(program)) {
    if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") continue;
    if (node.superClass?.type !== "Identifier") continue;
    const holder = parent?.node;
    const id = node.id ?? (holder?.type === "VariableDeclarator" ? holder.id : undefined);
    if (id?.type !== "Identifier") continue;
    bases.set(id.name, [...bases.get(id.name) ?? [], node.superClass.name]);
  }
  return bases;
}

/** The members of a class or an object; none of what is neither. */
function membersOf(node: AnyNode): { readonly key: AnyNode; readonly value?: unknown }[] {
  const members: readonly AnyNode[] = node.type === "ObjectExpression"
    ? node.properties as AnyNode[]
    : /^Class/.test(node.type)
    ? (node as AnyNode & { body: { body: AnyNode[] } }).body.body
    : [];
  return members.filter((member) => "key" in member) as unknown as { key: AnyNode }[];
}

/** All nodes of a function or module but what is in functions in it. */
function* outsideFunctions(root: AnyNode): Generator<AnyNode> {
  const stack = childrenOf(root);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    if (!isFunction(node)) stack.push(...childrenOf(node));
  }
}
