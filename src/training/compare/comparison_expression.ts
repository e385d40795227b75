/**
 * Comparisons such as `> 0.2` as data: read, never evaluated as code.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentSyntaxError } from "../../errors.ts";

/** A comparison with a number. */
export interface ComparisonExpression {
  /** The operator. */
  readonly operator: "<" | "<=" | ">" | ">=" | "==" | "!=";
  /** What is compared with. */
  readonly bound: number;
}

const EXPRESSION = /^\s*(<=|>=|==|!=|<|>|=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/;

/**
 * Reads an operator and a number.
 *
 * @throws {SyntaxError} if it is anything else.
 *
 * @example Usage
 * ```ts
 * import { holds, parseComparison } from "@rewind/cli/training";
 * import { assert } from "@std/assert";
 *
 * assert(holds(parseComparison("> 0.2"), 0.3));
 * assert(!holds(parseComparison("> 0.2"), NaN));
 * ```
 */
export function parseComparison(text: string): ComparisonExpression {
  const match = EXPRESSION.exec(text);
  if (match === null) {
    throw new ArgumentSyntaxError(
      `Cannot read the comparison "${text}"; write an operator and a number, such as "> 0.2"`,
    );
  }
  if (!Number.isFinite(Number(match[2]))) {
    throw new ArgumentSyntaxError(
      `Cannot read the comparison "${text}": ${match[2]} is larger than any number`,
    );
  }
  const operator = match[1] === "=" ? "==" : match[1] as ComparisonExpression["operator"];
  return { operator, bound: Number(match[2]) };
}

/** Whether `value` satisfies the comparison; NaN satisfies none but `!=`. */
export function holds({ operator, bound }: ComparisonExpression, value: number): boolean {
  switch (operator) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "==":
      return value === bound;
    case "!=":
      return value !== bound;
  }
}
