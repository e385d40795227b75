/**
 * Random states of every kind, nested, for the property tests of the codec.
 *
 * @module
 */

import fc from "fast-check";
import { anyText } from "../any_text.ts";

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    -(2 ** 53),
    5e-324,
    2 ** 32,
    -(2 ** 31),
  ),
  fc.constantFrom(1, -1).chain((sign) =>
    fc.nat({ max: 64 }).map((bits) => sign * (2 ** bits - 1 + (bits & 1)))
  ),
);

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  anyText({ maxLength: 8 }),
  fc.array(fc.nat({ max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom("__proto__", "constructor", "toString", "0", "10", "4294967295", "\ufeffx", "\0"),
  fc.string({ minLength: 28, maxLength: 300 }),
);

const primitive: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: number, weight: 4 },
  { arbitrary: text, weight: 3 },
  fc.constantFrom(undefined, null, true, false),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 2000n), max: 2n ** 2000n }),
);

function bytesTo<T>(elementBytes: number, make: (buffer: ArrayBuffer) => T): fc.Arbitrary<T> {
  return fc.uint8Array({ maxLength: 40 }).map((bytes) =>
    make(bytes.slice(0, bytes.length - bytes.length % elementBytes).buffer)
  );
}

const builtin: fc.Arbitrary<unknown> = fc.oneof(
  fc.date({ noInvalidDate: false }),
  bytesTo(1, (buffer) => buffer),
  bytesTo(1, (buffer) => new DataView(buffer)),
  bytesTo(1, (buffer) => new Uint8Array(buffer)),
  bytesTo(1, (buffer) => new Int8Array(buffer)),
  bytesTo(1, (buffer) => new Uint8ClampedArray(buffer)),
  bytesTo(2, (buffer) => new Int16Array(buffer)),
  bytesTo(2, (buffer) => new Uint16Array(buffer)),
  bytesTo(4, (buffer) => new Int32Array(buffer)),
  bytesTo(4, (buffer) => new Uint32Array(buffer)),
  bytesTo(2, (buffer) => new Float16Array(buffer)),
  bytesTo(4, (buffer) => new Float32Array(buffer)),
  bytesTo(8, (buffer) => new Float64Array(buffer)),
  bytesTo(8, (buffer) => new BigInt64Array(buffer)),
  bytesTo(8, (buffer) => new BigUint64Array(buffer)),
);

function fromEntries(
  target: Record<string, unknown>,
  entries: [string, unknown][],
): Record<string, unknown> {
  for (const [key, value] of entries) {
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return target;
}

/** Any state that the codec accepts. */
export const anyState: fc.Arbitrary<unknown> = fc.letrec<{ state: unknown; container: unknown }>(
  (tie) => {
    const state = tie("state");
    const entries = fc.array(fc.tuple(text, state), { maxLength: 5 });
    return {
      state: fc.oneof({ maxDepth: 4 }, primitive, builtin, tie("container")),
      container: fc.oneof(
        fc.array(state, { maxLength: 20 }),
        entries.map((pairs) => fromEntries({}, pairs)),
        entries.map((pairs) => fromEntries(Object.create(null), pairs)),
        fc.array(fc.tuple(state, state), { maxLength: 5 }).map((pairs) => new Map(pairs)),
        fc.array(state, { maxLength: 5 }).map((values) => new Set(values)),
      ),
    };
  },
).state;

/** How one object of a random graph is made; numbers choose among the objects, modulo their count. */
const recipe = fc.record({
  kind: fc.constantFrom("object", "object", "array", "array", "map", "set", "bare", "raw", "leaf"),
  integrity: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
  edges: fc.array(
    fc.oneof(
      { arbitrary: fc.nat({ max: 40 }).map((to) => ({ to })), weight: 3 },
      { arbitrary: primitive.map((value) => ({ value })), weight: 1 },
    ),
    { maxLength: 5 },
  ),
  keys: fc.array(text, { minLength: 5, maxLength: 5 }),
  buffer: fc.nat({ max: 2 }),
  view: fc.nat({ max: 14 }),
  offset: fc.nat({ max: 40 }),
  length: fc.nat({ max: 24 }),
  leaf: builtin,
});
type Recipe = typeof recipe extends fc.Arbitrary<infer R> ? R : never;

const VIEWS = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

function makeRaw({ view, offset, length }: Recipe, buffer: ArrayBuffer): object {
  const Kind = VIEWS[view];
  if (Kind === undefined) {
    return view === 12 ? buffer : new DataView(buffer, offset, Math.min(length, 64 - offset));
  }
  const size = Kind.BYTES_PER_ELEMENT;
  const start = offset - offset % size;
  return new Kind(buffer, start, Math.min(Math.floor(length / size), (64 - start) / size));
}

function makeNode(one: Recipe, buffers: readonly ArrayBuffer[]): object {
  switch (one.kind) {
    case "object":
      return {};
    case "array":
      return [];
    case "map":
      return new Map();
    case "set":
      return new Set();
    case "bare":
      return Object.create(null);
    case "leaf":
      return one.leaf as object;
    default:
      return makeRaw(one, buffers[one.buffer]!);
  }
}

function connect(node: object, one: Recipe, nodes: readonly object[]): void {
  const values = one.edges.map((edge): unknown =>
    "to" in edge ? nodes[edge.to % nodes.length] : edge.value
  );
  if (Array.isArray(node)) node.push(...values);
  else if (node instanceof Set) { for (const value of values) node.add(value); }
  else if (node instanceof Map) {
    for (let i = 0; i + 1 < values.length; i += 2) node.set(values[i], values[i + 1]);
  } else if (one.kind === "object" || one.kind === "bare") {
    fromEntries(node as Record<string, unknown>, values.map((value, i) => [one.keys[i]!, value]));
  }
}

function harden(node: object, integrity: number): void {
  if (integrity === 1) Object.preventExtensions(node);
  const hasElements = ArrayBuffer.isView(node) && !(node instanceof DataView) &&
    node.byteLength > 0;
  if (hasElements) return;
  if (integrity === 2) Object.seal(node);
  if (integrity === 3) Object.freeze(node);
}

/**
 * Any state as a graph: objects that are reached in several ways, cycles, keys that are objects, views that share
 * buffers, frozen and sealed objects.
 */
export const anyGraph: fc.Arbitrary<unknown> = fc.tuple(
  fc.array(recipe, { minLength: 1, maxLength: 24 }),
  fc.tuple(...[0, 1, 2].map(() => fc.uint8Array({ minLength: 64, maxLength: 64 }))),
).map(([recipes, bytes]) => {
  const buffers = bytes.map((some) => some.slice().buffer);
  const nodes = recipes.map((one) => makeNode(one, buffers));
  nodes.forEach((node, i) => connect(node, recipes[i]!, nodes));
  nodes.forEach((node, i) => harden(node, recipes[i]!.integrity));
  return nodes[0];
});
