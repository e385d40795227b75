/**
 * Whether code asks the platform for the time or for random numbers.
 *
 * @module
 */

import { type AnyNode, type Syntax, visitsOf } from "./syntax.ts";

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Date: ["now"],
  Math: ["random"],
};

/** Whether code at an offset that `isOwn` accepts asks for the time or for random numbers. */
export function asksForChance(
  { program }: Syntax,
  isOwn: (offset: number) => boolean,
): boolean {
  for (const { node } of visitsOf(program)) {
    if (asks(node) && isOwn(node.start)) return true;
  }
  return false;
}

function asks(node: AnyNode): boolean {
  switch (node.type) {
    case "MemberExpression": {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return false;
      const { name } = node.object;
      if (name === "performance" || name === "crypto") return true;
      return Object.hasOwn(MEMBERS, name) && MEMBERS[name]!.includes(node.property.name);
    }
    case "NewExpression":
    case "CallExpression":
      return node.callee.type === "Identifier" && node.callee.name === "Date" &&
        node.arguments.length === 0;
    default:
      return false;
  }
}
