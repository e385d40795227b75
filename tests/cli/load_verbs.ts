/**
 * All verbs with what they declare, for tests.
 *
 * @module
 */

import type { Command } from "../../src/cli/command.ts";
import { type Verb, VERBS } from "../../src/cli/verbs.ts";

/** A verb and its declaration. */
export interface LoadedVerb extends Verb {
  /** What its file declares. */
  readonly command: Command;
}

/** Loads every verb. */
export async function loadVerbs(): Promise<LoadedVerb[]> {
  return await Promise.all(VERBS.map(async (verb) => ({ ...verb, ...await verb.load() })));
}
