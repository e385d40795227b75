/**
 * TypeScript as JavaScript.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { StepModuleError } from "../../errors.ts";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { inlineMap } from "./encoded_map.ts";

/** What is left of a module without its types. */
export interface Stripped {
  /** The text. */
  readonly text: string;
  /** The map to what was given; undefined where every character stands where it stood. */
  readonly map: EncodedMap | undefined;
}

/**
 * Removes types. They become blanks; where they leave code behind, as an enum does, the text is printed anew.
 *
 * @param text Text of the module.
 * @param path Its path, for the message.
 * @throws {StepModuleError} If the text is not TypeScript.
 */
export function stripTypes(text: string, path: string): Stripped {
  try {
    return { text: stripTypeScriptTypes(text, { mode: "strip" }), map: undefined };
  } catch {
    // Not erasable, or not TypeScript at all, which the other mode tells.
  }
  try {
    const printed = stripTypeScriptTypes(text, { mode: "transform", sourceMap: true });
    return inlineMap(printed) ?? { text: printed, map: undefined };
  } catch (error) {
    const words = (error as Error).message.replace(
      /\n\s*at file:\/\/\/stripTypeScriptTypes[^]*$/,
      "",
    );
    throw new StepModuleError(`Cannot read '${path}' as TypeScript: ${words}`, { cause: error });
  }
}
