import { assert, assertEquals, assertThrows } from "@std/assert";
import { copyState } from "../../src/codec/copy_state.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { StateEncodingError } from "../../src/errors.ts";
import { STATE_BYTES_MAX, STATE_DEPTH_MAX, STATE_NODES_MAX } from "../../src/limits.ts";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function nullPrototype(fields: object): object {
  return Object.assign(Object.create(null), fields);
}

/** One or more states per kind and form; these bytes are in people's files and must never change. */
const PINNED: [state: unknown, hex: string][] = [
  [undefined, "c70001"],
  [null, "c0"],
  [false, "c2"],
  [true, "c3"],
  [0, "00"],
  [127, "7f"],
  [128, "cc80"],
  [255, "ccff"],
  [256, "cd0100"],
  [65535, "cdffff"],
  [65536, "ce00010000"],
  [2 ** 32 - 1, "ceffffffff"],
  [2 ** 32, "cf0000000100000000"],
  [2 ** 53 - 1, "cf001fffffffffffff"],
  [-1, "ff"],
  [-32, "e0"],
  [-33, "d0df"],
  [-128, "d080"],
  [-129, "d1ff7f"],
  [-32768, "d18000"],
  [-32769, "d2ffff7fff"],
  [-(2 ** 31), "d280000000"],
  [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
  [-(2 ** 53) + 1, "d3ffe0000000000001"],
  [2 ** 53, "cb4340000000000000"],
  [-0, "cb8000000000000000"],
  [0.5, "cb3fe0000000000000"],
  [5e-324, "cb0000000000000001"],
  [NaN, "cb7ff8000000000000"],
  [Infinity, "cb7ff0000000000000"],
  [-Infinity, "cbfff0000000000000"],
  [0n, "d40300"],
  [1n, "d5030001"],
  [-1n, "d5030101"],
  [255n, "d50300ff"],
  [-256n, "c703030101" + "00"],
  [2n ** 64n, "c70a0300010000000000000000"],
  ["", "a0"],
  ["abc", "a3616263"],
  ["é", "a2c3a9"],
  ["狐", "a3e78b90"],
  ["😀", "a4f09f9880"],
  ["x".repeat(31), "bf" + "78".repeat(31)],
  ["x".repeat(32), "d920" + "78".repeat(32)],
  ["é".repeat(16), "d920" + "c3a9".repeat(16)],
  ["x".repeat(256), "da0100" + "78".repeat(256)],
  ["x".repeat(65536), "db00010000" + "78".repeat(65536)],
  ["\ud800", "d50200d8"],
  ["a\udc00", "d602610000dc"],
  [[], "90"],
  [[1, [2]], "92019102"],
  [new Array(16).fill(0), "dc0010" + "00".repeat(16)],
  [new Array(65536).fill(0), "dd00010000" + "00".repeat(65536)],
  [{}, "80"],
  [{ b: 1, a: 2 }, "82a16201a16102"],
  [{ b: 1, 1: 2 }, "82a13102a16201"],
  [
    Object.fromEntries(
      Array.from({ length: 16 }, (_, i) => [`k${String.fromCharCode(97 + i)}`, 0]),
    ),
    "de0010" +
    Array.from({ length: 16 }, (_, i) => "a26b" + (97 + i).toString(16) + "00").join(""),
  ],
  [JSON.parse('{"__proto__": 1}'), "81a95f5f70726f746f5f5f01"],
  [nullPrototype({ a: 1 }), "c90000000407" + "81a16101"],
  [new Map<unknown, unknown>([["k", 1], [2, null]]), "c90000000505" + "a16b0102c0"],
  [new Set([3, 1]), "c9000000020603" + "01"],
  [new Map(), "c90000000005"],
  [new Date(0), "d7040000000000000000"],
  [new Date(1.5e12), "d7044275d3ef79800000"],
  [new Date(NaN), "d7047ff8000000000000"],
  [new ArrayBuffer(3), "c70308000000"],
  [new DataView(new Uint8Array([1, 2]).buffer), "d5090102"],
  [new Uint8Array([1, 2, 255]), "c4030102ff"],
  [new Uint8Array(256), "c50100" + "00".repeat(256)],
  [new Uint8Array(65536), "c600010000" + "00".repeat(65536)],
  [new Int8Array([-1]), "d410ff"],
  [new Uint8ClampedArray([9]), "d41109"],
  [new Int16Array([-2]), "d512feff"],
  [new Uint16Array([0x102]), "d5130201"],
  [new Int32Array([-2]), "d614feffffff"],
  [new Uint32Array([0x1020304]), "d61504030201"],
  [new Float16Array([1, NaN]), "d616003c007e"],
  [new Float32Array([1, NaN]), "d7170000803f0000c07f"],
  [new Float64Array([1, NaN]), "d818000000000000f03f000000000000f87f"],
  [new BigInt64Array([-2n]), "d719feffffffffffffff"],
  [new BigUint64Array([0x102n]), "d71a0201000000000000"],
  [new Int32Array(64), "c8010014" + "00".repeat(256)],
  [new Int32Array(), "c70014"],
];

Deno.test("encodeState() gives the pinned bytes", () => {
  for (const [state, expected] of PINNED) assertEquals(hex(encodeState(state)), expected);
});

Deno.test("decodeState() reads the pinned bytes", () => {
  for (const [state, expected] of PINNED) {
    const bytes = new Uint8Array(expected.match(/../g)!.map((byte) => Number.parseInt(byte, 16)));
    const decoded = decodeState(bytes);
    assertEquals(decoded, state);
    assertEquals(hex(encodeState(decoded)), expected);
  }
});

class Point {
  x = 1;
}
class Registry extends Map {}
class Hidden {
  #secret = 1;
  get secret(): number {
    return this.#secret;
  }
}

const NO_CALL = (): never => {
  throw new Error("user code was called");
};

/** Every way to be refused: the state, the path, and how the rest of the message starts. */
const REFUSED: [name: string, make: () => unknown, path: string, why: string][] = [
  ["function", () => NO_CALL, "state", "is a function"],
  [
    "method",
    () => ({ agents: [0, 1, 2, { onTick: NO_CALL }] }),
    "state.agents[3].onTick",
    "is a function",
  ],
  ["class", () => [Point], "state[0]", "is a function"],
  ["symbol", () => ({ s: Symbol("v") }), "state.s", "is a symbol"],
  [
    "symbol key",
    () => ({ a: { [Symbol("k")]: 1 } }),
    "state.a[Symbol(k)]",
    "is a property with a symbol",
  ],
  [
    "symbol key of an array",
    () => Object.assign([1], { [Symbol("k")]: 1 }),
    "state[Symbol(k)]",
    "is a property with a symbol",
  ],
  [
    "getter",
    () => ({
      n: 1,
      get v() {
        return NO_CALL();
      },
    }),
    "state.v",
    "is a getter or setter",
  ],
  [
    "setter",
    () => ({
      set v(_: number) {
        NO_CALL();
      },
    }),
    "state.v",
    "is a getter or setter",
  ],
  [
    "getter in an array",
    () => Object.defineProperty([1, 2], 1, { get: NO_CALL, enumerable: true }),
    "state[1]",
    "is a getter or setter",
  ],
  [
    "hidden property",
    () => Object.defineProperty({}, "h", { value: 1 }),
    "state.h",
    "is not enumerable",
  ],
  ["hole", () => ({ list: [1, , 3] }), "state.list[1]", "is a hole"], // deno-lint-ignore-line
  [
    "hole in a long array",
    () => {
      const a = new Array(1000).fill(0);
      delete a[900];
      return a;
    },
    "state[900]",
    "is a hole",
  ],
  [
    "hole beside a named property",
    () => Object.assign([, 1], { a: 1 }),
    "state[0]",
    "is a hole",
  ], // deno-lint-ignore-line
  [
    "named property",
    () => Object.assign([1], { "a b": 1 }),
    'state["a b"]',
    "is a named property of an array",
  ],
  [
    "named property of a long array",
    () => Object.assign(new Array(1000).fill(0), { a: 1 }),
    "state.a",
    "is a named property of an array",
  ],
  [
    "match of a regular expression",
    () => /a/.exec("a"),
    "state.groups",
    "is a named property of an array",
  ],
  [
    "sparse array",
    () => {
      const a: number[] = [];
      a[2 ** 32 - 2] = 1;
      return a;
    },
    "state",
    "brings the state above",
  ],
  [
    "instance",
    () => ({ "a b": new Point() }),
    'state["a b"]',
    "is an instance of Point, which is not plain data; give a codec",
  ],
  ["private fields", () => new Hidden(), "state", "is an instance of Hidden"],
  ["subclass of Map", () => new Registry(), "state", "is an instance of Registry"],
  [
    "subclass of Array",
    () => new (class Stack extends Array {})(),
    "state",
    "is an instance of Stack",
  ],
  [
    "subclass of a typed array",
    () => new (class Grid extends Float64Array {})(2),
    "state",
    "is an instance of Grid",
  ],
  ["RegExp", () => /x/, "state", "is an instance of RegExp"],
  ["Promise", () => Promise.resolve(1), "state", "is an instance of Promise"],
  ["Error", () => new Error("x"), "state", "is an instance of Error"],
  ["boxed number", () => Object(1), "state", "is an instance of Number"],
  ["boxed string", () => Object("ab"), "state", "is an instance of String"],
  ["WeakMap", () => new WeakMap(), "state", "is an instance of WeakMap"],
  ["generator", () => (function* () {})(), "state", "is an object with a prototype of its own"],
  ["inherited properties", () => Object.create({ y: 1 }), "state", "is an "],
  [
    "arguments",
    () =>
      (function () {
        return arguments;
      })(),
    "state[Symbol(Symbol.iterator)]",
    "is a property with a symbol",
  ], // deno-lint-ignore-line
  ["forged Map", () => Object.create(Map.prototype), "state", "is an instance of Map"],
  ["forged Date", () => Object.create(Date.prototype), "state", "is an instance of Date"],
  ["forged array", () => Object.create(Array.prototype), "state", "is an instance of Array"],
  [
    "forged typed array",
    () => Object.create(Float64Array.prototype),
    "state",
    "is an instance of Float64Array",
  ],
  [
    "typed array of another prototype",
    () => Object.setPrototypeOf(new Int8Array(8), Float64Array.prototype),
    "state",
    "is an instance of Float64Array",
  ],
  [
    "Date as plain object",
    () => Object.setPrototypeOf(new Date(), Object.prototype),
    "state",
    "is an instance of Object",
  ],
  [
    "typed array as plain object",
    () => Object.setPrototypeOf(new Int8Array(2), Object.prototype),
    "state",
    "is an instance of Object",
  ],
  [
    "empty typed array without prototype",
    () => Object.setPrototypeOf(new Int8Array(0), null),
    "state",
    "is an object with a prototype",
  ],
  [
    "array as plain object",
    () => Object.setPrototypeOf([1], Object.prototype),
    "state",
    "is an instance of Object",
  ],
  [
    "Map with a property",
    () => Object.assign(new Map(), { a: 1 }),
    "state",
    "is a Map with properties of its own",
  ],
  [
    "Date with a symbol",
    () => Object.assign(new Date(0), { [Symbol()]: 1 }),
    "state",
    "is a Date with properties of its own",
  ],
  [
    "shared buffer",
    () => new Uint8Array(new SharedArrayBuffer(8)),
    "state",
    "is backed by a SharedArrayBuffer",
  ],
  [
    "view of a shared buffer",
    () => new DataView(new SharedArrayBuffer(8)),
    "state",
    "is backed by a SharedArrayBuffer",
  ],
  [
    "SharedArrayBuffer",
    () => new SharedArrayBuffer(8),
    "state",
    "is an instance of SharedArrayBuffer",
  ],
  [
    "resizable buffer",
    () => new ArrayBuffer(8, { maxByteLength: 16 }),
    "state",
    "is backed by a resizable ArrayBuffer",
  ],
  [
    "view of a resizable buffer",
    () => ({ u: new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 })) }),
    "state.u",
    "is backed by a resizable ArrayBuffer",
  ],
  [
    "detached buffer",
    () => {
      const a = new Uint8Array(8);
      a.buffer.transfer();
      return a;
    },
    "state",
    "is backed by a detached ArrayBuffer",
  ],
  [
    "value of a Map",
    () => ({ m: new Map([["k\n", NO_CALL]]) }),
    'state.m.get("k\\n")',
    "is a function",
  ],
  ["value under a number", () => new Map([[7, NO_CALL]]), "state.get(7)", "is a function"],
  ["value under a bigint", () => new Map([[7n, NO_CALL]]), "state.get(7n)", "is a function"],
  ["value under an object", () => new Map([[{}, NO_CALL]]), "state.values()[0]", "is a function"],
  [
    "key of a Map",
    () => new Map([["k", 1], [{ f: NO_CALL }, 1]] as [unknown, unknown][]),
    "state.keys()[1].f",
    "is a function",
  ],
  ["value of a Set", () => new Set([1, NO_CALL]), "state.values()[1]", "is a function"],
  [
    "control characters in a key",
    () => ({ "\x1b[31m\u202e": NO_CALL }),
    'state["\\x1b[31m\\u202e"]',
    "is a function",
  ],
  [
    "very long key",
    () => ({ ["k".repeat(1000)]: NO_CALL }),
    `state["${"k".repeat(60)}..."]`,
    "is a function",
  ],
  [
    "revoked Proxy",
    () => {
      const r = Proxy.revocable({}, {});
      r.revoke();
      return { r: r.proxy };
    },
    "state.r",
    "cannot be read",
  ],
  [
    "more nodes than allowed",
    () => new Array(STATE_NODES_MAX),
    "state",
    `brings the state above ${STATE_NODES_MAX} nodes`,
  ],
  [
    "more bytes than allowed",
    () => ({ b: new ArrayBuffer(STATE_BYTES_MAX) }),
    "state.b",
    `brings the state above ${STATE_BYTES_MAX} bytes`,
  ],
];

for (const [name, make, path, why] of REFUSED) {
  Deno.test(`encodeState() and copyState() refuse: ${name}`, () => {
    const state = make();
    const error = assertThrows(() => encodeState(state), StateEncodingError);
    assertEquals(error.path, path);
    assertEquals(error.code, "STATE_ENCODING");
    assert(error.message.startsWith(`${path} ${why}`), error.message);
    if (name === "more bytes than allowed") return; // a copy of that much is within the bound
    const copyError = assertThrows(() => copyState(state), StateEncodingError);
    assertEquals(copyError.message, error.message);
  });
}

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let state: unknown = 0;
  for (let i = 0; i < levels; i++) state = wrap(state);
  return state;
}

Deno.test("encodeState() nests 200 levels of any container, and lets deeper ones follow", () => {
  const wraps: ((inner: unknown) => unknown)[] = [
    (inner) => [inner],
    (inner) => ({ inner }),
    (inner) => nullPrototype({ inner }),
    (inner) => new Map([["inner", inner]]),
    (inner) => new Map([[inner, 0]]),
    (inner) => new Set([inner]),
  ];
  for (const wrap of wraps) {
    for (const levels of [STATE_DEPTH_MAX, STATE_DEPTH_MAX + 1, 3 * STATE_DEPTH_MAX]) {
      const deep = nested(levels, wrap);
      const bytes = encodeState(deep);
      assertEquals(encodeState(decodeState(bytes)), bytes);
      assertEquals(encodeState(copyState(deep)), bytes);
      const isDeferring = hex(bytes).includes("d40b");
      assertEquals(isDeferring, levels > STATE_DEPTH_MAX);
    }
  }
});

Deno.test("encodeState() stops at more levels than a state may have nodes, however deep it is then", () => {
  // Each level counts as several nodes: these levels alone, or few of them around a list that is all but too long.
  const whole = Deno.env.get("REWIND_SLOW") === "1"
    ? [{ levels: STATE_NODES_MAX / 8, length: 0 }]
    : [];
  for (
    const { levels, length } of [{ levels: 50_000, length: STATE_NODES_MAX - 200_000 }, ...whole]
  ) {
    for (const walk of [encodeState, copyState]) {
      let deep: unknown = new Array(length);
      for (let i = 0; i < levels; i++) deep = [deep];
      const error = assertThrows(() => walk(deep), StateEncodingError, "brings the state above");
      assert(error.path.length < 1000);
    }
  }
  // The list by itself is not too long: only that it has nothing in it is wrong.
  const list = new Array(STATE_NODES_MAX - 200_000);
  assertThrows(() => encodeState(list), StateEncodingError, "is a hole");
});

Deno.test("encodeState() works as before after each refusal", () => {
  const expected = hex(encodeState({ a: [1, { b: 2 }] }));
  for (const [, make] of REFUSED) {
    try {
      encodeState(make());
    } catch {
      // refused, as tested above
    }
    assertEquals(hex(encodeState({ a: [1, { b: 2 }] })), expected);
  }
});
