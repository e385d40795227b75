/**
 * Who draws from a generator. A step that keeps the first generator it is given, as classes do, has to find
 * the right one behind it in every replay: all replays of one step draw from one object, each with its own
 * state of it, and an object that no replay is drawing from refuses to draw.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { captureState, createRng, type GeneratorState, type RngName } from "../rng/backends.ts";
import type { Rng } from "../rng/rng.ts";

/** The generators of each step, by backend. */
const desksOfSteps = new WeakMap<object, Map<RngName, Desk>>();

/** Those of generators that the caller made. */
const desksOfGenerators = new WeakMap<Rng, Desk>();

/** One generator, and whose state it has. */
export class Desk {
  readonly rng: Rng;
  /** Whose state the generator has. */
  holder: GeneratorLease | undefined;
  /** Whether it is in use beside another. */
  isLent = false;
  /** How often a replay went on behind another, and from how many times on its state is looked at. */
  turns = 0;
  looksAt = 0;
  readonly #prototype: object;
  #isClosed = false;

  constructor(rng: Rng) {
    this.rng = rng;
    this.#prototype = Object.getPrototypeOf(rng) as object;
  }

  /** Lets the generator draw again. */
  open(): void {
    if (this.#isClosed) Object.setPrototypeOf(this.rng, this.#prototype);
    this.#isClosed = false;
  }

  /** Makes every draw throw; a check in each draw would cost the steps that keep nothing. */
  close(): void {
    Object.setPrototypeOf(this.rng, closedPrototype(this.#prototype));
    this.#isClosed = true;
  }
}

/** The desk whose generator may draw. */
let openDesk: Desk | undefined;

/** The lease that is in use; what it calls may use others, and gives it back. */
let current: GeneratorLease | undefined;

/** The right of one replay to its generator. */
export class GeneratorLease {
  /** What it is shared with. */
  readonly desk: Desk;
  /** The generator's state while others have it. */
  #state: GeneratorState | undefined;
  /** Whether it is in use all the time. */
  #isBeside = false;

  /**
   * @param step The step to call: all its leases share one generator of a backend.
   * @param rng Name of the backend, or another generator to use.
   */
  constructor(step: object, rng: RngName | Rng) {
    this.desk = typeof rng === "string" ? deskOfStep(step, rng) : deskOf(rng);
  }

  /** The generator, in the state in which this lease left it while it is in use. */
  get rng(): Rng {
    return this.desk.rng;
  }

  /** Takes the generator into use. @returns What to give to {@linkcode GeneratorLease.end}. */
  begin(): GeneratorLease | undefined {
    const outer = current;
    if (this.#isBeside) return outer;
    current = this;
    if (openDesk !== this.desk || this.desk.holder !== this) this.#take();
    return outer;
  }

  /** Gives the generator back to whoever used it before. */
  end(outer: GeneratorLease | undefined): void {
    current = outer;
    if (outer !== undefined && outer !== this) outer.#take();
  }

  /** Takes the generator into use for one call. */
  use<R>(act: (rng: Rng) => R): R {
    const outer = this.begin();
    try {
      return act(this.rng);
    } finally {
      this.end(outer);
    }
  }

  /** Takes it into use until `endBeside`, beside a lease that does so too; false if both have one generator. */
  beginBeside(): boolean {
    const desk = this.desk;
    if (desk.isLent) return false;
    desk.isLent = true;
    this.#isBeside = true;
    desk.open();
    this.#hold();
    return true;
  }

  /** Ends that. */
  endBeside(): void {
    const desk = this.desk;
    this.#isBeside = false;
    desk.isLent = false;
    if (openDesk !== desk) desk.close();
  }

  /** Whether nobody else has used the generator since. */
  get isHolder(): boolean {
    return this.desk.holder === this;
  }

  #take(): void {
    const desk = this.desk;
    if (openDesk !== desk) {
      openDesk?.close();
      desk.open();
      openDesk = desk;
    }
    this.#hold();
  }

  /** Puts the generator in the state in which this lease left it. */
  #hold(): void {
    const desk = this.desk;
    if (desk.holder === this) return;
    if (desk.holder !== undefined) desk.holder.#state = captureState(desk.rng);
    desk.holder = this;
    if (this.#state !== undefined) desk.rng.restore(this.#state);
    this.#state = undefined;
  }
}

function deskOf(rng: Rng): Desk {
  let desk = desksOfGenerators.get(rng);
  if (desk === undefined) desksOfGenerators.set(rng, desk = new Desk(rng));
  return desk;
}

function deskOfStep(step: object, name: RngName): Desk {
  let byName = desksOfSteps.get(step);
  if (byName === undefined) desksOfSteps.set(step, byName = new Map());
  let desk = byName.get(name);
  if (desk === undefined) byName.set(name, desk = new Desk(createRng(name, 0)));
  return desk;
}

/** Stands in for the methods of a class of generators, each of which throws; one per class. */
const closedPrototypes = new WeakMap<object, object>();

function closedPrototype(open: object): object {
  let closed = closedPrototypes.get(open);
  if (closed !== undefined) return closed;
  closed = Object.create(open) as object;
  for (const name of methodNames(open)) {
    Object.defineProperty(closed, name, { value: refuseDraw, configurable: true });
  }
  closedPrototypes.set(open, closed);
  return closed;
}

function refuseDraw(): never {
  throw new ArgumentTypeError(
    "Cannot draw from this generator: it was kept from another run or from outside of a step; draw only " +
      "in the step, from the rng that it is given",
  );
}

/** What the engine does with a generator and a step does not. */
const OF_THE_ENGINE: ReadonlySet<string> = new Set([
  "constructor",
  "reseed",
  "capture",
  "position",
  "quickPosition",
  "restore",
]);

/** Names of the methods of a generator that steps call, from its class and those above it. */
export function methodNames(prototype: object): string[] {
  const names = new Set<string>();
  for (
    let at = prototype;
    at !== Object.prototype && at !== null;
    at = Object.getPrototypeOf(at) as object
  ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const { value } = Object.getOwnPropertyDescriptor(at, name)!;
      if (typeof value === "function" && !OF_THE_ENGINE.has(name)) names.add(name);
    }
  }
  return [...names];
}
