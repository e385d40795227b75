/**
 * Checks what a child says of marks and of the step that was looked at. Text in it is foreign.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mark } from "../../engine/diverge/marks.ts";
import { escapeText } from "../../text/escape_text.ts";
import type { LookedDraw, LookEnd } from "../wire/answers.ts";
import { checkFrames, fields, malformed } from "./claims.ts";

/** A mark of X_t, checked. */
export function checkMark(claim: unknown, at: number): Mark {
  const { t, state, position, digest } = fields(claim);
  const isGood = t === at && state instanceof Uint8Array &&
    typeof position === "string" && typeof digest === "string";
  if (!isGood) throw malformed();
  return { t, state, position, digest };
}

/** A look at a step, checked; method names are escaped, what it threw stays a claim. */
export function checkLook(claim: unknown): Omit<LookEnd, "failed"> & { readonly failed: unknown } {
  const { draws, isWhole, failed } = fields(claim);
  if (!Array.isArray(draws)) throw malformed();
  return { draws: draws.map(checkDraw), isWhole: isWhole === true, failed };
}

function checkDraw(claim: unknown): LookedDraw {
  const { method, args, result, position, frames } = fields(claim);
  if (typeof method !== "string" || typeof position !== "string" || !Array.isArray(args)) {
    throw malformed();
  }
  return { method: escapeText(method), args, result, position, frames: checkFrames(frames) };
}
