/**
 * Places of a state that a comparison leaves out.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentSyntaxError } from "../errors.ts";
import { ROOT_PATH } from "./state_path.ts";

/** A path that somebody typed: parts with a dot or in brackets, `[*]` or `.*` for any. */
const PATTERN = /^(?:\.[^.[\](]+|\[(?:\*|\d+|"(?:[^"\\]|\\.)*")\]|\.\w+\([^()]*\)(?:\[\d+\])?)+$/u;

/** Any one part of a path. */
const ANY_PART = String.raw`(?:\.[^.[(]+(?:\([^()]*\))?|\[(?:[^"\]]*|"(?:[^"\\]|\\.)*")\])`;

/** What is left out: whole subtrees. */
export class PathFilter {
  readonly #patterns: readonly RegExp[];

  /**
   * Takes paths such as `.agents[3].x` or `state.agents[*].x`.
   *
   * @throws {SyntaxError} If one is not a path.
   */
  constructor(paths: readonly string[]) {
    this.#patterns = paths.map(patternOf);
  }

  /** Whether there is nothing to leave out. */
  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  /** Whether a place, as messages write it, is left out. */
  has(path: string): boolean {
    return this.#patterns.some((pattern) => pattern.test(path));
  }
}

function patternOf(text: string): RegExp {
  const path = text.startsWith(ROOT_PATH) && /^[.[]/.test(text.slice(ROOT_PATH.length))
    ? text.slice(ROOT_PATH.length)
    : /^[\p{L}_$]/u.test(text)
    ? `.${text}`
    : text;
  if (!PATTERN.test(path)) {
    throw new ArgumentSyntaxError(
      `Cannot ignore '${text}': it is not a path such as '.agents[3].x' or '.agents[*].x'`,
    );
  }
  const parts = path.split(/(\[\*\]|\.\*)/).map((part, i) =>
    i % 2 === 1 ? ANY_PART : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  );
  return new RegExp(`^${ROOT_PATH}${parts.join("")}(?=$|[.[])`, "u");
}
