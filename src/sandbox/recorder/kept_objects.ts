/**
 * Finds, in the text of a step module, objects that were made when it loaded and that only a function or a class knows:
 * variables of a function that made the step, private fields. What a sandbox can look at while it records does not lead
 * to them. Where the step lets one go, into the state or to another function, a plain loop goes on with the object
 * itself, and a replay with a copy of it; most steps do not mind, which is for replays to tell.
 *
 * @module
 */

import type { Context, LaterCode, Suspect } from "./later_code.ts";
import { type Binding, isFunction, isReference, type Scope } from "./scopes.ts";
import type { AnyNode } from "./syntax.ts";

/** What is known of a value: no object, an object of which no part is one, or anything. */
type Holds = "nothing" | "values" | "anything";

/** Methods that give numbers, texts and the like, whatever they are called on. */
const TELLING_METHODS: ReadonlySet<string> = new Set(
  "includes indexOf lastIndexOf findIndex findLastIndex has join some every toFixed toString".split(
    " ",
  ),
);

/** Draws of numbers: an object would be no parameter of theirs. */
const DRAWING_METHODS =
  /^(?:rand(?:om|int|range|bytes)|getrandbits|integers|uniform|triangular|(?:log)?normal(?:variate)?|gauss|expovariate|(?:standard_)?(?:exponential|normal|gamma|cauchy|t)|(?:beta|gamma|pareto|weibull|vonmises)(?:variate)?|poisson|(?:negative_)?binomial(?:variate)?|geometric|laplace|logistic|rayleigh|zipf)$/;

/** Draws of elements: those of a list of values are values. */
const CHOOSING_METHODS = /^(?:choices?|sample|permutation)$/;

/** Functions that give no object which they are given. */
const TELLING_FUNCTIONS = /^(?:Math|Number|String|Boolean|BigInt|JSON|console|isNaN|isFinite)$/;

/** Assignments of the value itself. */
const ASSIGNING = /^(?:\|\||&&|\?\?)?=$/;

const PRIMITIVE_NAMES = /^(?:undefined|NaN|Infinity)$/;

/** How many names are followed from one to the next. */
const NAMES_MAX = 8;

const TYPED_ARRAY = /^(?:(?:Ui|I)nt(?:8|16|32)|BigU?[iI]nt64|Float(?:16|32|64)|Uint8Clamped)Array$/;

/**
 * Objects that functions of a module let go, in order of the text.
 *
 * @param code The module.
 */
export function findKept(code: LaterCode): Suspect[] {
  const found: Suspect[] = [];
  for (const [node, context] of code.visits()) {
    const holds = keptBy(node, context, code);
    if (holds === "nothing" || !isLetGo(node, holds, code)) continue;
    const what = `hands on ${code.quote(node)}, which was made when the module loaded`;
    found.push(code.suspect(node, context, what));
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** What a name or a private field holds that outlives the call, where nothing outside leads to it. */
function keptBy(node: AnyNode, { scope }: Context, code: LaterCode): Holds {
  if (node.type === "MemberExpression" && node.property.type === "PrivateIdentifier") {
    const fields = code.lastingFields(node.property.name).map((init) => holdsOf(init, scope));
    return fields.reduce(larger, "nothing");
  }
  if (node.type !== "Identifier" || !isReference(node, code.parentOf(node))) return "nothing";
  const binding = scope.find(node.name);
  if (!binding?.isLasting || !isFunction(binding.owner) || binding.owner === scope.owner) {
    return "nothing";
  }
  return ofVariable(binding, scope, NAMES_MAX);
}

function ofVariable({ init, isPart }: Binding, scope: Scope, names: number): Holds {
  const holds = holdsOf(init, scope, names);
  return isPart && holds === "values" ? "nothing" : holds;
}

function larger(a: Holds, b: Holds): Holds {
  if (a === "anything" || b === "anything") return "anything";
  return a === "values" ? a : b;
}

/** What a value holds, by the expression that gives it. */
function holdsOf(init: AnyNode | null | undefined, scope: Scope, names = NAMES_MAX): Holds {
  if (!init || names === 0) return "anything";
  if (isFunction(init)) return "nothing";
  const of = (part: unknown) => holdsOf(part as AnyNode, scope, names);
  switch (init.type) {
    case "Literal":
      return "regex" in init ? "values" : "nothing";
    case "TemplateLiteral":
    case "UnaryExpression":
    case "BinaryExpression":
    case "UpdateExpression":
      return "nothing";
    case "ArrayExpression":
      return ofParts(init.elements.filter((part) => part !== null).map(of));
    case "ObjectExpression":
      return ofParts(
        init.properties.map((part) => of(part.type === "Property" ? part.value : part)),
      );
    case "ConditionalExpression":
      return larger(of(init.consequent), of(init.alternate));
    case "LogicalExpression":
      return larger(of(init.left), of(init.right));
    case "NewExpression": {
      const { callee } = init;
      return callee.type === "Identifier" && TYPED_ARRAY.test(callee.name) ? "values" : "anything";
    }
    case "CallExpression":
      if (isTelling(init.callee as AnyNode)) return "nothing";
      return isFreezing(init.callee as AnyNode) ? of(init.arguments[0]) : "anything";
    case "MemberExpression": {
      const object = of(init.object);
      return object === "values" || isLength(init) ? "nothing" : "anything";
    }
    case "Identifier": {
      const binding = scope.find(init.name);
      if (binding !== undefined) return ofVariable(binding, scope, names - 1);
      return PRIMITIVE_NAMES.test(init.name) ? "nothing" : "anything";
    }
    default:
      return "anything";
  }
}

function ofParts(parts: readonly Holds[]): Holds {
  return parts.every((part) => part === "nothing") ? "values" : "anything";
}

/** The name of a property that is not computed; empty without one. */
function nameOf({ computed, property }: AnyNode & { type: "MemberExpression" }): string {
  return computed ? "" : (property as { name?: string }).name ?? "";
}

function isLength(member: AnyNode & { type: "MemberExpression" }): boolean {
  return /^(?:length|size)$/.test(nameOf(member));
}

function isFreezing(callee: AnyNode): boolean {
  return callee.type === "MemberExpression" && callee.object.type === "Identifier" &&
    callee.object.name === "Object" && /^(?:freeze|seal)$/.test(nameOf(callee));
}

/** Whether what is called gives back no object that it is given. */
function isTelling(callee: AnyNode): boolean {
  const root = callee.type === "MemberExpression" ? callee.object as AnyNode : callee;
  if (root.type === "Identifier" && TELLING_FUNCTIONS.test(root.name)) return true;
  return callee.type === "MemberExpression" && DRAWING_METHODS.test(nameOf(callee));
}

function isChoosing(callee: AnyNode): boolean {
  return callee.type === "MemberExpression" && CHOOSING_METHODS.test(nameOf(callee));
}

/** Whether an object goes where another name leads to it: the object itself, or a part of it. */
function isLetGo(start: AnyNode, holds: Holds, code: LaterCode): boolean {
  const hasObjects = holds === "anything";
  let isObject = true;
  let node = start;
  for (;;) {
    const parent = code.parentOf(node);
    switch (parent.type) {
      case "MemberExpression": {
        if (parent.object !== node || isLength(parent)) return false;
        const call = code.parentOf(parent);
        const isMethod = call.type === "CallExpression" && call.callee === parent;
        if (isMethod) return hasObjects && !TELLING_METHODS.has(nameOf(parent));
        isObject = hasObjects;
        break;
      }
      case "ChainExpression":
      case "AwaitExpression":
      case "LogicalExpression":
      case "SequenceExpression":
        break;
      case "ConditionalExpression":
        if (parent.test === node) return false;
        break;
      case "CallExpression":
      case "NewExpression": {
        const callee = parent.callee as AnyNode;
        if (callee === node || isTelling(callee)) return false;
        return isChoosing(callee) ? hasObjects : isObject;
      }
      case "AssignmentExpression":
        return parent.right === node && ASSIGNING.test(parent.operator) && isObject;
      case "VariableDeclarator":
        return parent.id.type === "Identifier" ? isObject : hasObjects;
      case "ForOfStatement":
      case "SpreadElement":
        return hasObjects;
      case "Property":
      case "PropertyDefinition":
      case "ArrayExpression":
      case "ReturnStatement":
      case "YieldExpression":
      case "AssignmentPattern":
      case "TaggedTemplateExpression":
        return isObject;
      case "ArrowFunctionExpression":
        return parent.body === node && isObject;
      default:
        // Statements, and operators that give numbers, texts or yes and no.
        return false;
    }
    node = parent;
  }
}
