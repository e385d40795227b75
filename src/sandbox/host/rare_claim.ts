/**
 * Checks what a child says of a splitting.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../../codec/exact_fields.ts";
import type { SandboxError } from "../../errors.ts";
import { refuse } from "../wire/frame_reader.ts";
import type { RareEnd } from "../wire/answers.ts";
import type { SplittingRequest } from "../wire/requests.ts";

const FIELDS = [
  ...["levels", "killed", "isExtinct", "ancestors", "transitions", "firstTransitions"],
  ...["reachedAt", "seeds", "origins"],
] as const;

/**
 * The claim, checked against what was asked for.
 *
 * @throws {SandboxError} If it does not fit.
 */
export function checkRareEnd(
  claim: unknown,
  { particles, level, kill }: SplittingRequest,
  steps: number,
): RareEnd {
  const end = fieldsOf(claim, FIELDS);
  if (end === undefined) throw malformed();
  const { levels, killed, isExtinct, ancestors, seeds, origins, reachedAt } = end;
  if (!(levels instanceof Float64Array) || !(killed instanceof Float64Array)) throw malformed();
  if (!(origins instanceof Float64Array) || !Array.isArray(seeds)) throw malformed();
  if (levels.length !== killed.length || seeds.length !== origins.length) throw malformed();
  const { length } = levels;
  for (let i = 0; i < length; i++) {
    const isLast = i === length - 1;
    const most = isLast && isExtinct === true ? particles : particles - 1;
    if (!isCount(killed[i], isLast ? 1 : kill, most) || !(levels[i]! < level)) throw malformed();
    if (i > 0 && !(levels[i]! > levels[i - 1]!)) throw malformed();
  }
  if (typeof isExtinct !== "boolean" || (isExtinct && killed.at(-1) !== particles)) {
    throw malformed();
  }
  if (!isCount(ancestors, 1, particles)) throw malformed();
  for (const count of [end.transitions, end.firstTransitions]) {
    if (!isCount(count, 0, Number.MAX_SAFE_INTEGER)) throw malformed();
  }
  if (seeds.some((seed: unknown) => typeof seed !== "bigint")) throw malformed();
  if (!origins.every((t) => isCount(t, 0, steps - 1))) throw malformed();
  if (reachedAt !== undefined && !isCount(reachedAt, 0, steps - 1)) throw malformed();
  return end as unknown as RareEnd;
}

function isCount(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function malformed(): SandboxError {
  return refuse("it is not of the expected shape");
}
