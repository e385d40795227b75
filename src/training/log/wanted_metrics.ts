/**
 * Which metrics of a log are kept: those that are asked for by any of their names.
 *
 * @module
 */

import { canonicalMatches, canonicalName } from "./canonical_names.ts";
import type { FieldResolver } from "./field_roles.ts";

/** See the module. */
export class WantedMetrics {
  readonly #names: ReadonlySet<string> | undefined;
  /** Names as records may spell them, before they are told apart: `loss` for `eval/loss` and `loss#1`. */
  readonly #raw: ReadonlySet<string> = new Set();
  readonly #fields: FieldResolver;

  /** Takes the names (raw, canonical or alias) that are asked for; undefined for all. */
  constructor(names: readonly string[] | undefined, fields: FieldResolver) {
    this.#fields = fields;
    if (names === undefined) return;
    this.#names = withCanonical(names);
    this.#raw = withCanonical(names.flatMap((name) => {
      const bare = name.replace(/#\d+$/, "");
      const parts = bare.split("/");
      return [name, ...parts.map((_, i) => parts.slice(i).join("/"))];
    }));
  }

  /** Whether a column that records call `name` may hold a wanted metric. */
  mayHold(name: string): boolean {
    return this.#names === undefined || this.#isIn(this.#raw, name);
  }

  /** Whether a finished column is wanted. */
  has(name: string, canonical: string | undefined): boolean {
    if (this.#names === undefined || this.#isIn(this.#names, name.replace(/#\d+$/, ""))) {
      return true;
    }
    return canonical !== undefined && this.#names.has(canonical);
  }

  #isIn(names: ReadonlySet<string>, name: string): boolean {
    if (names.has(name)) return true;
    const own = this.#fields.canonical(name);
    if (own !== undefined && names.has(own)) return true;
    return canonicalMatches(name).some((match) => names.has(match.canonical));
  }
}

function withCanonical(names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => [name, canonicalName(name) ?? name]));
}
