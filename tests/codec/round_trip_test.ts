import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import fc from "fast-check";
import { copyState } from "../../src/codec/copy_state.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { anyState } from "./arbitraries.ts";

/**
 * Equality to the last detail, written apart from the codec: identity of primitives (with -0 and NaN),
 * prototypes, key order, bytes. `assertEquals` would let key order and -0 in typed arrays pass.
 */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return Object.is(a, b);
  }
  if (a === b || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map && b instanceof Map) return same([...a], [...b]);
  if (a instanceof Set && b instanceof Set) return same([...a], [...b]);
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return same(new Uint8Array(a), new Uint8Array(b));
  }
  if (a instanceof DataView && b instanceof DataView) {
    return same(new Uint8Array(a.buffer), new Uint8Array(b.buffer));
  }
  const keys = Reflect.ownKeys(a);
  const otherKeys = Reflect.ownKeys(b);
  return keys.length === otherKeys.length && keys.every((key, i) =>
    key === otherKeys[i] &&
    (Array.isArray(a) && key === "length" ||
      same(Reflect.get(a, key, a), Reflect.get(b, key, b)))
  );
}

Deno.test("same() tells apart what it must", () => {
  for (
    const [a, b] of [
      [0, -0],
      [{ a: 1, b: 2 }, { b: 2, a: 1 }],
      [{}, Object.create(null)],
      [new Float64Array([0]), new Float64Array([-0])],
      [new Map([[1, 2]]), new Map([[1, 3]])],
      [new Uint8Array(1), new Int8Array(1)],
      [[undefined], []],
    ]
  ) assert(!same(a, b));
  assert(same({ x: [NaN, new Set([new Date(3)])] }, { x: [NaN, new Set([new Date(3)])] }));
});

Deno.test("decodeState() gives back any state to the last detail", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const bytes = encodeState(state);
      const decoded = decodeState(bytes);
      assert(same(decoded, state) || typeof state !== "object");
      assert(Object.is(decoded, state) || typeof state === "object");
      assertEquals(encodeState(decoded), bytes);
    }),
    { numRuns: 1500 },
  );
});

Deno.test("copyState() gives what decoding the encoding would", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const copy = copyState(state);
      assertEquals(encodeState(copy), encodeState(state));
      if (typeof state === "object" && state !== null) {
        assertNotStrictEquals(copy, state);
        assert(same(copy, decodeState(encodeState(state))));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("copyState() returns primitives as they are", () => {
  for (const value of [1, -0, NaN, "x", true, null, undefined, 5n]) {
    assert(Object.is(copyState(value), value));
  }
});

Deno.test("copyState() and decodeState() share nothing with the original", () => {
  const state = { a: { x: 1 }, view: new Float64Array(new ArrayBuffer(32), 8, 2) };
  for (const copy of [copyState(state), decodeState(encodeState(state)) as typeof state]) {
    assertEquals(copy, state);
    assertEquals(copy.view.buffer.byteLength, 16);
    copy.a.x = 2;
    copy.view[0] = 9;
    assertEquals(state.a.x, 1);
    assertEquals(state.view[0], 0);
  }
});

Deno.test("encodeState() gives the same bytes for NaN of any payload, in numbers and in arrays", () => {
  const strange64 = new Float64Array(new BigUint64Array([0x7ff8dead00000001n]).buffer);
  const strange32 = new Float32Array(new Uint32Array([0xffc00001]).buffer);
  const strange16 = new Float16Array(new Uint16Array([0xfe01]).buffer);
  assertEquals(encodeState(strange64[0]), encodeState(NaN));
  assertEquals(encodeState(strange64), encodeState(new Float64Array([NaN])));
  assertEquals(encodeState(strange32), encodeState(new Float32Array([NaN])));
  assertEquals(encodeState(strange16), encodeState(new Float16Array([NaN])));
  // Bytes as such are kept.
  const bytes = new Uint8Array(strange64.buffer);
  assertEquals(decodeState(encodeState(bytes)), bytes);
});

Deno.test("encodeState() takes the elements of a view, wherever it lies", () => {
  const buffer = new Uint8Array(Array.from({ length: 32 }, (_, i) => i)).buffer;
  const view = new Uint16Array(buffer, 6, 3);
  assertEquals(encodeState(view), encodeState(new Uint16Array(view)));
  assertEquals(decodeState(encodeState([0, view])), [0, new Uint16Array(view)]);
  const dataView = new DataView(buffer, 3, 5);
  const decoded = decodeState(encodeState(dataView)) as DataView;
  assertEquals(new Uint8Array(decoded.buffer), new Uint8Array(buffer, 3, 5));
});

Deno.test("decodeState() reads from the middle of a buffer", () => {
  const state = { a: new Float64Array([1, 2]), b: "text that is longer than the cache takes, é" };
  const bytes = encodeState(state);
  for (const offset of [1, 3, 8]) {
    const padded = new Uint8Array(bytes.length + offset + 5).fill(0xff);
    padded.set(bytes, offset);
    assertEquals(decodeState(padded.subarray(offset, offset + bytes.length)), state);
  }
});

Deno.test("encodeState() keeps a result apart from later calls", () => {
  const first = encodeState([1, 2, 3]);
  const copy = first.slice();
  encodeState("x".repeat(10_000));
  assertEquals(first, copy);
  assertEquals(first.buffer.byteLength, first.length);
});
