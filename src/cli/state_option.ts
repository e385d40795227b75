/**
 * The kind of option that takes a state.
 *
 * @module
 */

import { jsonToState } from "../codec/json_state.ts";
import type { Json } from "../codec/state_to_json.ts";
import type { Option, OptionTraits } from "./command.ts";
import { readJson, valued, type ValueTraits } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** A state as JSON, with the tagged forms of `--json` output understood; in a box, as it may be undefined. */
export function stateJson(
  summary: string,
  traits: ValueTraits<never> = {},
): Option<{ readonly value: unknown } | undefined> {
  return valued({ value: "JSON", summary }, traits as OptionTraits, (given, name) => {
    const found = readJson(given, name);
    try {
      return { value: jsonToState(found as Json) };
    } catch (error) {
      throw new UsageError(`Invalid value for ${name}: ${(error as Error).message}`);
    }
  });
}
