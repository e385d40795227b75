/**
 * The objects of a state that is being decoded, by their numbers: those whose contents follow later, and those that are
 * referred to again. Counts what they cost.
 * This module is browser compatible.
 *
 * @module
 */

import {
  STATE_BUFFER_NODES,
  STATE_DEPTH_MAX,
  STATE_NODES_MAX,
  STATE_OBJECT_NODES,
} from "../limits.ts";
import type { EncodedBytes } from "./encoded_bytes.ts";
import { DecodedViews } from "./decoded_views.ts";
import { NativeMap, NativeSet, objectCreate } from "./intrinsics.ts";
import { CONTAINER_CODES } from "./wire_format.ts";
import type { Deferred, Mark, ViewPlace } from "./types.ts";

/** The objects by their numbers. */
export class DecodedObjects {
  readonly #source: EncodedBytes;
  #nodes = 0;
  readonly #objects: object[] = [];
  readonly #deferred: Deferred[] = [];
  /** The deferred object whose contents come next. */
  #next: Deferred | undefined = undefined;
  /** Made with the first view that shares a buffer. */
  #views: DecodedViews | undefined = undefined;

  /** Numbers the objects that are read from `source`. */
  constructor(source: EncodedBytes) {
    this.#source = source;
  }

  /** Counts nodes; `start` is where what they belong to starts. */
  count(nodes: number, start: number): void {
    this.#nodes += nodes;
    if (this.#nodes > STATE_NODES_MAX) {
      throw this.#source.refusal(`has more than ${STATE_NODES_MAX} nodes`, start);
    }
  }

  /** Gives an object its number; it was counted before it was made. */
  register<T extends object>(object: T): T {
    this.#objects[this.#objects.length] = object;
    return object;
  }

  /** A container whose contents come next: a fresh one, or one that was left for later. */
  open(code: number, start: number): object {
    const next = this.#next;
    if (next === undefined) {
      this.count(STATE_OBJECT_NODES, start);
      return this.register(emptyContainer(code));
    }
    if (next.code !== code) {
      throw this.#source.refusal(
        "goes on with another sort of object than it left for later",
        start,
      );
    }
    this.#next = undefined;
    return next.object;
  }

  /** Makes an object whose contents follow when all that is not so deep has been read. */
  defer(length: number, start: number, depth: number): object {
    const code = length === 1 ? this.#source.uint(1) : -1;
    if (!isContainerCode(code)) {
      throw this.#source.refusal("has an object for later of an unknown sort", start);
    }
    if (depth < STATE_DEPTH_MAX) {
      throw this.#source.refusal("leaves an object for later that is not deep", start);
    }
    this.count(STATE_OBJECT_NODES, start);
    const object = this.register(emptyContainer(code));
    this.#deferred[this.#deferred.length] = { object, code };
    return object;
  }

  /** Reads the contents of all objects that were left for later; they may leave others. */
  readDeferred(read: () => unknown): void {
    for (let i = 0; i < this.#deferred.length; i++) {
      const start = this.#source.position;
      this.#next = this.#deferred[i]!;
      const { object } = this.#next;
      if (read() !== object || this.#next !== undefined) {
        throw this.#source.refusal("does not go on with the object that it left for later", start);
      }
    }
  }

  /** The object that a reference of `length` bytes names, as a value of the state. */
  referred(length: number, start: number): object {
    const object = this.objectOf(length, start);
    this.#views?.addValue(object);
    return object;
  }

  /** The object that a reference of `length` bytes names. */
  objectOf(length: number, start: number): object {
    const source = this.#source;
    if (length !== 1 && length !== 2 && length !== 4) {
      throw source.refusal("has a reference that is not 1, 2 or 4 bytes", start);
    }
    const number = source.uint(length);
    if (length > 1 && number < 2 ** (4 * length)) {
      throw source.refusal("has a reference that is not in its shortest form", start);
    }
    const object = this.#objects[number];
    if (object === undefined) {
      throw source.refusal(`refers to object ${number} before that is reached`, start);
    }
    return object;
  }

  /** Where the next object starts. */
  mark(): Mark {
    return {
      number: this.#objects.length,
      deferred: this.#deferred.length,
      next: this.#next?.object,
    };
  }

  /** Whether a value that was read since `mark` is an object whose contents start there. */
  startsAt(value: unknown, { number, deferred, next }: Mark): value is object {
    if (next !== undefined) return value === next;
    return value !== undefined && value === this.#objects[number] &&
      value !== this.#deferred[deferred]?.object;
  }

  /** Gives a number to a view that is made once its buffer is there. */
  reserve(start: number): number {
    this.count(STATE_BUFFER_NODES, start);
    this.register(this);
    return this.#objects.length - 1;
  }

  /** Makes the view that `number` was reserved for; `isNew` where its buffer is first met in it. */
  placeView(number: number, view: ViewPlace, isNew: boolean, start: number): object {
    this.#views ??= new DecodedViews();
    const value = this.#views.add(view, isNew);
    if (value === undefined) {
      throw this.#source.refusal("has a view that is not within its buffer", start);
    }
    this.#objects[number] = value;
    return value;
  }

  /** Refuses what shows only when all is there: views that the encoder would not have written so. */
  requireWhole(): void {
    const why = this.#views?.problem();
    if (why !== undefined) throw this.#source.refusal(why, this.#source.end);
  }
}

function emptyContainer(code: number): object {
  switch (code) {
    case CONTAINER_CODES.Object:
      return {};
    case CONTAINER_CODES.Array:
      return [];
    case CONTAINER_CODES.Map:
      return new NativeMap();
    case CONTAINER_CODES.Set:
      return new NativeSet();
    default:
      return objectCreate(null);
  }
}

function isContainerCode(code: number): boolean {
  const { Object, Array, Map, Set, NullPrototype } = CONTAINER_CODES;
  return code === Object || code === Array || code === Map || code === Set ||
    code === NullPrototype;
}
