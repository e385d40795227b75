/**
 * Which variable a name means: the scopes of a module, as far as it takes to tell variables that outlive a call from
 * those that do not.
 *
 * @module
 */

import { type AnyNode, childrenOf } from "./syntax.ts";

/** A variable. */
export interface Binding {
  /** The function whose call makes it, or the module. */
  readonly owner: AnyNode;
  /** Whether it is made while the module loads. */
  readonly isLasting: boolean;
  /** What it is declared with: a function, a class, an expression; undefined if that is not known. */
  readonly init: AnyNode | undefined;
  /** Whether it is a part of that: one of the names of a pattern. */
  readonly isPart: boolean;
}

/** The names that are declared in one place. */
export class Scope {
  readonly #names = new Map<string, Binding>();
  readonly #parent: Scope | undefined;
  /** The function whose call makes its variables, or the module. */
  readonly owner: AnyNode;
  /** Whether they are made while the module loads. */
  readonly isLasting: boolean;

  /** Nothing is declared yet. */
  constructor(parent: Scope | undefined, options: { owner: AnyNode; isLasting: boolean }) {
    this.#parent = parent;
    this.owner = options.owner;
    this.isLasting = options.isLasting;
  }

  /** The variable that a name means here; undefined for a global one. */
  find(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.#parent?.find(name);
  }

  /** Declares the names of a pattern. */
  declare(pattern: AnyNode, init?: AnyNode): void {
    const { owner, isLasting } = this;
    const isPart = pattern.type !== "Identifier";
    for (const name of namesOf(pattern)) {
      this.#names.set(name, { owner, isLasting, init, isPart });
    }
  }
}

/** Whether a node is a function. */
export function isFunction(node: AnyNode): node is AnyNode & { params: AnyNode[]; body: AnyNode } {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression";
}

/** Whether an identifier stands for a variable, and does not name a field, a label or the function that it heads. */
export function isReference(node: AnyNode, parent: AnyNode): boolean {
  if (isFunction(parent)) return (parent as { id?: AnyNode | null }).id !== node;
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.value === node || parent.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return false;
    default:
      return true;
  }
}

/** Whether a node is code in which names can be declared that are not known around it. */
export function hasScope(node: AnyNode): boolean {
  return isFunction(node) ||
    /^(?:Program|BlockStatement|StaticBlock|CatchClause|SwitchStatement)$/.test(node.type) ||
    /^For(?:In|Of)?Statement$/.test(node.type) || node.type === "ClassExpression";
}

/**
 * Declares what a node of that kind declares; variables with `var` in the function around it.
 *
 * @param given What a function is called with, as far as that is known.
 */
export function declareAll(scope: Scope, node: AnyNode, given: readonly AnyNode[] = []): void {
  if (isFunction(node)) {
    if (node.type === "FunctionExpression" && node.id) scope.declare(node.id as AnyNode, node);
    for (const [i, parameter] of node.params.entries()) {
      scope.declare(parameter, parameter.type === "RestElement" ? undefined : given[i]);
    }
    declareVars(scope, node.body);
  } else if (node.type === "Program") {
    declareVars(scope, node);
  } else if (node.type === "ClassExpression") {
    if (node.id) scope.declare(node.id as AnyNode, node);
  } else if (node.type === "CatchClause" && node.param) {
    scope.declare(node.param as AnyNode);
  }
  const statements = node.type === "SwitchStatement"
    ? node.cases.flatMap(({ consequent }) => consequent)
    : childrenOf(node);
  for (const statement of statements) declareDirect(scope, statement as AnyNode);
}

function declareDirect(scope: Scope, statement: AnyNode): void {
  if (/^Export(?:Named|Default)Declaration$/.test(statement.type)) {
    const { declaration } = statement as { declaration?: AnyNode | null };
    if (declaration) declareDirect(scope, declaration);
  } else if (/^(?:Function|Class)Declaration$/.test(statement.type)) {
    const { id } = statement as { id?: AnyNode | null };
    if (id) scope.declare(id, statement);
  } else if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
    declareVariables(scope, statement);
  } else if (/^Import.*Specifier$/.test(statement.type)) {
    scope.declare((statement as unknown as { local: AnyNode }).local);
  }
}

function declareVariables(
  scope: Scope,
  { declarations }: AnyNode & { type: "VariableDeclaration" },
): void {
  for (const { id, init } of declarations) {
    scope.declare(id as AnyNode, (init ?? undefined) as AnyNode | undefined);
  }
}

/** Declares what `var` declares anywhere in a function or module. */
function declareVars(scope: Scope, root: AnyNode): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === "VariableDeclaration" && node.kind === "var") declareVariables(scope, node);
    if (!isFunction(node) || node === root) stack.push(...childrenOf(node));
  }
}

function namesOf(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ArrayPattern":
      return pattern.elements.flatMap((part) => part === null ? [] : namesOf(part as AnyNode));
    case "ObjectPattern":
      return pattern.properties.flatMap((part) =>
        namesOf((part.type === "Property" ? part.value : part) as AnyNode)
      );
    case "AssignmentPattern":
      return namesOf(pattern.left as AnyNode);
    case "RestElement":
      return namesOf(pattern.argument as AnyNode);
    default:
      return [];
  }
}
