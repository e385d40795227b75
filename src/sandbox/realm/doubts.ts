/**
 * Why a run that is recorded may not be that of a plain loop, as far as the module's own objects show.
 * This module is browser compatible.
 *
 * @module
 */

import type { Doubt } from "../wire/answers.ts";
import type { LastingObjects, ShownModule } from "./lasting_objects.ts";
import type { Beside } from "./plan_recording.ts";
import type { ObjectUses } from "./object_uses.ts";

/** What an instance of the module exports. */
type Exports = Readonly<Record<string, unknown>>;

/** Collects the doubts of one recording. */
export class Doubts {
  readonly #shown: ShownModule;
  readonly #lasting: LastingObjects;
  readonly #uses: ObjectUses;
  /** Whether there is an object that a state had better not hold. */
  readonly #isWatching: boolean;
  #held: string | undefined;
  #changed: string | undefined;

  /**
   * @param exports What the instance that makes the states exports.
   * @param options What shows its objects; what the module may do with them; whether the run goes on with states that
   * nobody looked at: they may have held any.
   */
  constructor(
    exports: Exports,
    { shown, uses, isResumed }: {
      readonly shown: ShownModule;
      readonly uses: ObjectUses;
      readonly isResumed: boolean;
    },
  ) {
    this.#shown = shown;
    this.#lasting = shown.objectsOf(exports);
    this.#uses = uses;
    const name = this.#lasting.nameOf((object) => uses.matter(object));
    this.#isWatching = name !== undefined;
    if (isResumed) this.#held = name;
  }

  /** Looks at a state of which a copy will go on. */
  look(live: unknown): void {
    if (!this.#isWatching) return;
    this.#held ??= this.#lasting.heldBy(live, (object) => this.#uses.matter(object));
  }

  /** Compares what the instances have now with what one has that has done nothing yet. */
  compare(freshExports: Exports, beside: Beside | undefined): void {
    const fresh = this.#shown.objectsOf(freshExports);
    this.#changed = this.#lasting.changedSince(fresh) ??
      (beside && this.#shown.objectsOf(beside.exports).changedSince(fresh));
    // Variables of a function that made the step have no names here.
    if (beside?.given.some((object) => this.#uses.matter(object))) this.#held ??= "";
  }

  /** All doubts. */
  list(): Doubt[] {
    const [held, changed] = [this.#held, this.#changed];
    return [
      ...changed === undefined ? [] : [{ kind: "changed" as const, name: changed }],
      ...held === undefined ? [] : [{ kind: "held" as const, name: held }],
    ];
  }
}
