import { assert, assertEquals, assertThrows } from "@std/assert";
import { copyState } from "../../src/codec/copy_state.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { StateEncodingError } from "../../src/errors.ts";

/** One of everything, so that every branch of the codec meets the patched built-ins. */
function everything(): unknown {
  return {
    list: [1, -0, NaN, 0.5, 2 ** 40, -5, [undefined, null, true]],
    text: ["ascii", "é狐😀", "x".repeat(300), "é".repeat(300), "\ud800"],
    big: [0n, -(2n ** 70n)],
    map: new Map<unknown, unknown>([["k", 1], [{ a: 1 }, [2]]]),
    set: new Set([1, "a"]),
    date: new Date(5),
    bytes: new Uint8Array(100).fill(7),
    floats: new Float64Array([1, NaN, -0]),
    raw: new Uint8Array([1, 2]).buffer,
    view: new DataView(new Uint8Array([3, 4]).buffer),
    bare: Object.assign(Object.create(null), { x: 1 }),
    long: Array.from({ length: 300 }, (_, i) => i),
  };
}

const NO_DATA = (): void => {};
const ownKeys = Reflect.ownKeys;
const describe = Object.getOwnPropertyDescriptor;
const define = Object.defineProperty;
const remove = Reflect.deleteProperty;
const POLLUTED = ["then", "toJSON", "verified", "x", "list"];

/** Replaces everything that can be replaced on built-ins, runs `body`, and puts it all back. */
function withPatchedBuiltins(body: () => void): void {
  const lie = (): unknown => {
    throw new Error("a patched built-in was called");
  };
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const owners: object[] = [
    Array,
    Array.prototype,
    Object,
    String,
    String.prototype,
    Number,
    Number.prototype,
    BigInt,
    BigInt.prototype,
    Map.prototype,
    Set.prototype,
    Date.prototype,
    Symbol.prototype,
    TypedArray.prototype,
    ArrayBuffer,
    ArrayBuffer.prototype,
    DataView.prototype,
    Reflect,
    Math,
    JSON,
    Function.prototype,
    TextEncoder.prototype,
    TextDecoder.prototype,
    RegExp.prototype,
    Object.getPrototypeOf(new Map().entries()),
    Object.getPrototypeOf(new Set().values()),
    Object.getPrototypeOf([].values()),
  ];
  const undo: [object, PropertyKey, PropertyDescriptor][] = [];
  for (const owner of owners) {
    for (const key of ownKeys(owner)) {
      const descriptor = describe(owner, key)!;
      if (!descriptor.configurable || key === "constructor") continue;
      undo[undo.length] = [owner, key, descriptor];
    }
  }
  for (let i = 0; i < undo.length; i++) {
    const owner = undo[i]![0];
    const key = undo[i]![1];
    const descriptor = undo[i]![2];
    if (typeof descriptor.value === "function") define(owner, key, { ...descriptor, value: lie });
    else if (descriptor.get !== undefined) define(owner, key, { ...descriptor, get: lie });
  }
  // From here on only the language itself works: no iteration, no method.
  for (let i = 0; i < POLLUTED.length; i++) {
    define(Object.prototype, POLLUTED[i]!, { set: lie, get: () => undefined, configurable: true });
  }
  try {
    body();
  } finally {
    for (let i = 0; i < undo.length; i++) define(undo[i]![0], undo[i]![1], undo[i]![2]);
    for (let i = 0; i < POLLUTED.length; i++) remove(Object.prototype, POLLUTED[i]!);
  }
}

Deno.test("encodeState() calls no built-in that was replaced after it was loaded", () => {
  const state = everything();
  const expected = encodeState(state);
  let actual: Uint8Array | undefined;
  let arePatched = false;
  withPatchedBuiltins(() => {
    try {
      [1].map(Number);
    } catch {
      arePatched = true;
    }
    actual = encodeState(state);
  });
  assert(arePatched);
  assertEquals(actual, expected);
});

Deno.test("decodeState() and copyState() call no built-in that was replaced", () => {
  const state = everything();
  const bytes = encodeState(state);
  let decoded: unknown;
  let copy: unknown;
  withPatchedBuiltins(() => {
    decoded = decodeState(bytes);
    copy = copyState(state);
  });
  assertEquals(encodeState(decoded), bytes);
  assertEquals(encodeState(copy), bytes);
});

Deno.test("encodeState() refuses with its own error where text cannot be made either", () => {
  const errors: unknown[] = [null, null];
  const map = new Map([["k", { s: Symbol() }]]);
  withPatchedBuiltins(() => {
    try {
      encodeState({ "a b": [NO_DATA] });
    } catch (error) {
      errors[0] = error;
    }
    try {
      copyState(map);
    } catch (error) {
      errors[1] = error;
    }
  });
  for (const error of errors) assert(error instanceof StateEncodingError, String(error));
});

Deno.test("encodeState() calls nothing that hangs on the state itself", () => {
  const state = {
    toJSON: 1,
    valueOf: 2,
    then: 3,
    constructor: Map,
    [Symbol.iterator as unknown as string]: 0,
  };
  assertThrows(() => encodeState(state), StateEncodingError, "state[Symbol(Symbol.iterator)]");
  const lying = Object.defineProperty(new Map([["k", 1]]), Symbol.toStringTag, { value: "Object" });
  assertThrows(() => encodeState(lying), StateEncodingError, "is a Map with properties of its own");
  const shadowed = Object.defineProperty(new Float64Array(2), "length", { value: 1e9 });
  assertEquals(encodeState(shadowed), encodeState(new Float64Array(2)));
  assertEquals(copyState(shadowed).length, 2);
});

Deno.test("encodeState() takes no pollution of Object.prototype for data", () => {
  const expected = encodeState({ a: 1 });
  define(Object.prototype, "polluted", { value: 1, enumerable: true, configurable: true });
  try {
    assertEquals(encodeState({ a: 1 }), expected);
    assertEquals(Object.hasOwn(copyState({ a: 1 }), "polluted"), false);
    // Such a key in the state itself survives, though assigning to it would throw.
    const own = define({}, "polluted", {
      value: 2,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    const decoded = decodeState(encodeState(own)) as Record<string, unknown>;
    assertEquals(describe(decoded, "polluted")?.value, 2);
    assertEquals(describe(copyState(own), "polluted")?.value, 2);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
});

Deno.test("a Proxy is read once per property, and its bytes are those of some plain state", () => {
  let asked = 0;
  const proxy = new Proxy({ n: 0 }, {
    get: () => asked++,
    ownKeys: () => ["n"],
    getOwnPropertyDescriptor: () => ({
      value: asked++,
      enumerable: true,
      configurable: true,
      writable: true,
    }),
  });
  const bytes = encodeState(proxy);
  assertEquals(asked, 1);
  assertEquals(decodeState(bytes), { n: 0 });
});

Deno.test("a Proxy that lies about its keys or changes meanwhile ends in a state or a refusal", () => {
  let flip = 0;
  const answers = [
    new Proxy({}, { ownKeys: () => ["b", "1"], getOwnPropertyDescriptor: dataDescriptor }),
    new Proxy({}, {
      ownKeys: () => flip++ % 2 ? [] : ["a"],
      getOwnPropertyDescriptor: dataDescriptor,
    }),
    new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => undefined }),
    new Proxy([1, 2], { get: (_, key) => key === "length" ? 1e9 : () => 1 }),
    new Proxy([1, 2], { get: (_, key) => key === "length" ? "2" : 1 }),
    new Proxy([1, 2], { get: (_, key) => key === "length" ? -1 : 1 }),
    new Proxy({}, { getPrototypeOf: () => Map.prototype }),
    new Proxy({}, { getPrototypeOf: () => Float64Array.prototype }),
    new Proxy(new Map(), {}),
    new Proxy(new Date(), {}),
    new Proxy({}, {
      getPrototypeOf: () => {
        throw new Error("trap");
      },
    }),
  ];
  let refused = 0;
  for (const state of answers) {
    for (const walk of [encodeState, (value: unknown) => encodeState(copyState(value))]) {
      let bytes: Uint8Array;
      try {
        bytes = walk(state);
      } catch (error) {
        assert(error instanceof StateEncodingError, String(error));
        refused++;
        continue;
      }
      assertEquals(encodeState(decodeState(bytes)), bytes);
    }
  }
  assert(refused >= 16, `${refused} refused`);
});

function dataDescriptor(): PropertyDescriptor {
  return { value: 1, enumerable: true, configurable: true, writable: true };
}

Deno.test("encodeState() can be called again from a Proxy's trap", () => {
  const inner = encodeState({ inner: [1, 2, 3] });
  const state = {
    before: "x".repeat(2000),
    proxy: new Proxy({ a: 1 }, {
      getOwnPropertyDescriptor: (target, key) => {
        assertEquals(encodeState({ inner: [1, 2, 3] }), inner);
        assertEquals(copyState({ deep: { x: 1 } }), { deep: { x: 1 } });
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    }),
    after: [1],
  };
  const plain = { before: "x".repeat(2000), proxy: { a: 1 }, after: [1] };
  assertEquals(encodeState(state), encodeState(plain));
  assertEquals(encodeState(copyState(state)), encodeState(plain));
});

Deno.test("a Map that grows or shrinks while it is read does not keep encodeState() busy", () => {
  const growing = new Map<unknown, unknown>();
  const grow = new Proxy({ a: 1 }, {
    getOwnPropertyDescriptor: (target, key) => {
      growing.set({}, grow);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
  growing.set("first", grow);
  assertEquals((decodeState(encodeState(growing)) as Map<unknown, unknown>).size, 1);
  const shrinking = new Set<unknown>();
  shrinking.add(
    new Proxy({ a: 1 }, {
      getOwnPropertyDescriptor: (target, key) => {
        shrinking.clear();
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    }),
  ).add(2);
  for (const walk of [encodeState, copyState]) {
    const error = assertThrows(() => walk(shrinking), StateEncodingError);
    assert(error.message.includes("changed while the state was read"), error.message);
    shrinking.add(
      new Proxy({ a: 1 }, {
        getOwnPropertyDescriptor: (target, key) => {
          shrinking.clear();
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
      }),
    ).add(2);
  }
});
