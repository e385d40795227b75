/**
 * The one operator that the sandbox cannot replace by a portable function: `**`.
 *
 * @module
 */

import { mayUsePower } from "./quick_checks.ts";
import { type AnyNode, type Syntax, visitsOf } from "./syntax.ts";

/** Offset of the first `**` of two values that may be numbers; undefined if there is none. */
export function powerOperatorIn({ program, text }: Syntax): number | undefined {
  if (!mayUsePower(text)) return undefined;
  for (const { node } of visitsOf(program)) {
    const isPower = (node.type === "BinaryExpression" && node.operator === "**") ||
      (node.type === "AssignmentExpression" && node.operator === "**=");
    if (isPower && !isExact(node.left) && !isExact(node.right)) return node.start;
  }
  return undefined;
}

/** A big integer: its powers are exact. */
function isExact(node: AnyNode): boolean {
  return node.type === "Literal" && typeof node.value === "bigint";
}
