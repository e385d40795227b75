/**
 * One repeat of a splitting in a child.
 *
 * @module
 */

import type { RareEnd } from "../wire/answers.ts";
import type { JobInput, SplittingRequest } from "../wire/requests.ts";
import { checkExpression, recordJob } from "./job_requests.ts";
import { checkRareEnd } from "./rare_claim.ts";
import type { SandboxSession } from "./session.ts";
import type { SandboxRecordOptions } from "./session_options.ts";

/**
 * Splits the runs that a recording would make.
 *
 * @throws {UnsafeArtifactError} If a text breaks a static rule.
 */
export async function splitInChild(
  session: SandboxSession,
  options: SandboxRecordOptions,
  splitting: SplittingRequest,
): Promise<RareEnd> {
  checkExpression(splitting.score);
  const job = { ...recordJob(options), kind: "rare", splitting } as JobInput;
  return checkRareEnd(await session.end(job), splitting, options.steps);
}
