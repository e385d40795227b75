/**
 * `rewind info --follow`: watches a recording that is under way in another process.
 *
 * @module
 */

import { finishedPath, isUnfinishedPath, PART_SUFFIX } from "../artifact/grow/paths.ts";
import { openRecord } from "../artifact/open_record.ts";
import { errorCode } from "../disk/disk.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import type { Output } from "./output.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { byteText, counted, grouped } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** How often the files are looked at, in milliseconds. */
const LOOK_MS = 500;

/** How long a recording may be between its start and its first flush, in milliseconds. */
const START_MS = 10_000;

/**
 * Prints a line whenever more was made durable; returns when the recording is finished.
 *
 * @throws {InputError} If nothing is there.
 */
export async function followRecording(
  file: string,
  { json, output, signal }: { json: boolean; output: Output; signal: AbortSignal },
): Promise<number> {
  const finished = finishedPath(file);
  const part = isUnfinishedPath(file) ? file : `${file}${PART_SUFFIX}`;
  const disk = systemDisk();
  const begun = performance.now();
  let seen = 0;
  for (;;) {
    signal.throwIfAborted();
    const isOver = disk.entry(part) === undefined && disk.entry(finished) !== undefined;
    const opened = await openIfThere(isOver ? finished : part);
    if (opened !== undefined) {
      const { info } = opened;
      const { steps, unfinished, fileBytes } = info;
      const plannedSteps = unfinished?.plannedSteps;
      const isFinished = unfinished === undefined;
      if (steps !== seen || isFinished) {
        seen = steps;
        if (json) {
          output.line(
            JSON.stringify({ steps, plannedSteps: plannedSteps ?? null, fileBytes, isFinished }),
          );
        } else {
          const planned = plannedSteps === undefined ? "" : ` of ${grouped(plannedSteps)}`;
          output.line(
            `${counted(steps, "step")}${planned}, ${byteText(fileBytes)}${
              isFinished ? ": finished" : ""
            }`,
          );
        }
        output.flush();
      }
      if (isFinished) return info.failure === undefined ? EXIT_OK : EXIT_NO;
    } else if (disk.entry(part) === undefined && performance.now() - begun > START_MS) {
      throw new InputError(`Cannot follow '${file}': nothing is recorded there`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Opens an artifact; undefined as long as there is none. */
async function openIfThere(
  path: string,
): Promise<Awaited<ReturnType<typeof openRecord>> | undefined> {
  try {
    return await openRecord(path);
  } catch (error) {
    const isEarly = error instanceof ArtifactIntegrityError && error.message.includes(".tail");
    if (isEarly || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
