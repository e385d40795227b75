/**
 * `structuredClone` for steps, by the rules of the HTML standard for what the language itself has: honest
 * steps copy their state with it, and must get what they get outside of the sandbox.
 * This module is browser compatible.
 *
 * @module
 */

import {
  arrayBufferByteLength,
  arrayBufferDetached,
  arrayBufferResizable,
  dateGetTime,
  isArray,
  mapEntries,
  mapNext,
  mapSet,
  NativeDate,
  objectKeys,
  objectToString,
  setAdd,
  setNext,
  setValues,
  typedArrayBuffer,
  typedArrayByteOffset,
  typedArrayLength,
  typedArrayName,
} from "../../codec/intrinsics.ts";

type Getter<R> = (self: unknown) => R;

// Captured before the step loads; own properties of what is cloned do not reach these.
const { call } = Function.prototype;
const { defineProperty, getOwnPropertyDescriptor, hasOwn } = Object;
const { isError } = Error as unknown as { isError(value: unknown): boolean };
const mapSize = getterOf<number>(Map.prototype, "size");
const setSize = getterOf<number>(Set.prototype, "size");
const regExpSource = getterOf<string>(RegExp.prototype, "source");
const regExpFlags = getterOf<string>(RegExp.prototype, "flags");
const hasIndices = getterOf<boolean>(RegExp.prototype, "hasIndices");
const dataViewBuffer = getterOf<ArrayBuffer>(DataView.prototype, "buffer");
const dataViewOffset = getterOf<number>(DataView.prototype, "byteOffset");
const dataViewLength = getterOf<number>(DataView.prototype, "byteLength");
const bufferBytesMax = getterOf<number>(ArrayBuffer.prototype, "maxByteLength");
const detach: Getter<unknown> = call.bind(ArrayBuffer.prototype.transfer);
/** Values inside of wrapper objects, by the kind of the wrapper. */
const wrapped: readonly [name: string, valueOf: Getter<unknown>][] = [
  Boolean,
  Number,
  String,
  BigInt,
].map(({ name, prototype }) => [name, call.bind(prototype.valueOf) as Getter<unknown>]);
const symbolOf: Getter<symbol> = call.bind(Symbol.prototype.valueOf);
/** What only objects that cannot be cloned answer. */
const uncloneable: readonly [name: string, ask: Getter<unknown>][] = [
  ["WeakMap", call.bind(WeakMap.prototype.has)],
  ["WeakSet", call.bind(WeakSet.prototype.has)],
  ["Promise", (value) => value instanceof Promise || undefined],
];

type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length?: number) => object;

const TYPED_ARRAYS: ReadonlyMap<string | undefined, ViewConstructor> = new Map(
  [
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
    ...("Float16Array" in globalThis ? [Float16Array] : []),
  ].map((constructor): [string, ViewConstructor] => [
    constructor.name,
    constructor as ViewConstructor,
  ]),
);

/** What `Object.prototype.toString` says of what is not of a kind of its own. */
const PLAIN = "[object Object]";

/** Kinds of errors that stay of their kind; any other becomes an `Error`. */
const ERRORS: ReadonlyMap<unknown, ErrorConstructor> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((
    constructor,
  ): [string, ErrorConstructor] => [constructor.name, constructor as ErrorConstructor]),
);

/**
 * A copy of data, of what it refers to, and of who refers to whom.
 *
 * @param value What to copy.
 * @param options With `transfer`, buffers that are handed over to the copy: the originals end up detached.
 * @throws {Error} Named `DataCloneError`, if a part is neither data nor an object of data.
 */
export function cloneStructured(
  value: unknown,
  options?: { transfer?: Iterable<object> },
): unknown {
  const transfer = [...(options?.transfer ?? [])];
  for (const [i, buffer] of transfer.entries()) {
    if (!isBuffer(buffer) || arrayBufferDetached(buffer) || transfer.indexOf(buffer) !== i) {
      throw refusal("a value that is handed over must be an ArrayBuffer, once, and not detached");
    }
  }
  const copy = new Cloner().clone(value);
  for (const buffer of transfer) detach(buffer);
  return copy;
}

/** One copy, and what is still to be filled in of it: long chains of objects take no stack. */
class Cloner {
  readonly #copies = new Map<object, object>();
  /** Objects whose properties are still to be copied, each followed by its copy. */
  readonly #open: object[] = [];
  /** What is to be done once they are. */
  readonly #later: (() => void)[] = [];

  clone(value: unknown): unknown {
    const copy = this.#copyOf(value);
    do {
      this.#later.pop()?.();
      while (this.#open.length > 0) this.#fill(this.#open.pop()!, this.#open.pop()!);
    } while (this.#later.length > 0);
    return copy;
  }

  #copyOf(value: unknown): unknown {
    if (typeof value === "symbol") throw refusal("a symbol cannot be cloned");
    if (typeof value === "function") throw refusal("a function cannot be cloned");
    if (typeof value !== "object" || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    const copy = this.#begin(value);
    this.#copies.set(value, copy);
    return copy;
  }

  /** The copy of an object, empty where its parts may lead back to it. */
  #begin(value: object): object {
    const tag = objectToString(value);
    // Nearly all objects; asking them whether they are of each other kind takes longer than the rest.
    if (tag !== PLAIN && !isArray(value)) {
      const special = this.#special(value, tag);
      if (special !== undefined) return special;
    }
    const copy = isArray(value) ? new Array((value as unknown[]).length) : {};
    this.#open.push(value, copy);
    return copy;
  }

  #fill(copy: object, value: object): void {
    for (const key of objectKeys(value)) {
      // A getter that ran before may have removed it.
      if (!hasOwn(value, key)) continue;
      put(copy, key, this.#copyOf((value as Record<string, unknown>)[key]));
    }
  }

  /** The copy of an object of a kind of its own. What it says it is, is tried first, but not believed. */
  #special(value: object, tag: string): object | undefined {
    const known = READERS.get(tag)?.(value, this);
    if (known !== undefined) return known;
    const view = this.#typedArray(value);
    if (view !== undefined) return view;
    for (const read of READERS.values()) {
      const copy = read(value, this);
      if (copy !== undefined) return copy;
    }
    return undefined;
  }

  error(value: object): Error {
    const text = (key: string): string | undefined => {
      const own = getOwnPropertyDescriptor(value, key);
      return own !== undefined && "value" in own ? `${own.value}` : undefined;
    };
    const copy = new (ERRORS.get((value as Error).name) ?? Error)(text("message"));
    const cause = getOwnPropertyDescriptor(value, "cause");
    if (cause !== undefined && "value" in cause) {
      this.#later.push(() => {
        defineProperty(copy, "cause", { ...cause, value: this.#copyOf(cause.value) });
      });
    }
    return copy;
  }

  /** Copies of views look into the copy of the whole buffer, as the views did. */
  #typedArray(value: object): object | undefined {
    const constructor = TYPED_ARRAYS.get(typedArrayName(value));
    if (constructor === undefined) return undefined;
    const buffer = this.#copyOf(typedArrayBuffer(value)) as ArrayBuffer;
    return new constructor(buffer, typedArrayByteOffset(value), typedArrayLength(value));
  }

  dataView(value: object): object | undefined {
    const buffer = attempt(dataViewBuffer, value);
    if (buffer === undefined) return undefined;
    const copy = this.#copyOf(buffer) as ArrayBuffer;
    return new DataView(copy, dataViewOffset(value), dataViewLength(value));
  }

  map(value: object): object | undefined {
    if (attempt(mapSize, value) === undefined) return undefined;
    const copy = new Map();
    const entries: unknown[] = [];
    const iterator = mapEntries(value as Map<unknown, unknown>);
    for (let next = mapNext(iterator); next.done !== true; next = mapNext(iterator)) {
      entries.push(...next.value);
    }
    this.#later.push(() => {
      for (let i = 0; i < entries.length; i += 2) {
        mapSet(copy, this.#copyOf(entries[i]), this.#copyOf(entries[i + 1]));
      }
    });
    return copy;
  }

  set(value: object): object | undefined {
    if (attempt(setSize, value) === undefined) return undefined;
    const copy = new Set();
    const values: unknown[] = [];
    const iterator = setValues(value as Set<unknown>);
    for (let next = setNext(iterator); next.done !== true; next = setNext(iterator)) {
      values.push(next.value);
    }
    this.#later.push(() => {
      for (const part of values) setAdd(copy, this.#copyOf(part));
    });
    return copy;
  }
}

/** Copies an object of one kind; undefined if it is of another one. */
type Reader = (value: object, cloner: Cloner) => object | undefined;

/** Readers by what `Object.prototype.toString` says of objects of their kind. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["[object Map]", (value, cloner) => cloner.map(value)],
  ["[object Set]", (value, cloner) => cloner.set(value)],
  ["[object Date]", (value) => dateOf(attempt(dateGetTime as Getter<number>, value))],
  ["[object RegExp]", copyRegExp],
  ["[object Error]", (value, cloner) => isError(value) ? cloner.error(value) : undefined],
  ["[object ArrayBuffer]", (value) => isBuffer(value) ? copyBuffer(value) : undefined],
  ["[object DataView]", (value, cloner) => cloner.dataView(value)],
  ...wrapped.map(([name, valueOf]): [string, Reader] => [
    `[object ${name}]`,
    (value) => boxOf(attempt(valueOf, value)),
  ]),
  ["[object Symbol]", refuseWhat(symbolOf)],
  ...uncloneable.map(([name, ask]): [string, Reader] => [`[object ${name}]`, refuseWhat(ask)]),
]);

function getterOf<R>(prototype: object, key: string): Getter<R> {
  return call.bind(getOwnPropertyDescriptor(prototype, key)!.get!) as Getter<R>;
}

/** What a getter of one kind of object gives; undefined for objects of another kind. */
function attempt<R>(get: Getter<R>, value: object): R | undefined {
  try {
    return get(value);
  } catch {
    return undefined;
  }
}

/** Gives an object a property of its own. */
function put(target: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    (target as Record<string, unknown>)[key] = value;
  }
}

/** Refuses an object that answers. */
function refuseWhat(ask: Getter<unknown>): (value: object) => undefined {
  return (value) => {
    if (attempt(ask, value) !== undefined) throw refusal("it is no data");
    return undefined;
  };
}

function boxOf(held: unknown): object | undefined {
  return held === undefined ? undefined : Object(held);
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new NativeDate(time);
}

function copyRegExp(value: object): RegExp | undefined {
  // The getter of the source answers for RegExp.prototype too, that of a flag does not.
  if (attempt(hasIndices, value) === undefined) return undefined;
  return new RegExp(regExpSource(value), regExpFlags(value));
}

function isBuffer(value: object): value is ArrayBuffer {
  return attempt(arrayBufferByteLength as Getter<number>, value) !== undefined;
}

function copyBuffer(buffer: ArrayBuffer): ArrayBuffer {
  if (arrayBufferDetached(buffer)) {
    throw refusal("an ArrayBuffer that is detached cannot be cloned");
  }
  const bytes = arrayBufferByteLength(buffer);
  const copy = arrayBufferResizable(buffer)
    ? new ArrayBuffer(bytes, { maxByteLength: bufferBytesMax(buffer) })
    : new ArrayBuffer(bytes);
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
}

/** As the standard's exception, of a class that is no part of the language. */
function refusal(why: string): Error {
  const error = new Error(`Cannot clone as ${why}`);
  error.name = "DataCloneError";
  return error;
}
