/**
 * Ordinary code that has no meaning in the sandbox, written as code that has the same meaning.
 *
 * @module
 */

import type { Edits } from "./edits.ts";
import { mayMakeGlobal } from "./quick_checks.ts";
import { type AnyNode, type Syntax, visitsOf } from "./syntax.ts";

/** How libraries find the global object where they do not know its name. */
const RETURNS_THIS = /^\s*return this;?\s*$/;

/** Collects the changes: `Function("return this")()`, which is code made from text, is `globalThis`. */
export function mendCode({ text, program }: Syntax, edits: Edits): void {
  if (!mayMakeGlobal(text)) return;
  for (const { node } of visitsOf(program)) {
    if (node.type !== "CallExpression" || node.arguments.length > 0) continue;
    if (returnsThis(node.callee)) edits.replace(node.start, node.end, "globalThis");
  }
}

function returnsThis(node: AnyNode): boolean {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const { callee, arguments: [body, ...rest] } = node;
  return callee.type === "Identifier" && callee.name === "Function" && rest.length === 0 &&
    body?.type === "Literal" && RETURNS_THIS.test(`${body.value}`);
}
