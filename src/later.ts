/**
 * Parts that are loaded only when they are needed, by a name that is put together at run time: a literal
 * `import()` is read ahead, and whoever imports the library would download all of it. A bundler, which has to
 * see every part, imports `whole.ts`, which carries them under literal names.
 * This module is browser compatible.
 *
 * @module
 */

import { RewindError } from "./errors.ts";

const carried = new Map<string, () => Promise<unknown>>();

/**
 * Loads a part of this package.
 *
 * @typeParam T Its type, as `typeof import("./part.ts")`.
 * @param name Its path below `src`, such as `artifact/open_record.ts`.
 * @throws {RewindError} If it is not there, as in a bundle that does not carry it.
 */
export async function later<T>(name: string): Promise<T> {
  const load = carried.get(name);
  if (load !== undefined) return await load() as T;
  // In the npm package modules end in .js.
  const own = import.meta.url;
  const url = new URL(own.endsWith(".js") ? name.replace(/\.ts$/, ".js") : name, own).href;
  try {
    return await import(url);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new RewindError("PART_MISSING", `Cannot load '${name}', a part of rewind`, {
      cause,
      hint: "if the program is bundled, import '@rewind/cli/whole' in place of '@rewind/cli'",
    });
  }
}

/** Makes parts known under their names. */
export function carry(parts: Readonly<Record<string, () => Promise<unknown>>>): void {
  for (const [name, load] of Object.entries(parts)) carried.set(name, load);
}

function isMissing(error: unknown): boolean {
  return error instanceof TypeError && /module/i.test(error.message) ||
    (error as { code?: unknown })?.code === "ERR_MODULE_NOT_FOUND";
}
