/**
 * Whether a state holds a part of the parameters that the module may tell from a copy, or change there: in a plain loop it
 * stays that part, and a checkpoint makes another object of it.
 * This module is browser compatible.
 *
 * @module
 */

import { hasOnlyProperties, objectsIn } from "./lasting_objects.ts";
import type { ObjectUses } from "./object_uses.ts";

/** Watches one recording. */
export class HeldParameters {
  readonly #isWatching: boolean;
  readonly #compares: boolean;
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
    this.#compares = uses.compares;
    // Of the parameters as a whole a state has nothing.
    this.#isWatching = [...objectsIn(params)].slice(1).some((part) => this.#matters(part));
    this.#isHeld = this.#isWatching && isResumed;
  }

  /** Whether a state may hold a part that nobody has seen there. */
  get isWatching(): boolean {
    return this.#isWatching && !this.#isHeld;
  }

  /** Looks at a state of which a copy will go on, with the parameters that it was made with. */
  look(live: unknown, params: unknown): void {
    if (!this.isWatching) return;
    if (this.#known?.params !== params) {
      this.#known = { params, parts: new Set(objectsIn(params)) };
    }
    const { parts } = this.#known!;
    for (const object of objectsIn(live)) {
      if (!parts.has(object) || !this.#matters(object)) continue;
      this.#isHeld = true;
      return;
    }
  }

  /** Whether it is another thing to have a part than to have a copy: what can be frozen is not changed. */
  #matters(part: object): boolean {
    return this.#compares || !(Array.isArray(part) || hasOnlyProperties(part));
  }

  /** What messages call the object that was held; undefined if none was. */
  get held(): string | undefined {
    return this.#isHeld ? "params" : undefined;
  }
}
