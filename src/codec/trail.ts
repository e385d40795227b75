/**
 * Where a walk through a state is: the containers around the current value, and how much was seen.
 * Encoding and the strict copy share it, so both stop at the same bounds and name the same paths.
 * This module is browser compatible.
 *
 * @module
 */

import { StateEncodingError } from "../errors.ts";
import { STATE_BYTES_MAX, STATE_DEPTH_MAX, STATE_NODES_MAX } from "../limits.ts";
import { findSegments, joinPath } from "./object_parts.ts";
import { mapEntries, mapNext } from "./intrinsics.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  ROOT_PATH,
  setValueSegment,
} from "./state_path.ts";

/** Stands in a path for the way to an object that lies too far off to be looked for. */
const ELSEWHERE = "...";

/** What sort of container a level of the trail is; says how its keys are written. */
export type ContainerType = "object" | "array" | "map" | "set";

/**
 * The stack of open containers. `enter` one, `visit` each of its keys before looking at the value,
 * `leave` it. Keys are property names, indices, and for a Map `2 * i` (key) and `2 * i + 1` (value).
 * It is never deeper than {@linkcode STATE_DEPTH_MAX}: what lies deeper is walked later, from an object `startAt`.
 */
export class Trail {
  #depth = 0;
  #nodes = 0;
  /** The state, and the object in it that the stack starts at. */
  #root: unknown = undefined;
  #start: object | undefined = undefined;
  // Filled to their final length, so that writing an element never asks a prototype.
  readonly #owners: (object | undefined)[] = new Array(STATE_DEPTH_MAX).fill(undefined);
  readonly #types: ContainerType[] = new Array(STATE_DEPTH_MAX).fill("object");
  readonly #keys: (string | number)[] = new Array(STATE_DEPTH_MAX + 1).fill(0);

  /** Starts with a state. */
  begin(root: unknown): void {
    this.#root = root;
  }

  /** Goes on, with no container open, at an object that was left for later. */
  startAt(object: object): void {
    this.#start = object;
  }

  /** Whether no further container may be entered. */
  get isFull(): boolean {
    return this.#depth === STATE_DEPTH_MAX;
  }

  /** Counts nodes. */
  count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > STATE_NODES_MAX) {
      throw this.refusal(
        `brings the state above ${STATE_NODES_MAX} nodes; hold numbers in typed arrays`,
      );
    }
  }

  /** Opens a container. */
  enter(owner: object, type: ContainerType): void {
    const depth = this.#depth;
    this.#owners[depth] = owner;
    this.#types[depth] = type;
    this.#depth = depth + 1;
  }

  /** Names the child that is looked at next. */
  visit(key: string | number): void {
    this.#keys[this.#depth] = key;
  }

  /** Closes the innermost container. */
  leave(): void {
    this.#owners[--this.#depth] = undefined;
  }

  /** Forgets everything, as after an error. */
  reset(): void {
    while (this.#depth > 0) this.leave();
    this.#nodes = 0;
    this.#root = undefined;
    this.#start = undefined;
  }

  /** The error that refuses the current value. */
  refusal(why: string, options?: ErrorOptions): StateEncodingError {
    return new StateEncodingError(this.#path(), why, options);
  }

  /** The error that refuses the part of the current value that `segment` names. */
  refusalOf(segment: string, why: string): StateEncodingError {
    return new StateEncodingError(this.#path() + segment, why);
  }

  /** The error for a state whose encoding is above the bound. */
  bytesError(): StateEncodingError {
    return this.refusal(`brings the state above ${STATE_BYTES_MAX} bytes`);
  }

  /** The error for a container whose contents changed between two looks at it. */
  changedWhileRead(): StateEncodingError {
    return this.refusal("changed while the state was read");
  }

  /** Makes a refusal of whatever stopped the walk, such as an error from the trap of a Proxy. */
  asRefusal(error: unknown): StateEncodingError {
    if (error instanceof StateEncodingError) return error;
    return this.refusal("cannot be read; see the cause", { cause: error });
  }

  /** Path of the current value. */
  #path(): string {
    try {
      const segments = this.#start === undefined
        ? []
        : findSegments(this.#root, this.#start) ?? [ELSEWHERE];
      for (let level = 0; level < this.#depth; level++) segments.push(this.#segment(level));
      return joinPath(ROOT_PATH, segments);
    } catch {
      // Text is made with methods that a step may have replaced: then there is no path.
      return ROOT_PATH;
    }
  }

  #segment(level: number): string {
    const key = this.#keys[level + 1]!;
    switch (this.#types[level]!) {
      case "object":
        return propertySegment(key as string);
      case "array":
        return elementSegment(key as number);
      case "set":
        return setValueSegment(key as number);
      case "map": {
        const index = Math.floor((key as number) / 2);
        if ((key as number) % 2 === 0) return mapKeySegment(index);
        const iterator = mapEntries(this.#owners[level] as Map<unknown, unknown>);
        let step = mapNext(iterator);
        for (let i = 0; i < index && !step.done; i++) step = mapNext(iterator);
        return mapValueSegment(step.done ? undefined : step.value[0], index);
      }
    }
  }
}
