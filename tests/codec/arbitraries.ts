/**
 * Random states of every kind, nested, for the property tests of the codec.
 *
 * @module
 */

import fc from "fast-check";

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
  fc.string({ unit: "binary", maxLength: 8 }),
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
