/**
 * Whether a parser knows a reason why a run may not be that of a plain loop; the parser is loaded for a module of which
 * its words alone do not say no.
 *
 * @module
 */

import { mayHideState } from "../host/may_hide_state.ts";
import type { ChildOptions } from "../host/sandbox_child.ts";

/**
 * One sentence on what a module or an expression does, such as "step assigns `births` (model.ts:12:3)"; undefined if there
 * is no such reason.
 *
 * @param expressions Functions that are given as texts.
 */
export async function askHiddenReason(
  { source, sourceMap, stepId = "" }: Pick<ChildOptions, "source" | "sourceMap" | "stepId">,
  expressions: readonly string[] = [],
): Promise<string | undefined> {
  const texts = [source, ...expressions.map((text) => `const expression = ${text};`)];
  if (!texts.some(mayHideState)) return undefined;
  // The parser takes longer to load than most modules take to record.
  const { hiddenReason } = await import("./hidden_reason.ts");
  return hiddenReason({ source, sourceMap, stepId }, expressions);
}
