/**
 * Turns a step module, as its author wrote it, into the one import-free ES module that travels in an
 * artifact and runs in the sandbox.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { basename, resolve } from "node:path";
import { checkSource } from "../sandbox/host/static_rules.ts";
import { bundleStep } from "../sandbox/host/bundle_step.ts";
import { SandboxError, UnsafeArtifactError } from "../errors.ts";
import { InputError } from "./usage_error.ts";

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
 * @throws {InputError} If it cannot be read, parsed or bundled, or if what remains cannot run in the sandbox.
 */
export async function readStepSource(path: string): Promise<StepSource> {
  const text = await Deno.readTextFile(path);
  const stepId = basename(path);
  const plain = /\.[cm]?tsx?$/.test(path) ? stripTypes(text, path) : text;
  if (refusalOf(plain) === undefined) return { source: plain, stepId };
  const source = await bundle(path);
  const refusal = refusalOf(source);
  if (refusal === undefined) return { source, stepId };
  const names = importedNames(source);
  if (names.length === 0) {
    throw new InputError(
      `Cannot load '${path}': bundled into one module, it is still refused: ${refusal.message}`,
    );
  }
  throw new InputError(
    `Cannot load '${path}': it imports ${names.join(", ")} while loading, which cannot be bundled`,
    {
      hint:
        "use only the JavaScript language in a step, and pass what it needs in params or in the " +
        "initial state",
    },
  );
}

/** Why the sandbox would not take a source; undefined if it would. */
function refusalOf(source: string): UnsafeArtifactError | undefined {
  try {
    checkSource(source);
    return undefined;
  } catch (error) {
    if (error instanceof UnsafeArtifactError) return error;
    throw error;
  }
}

/** What the import statements that are left in a bundle name, for a message. */
function importedNames(source: string): string[] {
  const names = source.matchAll(/^\s*import\b[^"';]*("[^"\n]+"|'[^'\n]+')/gm);
  return [...new Set(Array.from(names, ([, name]) => name!))];
}

async function bundle(path: string): Promise<string> {
  try {
    return await bundleStep(resolve(path));
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const words = error.message.replace(/\n(?:error: bundling failed|\nStack backtrace:)[^]*$/, "");
    throw new InputError(`${words}\nwhile loading '${path}'`, {
      cause: error,
      hint: "fix its imports",
    });
  }
}

/** Removes types; where they leave code behind, as an enum does, the text is printed anew. */
function stripTypes(text: string, path: string): string {
  try {
    return stripTypeScriptTypes(text, { mode: "strip" });
  } catch {
    // Not erasable, or not TypeScript at all, which the other mode tells.
  }
  try {
    return stripTypeScriptTypes(text, { mode: "transform" });
  } catch (error) {
    const words = (error as Error).message.replace(
      /\n\s*at file:\/\/\/stripTypeScriptTypes[^]*$/,
      "",
    );
    throw new InputError(`Cannot read '${path}' as TypeScript: ${words}`, { cause: error });
  }
}
