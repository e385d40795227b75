/**
 * The step module as the child has it: one instance or several, each behind guards.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind } from "../../codec/data_kind.ts";
import type { Observable, Observation, StateCodec, StepFunction } from "../../engine/types.ts";
import { parameterProblem } from "../../engine/step_parameters.ts";
import { noAnswer } from "../../engine/predicate_result.ts";
import { encodeWith } from "../../engine/user_codec.ts";
import type { Rng } from "../../rng/rng.ts";
import { OBSERVABLES_MAX } from "../wire/limits.ts";
import type { RealmIo } from "./realm_io.ts";
import { RESERVED_WORDS } from "./reserved_words.ts";
import type { RealmShims } from "./shims.ts";
import { type Denial, denialText } from "./denials.ts";
import { callUser, swallowedWhileLoading, UserCodeError } from "./user_code.ts";
import { type FacadePick, guardStep, type HotCode, hotStep } from "./hot_step.ts";
import { STEP_MODULE_ID } from "../wire/answers.ts";
import { LOADING, type Position } from "../wire/position.ts";
import { OBSERVABLE_NAME, type ObserveRequest } from "../wire/requests.ts";
import { facadeOf, FacadePicker } from "./rng_facade.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** Describes as data how a state is to be drawn; t is that of the root run. */
export type Picturer = (state: unknown, params: unknown, t: number) => unknown;

/** One evaluation of the module's text, with variables of its own. */
export interface StepInstance {
  /** The step, with the generator as the step is to see it. */
  readonly step: StepFunction<unknown>;
  /** Refuses a step that would take t for something else. @throws {ModuleShapeError} If it would. */
  checkParameters(): void;
  /** What `init` exports; undefined if nothing. */
  readonly init: unknown;
  /** What `params` exports. */
  readonly params: unknown;
  /** What `rng` exports. */
  readonly rng: unknown;
  /** Exported observables, guarded. */
  readonly observe: Readonly<Record<string, Observable<unknown>>>;
  /** Exported codec, guarded. */
  readonly codec: StateCodec<unknown> | undefined;
  /** Exported `picture`, guarded. */
  readonly picture: Picturer | undefined;
  /** All that the module exports, as it is. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** What the step threw last; the engine keeps only a text of it. */
  lastError(): UserCodeError | undefined;
}

/** Something wrong with what the module exports. */
export class ModuleShapeError extends Error {}

/** A text that was to be a function and is something else. */
export class ExpressionError extends Error {}

/**
 * An observable that the module exports.
 *
 * @throws {ModuleShapeError} If it exports none of that name.
 */
export function exportedObservable(instance: StepInstance, name: string): Observable<unknown> {
  if (!Object.hasOwn(instance.observe, name)) {
    throw new ModuleShapeError(`the step module exports no observable \`${name}\``);
  }
  return instance.observe[name]!;
}

/**
 * The observable that a job asks for: one that the module exports, or a function given as text.
 *
 * @throws {ModuleShapeError} If the module exports none of that name.
 * @throws {UserCodeError | ExpressionError} If the text is not a function.
 */
export async function observableOf(
  { name, expression }: ObserveRequest,
  module: StepModule,
  instance: StepInstance,
): Promise<Observable<unknown>> {
  if (expression === undefined) return exportedObservable(instance, name);
  return (await module.expression(expression)) as Observable<unknown>;
}

/** What a predicate given as text says. @throws {ExpressionError} If that counts as true whatever it found. */
function judged(answer: unknown): boolean {
  const problem = noAnswer(answer);
  if (problem === undefined) return Boolean(answer);
  throw new ExpressionError(problem);
}

/** Makes code that will call the step of one instance only. */
export type CopyHotCode = (io: Pick<RealmIo, "evaluate">) => Promise<HotCode>;

/** An evaluation of the module, and the code that calls its step. */
interface HotExports {
  readonly exports: Record<string, unknown>;
  readonly hot: HotCode;
}

/** Makes instances of one module's text. */
export class StepModule {
  /** What its instances see of clock and randomness. */
  readonly shims: RealmShims;
  readonly #io: Pick<RealmIo, "evaluate">;
  /** Its text. */
  readonly source: string;
  /** Its text with something behind it, which instances that are made from now on evaluate in its place. */
  shown: string | undefined;
  readonly #position: Position;
  /** What the module was denied while it loaded, and went on without, by what it did. */
  readonly #told = new Map<string, Denial>();
  #isChecked = false;
  /** What the instance that was made last exports. */
  #exports: Record<string, unknown> = {};
  #params: () => unknown = () => undefined;
  /** What makes functions that were given as texts: they are compiled once. */
  readonly #makers = new Map<string, AnyFunction>();
  /** The evaluation that is used again, with the code that calls its step. */
  #kept: HotExports | undefined;

  /** Remembers the source, and what steps are given and report; nothing is evaluated yet. */
  constructor(
    source: string,
    { io, position, shims }: {
      io: Pick<RealmIo, "evaluate">;
      position: Position;
      shims: RealmShims;
    },
  ) {
    this.shims = shims;
    this.#io = io;
    this.source = source;
    this.#position = position;
  }

  /**
   * Evaluates the module's text once more.
   *
   * @param rng The one generator that the step will be called with, if it is known: draws then cost
   * nothing extra.
   * @throws {UserCodeError} If evaluating it throws.
   * @throws {ModuleShapeError} If it exports no step or something of the wrong kind.
   * @throws {StateEncodingError} If it exports an `init` that is neither a function nor data.
   */
  async instantiate(rng?: Rng): Promise<StepInstance> {
    this.#position[0] = LOADING;
    const { exports } = await this.#load();
    return this.#instance(exports, facadePick(rng));
  }

  /**
   * Evaluates the module's text once more, for an instance whose step is called by code of its own: what V8 makes of that
   * code does not suffer by the steps of other instances.
   *
   * @param copy Makes that code.
   * @throws {unknown} What {@linkcode instantiate} throws.
   */
  async instantiateHot(copy: CopyHotCode): Promise<StepInstance> {
    this.#position[0] = LOADING;
    return this.#hotInstance({ ...await this.#load(), hot: await copy(this.#io) });
  }

  /**
   * One evaluation of the module's text that serves all who ask for it, for a module that keeps nothing between
   * calls. Code that V8 made for it is not made again.
   *
   * @param copy Makes the code that will call its step.
   * @throws {unknown} What {@linkcode instantiate} throws.
   */
  async reuse(copy: CopyHotCode): Promise<StepInstance> {
    this.#position[0] = LOADING;
    this.#kept ??= { ...await this.#load(), hot: await copy(this.#io) };
    return this.#hotInstance(this.#kept);
  }

  #hotInstance({ exports, hot }: HotExports): StepInstance {
    const instance = this.#instance(exports, facadePick(undefined), hot.hotStep);
    hot.run(instance.step);
    return instance;
  }

  #instance(
    exports: Record<string, unknown>,
    pick: FacadePick,
    wrap: typeof hotStep = hotStep,
  ): StepInstance {
    this.#exports = exports;
    const instance = shape(exports, pick, { position: this.#position, wrap });
    if (!this.#isChecked) checkInitialState(instance);
    this.#isChecked = true;
    return { ...instance, step: this.shims.step(instance.step) };
  }

  /** Says what functions given as text find under the name `params`: a copy of the run's. */
  useParams(copy: () => unknown): void {
    this.#params = copy;
  }

  /**
   * Evaluates a function given as text. It may use what the module exports, of the instance made last, and the
   * run's parameters as `params`.
   *
   * @throws {UserCodeError} If the text is not an expression.
   * @throws {ExpressionError} If it is not that of a function.
   */
  async expression(text: string): Promise<AnyFunction> {
    const names = this.#namesIn(text);
    // Line breaks, so that a comment in the text does not swallow the bracket.
    const source = `export default (${names.join(", ")}) => (\n${text}\n);`;
    let make = this.#makers.get(source);
    if (make === undefined) {
      const { exports } = await this.#evaluate("expression", source);
      make = exports.default as AnyFunction;
      this.#makers.set(source, make);
    }
    const values = names.map((name) => name === "params" ? this.#params() : this.#exports[name]);
    const value = callUser("expression", () => make(...values));
    if (typeof value !== "function") {
      throw new ExpressionError("it is not a function such as `s => s.value`");
    }
    // What an async function or a generator gives is true whatever it will find.
    if (Object.getPrototypeOf(value) !== Function.prototype) {
      throw new ExpressionError("it is not a plain function: it must give its answer at once");
    }
    const code = value as AnyFunction;
    return (...args) => callUser("expression", () => code(...args));
  }

  /**
   * Evaluates a predicate given as text.
   *
   * @returns What it says; throws an {@linkcode ExpressionError} where that counts as true whatever it found.
   * @throws What {@linkcode expression} throws.
   */
  async predicate(text: string): Promise<(...args: unknown[]) => boolean> {
    const code = await this.expression(text);
    return (...args) => judged(code(...args));
  }

  /**
   * Names of exports that a text has, as far as they can be names of variables. Those of the language mean what
   * they mean everywhere: a module that exports a `Number` does not decide what `Number.isNaN` says.
   */
  #namesIn(text: string): string[] {
    const words = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
    return [...new Set([...Object.keys(this.#exports), "params"])]
      .filter((name) =>
        words.has(name) && !RESERVED_WORDS.has(name) && !Object.hasOwn(globalThis, name)
      );
  }

  /** In an object of ours: no promise may resolve with a foreign value, whose `then` would be called. */
  async #load(): Promise<{ readonly exports: Record<string, unknown> }> {
    this.shims.startLoad();
    try {
      return await this.#evaluate("step module", this.shown ?? this.source);
    } catch (error) {
      if (this.shown === undefined || (error as Error).name !== "SyntaxError") throw error;
      // Where it is wrong is told of the author's own text.
      return await this.#evaluate("step module", this.source);
    } finally {
      this.shims.endLoad();
    }
  }

  /** What the module did without while it loaded: it may behave otherwise outside of the sandbox. */
  get notes(): readonly string[] {
    return [...this.#told.values()].map((denial) =>
      denialText(denial, { who: "step module", t: undefined }, true)
    );
  }

  async #evaluate(
    who: "step module" | "expression",
    source: string,
  ): Promise<{ readonly exports: Record<string, unknown> }> {
    let evaluated;
    try {
      const id = who === "expression" ? "rewind:expression" : STEP_MODULE_ID;
      evaluated = await this.#io.evaluate(id, source);
    } catch (thrown) {
      throw new UserCodeError(who, thrown);
    }
    const swallowed = swallowedWhileLoading(who, this.#told);
    if (swallowed !== undefined) throw swallowed;
    return evaluated;
  }
}

function shape(
  exports: Record<string, unknown>,
  pick: FacadePick,
  { position, wrap }: { position: Position; wrap: typeof hotStep },
): StepInstance {
  const read = (name: string): unknown => callUser("step module", () => exports[name]);
  const step = read("step");
  if (typeof step !== "function") {
    throw new ModuleShapeError(
      "the step module does not export a function `step(state, rng, params, t, input)`",
    );
  }
  return {
    ...guardStep(step as AnyFunction, pick, { position, wrap }),
    checkParameters() {
      const problem = parameterProblem(step as AnyFunction);
      if (problem !== undefined) throw new ModuleShapeError(problem);
    },
    init: read("init"),
    params: read("params"),
    rng: read("rng"),
    observe: guardObservables(read("observe")),
    codec: guardCodec(read("codec")),
    picture: guardPicture(read("picture")),
    exports,
  };
}

function guardPicture(exported: unknown): Picturer | undefined {
  if (exported === undefined) return undefined;
  if (typeof exported !== "function") {
    throw new ModuleShapeError("`picture` is not a function `picture(state, params, t)`");
  }
  return (...args) => callUser("picture", () => (exported as AnyFunction)(...args));
}

function facadePick(known: Rng | undefined): FacadePick {
  if (known === undefined) {
    const picker = new FacadePicker();
    return (rng) => picker.of(rng);
  }
  const facade = facadeOf(known);
  return () => facade;
}

/** A module whose `init` is no state is broken, whatever is asked of it. */
function checkInitialState({ init, codec }: StepInstance): void {
  if (init !== undefined && typeof init !== "function") encodeWith(codec, init);
}

function guardObservables(exported: unknown): Record<string, Observable<unknown>> {
  const guarded: Record<string, Observable<unknown>> = {};
  if (exported === undefined) return guarded;
  const kind = typeof exported === "object" && exported !== null ? dataKind(exported) : "Date";
  // Of a Map no entry would be seen, nor the methods of a class; a namespace has no prototype.
  if (kind !== "Object" && kind !== "NullPrototype" && (kind ?? Object.getPrototypeOf(exported))) {
    throw new ModuleShapeError("`observe` is not an object of functions of the state");
  }
  const entries = callUser("observe", () => Object.entries(exported as object));
  if (entries.length > OBSERVABLES_MAX) {
    throw new ModuleShapeError(`\`observe\` has more than ${OBSERVABLES_MAX} observables`);
  }
  for (const [name, observable] of entries) {
    if (!OBSERVABLE_NAME.test(name)) {
      throw new ModuleShapeError(`observe.${name}: the name is no plain word`);
    }
    if (typeof observable !== "function") {
      throw new ModuleShapeError(`\`observe.${name}\` is not a function of the state`);
    }
    guarded[name] = guardObservable(`observe.${name}`, observable as AnyFunction);
  }
  return guarded;
}

/** An observable whose errors stop at the border; `who` is what messages call it. */
export function guardObservable(who: string, observable: AnyFunction): Observable<unknown> {
  return (state) => callUser(who, () => observable(state) as Observation);
}

function guardCodec(exported: unknown): StateCodec<unknown> | undefined {
  if (exported === undefined) return undefined;
  if (typeof exported !== "object" || exported === null) {
    throw new ModuleShapeError("`codec` is not an object {encode, decode}");
  }
  const codec = exported as Record<string, unknown>;
  const { encode, decode } = callUser("codec", () => ({
    encode: codec.encode,
    decode: codec.decode,
  }));
  if (typeof encode !== "function" || typeof decode !== "function") {
    throw new ModuleShapeError("`codec` is not an object {encode, decode} of functions");
  }
  return {
    encode: (state) => callUser("codec.encode", () => encode.call(codec, state) as unknown),
    decode: (data) => callUser("codec.decode", () => decode.call(codec, data) as unknown),
  };
}
