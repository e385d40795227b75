/**
 * Parts that are loaded only when they are needed, by a name that is put together at run time.
 *
 * A literal `import()` is read ahead: whoever imports the library would download, and whoever starts the
 * command would wait for, everything that it could ever need. What has to see every part, as a bundler or
 * `deno compile` does, imports `whole.ts` or `binary.ts` too: they carry all parts under literal names.
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
    // The part is there, and it or what it needs failed.
    if (!isMissing(cause)) throw cause;
    throw new RewindError("PART_MISSING", `Cannot load '${name}', a part of rewind`, {
      cause,
      hint: "if the program is bundled, import '@rewind/cli/whole' in place of '@rewind/cli'",
    });
  }
}

/** Makes parts known under their names, for programs that cannot load them by a computed one. */
export function carry(parts: Readonly<Record<string, () => Promise<unknown>>>): void {
  for (const [name, load] of Object.entries(parts)) carried.set(name, load);
}

function isMissing(error: unknown): boolean {
  return error instanceof TypeError && /module/i.test(error.message) ||
    (error as { code?: unknown })?.code === "ERR_MODULE_NOT_FOUND";
}
