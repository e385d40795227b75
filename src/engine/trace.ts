/**
 * The random draws of one step, as the step asked for them.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState } from "../codec/copy_state.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import { UntracedDrawError } from "../errors.ts";
import { createRng, type RngName } from "../rng/backends.ts";
import type { Rng } from "../rng/rng.ts";
import { methodNames } from "./generator_lease.ts";
import type { Traced, TracedDraw, TracedMethod, TraceEntry } from "./types.ts";

/** What a call that threw gave. */
const THREW = "[threw]";

/**
 * Writes down the calls to a generator, and to all that it leads to: those that it spawns, and the source
 * of its bits. However a step came by the generator, its calls are seen: they are looked up on the object
 * itself. Draws that a method makes inside (as `gauss` calls `random`) are part of that one call.
 */
export class DrawTracer {
  readonly #rng: Rng;
  readonly #attached: { target: object; prototype: object }[] = [];
  readonly #place: () => unknown;
  #entries: TracedDraw[] | undefined;
  /** How many calls are under way. */
  #depth = 0;

  /**
   * Listens from now on, so that a generator that is spawned early is known later.
   *
   * @param rng The generator.
   * @param place Says in a call where it was made.
   */
  constructor(rng: Rng, place: () => unknown = () => undefined) {
    this.#rng = rng;
    this.#place = place;
    this.#attach(rng, "");
  }

  /** The calls during a step, in order, up to where it throws if it does. */
  trace(step: () => void): Traced {
    const before = this.#rng.capture();
    const draws: TracedDraw[] = [];
    this.#entries = draws;
    let thrown: { readonly error: unknown } | undefined;
    try {
      step();
    } catch (error) {
      thrown = { error };
    } finally {
      this.#entries = undefined;
    }
    return { draws, thrown, isWhole: isWhole(this.#rng, before, draws) };
  }

  /** Listens no more. */
  release(): void {
    for (const { target, prototype } of this.#attached) Object.setPrototypeOf(target, prototype);
  }

  #attach(target: object, path: string): void {
    const prototype = Object.getPrototypeOf(target) as object;
    const listening = Object.create(prototype) as Record<string, unknown>;
    for (const name of methodNames(prototype)) {
      const method = Reflect.get(prototype, name) as (...args: unknown[]) => unknown;
      const call = (...args: unknown[]): unknown =>
        this.#call({ target, path, name, method }, args);
      Object.defineProperty(listening, name, { value: call, configurable: true });
    }
    Object.setPrototypeOf(target, listening);
    this.#attached.push({ target, prototype });
    const { bitGenerator } = target as { bitGenerator?: object };
    if (bitGenerator !== undefined) this.#attach(bitGenerator, `${path}bitGenerator.`);
  }

  #call({ target, path, name, method }: TracedMethod, args: unknown[]): unknown {
    if (this.#depth > 0) return Reflect.apply(method, target, args);
    this.#depth++;
    const spawned = name === "spawn" ? spawnedBy(target) : 0;
    // Copied before the call: a method such as shuffle changes its argument in place.
    const copies = this.#entries === undefined ? [] : args.map((value) => snapshot(value));
    const place = this.#entries === undefined ? undefined : this.#place();
    let result: unknown = THREW;
    try {
      return result = Reflect.apply(method, target, args);
    } finally {
      // Before its own calls would be seen.
      const position = this.#entries === undefined ? "" : this.#rng.position();
      this.#depth--;
      const children = name === "spawn" && Array.isArray(result) ? result as object[] : undefined;
      children?.forEach((child, i) => this.#attach(child, `${path}spawn[${spawned + i}].`));
      const shown = children === undefined ? snapshot(result) : `[${children.length} generators]`;
      this.#entries?.push({
        method: `${path}${name}`,
        args: copies,
        result: shown,
        position,
        place,
      });
    }
  }
}

/** How many children a generator has spawned, which is what the next one is called by. */
function spawnedBy(rng: object): number {
  return ((rng as Rng).capture() as { spawned?: number }).spawned ?? 0;
}

/** The error for a step whose trace does not show all draws. */
export function untracedDraw(): UntracedDrawError {
  return new UntracedDrawError(
    "Cannot trace the step: it moved its generator by a way that leaves no entry, such as a method that " +
      "it kept bound to it",
    { hint: "call the methods of the rng that the step is given" },
  );
}

/** Makes the calls again: whether that leaves the generator where it is. */
function isWhole(rng: Rng, before: object, draws: readonly TraceEntry[]): boolean {
  const again = createRng(rng.backend as RngName, 0) as Rng;
  again.restore(before);
  for (const { method, args } of draws) {
    const [receiver, name] = receiverOf(again, method);
    if (receiver === undefined) continue;
    // A function that was an argument is not at hand to be called again.
    if (args.includes("[function]")) return true;
    try {
      (receiver[name] as (...args: unknown[]) => unknown)(...args.map((value) => snapshot(value)));
    } catch {
      // As it did before.
    }
  }
  return equalBytes(encodeState(rng.capture()), encodeState(again.capture()));
}

/** Whose method it is, of the generator and its bits; undefined for those that were spawned. */
function receiverOf(rng: Rng, method: string): [Record<string, unknown> | undefined, string] {
  const methods = rng as unknown as Record<string, unknown>;
  const [first, second, third] = method.split(".") as [string, string?, string?];
  if (second === undefined) return [methods, first];
  const isOfBits = first === "bitGenerator" && third === undefined;
  return [isOfBits ? methods.bitGenerator as Record<string, unknown> : undefined, second];
}

/** A value as it is now: a list keeps its length, an instance its fields. */
function snapshot(value: unknown, depth = 0): unknown {
  try {
    return copyState(value);
  } catch {
    if (typeof value !== "object" || value === null || depth > 1) return `[${typeof value}]`;
    return Array.isArray(value)
      ? Array.from(value, (item) => snapshot(item, depth + 1))
      : snapshot({ ...value }, 2);
  }
}
