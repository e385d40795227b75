/**
 * Turns a step module, as its author wrote it, into the one import-free ES module that travels in an
 * artifact and runs in the sandbox.
 *
 * @module
 */

import { basename, dirname, resolve } from "node:path";
import { StepModuleError, UnsafeArtifactError } from "../../errors.ts";
import { SOURCE_MAP_BYTES_MAX } from "../../artifact/limits.ts";
import { placeText } from "../../text/place_text.ts";
import { checkSource } from "../host/static_rules.ts";
import { mayUsePower } from "./quick_checks.ts";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { stripTypes } from "./strip_types.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** A step module, ready to be embedded. */
export interface StepSource {
  /** Text of the module. */
  readonly source: string;
  /** Name of the file, without its folder. */
  readonly stepId: string;
  /**
   * The source map from the text to the author's files, as JSON; undefined where line and column are those of
   * the one file that there is.
   */
  readonly sourceMap: string | undefined;
  /**
   * Whether the module may be given a clock and randomness while it loads: packages are in it that may ask for
   * them, and none of the author's own code does, for which that would be a mistake.
   */
  readonly mayShimLoad: boolean;
  /** What the author should know of how the module was made, one sentence each. */
  readonly notes: readonly string[];
}

/** How to read a step module. */
export interface ReadStepOptions {
  /**
   * Whether packages and remote modules that it imports may be downloaded.
   *
   * @default {false}
   */
  allowNet?: boolean;
  /**
   * Folders, besides the module's own, whose data files it may import.
   *
   * @default {[]}
   */
  allowData?: readonly string[];
  /**
   * Whether the map holds the texts of the author's files.
   *
   * @default {false}
   */
  embedSources?: boolean;
  /**
   * Whether a bundle is compared with the module that it was made from, which then runs in a process without
   * permissions.
   *
   * @default {false}
   */
  compare?: boolean;
}

/**
 * Reads a step module. One without imports keeps its text, less its types; one with imports is bundled with
 * what they name, from this machine only.
 *
 * @param path Path of the module.
 * @throws {StepModuleError} If it cannot be parsed or bundled, reads data that it may not, or if what remains
 * cannot run in the sandbox; the message names the author's file, line and column.
 */
export async function readStep(path: string, options: ReadStepOptions = {}): Promise<StepSource> {
  const { allowNet = false, allowData = [], embedSources = false, compare = false } = options;
  const text = await textOf(path);
  const stepId = basename(path);
  const isTyped = /\.[cm]?tsx?$/.test(path);
  const plain = isTyped ? stripTypes(text, path) : { text, map: undefined };
  const isReady = isAccepted(plain.text) && !mayUsePower(plain.text);
  if (isReady && plain.map === undefined && !embedSources) {
    return { source: plain.text, stepId, sourceMap: undefined, mayShimLoad: false, notes: [] };
  }
  // The parser, and what it takes to bundle, are loaded only where they are needed.
  const { printPlain } = await import("./print_plain.ts");
  const printed = printPlain(plain, { path, stepId, text, embedSources });
  if (printed !== undefined) return { stepId, ...finished(printed) };
  const { readBundle } = await import("./read_bundle.ts");
  const folders = [dirname(resolve(path)), ...allowData];
  return {
    stepId,
    ...finished(await readBundle(path, { allowNet, folders, embedSources, compare })),
  };
}

/** Text of a regular file; devices and pipes may have no end. */
async function textOf(path: string): Promise<string> {
  const { isFile, isDirectory, size } = await Deno.stat(path);
  if (!isFile && !isDirectory) {
    throw new StepModuleError(`Cannot load '${path}': it is no file`, {
      hint: "save the module to a file first",
    });
  }
  // A file of the kernel's has no size, and may never give a first byte.
  return isFile && size === 0 ? "" : await Deno.readTextFile(path);
}

/** A module as a parser printed it. */
interface PrintedStep {
  readonly source: string;
  readonly map: EncodedMap | undefined;
  readonly powerPlace: AuthorPlace | undefined;
  readonly mayShimLoad: boolean;
  readonly notes: readonly string[];
}

function finished(printed: PrintedStep): Omit<StepSource, "stepId"> {
  const { source, map, powerPlace, mayShimLoad, notes } = printed;
  const sourceMap = map === undefined ? undefined : JSON.stringify(map);
  const all = [...notes];
  if (powerPlace !== undefined) {
    const place = placeText(powerPlace);
    all.push(
      `${place} uses **, whose last bit another JavaScript engine may compute differently; ` +
        "Math.pow gives the same bits everywhere",
    );
  }
  // A UTF-16 unit takes at most three bytes of UTF-8.
  if (sourceMap === undefined || sourceMap.length <= SOURCE_MAP_BYTES_MAX / 3) {
    return { source, sourceMap, mayShimLoad, notes: all };
  }
  all.push("the source map is too large to travel with the run: errors name lines of the bundle");
  return { source, sourceMap: undefined, mayShimLoad, notes: all };
}

/** Whether the sandbox takes a source. */
function isAccepted(source: string): boolean {
  try {
    checkSource(source);
    return true;
  } catch (error) {
    if (error instanceof UnsafeArtifactError) return false;
    throw error;
  }
}
