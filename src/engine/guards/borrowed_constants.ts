/**
 * Objects that `init` gives again and again, such as constants of the caller's module: a trial run on them must
 * leave them as they were.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * Remembers the objects that two states, made one after the other, have in common.
 *
 * @returns What puts them back as they are now.
 */
export function keepBorrowed(first: unknown, second: unknown): () => void {
  const before = reachable(first);
  const undo = [...reachable(second)].filter((object) => before.has(object)).map(keep);
  return () => undo.forEach((putBack) => putBack());
}

/** All objects that a state leads to, by data properties, Maps and Sets. */
function reachable(root: unknown): Set<object> {
  const found = new Set<object>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null || found.has(value)) continue;
    found.add(value);
    if (ArrayBuffer.isView(value)) {
      found.add(value.buffer);
      continue;
    }
    if (value instanceof Map) { for (const [key, part] of value) waiting.push(key, part); }
    if (value instanceof Set) { for (const part of value) waiting.push(part); }
    for (const property of Object.values(Object.getOwnPropertyDescriptors(value))) {
      waiting.push(property.value);
    }
  }
  return found;
}

/** Remembers one object. */
function keep(object: object): () => void {
  if (ArrayBuffer.isView(object)) return () => {};
  if (object instanceof ArrayBuffer) {
    const bytes = new Uint8Array(object).slice();
    return () => new Uint8Array(object).set(bytes);
  }
  const properties = Object.getOwnPropertyDescriptors(object);
  const time = object instanceof Date ? object.getTime() : undefined;
  const entries = object instanceof Map ? [...object] : undefined;
  const values = object instanceof Set ? [...object] : undefined;
  return () => {
    for (const key of Reflect.ownKeys(object)) {
      if (!Object.hasOwn(properties, key)) Reflect.deleteProperty(object, key);
    }
    for (const key of Reflect.ownKeys(properties)) {
      Reflect.defineProperty(object, key, properties[key as string]!);
    }
    if (time !== undefined) (object as Date).setTime(time);
    if (entries !== undefined) {
      const map = object as Map<unknown, unknown>;
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    }
    if (values !== undefined) {
      const set = object as Set<unknown>;
      set.clear();
      for (const value of values) set.add(value);
    }
  };
}
