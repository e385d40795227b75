/**
 * Whether a state holds a part of the parameters that the module may tell from a copy: in a plain loop it stays that
 * part, and a checkpoint makes another object of it.
 * This module is browser compatible.
 *
 * @module
 */

import { objectsIn } from "./lasting_objects.ts";
import type { ObjectUses } from "./object_uses.ts";

/** Watches one recording. */
export class HeldParameters {
  readonly #isWatching: boolean;
  /** The parameters that were looked through last, and all objects of them. */
  #known: { readonly params: unknown; readonly parts: ReadonlySet<object> } | undefined;
  #isHeld: boolean;

  /**
   * @param params The parameters.
   * @param uses What the module may do with objects.
   * @param isResumed Whether the run goes on with states that nobody looked at.
   */
  constructor(
    params: unknown,
    { uses, isResumed }: { readonly uses: ObjectUses; readonly isResumed: boolean },
  ) {
    const [, part] = objectsIn(params);
    this.#isWatching = uses.compares && part !== undefined;
    this.#isHeld = this.#isWatching && isResumed;
  }

  /** Looks at a state of which a copy will go on, with the parameters that it was made with. */
  look(live: unknown, params: unknown): void {
    if (!this.#isWatching || this.#isHeld) return;
    if (this.#known?.params !== params) {
      this.#known = { params, parts: new Set(objectsIn(params)) };
    }
    const { parts } = this.#known!;
    for (const object of objectsIn(live)) {
      if (!parts.has(object)) continue;
      this.#isHeld = true;
      return;
    }
  }

  /** What messages call the object that was held; undefined if none was. */
  get held(): string | undefined {
    return this.#isHeld ? "params" : undefined;
  }
}
