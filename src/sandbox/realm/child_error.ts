/**
 * From whatever a job threw to what the parent is told of it.
 * This module is browser compatible.
 *
 * @module
 */

import {
  GuardError,
  NondeterministicStepError,
  StateEncodingError,
  StepError,
  UntracedDrawError,
} from "../../errors.ts";
import { denialText } from "./denials.ts";
import { UserCodeError } from "./user_code.ts";
import { LookError } from "./look_error.ts";
import { LOADING } from "../wire/position.ts";
import type { ChildError } from "../wire/answers.ts";
import { ExpressionError, ModuleShapeError } from "./step_module.ts";

/** Kinds of errors in code that is neither the step nor what it exports. */
const KINDS: Readonly<Record<string, ChildError["kind"]>> = {
  "step module": "load",
  "expression": "expression",
};

/**
 * Describes an error that ended a job; never runs code of the step.
 *
 * @param error What was thrown.
 * @param position Where user code was.
 */
export function describeError(error: unknown, position: number): ChildError {
  const blank: ChildError = { kind: "other", message: "", t: -1, path: "", frames: [] };
  try {
    if (error instanceof StepError && error.cause instanceof UserCodeError) {
      const kind = error.cause.denial === undefined ? "step" : "denied";
      const { frames } = error.cause;
      return { ...blank, kind, t: error.t, message: userText(error.cause, error.t), frames };
    }
    if (error instanceof UserCodeError) {
      const kind = KINDS[error.who] ?? "other";
      return { ...blank, kind, message: userText(error, position), frames: error.frames };
    }
    if (error instanceof LookError) {
      return { ...blank, kind: "look", t: error.t, message: error.message };
    }
    if (error instanceof ModuleShapeError) {
      return { ...blank, kind: "load", message: error.message };
    }
    if (error instanceof ExpressionError) {
      return { ...blank, kind: "expression", message: error.message };
    }
    if (error instanceof StateEncodingError) {
      const { message, path } = error;
      return { ...blank, kind: "encoding", t: position, message, path };
    }
    if (error instanceof UntracedDrawError) {
      return { ...blank, kind: "untraced", message: error.message };
    }
    if (error instanceof GuardError) {
      const { kind, message, t, path } = error;
      return { ...blank, kind, message, t, path };
    }
    if (error instanceof NondeterministicStepError) {
      return { ...blank, kind: "nondeterministic", message: error.problem, t: error.t };
    }
    return { ...blank, message: new UserCodeError("step module", error).message };
  } catch {
    // An error with a hostile prototype chain: nothing of it can be read.
    return { ...blank, message: "an error that cannot be read" };
  }
}

/** What user code threw, as one sentence; for a denial with what to do instead. */
export function userText(error: UserCodeError, t: number): string {
  return error.denial === undefined ? `${error.name}: ${error.message}` : denialText(
    error.denial,
    { who: error.who, t: t === LOADING ? undefined : t },
    error.isSwallowed,
  );
}
