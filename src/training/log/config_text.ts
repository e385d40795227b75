/**
 * Parses configuration text, YAML or JSON, for its seeds: integers of any size stay exact, and tags
 * of Python objects, which `hparams.yaml` is full of, are passed over rather than refused.
 * This module is browser compatible.
 *
 * @module
 */

import { parseDocument } from "yaml";

/**
 * The value of a YAML or JSON text, with all integers as bigint; undefined if it cannot be parsed.
 * Nothing is ever constructed but plain data.
 */
export function parseConfigText(text: string): unknown {
  try {
    const document = parseDocument(text, {
      intAsBigInt: true,
      logLevel: "silent",
      uniqueKeys: false,
      strict: false,
    });
    return document.toJS({ maxAliasCount: 100, mapAsMap: true });
  } catch {
    // Aliases that multiply beyond bounds, or a tree too deep: no seed is worth that.
    return undefined;
  }
}
