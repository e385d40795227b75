/**
 * The built-in functions that the codec uses, captured when this module is loaded. Step code that
 * runs later may replace methods and getters of the prototypes; it cannot reach these.
 * This module is browser compatible.
 *
 * @module
 */

// `call.bind(f)` gives a function whose first argument is the `this` of f; engines inline it.
const { call } = Function.prototype;

type Method<T, A extends unknown[], R> = (this: T, ...args: A) => R;

function uncurryThis<T, A extends unknown[], R>(
  method: Method<T, A, R>,
): (self: T, ...args: A) => R {
  return call.bind(method) as unknown as (self: T, ...args: A) => R;
}

function uncurryGetter<T, R>(prototype: object, key: PropertyKey): (self: T) => R {
  const get = Object.getOwnPropertyDescriptor(prototype, key)!.get as Method<T, [], R>;
  return uncurryThis(get);
}

/** A getter that only newer engines have; `fallback` stands in for it elsewhere. */
function uncurryNewGetter<T, R>(
  prototype: object,
  key: PropertyKey,
  fallback: (self: T) => R,
): (self: T) => R {
  return Object.hasOwn(prototype, key) ? uncurryGetter(prototype, key) : fallback;
}

export const ObjectPrototype: object = Object.prototype;
export const ArrayPrototype: object = Array.prototype;
export const ArrayBufferPrototype: object = ArrayBuffer.prototype;
export const objectCreate: typeof Object.create = Object.create;
export const defineProperty: typeof Object.defineProperty = Object.defineProperty;
export const getOwnPropertyDescriptor: typeof Object.getOwnPropertyDescriptor =
  Object.getOwnPropertyDescriptor;
export const getOwnPropertyNames: typeof Object.getOwnPropertyNames = Object.getOwnPropertyNames;
export const getOwnPropertySymbols: typeof Object.getOwnPropertySymbols =
  Object.getOwnPropertySymbols;
export const getPrototypeOf: typeof Object.getPrototypeOf = Object.getPrototypeOf;
export const hasOwn: typeof Object.hasOwn = Object.hasOwn;
export const objectKeys: typeof Object.keys = Object.keys;
export const objectValues: typeof Object.values = Object.values;
export const isExtensible: typeof Object.isExtensible = Object.isExtensible;
export const isFrozen: typeof Object.isFrozen = Object.isFrozen;
export const isSealed: typeof Object.isSealed = Object.isSealed;
export const freeze: <T>(object: T) => Readonly<T> = Object.freeze;
export const seal: <T>(object: T) => T = Object.seal;
export const preventExtensions: <T>(object: T) => T = Object.preventExtensions;
export const isArray: typeof Array.isArray = Array.isArray;
export const isView: typeof ArrayBuffer.isView = ArrayBuffer.isView;
export const isSafeInteger: typeof Number.isSafeInteger = Number.isSafeInteger;
export const fromCharCode: typeof String.fromCharCode = String.fromCharCode;
/** Text of any number of UTF-16 units. */
export const fromCharCodes: (units: readonly number[]) => string = Reflect.apply.bind(
  undefined,
  String.fromCharCode,
  String,
);
export const NativeBigInt: BigIntConstructor = BigInt;
export const NativeDate: DateConstructor = Date;
export const NativeMap: MapConstructor = Map;
export const NativeSet: SetConstructor = Set;
export const NativeArrayBuffer: ArrayBufferConstructor = ArrayBuffer;
export const NativeDataView: DataViewConstructor = DataView;
export const NativeUint8Array: Uint8ArrayConstructor = Uint8Array;
/** `[object Date]` and the like. */
export const objectToString: (self: unknown) => string = uncurryThis(Object.prototype.toString);
export const symbolToString: (self: symbol) => string = uncurryThis(Symbol.prototype.toString);

/** The getter of an own or inherited accessor, undefined for data; runs no user code. */
export const lookupGetter: (self: object, key: PropertyKey) => unknown = uncurryThis(
  (Object.prototype as unknown as { __lookupGetter__(key: PropertyKey): unknown }).__lookupGetter__,
);

/**
 * A copy of an array as an array, whatever it holds under `slice`, `constructor` or `Symbol.iterator`.
 */
export const copyArray: (self: unknown[]) => unknown[] = uncurryThis(
  Array.prototype.toSpliced as Method<unknown[], [], unknown[]>,
);

export const arraySort: <T>(self: T[], compare: (a: T, b: T) => number) => T[] = uncurryThis(
  Array.prototype.sort,
) as <T>(self: T[], compare: (a: T, b: T) => number) => T[];

export const charCodeAt: (self: string, index: number) => number = uncurryThis(
  String.prototype.charCodeAt,
);
export const isWellFormed: (self: string) => boolean = uncurryThis(String.prototype.isWellFormed);
/** Text to UTF-8; the text must be well-formed. */
export const encodeUtf8: (text: string) => Uint8Array<ArrayBuffer> = TextEncoder.prototype.encode
  .bind(new TextEncoder());
/** UTF-8 to text; throws on anything that is not valid UTF-8, and keeps a byte order mark. */
export const decodeUtf8: (bytes: Uint8Array) => string = TextDecoder.prototype.decode.bind(
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
);
export const bigintToString: (self: bigint, radix?: number) => string = uncurryThis(
  BigInt.prototype.toString,
);
export const numberToString: (self: number, radix?: number) => string = uncurryThis(
  Number.prototype.toString,
);

/** Shape of what the `next` of a built-in iterator returns: a fresh object with own properties. */
interface Step<T> {
  readonly done?: boolean;
  readonly value: T;
}

export const mapSize: (self: unknown) => number = uncurryGetter(Map.prototype, "size");
export const mapGet: <K, V>(self: Map<K, V>, key: K) => V | undefined = uncurryThis(
  Map.prototype.get,
) as <K, V>(self: Map<K, V>, key: K) => V | undefined;
export const mapSet: (self: Map<unknown, unknown>, key: unknown, value: unknown) => unknown =
  uncurryThis(Map.prototype.set);
export const mapEntries: (self: Map<unknown, unknown>) => object = uncurryThis(
  Map.prototype.entries,
);
export const mapNext: (iterator: object) => Step<[unknown, unknown]> = uncurryThis(
  Object.getPrototypeOf(new Map().entries()).next,
);
export const mapClear: (self: Map<unknown, unknown>) => void = uncurryThis(Map.prototype.clear);
export const weakMapGet: <K extends object, V>(self: WeakMap<K, V>, key: K) => V | undefined =
  uncurryThis(WeakMap.prototype.get) as <K extends object, V>(
    self: WeakMap<K, V>,
    key: K,
  ) => V | undefined;
export const weakMapSet: <K extends object, V>(self: WeakMap<K, V>, key: K, value: V) => unknown =
  uncurryThis(WeakMap.prototype.set) as <K extends object, V>(
    self: WeakMap<K, V>,
    key: K,
    value: V,
  ) => unknown;
export const setSize: (self: unknown) => number = uncurryGetter(Set.prototype, "size");
export const setAdd: (self: Set<unknown>, value: unknown) => unknown = uncurryThis(
  Set.prototype.add,
);
export const setValues: (self: Set<unknown>) => object = uncurryThis(Set.prototype.values);
export const setNext: (iterator: object) => Step<unknown> = uncurryThis(
  Object.getPrototypeOf(new Set().values()).next,
);

export const dateGetTime: (self: Date) => number = uncurryThis(Date.prototype.getTime);

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** Name of the kind of a typed array from its internal slot; undefined for everything else. */
export const typedArrayName: (self: unknown) => string | undefined = uncurryGetter(
  TypedArrayPrototype,
  Symbol.toStringTag,
);
export const typedArrayLength: (self: unknown) => number = uncurryGetter(
  TypedArrayPrototype,
  "length",
);
export const typedArrayByteOffset: (self: unknown) => number = uncurryGetter(
  TypedArrayPrototype,
  "byteOffset",
);
export const typedArrayByteLength: (self: unknown) => number = uncurryGetter(
  TypedArrayPrototype,
  "byteLength",
);
export const typedArrayBuffer: (self: unknown) => ArrayBuffer = uncurryGetter(
  TypedArrayPrototype,
  "buffer",
);
export const typedArraySet: (self: Uint8Array, source: Uint8Array, offset?: number) => void =
  uncurryThis(Uint8Array.prototype.set as Method<Uint8Array, [Uint8Array, number?], void>);

export const dataViewByteOffset: (self: unknown) => number = uncurryGetter(
  DataView.prototype,
  "byteOffset",
);
export const dataViewByteLength: (self: unknown) => number = uncurryGetter(
  DataView.prototype,
  "byteLength",
);
export const dataViewBuffer: (self: unknown) => ArrayBuffer = uncurryGetter(
  DataView.prototype,
  "buffer",
);

/** Length of an ArrayBuffer; throws on anything else, a SharedArrayBuffer too. */
export const arrayBufferByteLength: (self: unknown) => number = uncurryGetter(
  ArrayBuffer.prototype,
  "byteLength",
);
export const arrayBufferResizable: (self: ArrayBuffer) => boolean = uncurryNewGetter(
  ArrayBuffer.prototype,
  "resizable",
  () => false,
);
export const arrayBufferDetached: (self: ArrayBuffer) => boolean = uncurryNewGetter(
  ArrayBuffer.prototype,
  "detached",
  () => false,
);

/** Whether this machine stores the least significant byte of a number first. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
