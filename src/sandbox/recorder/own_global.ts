/**
 * Packages that register something with the global object when they load: a configuration, a count of their instances. In
 * the sandbox nobody can change that object, so in a bundle they get one of their own, which inherits from it and lives
 * as long as their instance does.
 *
 * @module
 */

import type { Edits } from "./edits.ts";
import { isReference } from "./scopes.ts";
import { type Syntax, type Visit, visitsOf } from "./syntax.ts";

const NAME = "globalThis";

/** Another way to get at it, which works in the sandbox too. */
const FROM_TEXT = /^(?:new )?Function\((["'])return this;?\1\)\(\)$/;
const FROM_TEXT_MAX = 40;

/**
 * Replaces the global object in the code of packages, where they do more with it than to read from it.
 *
 * @param isOfPackage Whether code at an offset is that of a package.
 */
export function giveOwnGlobal(
  { text, program }: Syntax,
  edits: Edits,
  isOfPackage: (offset: number) => boolean,
): void {
  const foreign = [...visitsOf(program)].filter(({ node, parent }) =>
    (node.type === "Identifier"
      ? node.name === NAME && isReference(node, parent!.node)
      : node.type === "CallExpression" && node.end - node.start < FROM_TEXT_MAX &&
        FROM_TEXT.test(text.slice(node.start, node.end))) && isOfPackage(node.start)
  );
  if (!foreign.some((visit) => visit.node.type === "Identifier" && isHandedOn(visit))) return;
  let own = "ownGlobalThis";
  while (text.includes(own)) own += "_";
  for (const { node, parent } of foreign) {
    const isShort = parent?.node.type === "Property" && parent.node.shorthand;
    edits.replace(node.start, node.end, isShort ? `${NAME}: ${own}` : own);
  }
  edits.replace(0, 0, `const ${own} = Object.create(${NAME});\n`);
}

/** Whether the global object is written to, or given to somebody who may. */
function isHandedOn({ node, parent }: Visit): boolean {
  if (/^(?:Unary|Binary)Expression$/.test(parent?.node.type ?? "")) return false;
  if (parent?.node.type !== "MemberExpression" || parent.node.object !== node) return true;
  const user = parent.parent?.node;
  return user?.type === "UpdateExpression" ||
    user?.type === "UnaryExpression" && user.operator === "delete" ||
    user?.type === "AssignmentExpression" && user.left === parent.node;
}
