/**
 * Makes data that a step is given read-only, so that a step that changes it fails there and then.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * Freezes arrays and plain objects, at every depth.
 *
 * @param value Plain data that nobody else holds.
 * @returns Whether all of it is read-only now: Maps, Sets, Dates and buffers cannot be frozen.
 */
export function freezeData(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  let isReadOnly = true;
  const waiting: object[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (ArrayBuffer.isView(next) || !isPlain(next)) {
      isReadOnly = false;
      continue;
    }
    const parts: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    // What is frozen was met before.
    if (parts.length > 0 && Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (typeof part === "object" && part !== null) waiting.push(part);
    }
  }
  return isReadOnly;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
