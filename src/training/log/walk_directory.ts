/**
 * Walks over the files below a directory, each once: links may lead in circles, and there may be more
 * files than anybody means to search.
 *
 * @module
 */

import { realpath } from "node:fs/promises";
import { LOG_DIRECTORY_ENTRIES_MAX } from "../limits.ts";
import { grouped } from "../../text/quantity.ts";
import { TrainingLogError } from "./errors.ts";
import { listDirectory } from "./file_source.ts";

/** A file below a directory. */
export interface FoundFile {
  /** Its own name. */
  readonly name: string;
  /** The path that opens it. */
  readonly path: string;
  /** Its directory relative to the one that is walked over; empty for that itself. */
  readonly directory: string;
}

/**
 * The files below a directory, down to a depth, in the order of their names.
 *
 * @throws {TrainingLogError} if there are too many
 */
export async function* walkFiles(root: string, depthMax: number): AsyncGenerator<FoundFile> {
  const seen = new Set<string>();
  const pending = [{ path: root, directory: "", depth: 0 }];
  let entries = 0;
  for (let next; (next = pending.pop()) !== undefined;) {
    const { path, directory, depth } = next;
    const real = await realpath(path).catch(() => path);
    if (seen.has(real)) continue;
    seen.add(real);
    const below: typeof pending = [];
    for (const entry of await listDirectory(path)) {
      if (++entries > LOG_DIRECTORY_ENTRIES_MAX) {
        throw new TrainingLogError(
          `Cannot search ${root}: it has more than ${
            grouped(LOG_DIRECTORY_ENTRIES_MAX)
          } files below it`,
          { path: root },
        );
      }
      const { name } = entry;
      if (!entry.directory) yield { name, path: entry.path, directory };
      else if (depth < depthMax) {
        const relative = directory === "" ? name : `${directory}/${name}`;
        below.push({ path: entry.path, directory: relative, depth: depth + 1 });
      }
    }
    pending.push(...below.reverse());
  }
}
