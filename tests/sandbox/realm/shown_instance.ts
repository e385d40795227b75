/** Instances of modules whose objects can be found. */

import type { LastingObjects } from "../../../src/sandbox/realm/lasting_objects.ts";
import { ShownModule } from "../../../src/sandbox/realm/shown_module.ts";

/** What one instance of a module exports, and its objects. */
export async function load(
  text: string,
): Promise<{ exports: Record<string, unknown>; lasting: LastingObjects }> {
  const shown = new ShownModule(text);
  // A new module at each call.
  const source = encodeURIComponent(`${shown.source}\n// ${crypto.randomUUID()}`);
  const exports = await import(`data:text/javascript,${source}`);
  return { exports, lasting: shown.objectsOf(exports) };
}

/** What embedded data may look like to a pattern. */
export const LONG_WORDS: readonly string[] = ["$", "-", "a ", "a.", "= "]
  .map((unit) => unit.repeat(2 ** 20));
