/**
 * Files of runs of the library, with the source of a step module.
 *
 * @module
 */

import type { Run } from "../../src/artifact/run.ts";
import { artifactOf } from "./fixtures.ts";
import type { TempFolder } from "./run_cli.ts";

/** Writes a run into a folder, with the source that is to have made it; returns the path. */
export function saveBytes<S>(
  folder: TempFolder,
  name: string,
  run: Run<S>,
  source: string,
): string {
  return folder.write(
    name,
    artifactOf(run.record, { source, stepId: name.replace("replay", "js") }),
  );
}
