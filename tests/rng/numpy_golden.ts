/**
 * Repeats calls that the golden files of NumPy's generator hold, and compares what comes back.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { NumpyGenerator } from "../../src/rng/numpy/generator.ts";

/** Method, arguments and keyword arguments in NumPy's spelling. */
export type NumpyCall = readonly [
  method: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
];

/** How many positional parameters stand before the options of methods whose parameters have defaults. */
const POSITIONS: Record<string, number> = {
  integers: 2,
  normal: 2,
  uniform: 2,
  exponential: 1,
  gamma: 2,
  laplace: 2,
  gumbel: 2,
  logistic: 2,
  lognormal: 2,
  rayleigh: 1,
  poisson: 1,
};

/** The generator of a golden seed: decimal text, an integer, or a list of integers. */
export function generatorOf(seed: unknown): NumpyGenerator {
  if (typeof seed === "string") return new NumpyGenerator(BigInt(seed));
  return new NumpyGenerator(decode(seed) as bigint | bigint[]);
}

/** Makes a golden call; `shuffle` gives the shuffled list. */
export function call(rng: NumpyGenerator, [method, args, kwargs]: NumpyCall): unknown {
  const values = args.map(decode);
  if (method === "shuffle") {
    rng.shuffle(values[0] as unknown[]);
    return values[0];
  }
  const options = Object.entries(kwargs).filter(([, value]) => value !== null)
    .map(([key, value]) => [key, decode(value)]);
  if (options.length > 0) {
    while (values.length < (POSITIONS[method] ?? 0)) values.push(undefined);
    values.push(Object.fromEntries(options));
  }
  const name = method.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = Reflect.get(rng, name) as (...values: unknown[]) => unknown;
  return found.apply(rng, values);
}

/** A golden argument as ours: bigint beyond 2^53 and special floats decoded. */
function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === "NaN") return NaN;
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  if (value === "-0") return -0;
  if (typeof value === "object" && value !== null && "int" in value) {
    return BigInt(value.int as string);
  }
  return value;
}

/** One element of a result, comparable with `Object.is`: integers of any type become equal. */
type Element = number | bigint;

/** All elements of a result of ours or of a golden one, in C order. */
export function elements(value: unknown): Element[] {
  if (typeof value === "boolean") return [Number(value)];
  if (typeof value === "bigint") {
    return [Number.isSafeInteger(Number(value)) ? Number(value) : value];
  }
  if (typeof value === "number") return [integral(value)];
  if (typeof value === "string") return [decode(value) as number];
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>).flatMap(elements);
  }
  if (typeof value === "object" && value !== null) {
    if ("hex" in value) return Array.from(Uint8Array.fromHex(value.hex as string));
    if ("int" in value) return elements(BigInt(value.int as string));
    if ("data" in value) return elements(value.data);
  }
  throw new TypeError(`unknown result ${String(value)}`);
}

/** A float64 integer above 2^53 stands for that integer; the largest int64 is given as 2^63. */
function integral(value: number): Element {
  if (!Number.isInteger(value) || Math.abs(value) < 2 ** 53 || Math.abs(value) > 2 ** 63) {
    return value;
  }
  return value === 2 ** 63 ? 2n ** 63n - 1n : BigInt(value);
}

/** Shape of a result: none for a scalar. */
export function shapeOf(value: unknown): readonly number[] {
  if (Array.isArray(value)) return [value.length];
  if (ArrayBuffer.isView(value)) return [(value as Uint8Array).length];
  if (typeof value === "object" && value !== null) {
    if ("shape" in value) return value.shape as number[];
    if ("hex" in value) return [(value.hex as string).length / 2];
  }
  return [];
}

/** SHA-256 of elements as little-endian int64. */
export function hashIntegers(values: readonly Element[]): string {
  const words = BigInt64Array.from(values, BigInt);
  return createHash("sha256").update(new Uint8Array(words.buffer)).digest("hex");
}

/** SHA-256 of the little-endian bytes of a typed array. */
export function hashArray(values: Float64Array | Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Distance in units in the last place, counted in float32 for `single`: 0 for the same value, Infinity
 * where only one is NaN or the signs differ.
 */
export function ulpsApart(a: Element, b: Element, single: boolean): number {
  if (Object.is(a, b)) return 0;
  if (typeof a === "bigint" || typeof b === "bigint") return Infinity;
  if (Number.isNaN(a) || Number.isNaN(b) || Math.sign(a) !== Math.sign(b)) return Infinity;
  const [x, y] = single
    ? new Int32Array(new Float32Array([a, b]).buffer)
    : new BigInt64Array(new Float64Array([a, b]).buffer);
  return Math.abs(Number(BigInt(x!) - BigInt(y!)));
}
