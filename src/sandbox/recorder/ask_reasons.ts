/**
 * What a parser says of a module whose runs may not be those of a plain loop; it is loaded for a module of which the words
 * alone do not say no.
 *
 * @module
 */

import { mayHideState } from "../host/may_hide_state.ts";
import type { ChildOptions } from "../host/sandbox_child.ts";

/** Why a run may not be that of a plain loop, each as a sentence such as "step assigns `births` (model.ts:12:3)". */
export interface Reasons {
  /** A function that changes what outlives its calls. */
  readonly hidden?: string | undefined;
  /** A function that lets go of an object which only a function or a class knows; looked for without the other. */
  readonly kept?: string | undefined;
}

/**
 * Looks for such reasons.
 *
 * @param expressions Functions that are given as texts.
 */
export async function askReasons(
  { source, sourceMap, stepId = "" }: Pick<ChildOptions, "source" | "sourceMap" | "stepId">,
  expressions: readonly string[] = [],
): Promise<Reasons> {
  const texts = [source, ...expressions.map((text) => `const expression = ${text};`)];
  if (!texts.some(mayHideState)) return {};
  // The parser takes longer to load than most modules take to record.
  const { hiddenReason, keptReason } = await import("./hidden_reason.ts");
  const module = { source, sourceMap, stepId };
  const hidden = hiddenReason(module, expressions);
  return hidden === undefined ? { kept: keptReason(module) } : { hidden };
}
