/**
 * Turns a step module, as its author wrote it, into the one import-free ES module that travels in an
 * artifact and runs in the sandbox.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { basename, resolve } from "node:path";
import { checkSource } from "../sandbox/static_rules.ts";
import { bundleStep } from "../sandbox/bundle_step.ts";
import { UnsafeArtifactError } from "../errors.ts";
import { UsageError } from "./usage_error.ts";

/** A step module, ready to be embedded. */
export interface StepSource {
  /** Text of the module. */
  readonly source: string;
  /** Name of the file, without its folder. */
  readonly stepId: string;
}

/**
 * Reads a step module. One without imports keeps its text, less its types; one with imports is bundled.
 *
 * @throws {UsageError} If it cannot be read, parsed or bundled, or if what remains cannot run in the sandbox.
 */
export async function readStepSource(path: string): Promise<StepSource> {
  const text = await Deno.readTextFile(path);
  const stepId = basename(path);
  const plain = /\.[cm]?tsx?$/.test(path) ? stripTypes(text, path) : text;
  if (!isRefused(plain)) return { source: plain, stepId };
  const source = await bundleStep(resolve(path));
  try {
    checkSource(source);
  } catch (error) {
    if (!(error instanceof UnsafeArtifactError)) throw error;
    throw new UsageError(
      `Cannot use ${path} as, bundled into one module, it still is not import-free: ${error.message}`,
    );
  }
  return { source, stepId };
}

function isRefused(source: string): boolean {
  try {
    checkSource(source);
    return false;
  } catch {
    return true;
  }
}

function stripTypes(text: string, path: string): string {
  try {
    return stripTypeScriptTypes(text, { mode: "transform" });
  } catch (error) {
    throw new UsageError(`Cannot read ${path} as TypeScript: ${(error as Error).message}`);
  }
}
