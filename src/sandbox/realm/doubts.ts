/**
 * Why a run that is recorded may not be that of a plain loop, as far as the module's own objects show.
 * This module is browser compatible.
 *
 * @module
 */

import { NondeterministicStepError } from "../../errors.ts";
import type { Doubt } from "../wire/answers.ts";
import type { LiveStart } from "../../engine/guards/second_instance.ts";
import { HeldParameters } from "./held_parameters.ts";
import type { LastingObjects } from "./lasting_objects.ts";
import { ShownModule } from "./shown_module.ts";
import type { Beside } from "./plan_recording.ts";
import { ObjectUses } from "./object_uses.ts";
import type { StepModule } from "./step_module.ts";

/** What an instance of the module exports. */
type Exports = Readonly<Record<string, unknown>>;

/** What finds doubts in all recordings of a module. */
export class ObjectWatch {
  /** What shows its objects. */
  readonly shown: ShownModule;
  /** What it may do with them. */
  readonly uses: ObjectUses;

  /** @param module The module; its instances show their objects from now on. */
  constructor(module: StepModule) {
    this.shown = new ShownModule(module.source);
    this.uses = new ObjectUses(module.source);
    module.shown = this.shown.source;
  }
}

/** Exports that are read once, when the module has loaded: a plain loop would see what they are later. */
const CALLED = ["step", "codec", "observe"] as const;

function replacedError(name: string): NondeterministicStepError {
  return new NondeterministicStepError(
    0,
    `Cannot certify the run: the module assigns another \`${name}\` while it runs`,
    { hint: "let one function do both, and decide by the state" },
  );
}

/** Collects the doubts of one recording. */
export class Doubts {
  readonly #watch: ObjectWatch;
  readonly #exports: Exports;
  /** What it exported under the names of {@linkcode CALLED}. */
  readonly #functions: readonly unknown[];
  readonly #lasting: LastingObjects;
  readonly #parameters: HeldParameters;
  /** Whether there is an object that a state had better not hold. */
  readonly #isWatching: boolean;
  #held: string | undefined;
  #changed: string | undefined;

  /**
   * @param watch What finds them.
   * @param exports What the instance that makes the states exports.
   * @param params The parameters.
   * @param isResumed Whether the run goes on with states that nobody looked at: they may have held any object.
   */
  constructor(
    watch: ObjectWatch,
    { exports, params, isResumed }: {
      readonly exports: Exports;
      readonly params: unknown;
      readonly isResumed: boolean;
    },
  ) {
    this.#watch = watch;
    this.#parameters = new HeldParameters(params, { uses: watch.uses, isResumed });
    this.#exports = exports;
    this.#functions = CALLED.map((name) => exports[name]);
    this.#lasting = watch.shown.objectsOf(exports);
    const name = this.#lasting.nameOf((object) => watch.uses.matter(object));
    this.#isWatching = name !== undefined;
    if (isResumed) this.#held = name;
  }

  /** Looks at X_0 as a plain loop has it: that of the recording is made of a copy of the parameters. */
  lookAtStart(make: () => LiveStart<unknown> | undefined): void {
    const start = this.#parameters.isWatching ? make() : undefined;
    if (start !== undefined) this.#parameters.look(start.state, start.params);
  }

  /** Looks at a state of which a copy will go on, with the parameters that it was made with. */
  look(live: unknown, params: unknown): void {
    this.#parameters.look(live, params);
    if (!this.#isWatching) return;
    this.#held ??= this.#lasting.heldBy(live, (object) => this.#watch.uses.matter(object));
  }

  /**
   * Compares what the instances have now with what one has that has done nothing yet.
   *
   * @throws {NondeterministicStepError} If the module exports another step than when it was loaded.
   */
  compare(freshExports: Exports, beside: Beside | undefined): void {
    const replaced = CALLED.find((name, i) => this.#exports[name] !== this.#functions[i]);
    if (replaced !== undefined) throw replacedError(replaced);
    const fresh = this.#watch.shown.objectsOf(freshExports);
    this.#changed = this.#lasting.changedSince(fresh) ??
      (beside && this.#watch.shown.objectsOf(beside.exports).changedSince(fresh));
    // Variables of a function that made the step have no names here.
    if (beside?.given.some((object) => this.#watch.uses.matter(object))) this.#held ??= "";
  }

  /** The name of the object that a state held; empty if it has none, undefined if no state held any. */
  get held(): string | undefined {
    return this.#held ?? this.#parameters.held;
  }

  /** The place of the object that changed; undefined if none did. */
  get changed(): string | undefined {
    return this.#changed;
  }

  /** All doubts. */
  list(): Doubt[] {
    const { held, changed } = this;
    return [
      ...changed === undefined ? [] : [{ kind: "changed" as const, name: changed }],
      ...held === undefined ? [] : [{ kind: "held" as const, name: held }],
    ];
  }
}
