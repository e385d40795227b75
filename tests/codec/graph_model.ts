/**
 * Whether two states are the same graph, written apart from the codec and without regard to time: every object by its
 * prototype, its properties with their attributes, its contents in their order, and the identity of everything.
 *
 * @module
 */

/** A buffer or view: what it shows, as bytes of a buffer. */
function range(object: object): { buffer: ArrayBuffer; start: number; length: number } | undefined {
  if (object instanceof ArrayBuffer) return { buffer: object, start: 0, length: object.byteLength };
  if (!ArrayBuffer.isView(object)) return undefined;
  const { buffer, byteOffset, byteLength } = object;
  return { buffer: buffer as ArrayBuffer, start: byteOffset, length: byteLength };
}

function integrity(object: object): string {
  return `${Object.isExtensible(object)}${Object.isSealed(object)}${Object.isFrozen(object)}`;
}

function parts(object: object): unknown[] {
  if (object instanceof Map) return [...object].flat();
  if (object instanceof Set) return [...object];
  if (object instanceof Date) return [object.getTime()];
  if (object instanceof ArrayBuffer) return [object.byteLength];
  if (object instanceof DataView) return [object.byteLength];
  if (ArrayBuffer.isView(object)) return [...object as unknown as Iterable<unknown>];
  return Reflect.ownKeys(object).flatMap((key) => {
    const { value, writable, configurable } = Object.getOwnPropertyDescriptor(object, key)!;
    return [key, value, writable, configurable];
  });
}

/** All objects of a state, each once. */
export function objectsOf(root: unknown): Set<object> {
  const seen = new Set<object>();
  const queue: unknown[] = [root];
  for (const value of queue) {
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    queue.push(...parts(value));
  }
  return seen;
}

function overlap(a: object, b: object): boolean {
  const one = range(a);
  const other = range(b);
  if (one === undefined || other === undefined || one.buffer !== other.buffer) return false;
  if (a instanceof ArrayBuffer || b instanceof ArrayBuffer) return true;
  return one.length > 0 && other.length > 0 && one.start < other.start + other.length &&
    other.start < one.start + one.length;
}

/** Whether a walk through both meets the same values and the same identities, and memory is shared alike. */
export function isSameGraph(a: unknown, b: unknown): boolean {
  const forward = new Map<object, object>();
  const backward = new Map<object, object>();
  const queue: [unknown, unknown][] = [[a, b]];
  for (const [x, y] of queue) {
    if (typeof x !== "object" || x === null || typeof y !== "object" || y === null) {
      if (!Object.is(x, y)) return false;
      continue;
    }
    if (forward.has(x) || backward.has(y)) {
      if (forward.get(x) !== y || backward.get(y) !== x) return false;
      continue;
    }
    forward.set(x, y);
    backward.set(y, x);
    if (Object.getPrototypeOf(x) !== Object.getPrototypeOf(y)) return false;
    if (integrity(x) !== integrity(y)) return false;
    const left = parts(x);
    const right = parts(y);
    if (left.length !== right.length) return false;
    left.forEach((part, i) => queue.push([part, right[i]]));
  }
  return sharesAlike([...forward]);
}

function sharesAlike(pairs: [object, object][]): boolean {
  const raw = pairs.filter(([x]) => range(x) !== undefined);
  return raw.every(([x, y]) =>
    raw.every(([other, image]) => {
      if (overlap(x, other) !== overlap(y, image)) return false;
      if (!overlap(x, other)) return true;
      return range(x)!.start - range(other)!.start === range(y)!.start - range(image)!.start;
    })
  );
}
