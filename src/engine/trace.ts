/**
 * The random draws of one step, as the step asked for them.
 * This module is browser compatible.
 *
 * @module
 */

import type { Rng } from "../rng/rng.ts";
import { copyState } from "../codec/copy_state.ts";

/** One call that a step made to its generator. */
export interface TraceEntry {
  /** Name of the generator's method. */
  readonly method: string;
  /** Arguments of the call; copies where they are data, a description where they are not. */
  readonly args: readonly unknown[];
  /** What the call returned; a copy where it is data, a description where it is not. */
  readonly result: unknown;
}

/**
 * A stand-in for a generator that passes every method call on and writes it down. Draws that a method
 * makes inside (as `gauss` calls `random`) are part of that one call.
 *
 * @param rng The generator that makes the draws.
 * @param entries Receives one entry per call, in order.
 */
export function traceRng<R extends Rng>(rng: R, entries: TraceEntry[]): R {
  return new Proxy(rng, {
    get(target, name) {
      const member = Reflect.get(target, name, target) as unknown;
      if (typeof member !== "function" || typeof name !== "string") return member;
      return (...args: unknown[]): unknown => {
        // Copied before the call: a method such as shuffle changes its argument in place.
        const copies = args.map(snapshot);
        const result = Reflect.apply(member, target, args) as unknown;
        entries.push({ method: name, args: copies, result: snapshot(result) });
        return result;
      };
    },
  });
}

function snapshot(value: unknown): unknown {
  try {
    return copyState(value);
  } catch {
    return `[${typeof value}]`;
  }
}
