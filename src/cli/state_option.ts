/**
 * The kind of option that takes a state.
 *
 * @module
 */

import type { Option, OptionTraits } from "./command.ts";
import { valued, type ValueTraits } from "./options.ts";
import { readValue } from "./read_value.ts";

/** A state as JSON, with the tagged forms of `--json` output understood; in a box, as it may be undefined. */
export function stateJson(
  summary: string,
  traits: ValueTraits<never> = {},
): Option<{ readonly value: unknown } | undefined> {
  return valued(
    { value: "JSON", summary },
    traits as OptionTraits,
    (given, name) => ({ value: readValue(given, name) }),
  );
}
