/**
 * Checks what a child says of a splitting.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../../codec/exact_fields.ts";
import type { RareEnd } from "../wire/answers.ts";
import type { SplittingRequest } from "../wire/requests.ts";
import { isInRange, malformed } from "./claims.ts";

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
    const isKilled = isInRange(killed[i], { from: isLast ? 1 : kill, to: most + 1 });
    if (!isKilled || !(levels[i]! < level)) throw malformed();
    if (i > 0 && !(levels[i]! > levels[i - 1]!)) throw malformed();
  }
  if (typeof isExtinct !== "boolean" || (isExtinct && killed.at(-1) !== particles)) {
    throw malformed();
  }
  if (!isInRange(ancestors, { from: 1, to: particles + 1 })) throw malformed();
  const { transitions, firstTransitions } = end;
  if (!isInRange(transitions, { from: 0, to: Number.MAX_SAFE_INTEGER })) throw malformed();
  if (!isInRange(firstTransitions, { from: 0, to: transitions + 1 })) throw malformed();
  // Particles that all died out reached nothing; otherwise one of them got to the level.
  if (isExtinct !== (reachedAt === undefined)) throw malformed();
  if (isExtinct !== (seeds.length === 0)) throw malformed();
  if (!seeds.every(isDerivedSeed)) throw malformed();
  if (reachedAt !== undefined && !isInRange(reachedAt, { from: 0, to: steps })) throw malformed();
  let from = 0;
  for (const [i, origin] of origins.entries()) {
    // The first run starts at 0, each other one where it leaves the one before.
    const to = i === 0 ? 1 : reachedAt! + 1;
    if (!isInRange(origin, { from, to })) throw malformed();
    from = origin;
  }
  return end as unknown as RareEnd;
}

function isDerivedSeed(seed: unknown): boolean {
  return typeof seed === "bigint" && seed >= 0n && seed < 1n << 64n;
}
