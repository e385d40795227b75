/**
 * The properties that each object of the language may have in a realm. What a newer engine adds is taken
 * away, so that it neither leads to something that is not frozen nor makes results depend on the engine.
 * This module is browser compatible.
 *
 * @module
 */

import { CONSOLE_KEYS } from "./step_console.ts";

/** What any function, and the prototype object of one, may have. */
const PLAIN = "length name prototype constructor";

const ERROR_PROTOTYPE = "constructor name message";
const ITERATOR = "next return throw @@toStringTag";
const TYPED_ARRAY = "prototype BYTES_PER_ELEMENT";
const TYPED_ARRAY_PROTOTYPE = "constructor BYTES_PER_ELEMENT";

/** Kinds of errors that differ in their names only. */
const ERRORS =
  "EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError SuppressedError";

/** Typed arrays that differ in the kind of their elements only. */
const TYPED_ARRAYS = "Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
  "BigInt64Array BigUint64Array Float16Array Float32Array Float64Array";

/** Keys by the name of the object; `@@` for well-known symbols. */
const KEYS: Readonly<Record<string, string>> = {
  Object:
    "prototype assign getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames " +
    "getOwnPropertySymbols hasOwn is preventExtensions seal create defineProperties " +
    "defineProperty freeze getPrototypeOf setPrototypeOf isExtensible isFrozen isSealed keys " +
    "entries fromEntries values groupBy",
  "Object.prototype":
    "constructor __defineGetter__ __defineSetter__ hasOwnProperty __lookupGetter__ " +
    "__lookupSetter__ isPrototypeOf propertyIsEnumerable toString valueOf __proto__ " +
    "toLocaleString",
  Function: "prototype",
  Array: "prototype isArray from fromAsync of @@species",
  "Array.prototype":
    "length constructor at concat copyWithin fill find findIndex findLast findLastIndex " +
    "lastIndexOf pop push reverse shift unshift slice sort splice includes indexOf join keys " +
    "entries values forEach filter flat flatMap map every some reduce reduceRight toReversed " +
    "toSorted toSpliced with toLocaleString toString @@iterator @@unscopables",
  Number:
    "prototype isFinite isInteger isNaN isSafeInteger parseFloat parseInt MAX_VALUE MIN_VALUE NaN " +
    "NEGATIVE_INFINITY POSITIVE_INFINITY MAX_SAFE_INTEGER MIN_SAFE_INTEGER EPSILON",
  "Number.prototype":
    "constructor toExponential toFixed toPrecision toString valueOf toLocaleString",
  Boolean: "prototype",
  "Boolean.prototype": "constructor toString valueOf",
  String: "prototype fromCharCode fromCodePoint raw",
  "String.prototype":
    "length constructor anchor at big blink bold charAt charCodeAt codePointAt concat endsWith " +
    "fontcolor fontsize fixed includes indexOf isWellFormed italics lastIndexOf link " +
    "localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search " +
    "slice small split strike sub substr substring sup startsWith toString toWellFormed trim " +
    "trimStart trimLeft trimEnd trimRight toLocaleLowerCase toLocaleUpperCase toLowerCase " +
    "toUpperCase valueOf @@iterator",
  Symbol:
    "prototype for keyFor asyncIterator hasInstance isConcatSpreadable iterator match matchAll " +
    "replace search species split toPrimitive toStringTag unscopables dispose asyncDispose " +
    "metadata",
  "Symbol.prototype": "constructor toString valueOf description @@toStringTag @@toPrimitive",
  BigInt: "prototype asUintN asIntN",
  "BigInt.prototype": "constructor toLocaleString toString valueOf @@toStringTag",
  Date: "prototype now parse UTC",
  "Date.prototype":
    "constructor toString toDateString toTimeString toISOString toUTCString toGMTString getDate " +
    "setDate getDay getFullYear setFullYear getHours setHours getMilliseconds setMilliseconds " +
    "getMinutes setMinutes getMonth setMonth getSeconds setSeconds getTime setTime " +
    "getTimezoneOffset getUTCDate setUTCDate getUTCDay getUTCFullYear setUTCFullYear getUTCHours " +
    "setUTCHours getUTCMilliseconds setUTCMilliseconds getUTCMinutes setUTCMinutes getUTCMonth " +
    "setUTCMonth getUTCSeconds setUTCSeconds valueOf getYear setYear toJSON toLocaleString " +
    "toLocaleDateString toLocaleTimeString @@toPrimitive",
  Promise: "prototype all allSettled any race resolve reject withResolvers try @@species",
  "Promise.prototype": "constructor then catch finally @@toStringTag",
  RegExp:
    "prototype input $_ lastMatch $& lastParen $+ leftContext $` rightContext $' $1 $2 $3 $4 $5 " +
    "$6 $7 $8 $9 escape @@species",
  "RegExp.prototype":
    "constructor exec dotAll flags global hasIndices ignoreCase multiline source sticky unicode " +
    "unicodeSets compile toString test @@match @@matchAll @@replace @@search @@split",
  Math:
    "abs acos acosh asin asinh atan atanh atan2 ceil cbrt expm1 clz32 cos cosh exp floor fround " +
    "hypot imul log log1p log2 log10 max min pow random round sign sin sinh sqrt tan tanh trunc E " +
    "LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 f16round sumPrecise @@toStringTag",
  // Where the run has shims.
  performance: "now timeOrigin",
  crypto: "getRandomValues randomUUID",
  JSON: "parse stringify rawJSON isRawJSON @@toStringTag",
  Reflect:
    "defineProperty deleteProperty apply construct get getOwnPropertyDescriptor getPrototypeOf " +
    "has isExtensible ownKeys preventExtensions set setPrototypeOf @@toStringTag",
  Proxy: "revocable",
  Map: "prototype groupBy @@species",
  "Map.prototype":
    "constructor get set has delete clear entries forEach keys size values getOrInsert " +
    "getOrInsertComputed @@toStringTag @@iterator",
  Set: "prototype @@species",
  "Set.prototype":
    "constructor has add delete difference clear entries forEach intersection isSubsetOf " +
    "isSupersetOf isDisjointFrom size symmetricDifference union values keys @@toStringTag " +
    "@@iterator",
  WeakMap: "prototype",
  "WeakMap.prototype":
    "constructor delete get set has getOrInsert getOrInsertComputed @@toStringTag",
  WeakSet: "prototype",
  "WeakSet.prototype": "constructor delete has add @@toStringTag",
  Iterator: "prototype from concat",
  "Iterator.prototype":
    "constructor reduce toArray forEach some every find map filter take drop flatMap @@iterator " +
    "@@toStringTag @@dispose",
  Error: "prototype captureStackTrace isError prepareStackTrace stackTraceLimit",
  "Error.prototype": "constructor name message toString stack",
  DisposableStack: "prototype",
  "DisposableStack.prototype":
    "constructor use dispose adopt defer move disposed @@dispose @@toStringTag",
  AsyncDisposableStack: "prototype",
  "AsyncDisposableStack.prototype":
    "constructor use disposeAsync adopt defer move disposed @@asyncDispose @@toStringTag",
  ArrayBuffer: "prototype isView @@species",
  "ArrayBuffer.prototype":
    "constructor byteLength slice maxByteLength resizable resize transfer transferToFixedLength " +
    "detached @@toStringTag",
  DataView: "prototype",
  "DataView.prototype":
    "constructor buffer byteLength byteOffset getInt8 setInt8 getUint8 setUint8 getInt16 setInt16 " +
    "getUint16 setUint16 getInt32 setInt32 getUint32 setUint32 getFloat32 setFloat32 getFloat64 " +
    "setFloat64 getBigInt64 setBigInt64 getBigUint64 setBigUint64 getFloat16 setFloat16 " +
    "@@toStringTag",
  Uint8Array: "prototype BYTES_PER_ELEMENT fromBase64 fromHex",
  "Uint8Array.prototype": "constructor BYTES_PER_ELEMENT toBase64 setFromBase64 toHex setFromHex",
  "Function.prototype": "constructor apply bind call toString arguments caller @@hasInstance",
  "%TypedArray%": "prototype of from @@species",
  "%TypedArray%.prototype":
    "constructor buffer byteLength byteOffset length entries keys values at copyWithin every fill " +
    "filter find findIndex findLast findLastIndex forEach includes indexOf join lastIndexOf map " +
    "reverse reduce reduceRight set slice some sort subarray toReversed toSorted with " +
    "toLocaleString toString @@toStringTag @@iterator",
  "Array.prototype.@@unscopables":
    "at copyWithin entries fill find findIndex findLast findLastIndex flat flatMap includes keys " +
    "toReversed toSorted toSpliced values",
};

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { deleteProperty, ownKeys } = Reflect;

/** Prototypes of the language that no global leads to, by what makes one of their kind. */
const HIDDEN: readonly (readonly [keys: string, instance: () => object])[] = [
  ["prototype constructor @@toStringTag", () => function* () {}],
  ["constructor @@toStringTag", () => async function () {}],
  ["prototype constructor @@toStringTag", () => async function* () {}],
  [ITERATOR, () => [][Symbol.iterator]()],
  [ITERATOR, () => ""[Symbol.iterator]()],
  [ITERATOR, () => new Map().entries()],
  [ITERATOR, () => new Set().values()],
  [ITERATOR, () => "".matchAll(/./g)],
  [ITERATOR, () => Iterator.from([]).map((value) => value)],
  [ITERATOR, () => Iterator.from({ next: () => ({ done: true, value: undefined }) })],
  [`constructor ${ITERATOR}`, () => getPrototypeOf((function* () {})())],
  [`constructor ${ITERATOR}`, () => getPrototypeOf((async function* () {})())],
  [
    "@@asyncIterator @@asyncDispose",
    () => getPrototypeOf(getPrototypeOf((async function* () {})())),
  ],
];

/** Those prototypes; the ones of the three kinds of functions come first. */
export function hiddenPrototypes(): object[] {
  return HIDDEN.map(([, instance]) => getPrototypeOf(instance()) as object);
}

/** Takes from objects what they may not have. */
export class KeyFilter {
  readonly #allowed = new Map<object, ReadonlySet<PropertyKey>>();
  readonly #plain = keySet(PLAIN);

  /** Looks the objects up; to be made when all that is replaced has been. */
  constructor(hidden: readonly object[]) {
    for (const [name, keys] of Object.entries(KEYS)) this.#allow(objectAt(name), keys);
    this.#allow(objectAt("console"), CONSOLE_KEYS);
    for (const name of ERRORS.split(" ")) {
      this.#allow(objectAt(name), PLAIN);
      this.#allow(objectAt(`${name}.prototype`), ERROR_PROTOTYPE);
    }
    for (const name of TYPED_ARRAYS.split(" ")) {
      this.#allow(objectAt(name), TYPED_ARRAY);
      this.#allow(objectAt(`${name}.prototype`), TYPED_ARRAY_PROTOTYPE);
    }
    hidden.forEach((prototype, i) => this.#allow(prototype, HIDDEN[i]![0]));
  }

  /**
   * Takes what is too much from an object.
   *
   * @returns The keys that are left.
   * @throws {Error} If something cannot be taken away; the realm must end then.
   */
  filter(value: object): readonly PropertyKey[] {
    if (typeof value === "function" && !this.#allowed.has(value)) {
      // Most are functions with nothing of their own.
      const keys = ownKeys(value);
      if (keys.length === 2 && keys[0] === "length" && keys[1] === "name") return keys;
    }
    const surplus = this.surplusOf(value);
    for (const key of surplus) {
      // A browser's global object inherits numbers that nobody can take away.
      if (!deleteProperty(value, key) && !isConstant(value, key)) {
        throw new Error(`a built-in object keeps what it must not have: ${String(key)}`);
      }
    }
    return ownKeys(value);
  }

  /** Keys of an object of the language that it may not have. */
  surplusOf(value: object): PropertyKey[] {
    const allowed = this.#allowed.get(value) ?? this.#plain;
    return ownKeys(value).filter((key) => !allowed.has(key));
  }

  #allow(value: object | undefined, keys: string): void {
    if (value === undefined) return;
    const isFunction = typeof value === "function";
    this.#allowed.set(value, keySet(isFunction ? `length name ${keys}` : keys));
  }
}

/** Whether a property is a number or text that nobody can change. */
export function isConstant(target: object, key: PropertyKey): boolean {
  const { value, writable } = getOwnPropertyDescriptor(target, key) ?? {};
  return writable === false && typeof value !== "object" && typeof value !== "function";
}

/** The object of a name such as `Map.prototype`; undefined where the engine has none. */
function objectAt(name: string): object | undefined {
  let value: unknown = globalThis;
  for (const part of name.split(".")) {
    if (value === undefined) return undefined;
    value = part === "%TypedArray%"
      ? getPrototypeOf(Int8Array)
      : getOwnPropertyDescriptor(value, keyOf(part))?.value;
  }
  return value as object | undefined;
}

function keySet(keys: string): ReadonlySet<PropertyKey> {
  return new Set(keys.split(" ").map(keyOf));
}

function keyOf(text: string): PropertyKey {
  if (!text.startsWith("@@")) return text;
  return (Symbol as unknown as Record<string, symbol>)[text.slice(2)] ?? text;
}
