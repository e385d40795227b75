/**
 * Whether two live states are surely equal: a look that costs a fraction of encoding them. It may miss that two are equal,
 * and never takes different ones for equal, but for which objects are shared and frozen.
 * This module is browser compatible.
 *
 * @module
 */

/** Whether two live values are surely equal; false leaves it open. */
export type SurelySame = (a: unknown, b: unknown) => boolean;

/** Objects that one look visits: a graph of few objects can have endlessly many paths. */
const VISITS_MAX = 2 ** 20;

/** Depth up to which a look goes. */
const DEPTH_MAX = 100;

/** Functions that one compiled look consists of, and names of one object. */
const FUNCTIONS_MAX = 64;
const NAMES_MAX = 64;

/** Elements from which arrays of short numbers are compared as words. */
const WORDS_MIN = 64;

/** Classes of typed arrays whose elements are equal exactly if their bits are. */
const OF_BITS: ReadonlySet<object> = new Set<object>(
  [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]
    .map(({ prototype }) => prototype),
);

/** What is left to visit in this look. */
let visitsLeft = 0;

/** Whether two live values are surely equal, whatever they are. */
export function surelySame(a: unknown, b: unknown): boolean {
  startLook();
  return isSame(a, b, 0);
}

function startLook(): void {
  visitsLeft = VISITS_MAX;
}

/**
 * The same for states like this one, in code of its own where that is allowed: it reads the fields by name, as the
 * step does.
 */
export function surelySameAs(example: unknown): SurelySame {
  if (isTree(example)) {
    try {
      return new Compiler().compile(example);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
    }
  }
  return surelySame;
}

/** Whether no object is reached in two ways; those of a graph are looked at as far as a look goes. */
function isTree(value: unknown, seen = new Set<object>()): value is object {
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return true;
  return Object.values(value).every((part) =>
    typeof part !== "object" || part === null || isTree(part, seen)
  );
}

function isSame(a: unknown, b: unknown, depth: number): boolean {
  if (a === b) return a !== 0 || 1 / a === 1 / (b as number);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a !== a && b !== b;
  }
  if (depth > DEPTH_MAX || visitsLeft-- <= 0) return false;
  const prototype = Object.getPrototypeOf(a) as object | null;
  if (prototype !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b, depth + 1);
  if (prototype === Object.prototype || prototype === null) {
    return isSameRecord(a as Fields, b as Fields, depth + 1);
  }
  if (ArrayBuffer.isView(a) && !(a instanceof DataView)) {
    const isOfBits = OF_BITS.has(prototype);
    return isSameTyped(a as Elements, b as unknown as Elements, isOfBits);
  }
  if (a instanceof Map) return b instanceof Map && isSameMap(a, b, depth + 1);
  if (a instanceof Set) {
    return b instanceof Set && a.size === b.size && isSameList([...a], [...b], depth + 1);
  }
  return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
}

type Fields = Readonly<Record<string, unknown>>;
type Elements = ArrayLike<unknown> & ArrayBufferView;

function isSameList(a: readonly unknown[], b: readonly unknown[], depth: number): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) {
    const x = a[i];
    const y = b[i];
    if (x === y ? x === 0 && 1 / x !== 1 / (y as number) : !isSame(x, y, depth)) return false;
  }
  return true;
}

function isSameRecord(a: Fields, b: Fields, depth: number): boolean {
  const names = Object.keys(b);
  let i = 0;
  for (const name in a) {
    if (name !== names[i++] || !isSame(a[name], b[name], depth)) return false;
  }
  return i === names.length;
}

function isSameMap(
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
  depth: number,
): boolean {
  if (a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, value] of a) {
    const [otherKey, otherValue] = others.next().value!;
    if (!isSame(key, otherKey, depth) || !isSame(value, otherValue, depth)) return false;
  }
  return true;
}

/** Typed arrays, of the same class. */
function isSameTyped(a: Elements, b: Elements, isOfBits: boolean): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  if (isOfBits && length >= WORDS_MIN && (a.byteOffset | b.byteOffset) % 4 === 0) {
    return isSameBytes(a, b);
  }
  for (let i = 0; i < length; i++) {
    const x = a[i];
    const y = b[i];
    if (x === y ? x === 0 && 1 / x !== 1 / (y as number) : x === x || y === y) return false;
  }
  return true;
}

function isSameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const count = a.byteLength >> 2;
  const left = new Int32Array(a.buffer, a.byteOffset, count);
  const right = new Int32Array(b.buffer, b.byteOffset, count);
  for (let i = 0; i < count; i++) if (left[i] !== right[i]) return false;
  const oldRest = new Uint8Array(a.buffer, a.byteOffset + 4 * count, a.byteLength - 4 * count);
  const newRest = new Uint8Array(b.buffer, b.byteOffset + 4 * count, oldRest.length);
  return oldRest.every((byte, i) => byte === newRest[i]);
}

/** Writes the look at states of one shape as a program. What has another shape is looked at as above. */
class Compiler {
  readonly #functions: string[] = [];
  readonly #names: (readonly string[])[] = [];

  compile(example: object): SurelySame {
    const root = this.#look(example, 0);
    if (root === undefined) return surelySame;
    const body = `"use strict";${this.#functions.join("")}` +
      `return (a, b) => { startLook(); return ${root}(a, b); };`;
    const others = (a: unknown, b: unknown): boolean => isSame(a, b, 0);
    const make = new Function("names", "others", "startLook", body);
    return make(this.#names, others, startLook) as SurelySame;
  }

  /** Name of the function that looks at objects like this one; undefined if none is to be had. */
  #look(value: unknown, depth: number): string | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (depth > DEPTH_MAX || this.#functions.length >= FUNCTIONS_MAX) return undefined;
    if (Array.isArray(value)) return this.#lookAtList(value, depth);
    const isPlain = Object.getPrototypeOf(value) === Object.prototype;
    return isPlain ? this.#lookAtRecord(value as Fields, depth) : undefined;
  }

  #lookAtList(list: readonly unknown[], depth: number): string {
    const name = this.#reserve();
    const element = this.#look(list[0], depth + 1);
    return this.#define(
      name,
      `if(!Array.isArray(a)||!Array.isArray(b))return others(a,b);
const {length}=a;if(length!==b.length)return false;
for(let i=0;i<length;i++){const x=a[i],y=b[i];if(!(${sameText("x", "y", element)}))return false;}
return true;`,
    );
  }

  #lookAtRecord(record: Fields, depth: number): string | undefined {
    const names = Object.keys(record);
    if (names.length > NAMES_MAX) return undefined;
    const name = this.#reserve();
    const known = `k${this.#names.push(names) - 1}`;
    const fields = names.map((field, i) => {
      const key = JSON.stringify(field);
      const element = this.#look(record[field], depth + 1);
      return `const x${i}=a[${key}],y${i}=b[${key}];if(!(${
        sameText(`x${i}`, `y${i}`, element)
      }))return false;`;
    });
    const ordered = (at: string): string =>
      `i=0;for(const k in ${at})if(k!==${known}[i++])return others(a,b);if(i!==${names.length})return others(a,b);`;
    return this.#define(
      name,
      `if(typeof a!=="object"||typeof b!=="object"||a===null||b===null)return others(a,b);
if(a.constructor!==Object||b.constructor!==Object)return others(a,b);
let i;${ordered("a")}${ordered("b")}${fields.join("")}return true;`,
      `const ${known}=names[${known.slice(1)}];`,
    );
  }

  #reserve(): number {
    return this.#functions.push("") - 1;
  }

  #define(index: number, body: string, before = ""): string {
    this.#functions[index] = `${before}function f${index}(a,b){if(a===b)return true;${body}}`;
    return `f${index}`;
  }
}

/** An expression that is true where two variables are surely the same. */
function sameText(x: string, y: string, look = "others"): string {
  return `${x}===${y}?${x}!==0||1/${x}===1/${y}:` +
    `${x}!==${x}?${y}!==${y}:typeof ${x}==="object"&&${look}(${x},${y})`;
}
