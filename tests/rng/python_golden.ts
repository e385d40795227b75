/**
 * Reads the golden files of CPython's draws and repeats their calls.
 *
 * @module
 */

import type { PythonRandom } from "../../src/rng/python/python_random.ts";

/** A call on one generator: method, arguments, keyword arguments, result as CPython gave it. */
export type GoldenCall = [string, unknown[], Record<string, unknown>, unknown];

/** One seed, its calls in order, and the state after the last of them. */
export interface GoldenCase {
  seed: string;
  calls: GoldenCall[];
  state: { words: number[]; index: number; "gauss_next": number | null };
}

/** Reads a file of tests/golden. */
export function readGolden<T>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(new URL(`../golden/${name}`, import.meta.url)));
}

/** Turns a golden value into the one that it stands for. */
export function decodeGolden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeGolden);
  if (typeof value !== "object" || value === null) return value;
  if ("int" in value) return BigInt(value.int as string);
  if ("range" in value) return Array.from({ length: value.range as number }, (_, i) => i);
  if ("hex" in value) return Uint8Array.fromHex(value.hex as string);
  throw new TypeError(`unknown golden value ${JSON.stringify(value)}`);
}

/** Makes a golden call; for `shuffle` returns the shuffled copy, as the files do. */
export function callGolden(rng: PythonRandom, [method, args, kwargs]: GoldenCall): unknown {
  const values = args.map(decodeGolden);
  if (method === "shuffle") {
    const items = values[0] as unknown[];
    rng.shuffle(items);
    return items;
  }
  const options = Object.entries(kwargs).map(([key, value]) => [
    key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    decodeGolden(value),
  ]);
  if (options.length > 0) values.push(Object.fromEntries(options));
  const call = Reflect.get(rng, method) as (...values: unknown[]) => unknown;
  return call.apply(rng, values);
}

/** Distance of two finite numbers of the same sign in units in the last place. */
export function ulpsBetween(a: number, b: number): bigint {
  const [x, y] = new BigInt64Array(new Float64Array([a, b]).buffer);
  return x! > y! ? x! - y! : y! - x!;
}
