/**
 * Reads the golden files: data that CPython, NumPy and the Python package wrote.
 *
 * @module
 */

/** Text of a file beside this one. */
export function goldenText(name: string): string {
  return Deno.readTextFileSync(new URL(name, import.meta.url));
}

/** Parsed JSON of a file beside this one. */
// deno-lint-ignore no-explicit-any -- the shape differs per file; tests index it freely
export function goldenJson(name: string): any {
  return JSON.parse(goldenText(name));
}

/**
 * A value as the golden files write it, as ours: `{int}` to bigint (a number where it is safe),
 * "NaN", "Infinity", "-Infinity" and "-0" to numbers, `{set}` to Set, `{map}` to Map, `{hex}` to bytes,
 * arrays `{dtype, shape, data}` to plain arrays of their values.
 */
export function fromGolden(value: unknown): unknown {
  if (value === "NaN") return NaN;
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  if (value === "-0") return -0;
  if (Array.isArray(value)) return value.map(fromGolden);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if ("int" in object) {
    const integer = BigInt(object.int as string);
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  }
  if ("set" in object) return new Set((object.set as unknown[]).map(fromGolden));
  if ("map" in object) {
    return new Map(
      (object.map as [unknown, unknown][]).map(([k, v]) => [fromGolden(k), fromGolden(v)]),
    );
  }
  if ("hex" in object) {
    return Uint8Array.from((object.hex as string).match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }
  return Object.fromEntries(Object.entries(object).map(([k, v]) => [k, fromGolden(v)]));
}
