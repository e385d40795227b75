/**
 * Tells whether a step module can keep nothing between calls, however it is called: then one instance of it serves
 * many runs as a fresh one would. What is not seen at a glance counts as memory, as a wrong yes would be a wrong
 * result, and a wrong no costs some milliseconds.
 *
 * Such a module has only functions, numbers, texts and objects of them. Its functions call each other by name, read
 * numbers and texts, and fields of flat objects; they let no function and no object of the module out of sight.
 *
 * @module
 */

import { type Binding, declareAll, hasScope, isFunction, isReference, Scope } from "./scopes.ts";
import { type AnyNode, childrenOf, parseModule, type Program, visitsOf } from "./syntax.ts";

/**
 * What a variable of the module holds: a value that nothing can change, a function, an object of values, or an
 * object that no function may name.
 */
type Kind = "value" | "function" | "flat" | "closed";

/** Syntax that reaches objects which outlive a call without naming them, or that is not looked into. */
const REFUSED: ReadonlySet<string> = new Set(
  ("ThisExpression Super MetaProperty ImportExpression TaggedTemplateExpression ClassDeclaration ClassExpression " +
    "AwaitExpression WithStatement ImportDeclaration ExportAllDeclaration ExportDefaultDeclaration")
    .split(" "),
);

/** Globals that make code from text. */
const MAKERS: ReadonlySet<string> = new Set(["eval", "Function"]);

/** Globals whose names are values. */
const GLOBAL_VALUES: ReadonlySet<string> = new Set(["undefined", "NaN", "Infinity"]);

/** Where the value of a field of a flat object may go: it is a number or a text wherever it goes. */
const READERS: ReadonlySet<string> = new Set(
  ("BinaryExpression LogicalExpression ConditionalExpression ReturnStatement ArrowFunctionExpression " +
    "ArrayExpression TemplateLiteral IfStatement ForStatement WhileStatement DoWhileStatement SwitchStatement " +
    "SwitchCase SequenceExpression ExpressionStatement VariableDeclarator ThrowStatement").split(
      " ",
    ),
);

/**
 * Whether a module keeps nothing between calls.
 *
 * @param text Text of the module. False if it cannot be parsed.
 */
export function isMemoryless(text: string): boolean {
  let program: Program;
  try {
    program = parseModule(text).program;
  } catch {
    return false;
  }
  const kinds = kindsOf(program);
  return kinds !== undefined && new Reader(program, kinds).isClean();
}

/** What the variables of a module hold; undefined if it does more when it loads than give them values. */
function kindsOf(program: Program): ReadonlyMap<string, Kind> | undefined {
  const kinds = new Map<string, Kind>();
  const declarations = (program.body as AnyNode[]).map(declarationIn);
  // They are there before all others.
  for (const declaration of declarations) {
    if (declaration === "none" || declaration?.type !== "FunctionDeclaration") continue;
    const { id, generator, async } = declaration;
    if (id === null || generator || async) return undefined;
    kinds.set(id.name, "function");
  }
  for (const declaration of declarations) {
    if (declaration === "none" || declaration?.type === "FunctionDeclaration") continue;
    if (declaration?.type === "VariableDeclaration") {
      for (const { id, init } of declaration.declarations) {
        const kind = init ? kindOf(init as AnyNode, kinds) : undefined;
        if (id.type !== "Identifier" || kind === undefined || kinds.has(id.name)) return undefined;
        // Of a codec the methods are called as such.
        if (id.name === "codec") return undefined;
        kinds.set(id.name, kind);
      }
    } else return undefined;
  }
  return kinds;
}

/** What a statement of the module declares; "none" for one that does nothing; undefined for any other. */
function declarationIn(statement: AnyNode): AnyNode | "none" | undefined {
  switch (statement.type) {
    case "ExportNamedDeclaration":
      if (statement.source) return undefined;
      return (statement.declaration as AnyNode | null) ?? "none";
    case "EmptyStatement":
      return "none";
    case "ExpressionStatement":
      return "directive" in statement ? "none" : undefined;
    default:
      return statement;
  }
}

function kindOf(node: AnyNode, known: ReadonlyMap<string, Kind>): Kind | undefined {
  const isValue = (part: unknown) => kindOf(part as AnyNode, known) === "value";
  switch (node.type) {
    case "Literal":
      return "regex" in node && node.regex ? undefined : "value";
    case "TemplateLiteral":
      return node.expressions.every(isValue) ? "value" : undefined;
    case "Identifier":
      return known.get(node.name) ?? (GLOBAL_VALUES.has(node.name) ? "value" : undefined);
    case "UnaryExpression":
      return node.operator !== "delete" && isValue(node.argument) ? "value" : undefined;
    case "BinaryExpression":
    case "LogicalExpression":
      return isValue(node.left) && isValue(node.right) ? "value" : undefined;
    case "ConditionalExpression":
      return [node.test, node.consequent, node.alternate].every(isValue) ? "value" : undefined;
    case "MemberExpression":
      return isConstantOfMath(node, known) ? "value" : undefined;
    case "CallExpression":
      return isConstantOfMath(node.callee as AnyNode, known) && node.arguments.every(isValue)
        ? "value"
        : undefined;
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return node.async || node.generator ? undefined : "function";
    case "ArrayExpression":
      return kindOfParts(node.elements as readonly (AnyNode | null)[], known);
    case "ObjectExpression": {
      const values = (node.properties as AnyNode[]).map((property) =>
        property.type === "Property" && property.kind === "init" && !property.computed &&
          !isPrototype(property.key as AnyNode)
          ? property.value as AnyNode
          : null
      );
      return kindOfParts(values, known);
    }
    default:
      return undefined;
  }
}

/** `Math.PI`, or `Math.sqrt` to be called: the same whenever it is asked, which `Math.random` is not. */
function isConstantOfMath(node: AnyNode, known: ReadonlyMap<string, Kind>): boolean {
  return node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier" &&
    node.object.name === "Math" && !known.has("Math") && node.property.type === "Identifier" &&
    node.property.name !== "random";
}

function isPrototype(key: AnyNode): boolean {
  return (key.type === "Identifier" ? key.name : (key as { value?: unknown }).value) ===
    "__proto__";
}

/** The kind of an object of such parts; undefined if one of them is not looked into. */
function kindOfParts(
  parts: readonly (AnyNode | null)[],
  known: ReadonlyMap<string, Kind>,
): Kind | undefined {
  const kinds = parts.map((part) => part === null ? undefined : kindOf(part, known));
  if (kinds.includes(undefined)) return undefined;
  return kinds.every((kind) => kind === "value") ? "flat" : "closed";
}

/** A node that may name a variable, with those around it, innermost last. */
interface Named {
  readonly node: AnyNode & { type: "Identifier" };
  readonly parents: readonly AnyNode[];
  readonly scope: Scope;
}

/** Looks at what functions do with the variables of their module. */
class Reader {
  readonly #program: Program;
  readonly #kinds: ReadonlyMap<string, Kind>;

  constructor(program: Program, kinds: ReadonlyMap<string, Kind>) {
    this.#program = program;
    this.#kinds = kinds;
  }

  isClean(): boolean {
    const program = this.#program as AnyNode;
    const outermost = new Scope(undefined, { owner: program, isLasting: true });
    const stack: [AnyNode, readonly AnyNode[], Scope, boolean][] = [
      [program, [], outermost, false],
    ];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const [node, parents, outer, isLater] = top;
      if (REFUSED.has(node.type)) return false;
      if (isFunction(node) && node.params.some((param) => this.#hasDefault(param))) return false;
      const scope = scopeOf(node, outer);
      if (node.type === "Identifier" && isReference(node, parents.at(-1)!)) {
        if (isLater && !this.#isHarmless({ node, parents, scope })) return false;
      }
      const inside = [...parents.slice(-2), node];
      for (const child of childrenOf(node)) {
        stack.push([child, inside, scope, isLater || isFunction(node)]);
      }
    }
    return true;
  }

  /**
   * Whether a parameter has a default value that may name a variable of the module: what the function's body
   * declares by the same name is not known there.
   */
  #hasDefault(param: AnyNode): boolean {
    const nodes = [...visitsOf(param)].map(({ node }) => node);
    return nodes.some(({ type }) => type === "AssignmentPattern") &&
      nodes.some((node) => node.type === "Identifier" && this.#kinds.has(node.name));
  }

  #isHarmless(named: Named): boolean {
    const { node: { name }, parents, scope } = named;
    const binding: Binding | undefined = scope.find(name);
    if (binding === undefined) return !MAKERS.has(name);
    // The name that a function expression has for itself.
    if (binding.init?.type === "FunctionExpression" && binding.owner === binding.init) return false;
    if (binding.owner !== this.#program as AnyNode) return true;
    const parent = parents.at(-1)!;
    switch (this.#kinds.get(name)) {
      case "value":
        return !isTarget(named);
      case "function":
        return parent.type === "CallExpression" && parent.callee === named.node;
      case "flat":
        return isRead(named);
      default:
        return false;
    }
  }
}

function scopeOf(node: AnyNode, outer: Scope): Scope {
  if (!hasScope(node)) return outer;
  const isOwner = isFunction(node);
  const scope = node.type === "Program" ? outer : new Scope(outer, {
    owner: isOwner ? node : outer.owner,
    isLasting: !isOwner && outer.isLasting,
  });
  declareAll(scope, node);
  return scope;
}

/** Whether a variable is assigned to, by itself or in a pattern: anything that could be one counts. */
function isTarget({ node, parents }: Named): boolean {
  const parent = parents.at(-1)!;
  switch (parent.type) {
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForInStatement":
    case "ForOfStatement":
      return parent.left === node;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "Property":
      return parents.at(-2)!.type === "ObjectPattern" && parent.value === node;
    default:
      return false;
  }
}

/** Whether nothing but fields of a flat object are read. */
function isRead({ node, parents }: Named): boolean {
  const parent = parents.at(-1)!;
  if (parent.type === "ForOfStatement") return parent.right === node;
  if (parent.type === "VariableDeclarator") {
    return parent.init === node && parent.id.type !== "Identifier";
  }
  if (parent.type !== "MemberExpression" || parent.object !== node) return false;
  const around = parents.at(-2)!;
  switch (around.type) {
    case "CallExpression":
      return around.callee !== parent;
    case "MemberExpression":
      return true;
    case "AssignmentExpression":
      return around.right === parent;
    case "UnaryExpression":
      return around.operator !== "delete";
    case "Property":
      return around.value === parent && parents.at(-3)!.type === "ObjectExpression";
    default:
      return READERS.has(around.type);
  }
}
