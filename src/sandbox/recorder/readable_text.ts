/**
 * Whether a program can see how something in it is spelled: the text of a function or the pattern of a
 * regular expression. There a word must not be written with an escape, as the program would notice.
 *
 * @module
 */

import { analyze, type Variable } from "eslint-scope";
import type { AnyNode, Syntax, Visit } from "./syntax.ts";
import { around, visitsOf } from "./syntax.ts";

/** Methods of strings to which a regular expression may be given: they match, and show nothing of it. */
const MATCHERS: ReadonlySet<string> = new Set([
  "match",
  "matchAll",
  "replace",
  "replaceAll",
  "search",
  "split",
]);

/** Members of a regular expression that show nothing of its pattern. */
const PATTERN_FREE: ReadonlySet<string> = new Set(["exec", "flags", "lastIndex", "test"]);

/** Finds out who reads the texts of a module's functions and regular expressions. */
export class TextReaders {
  readonly #syntax: Syntax;
  #variables: ReadonlyMap<unknown, Variable[]> | undefined;
  #visits: ReadonlyMap<AnyNode, Visit> | undefined;
  #readMembers: ReadonlySet<string> | undefined;

  /** Looks at a module; its scopes are found when they are first needed. */
  constructor(syntax: Syntax) {
    this.#syntax = syntax;
  }

  /** Whether the text of a function or class is read, as by `String(f)` or `f.toString()`. */
  readsFunction(visit: Visit): boolean {
    const { isRead } = this.#usesOf(visit);
    return isRead;
  }

  /**
   * Whether the pattern of a regular expression is read. Where it goes to places that cannot be followed, it
   * is taken to be read if anything in the module reads a `source`.
   */
  readsPattern(visit: Visit): boolean {
    const { isRead, isLost } = this.#usesOf(visit);
    return isRead || (isLost && this.#members().has("source"));
  }

  /** How a value is used that is made at a node, as far as it can be followed. */
  #usesOf(visit: Visit): { isRead: boolean; isLost: boolean } {
    const all = this.#all();
    const value = all.get(visit.node) ?? visit;
    const uses = [value];
    let isLost = false;
    const name = bindingOf(value);
    const own = (value.node as { id?: AnyNode | null }).id;
    if (own) uses.push(...this.#readsOf(own));
    if (name !== undefined) {
      if (name.type === "MemberExpression" || isKey(name)) {
        isLost = true;
        const key = keyOf(name);
        if (key !== undefined && this.#members().has(`toString of ${key}`)) {
          return { isRead: true, isLost };
        }
      } else {
        uses.push(...this.#readsOf(name));
      }
    }
    let isRead = false;
    for (const use of uses) {
      const seen = useOf(use);
      isRead ||= seen === "read";
      isLost ||= seen === "lost" && (use !== value || name === undefined);
    }
    return { isRead, isLost };
  }

  /** Where the variables are read that a node names or defines: a class has one outside and one inside. */
  #readsOf(node: AnyNode): Visit[] {
    const all = this.#all();
    return (this.#variablesByNode().get(node) ?? [])
      .flatMap(({ references }) => references.filter((reference) => reference.isRead()))
      .flatMap(({ identifier }) => all.get(identifier as unknown as AnyNode) ?? []);
  }

  #variablesByNode(): ReadonlyMap<unknown, Variable[]> {
    if (this.#variables !== undefined) return this.#variables;
    const { scopes } = analyze(this.#syntax.program as Parameters<typeof analyze>[0], {
      ecmaVersion: 2025,
      sourceType: "module",
    });
    const variables = new Map<unknown, Variable[]>();
    for (const variable of scopes.flatMap((scope) => scope.variables)) {
      const written = variable.references.map(({ identifier }) => identifier);
      for (const node of new Set<unknown>([...variable.identifiers, ...written])) {
        const known = variables.get(node);
        if (known === undefined) variables.set(node, [variable]);
        else known.push(variable);
      }
    }
    return this.#variables = variables;
  }

  #all(): ReadonlyMap<AnyNode, Visit> {
    if (this.#visits === undefined) {
      const visits = new Map<AnyNode, Visit>();
      for (const visit of visitsOf(this.#syntax.program)) visits.set(visit.node, visit);
      this.#visits = visits;
    }
    return this.#visits;
  }

  /** Names of members that are read; `toString of f` for a member `f` whose text is read. */
  #members(): ReadonlySet<string> {
    if (this.#readMembers === undefined) {
      const members = new Set<string>();
      for (const visit of this.#all().values()) {
        const key = visit.node.type === "MemberExpression" ? keyOf(visit.node) : undefined;
        if (key === undefined) continue;
        const parent = visit.parent?.node;
        const isTarget = parent?.type === "AssignmentExpression" && parent.left === visit.node;
        if (!isTarget) members.add(key);
        if (useOf(visit) === "read") members.add(`toString of ${key}`);
      }
      this.#readMembers = members;
    }
    return this.#readMembers;
  }
}

/** What a use makes of a value: reads its text, shows nothing of it, or takes it where nobody follows. */
function useOf(visit: Visit): "read" | "safe" | "lost" {
  const { node } = visit;
  const parent = visit.parent?.node;
  switch (parent?.type) {
    case "TemplateLiteral":
      return "read";
    case "BinaryExpression":
      return parent.operator === "+" ? "read" : "safe";
    case "ExpressionStatement":
    case "IfStatement":
    case "UnaryExpression":
      return "safe";
    case "AssignmentExpression":
      return parent.left === node ? "safe" : "lost";
    case "MemberExpression": {
      if (parent.object !== node) return "safe";
      const key = keyOf(parent);
      if (key === "toString" || key === "source") return "read";
      return key === undefined ? "lost" : PATTERN_FREE.has(key) ? "safe" : "lost";
    }
    case "CallExpression":
    case "NewExpression": {
      const { callee } = parent;
      if (callee === node) return "safe";
      if (callee.type === "Identifier" && callee.name === "String") return "read";
      if (callee.type !== "MemberExpression") return "lost";
      const key = keyOf(callee);
      if (key !== undefined && MATCHERS.has(key)) return "safe";
      const isApplied = key === "call" || key === "apply";
      return isApplied && /tostring$/i.test(lastName(callee.object) ?? "") ? "read" : "lost";
    }
    default:
      return "lost";
  }
}

/** What a value is first bound to: a variable's name, a member, or a key of an object or class. */
function bindingOf({ node, parent }: Visit): AnyNode | undefined {
  const holder = parent?.node;
  switch (holder?.type) {
    case "VariableDeclarator":
      return holder.id;
    case "AssignmentExpression":
      return holder.right === node ? holder.left : undefined;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return holder.value === node ? holder : undefined;
    default:
      return undefined;
  }
}

function isKey(node: AnyNode): boolean {
  return node.type === "Property" || node.type === "PropertyDefinition" ||
    node.type === "MethodDefinition";
}

/** The name of a member or key that is written out. */
function keyOf(node: AnyNode): string | undefined {
  const key = node.type === "MemberExpression"
    ? node.property
    : isKey(node)
    ? (node as { key: AnyNode }).key
    : node;
  const { computed } = node as { computed?: boolean };
  if (key.type === "Identifier" && computed !== true) return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

function lastName(node: AnyNode): string | undefined {
  return node.type === "Identifier" ? node.name : keyOf(node);
}

/** The functions and classes around a node, innermost first. */
export function* functionsAround(visit: Visit): Generator<Visit> {
  for (const outer of around(visit)) {
    if (/Function|^Class(Declaration|Expression)$/.test(outer.node.type)) yield outer;
  }
}
