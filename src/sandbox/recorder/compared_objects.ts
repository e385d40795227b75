/**
 * Comparisons with objects of the module: `s.heading === NORTH`. The state of a plain loop may hold that very object; what
 * is decoded from a checkpoint holds a copy of it, which is another one.
 *
 * @module
 */

import { COMPARING_METHODS } from "../host/changing_calls.ts";
import type { Scope } from "./scopes.ts";
import type { AnyNode } from "./syntax.ts";

/** Names that stand for other names that are looked through. */
const ALIASES_MAX = 8;

/** What a node compares, or looks up, by identity: operands, cases, arguments. */
export function comparedIn(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case "BinaryExpression": {
      if (!/^[!=]==?$/.test(node.operator)) return [];
      const sides = [node.left, node.right] as AnyNode[];
      return sides.every((side) => /^(?:Identifier|MemberExpression)$/.test(side.type))
        ? sides
        : [];
    }
    case "SwitchCase":
      return node.test ? [node.test as AnyNode] : [];
    case "CallExpression": {
      const callee = node.callee as AnyNode;
      if (callee.type !== "MemberExpression" || callee.computed) return [];
      const { name } = callee.property as { name: string };
      return COMPARING_METHODS.has(name) ? node.arguments as AnyNode[] : [];
    }
    default:
      return [];
  }
}

/** In what a node looks something up by identity: `WAYS` of `WAYS.indexOf(s.way)`. */
export function lookedThroughIn(node: AnyNode): AnyNode[] {
  if (node.type !== "CallExpression") return [];
  const callee = node.callee as AnyNode;
  const isLookUp = callee.type === "MemberExpression" && !callee.computed &&
    COMPARING_METHODS.has((callee.property as { name: string }).name);
  return isLookUp ? [callee.object as AnyNode] : [];
}

/** Whether a name, or a part of what it stands for, is data of the module that has an identity, as far as can be told. */
export function isModuleObject(node: AnyNode, scope: Scope): boolean {
  const made = resolved(node, scope, 0);
  return made !== undefined && mayBeObject(made);
}

/** Whether a list, Map or Set of the module may hold objects, or have them for keys. */
export function mayHoldObjects(node: AnyNode, scope: Scope): boolean {
  const made = resolved(node, scope, 0);
  if (made === undefined) return false;
  const list = withoutFreeze(made);
  const isObject = (item: AnyNode | undefined) =>
    item !== undefined && (mayBeObject(item) || isModuleObject(item, scope));
  if (list.type === "ArrayExpression") return (list.elements as AnyNode[]).some(isObject);
  if (list.type !== "NewExpression") return list.type === "CallExpression" && !isPrimitive(list);
  const [content] = list.arguments as AnyNode[];
  // What is put in later is not looked for.
  if (content?.type !== "ArrayExpression") return true;
  return (content.elements as AnyNode[]).some((item) =>
    isObject(item.type === "ArrayExpression" ? item.elements[0] as AnyNode : item)
  );
}

function mayBeObject(made: AnyNode): boolean {
  const { type } = withoutFreeze(made);
  return /^(?:Object|Array|New)Expression$/.test(type) ||
    (type === "CallExpression" && !isPrimitive(made));
}

/** Functions and methods whose results are no objects, and lists of none. */
const PRIMITIVE_CALLS = /^(?:Number|String|BigInt|Boolean|Symbol|parseInt|parseFloat)$/;
const PRIMITIVE_METHODS = /^(?:join|split|keys|toString|toFixed|now|charCodeAt|codePointAt)$/;

/** Whether a call is known to give numbers, texts and the like. */
function isPrimitive(node: AnyNode): boolean {
  const callee = (node as AnyNode & { type: "CallExpression" }).callee as AnyNode;
  if (callee.type === "Identifier") return PRIMITIVE_CALLS.test(callee.name);
  if (callee.type !== "MemberExpression" || callee.computed) return false;
  const root = callee.object as AnyNode;
  return (root.type === "Identifier" &&
    (root.name === "Math" || PRIMITIVE_CALLS.test(root.name))) ||
    PRIMITIVE_METHODS.test((callee.property as { name: string }).name);
}

/** The expression that a name or a part of an object was declared with; undefined where that is not plain to see. */
function resolved(node: AnyNode, scope: Scope, depth: number): AnyNode | undefined {
  if (depth > ALIASES_MAX) return undefined;
  if (node.type === "Identifier") {
    const binding = scope.find(node.name);
    if (binding?.init === undefined || !binding.isLasting) return undefined;
    const { init } = binding;
    return isName(init) ? resolved(init, scope, depth + 1) : init;
  }
  if (node.type !== "MemberExpression") return undefined;
  const whole = resolved(node.object as AnyNode, scope, depth + 1);
  const part = whole && partOf(withoutFreeze(whole), node);
  return part && isName(part) ? resolved(part, scope, depth + 1) : part;
}

function isName({ type }: AnyNode): boolean {
  return type === "Identifier" || type === "MemberExpression";
}

/** What a property of an object, or an element of a list, is declared with. */
function partOf(
  whole: AnyNode,
  { property, computed }: AnyNode & { type: "MemberExpression" },
): AnyNode | undefined {
  // What a function made has parts that cannot be told from here: they are as it is.
  if (whole.type === "CallExpression") return whole;
  if (whole.type === "ArrayExpression") {
    // One element stands for the others, whichever is meant.
    return computed ? (whole.elements[0] ?? undefined) as AnyNode | undefined : undefined;
  }
  if (whole.type !== "ObjectExpression") return undefined;
  const entries = whole.properties.flatMap((entry) => entry.type === "Property" ? [entry] : []);
  const name = computed ? undefined : (property as { name?: string }).name;
  const entry = name === undefined
    ? entries[0]
    : entries.find(({ key }) =>
      (key as { name?: string }).name === name || (key as { value?: unknown }).value === name
    );
  return entry?.value as AnyNode | undefined;
}

/** The argument of `Object.freeze(...)`; else the node itself. */
function withoutFreeze(node: AnyNode): AnyNode {
  if (node.type !== "CallExpression") return node;
  const callee = node.callee as AnyNode;
  const isFreeze = callee.type === "MemberExpression" && !callee.computed &&
    (callee.property as { name: string }).name === "freeze";
  const [first] = node.arguments as AnyNode[];
  return isFreeze && first !== undefined ? first : node;
}
