/**
 * Takes apart data that somebody else claims to be of a known shape: exactly these fields, exactly so many
 * items. This module is browser compatible.
 *
 * @module
 */

/** The fields of an object that has these and no others, in this order; undefined for anything else. */
export function fieldsOf<N extends string>(
  claim: unknown,
  names: readonly N[],
): Readonly<Record<N, unknown>> | undefined {
  if (typeof claim !== "object" || claim === null || Array.isArray(claim)) return undefined;
  const own = Object.keys(claim);
  const fits = own.length === names.length && own.every((name, i) => name === names[i]);
  return fits ? claim as Record<N, unknown> : undefined;
}

/** The items of a list, each read; undefined if it is none or if one of them cannot be read. */
export function listOf<T>(
  claim: unknown,
  read: (item: unknown) => T | undefined,
): T[] | undefined {
  if (!Array.isArray(claim)) return undefined;
  const items: T[] = [];
  for (const item of claim) {
    const value = read(item);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return items;
}
