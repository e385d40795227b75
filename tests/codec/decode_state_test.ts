import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { ArtifactIntegrityError } from "../../src/errors.ts";
import { STATE_BYTES_MAX, STATE_NODES_MAX } from "../../src/limits.ts";
import { anyGraph, anyState } from "./arbitraries.ts";

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const digits = hex.replaceAll(" ", "");
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** An ArrayBuffer of 4 bytes. */
const BUFFER = "d60801020304";

/** A shared view: its kind, offset and length, then its buffer. */
function shared(place: string, buffer: string): string {
  const hex = (place + buffer).replaceAll(" ", "");
  return `c9000000${(hex.length / 2).toString(16).padStart(2, "0")}0c${hex}`;
}

/** Every way to be refused: the bytes, the offset of the error, and part of its message. */
const REFUSED: [hex: string, offset: number, why: string][] = [
  // Cut short, or too long.
  ["", 0, "ends too early: 1 bytes are needed where 0 are left"],
  ["cd01", 1, "ends too early: 2 bytes"],
  ["cb00", 1, "ends too early: 8 bytes"],
  ["a361", 1, "ends too early: 3 bytes"],
  ["92 01", 0, "ends too early: 2 values are promised where 1 bytes"],
  ["82 a161 01", 0, "ends too early: 4 values are promised"],
  ["dd7fffffff 00", 0, "has more than"],
  ["dd00ffffff 00", 0, "has more than"],
  ["dd000fffff 00", 0, "values are promised"],
  ["92 92 00 00", 1, "ends too early: 3 values are promised where 2"],
  ["c6ffffffff 00", 5, "ends too early: 4294967295 bytes"],
  ["c6 00010000 00", 5, "ends too early: 65536 bytes"],
  ["c9ffffffff05", 0, "ends too early: 4294967295 bytes"],
  ["92 c900000002 05 0102", 1, "ends too early: 2 bytes are needed where 1 are left"],
  ["0000", 1, "has bytes after its end"],
  // Not the one way to write it.
  ["cc7f", 0, "has an integer that is not in its shortest form"],
  ["cd00ff", 0, "has an integer that is not"],
  ["ce0000ffff", 0, "has an integer that is not"],
  ["cf00000000ffffffff", 0, "has an integer that is not"],
  ["d0e0", 0, "has an integer that is not"],
  ["d001", 0, "has an integer that is not"],
  ["d1ff80", 0, "has an integer that is not"],
  ["d10001", 0, "has an integer that is not"],
  ["d2ffff8000", 0, "has an integer that is not"],
  ["d200000001", 0, "has an integer that is not"],
  ["d3ffffffff80000000", 0, "has an integer that is not"],
  ["d30000000000000001", 0, "has an integer that is not"],
  ["cf0020000000000000", 0, "has an integer beyond 2^53 - 1"],
  ["d3ffe0000000000000", 0, "has an integer beyond 2^53 - 1"],
  ["cb3ff0000000000000", 0, "has an integer in the form of a float64"],
  ["cb0000000000000000", 0, "has an integer in the form of a float64"],
  ["cb7ff8000000000001", 0, "has a NaN other than"],
  ["cbfff8000000000000", 0, "has a NaN other than"],
  ["cb7ff0000000000001", 0, "has a NaN other than"],
  ["d900", 1, "has a length that is not in its shortest form"],
  ["da00ff" + "61".repeat(255), 1, "has a length that is not"],
  ["db0000ffff", 1, "has a length that is not"],
  ["dc000f", 1, "has a length that is not"],
  ["dd0000ffff", 1, "has a length that is not"],
  ["de000f", 1, "has a length that is not"],
  ["df0000ffff", 1, "has a length that is not"],
  ["c50001ff", 1, "has a length that is not"],
  ["c60000ffff", 1, "has a length that is not"],
  ["c701 03 00", 0, "has a length that is not"],
  ["c710 18" + "00".repeat(16), 0, "has a length that is not"],
  ["c80002 13 0000", 1, "has a length that is not"],
  ["c900000003 08 000000", 0, "has a length that is not"],
  ["c70005", 0, "has an extension that holds values and is not in the ext 32 form"],
  ["d40600", 0, "has an extension that holds values and is not in the ext 32 form"],
  // Forms that are not used.
  ["c1", 0, "has the type byte 0xc1"],
  ["ca3f800000", 0, "has the type byte 0xca"],
  ["d40000", 0, "has the extension type 0x00"],
  ["d40e00", 0, "has the extension type 0x0e"],
  ["d6ff00000000", 0, "has the extension type 0xff"],
  ["d40100", 0, "has an undefined with contents"],
  // Text.
  ["a180", 1, "has a string that is not valid UTF-8"],
  ["a2c080", 1, "has a string that is not valid UTF-8"],
  ["a3eda080", 1, "has a string that is not valid UTF-8"],
  ["a4f4908080", 1, "has a string that is not valid UTF-8"],
  ["a1c3", 1, "has a string that is not valid UTF-8"],
  ["d40200", 0, "has UTF-16 text of an odd length"],
  ["d5026100", 0, "has well-formed text as UTF-16"],
  ["d6023dd800de", 0, "has well-formed text as UTF-16"],
  ["c70002", 0, "has well-formed text as UTF-16"],
  // Bigints and dates.
  ["c70003", 0, "has a bigint that is not in its canonical form"],
  ["d40301", 0, "has a bigint that is not in its canonical form"],
  ["d40302", 0, "has a bigint that is not in its canonical form"],
  ["d5030000", 0, "has a bigint that is not in its canonical form"],
  ["d5030201", 0, "has a bigint that is not in its canonical form"],
  ["d60400000000", 0, "has a Date that is not 8 bytes"],
  ["d7043fe0000000000000", 0, "has a Date that cannot be"],
  ["d7048000000000000000", 0, "has a Date that cannot be"],
  ["d704433eb208c2dc0001", 0, "has a Date that cannot be"],
  ["d7047ff0000000000000", 0, "has a Date that cannot be"],
  ["d7047ff8000000000001", 0, "has a Date that cannot be"],
  // Containers.
  ["81 01 01", 1, "has a key that is no string"],
  ["81 c0 01", 1, "has a key that is no string"],
  ["82 a161 01 a161 02", 0, "has the same key twice"],
  [
    "82 a9" + "5f5f70726f746f5f5f" + "01 a9" + "5f5f70726f746f5f5f" + "02",
    0,
    "has the same key twice",
  ],
  ["82 a131 01 a131 02", 4, "has integer keys that are not first and ascending"],
  ["82 a132 01 a131 02", 4, "has integer keys that are not first and ascending"],
  ["82 a161 01 a131 02", 4, "has integer keys that are not first and ascending"],
  ["c900000004 05 01020103", 8, "has the same key of a Map or Set twice"],
  ["c900000002 06 0101", 7, "has the same key of a Map or Set twice"],
  ["c900000005 06 a161 01 a161", 9, "has the same key of a Map or Set twice"],
  [
    "c900000012 06 cb7ff8000000000000 cb7ff8000000000000",
    15,
    "has the same key of a Map or Set twice",
  ],
  ["c900000009 06 cb8000000000000000", 6, "has -0 as a key"],
  ["c90000000a 05 cb8000000000000000 01", 6, "has -0 as a key"],
  ["c900000001 05 01", 7, "ends too early: 1 bytes are needed where 0 are left"],
  ["92 c900000001 05 01 01", 8, "ends too early: 1 bytes are needed where 0 are left"],
  ["92 c900000001 06 a1 61", 8, "ends too early: 1 bytes"],
  ["c900000001 07 90", 6, "has a null-prototype object that is no map"],
  ["c900000001 07 80" + "00", 7, "has bytes after its end"],
  ["c900000002 07 8000", 7, "has an extension with bytes after its value"],
  ["c900000000 07", 6, "ends too early"],
  // Typed arrays.
  ["d41200", 0, "has a Int16Array of 1 bytes"],
  ["c70318000000", 0, "has a Float64Array of 3 bytes"],
  ["d718010000000000f87f", 2, "has a NaN that is not canonical"],
  ["d818 000000000000f87f 000000000000f8ff", 10, "has a NaN that is not canonical"],
  ["d6170000c0ff", 2, "has a NaN that is not canonical"],
  ["d516017e", 2, "has a NaN that is not canonical"],
  // References.
  ["d40a00", 0, "refers to object 0 before that is reached"],
  ["92 90 d40a02", 2, "refers to object 2 before that is reached"],
  ["92 90 d50a0001", 2, "has a reference that is not in its shortest form"],
  ["92 90 d60a00000001", 2, "has a reference that is not in its shortest form"],
  ["92 90 c7000a", 2, "has a reference that is not 1, 2 or 4 bytes"],
  ["92 90 c7030a000001", 2, "has a reference that is not 1, 2 or 4 bytes"],
  ["c900000004 06 90 d40a01", 7, "has the same key of a Map or Set twice"],
  // Objects that follow later.
  ["d40b90", 0, "leaves an object for later that is not deep"],
  ["91 d40b80", 1, "leaves an object for later that is not deep"],
  [`${"91".repeat(200)} d40b90`, 203, "ends too early"],
  [`${"91".repeat(200)} d40b90 80`, 203, "goes on with another sort of object"],
  [`${"91".repeat(200)} d40b90 00`, 203, "does not go on with the object"],
  [`${"91".repeat(200)} d40b90 d40a00`, 203, "does not go on with the object"],
  [`${"91".repeat(200)} d40b90 90 90`, 204, "has bytes after its end"],
  [`${"91".repeat(200)} d40b91 90`, 200, "has an object for later of an unknown sort"],
  [`${"91".repeat(200)} d50b9090 90`, 200, "has an object for later of an unknown sort"],
  [`${"91".repeat(200)} 90`, 200, "is nested deeper than 200 levels"],
  // Views that share a buffer: [Uint8Array, Uint8Array] of 4 bytes, then with one flaw each.
  [
    `92 ${shared("0f 00 04", BUFFER)} ${shared("0f 00 04", "d40a03")}`,
    16,
    "is not within its buffer",
  ],
  [
    `92 ${shared("0f 00 04", BUFFER)} ${shared("0f 01 04", "d40a02")}`,
    16,
    "is not within its buffer",
  ],
  [
    `92 ${shared("0f 00 04", BUFFER)} ${shared("0f 00 04", "d40a00")}`,
    16,
    "is not within its buffer",
  ],
  [`91 ${shared("0f 00 04", BUFFER)}`, 16, "has a shared view that shares nothing"],
  [`92 ${shared("0f 00 02", BUFFER)} ${shared("0f 02 02", "d40a02")}`, 28, "that shares nothing"],
  [
    `92 ${shared("0f 00 03", BUFFER)} ${shared("0f 00 03", "d40a02")}`,
    28,
    "bytes that no view shows",
  ],
  [
    `92 ${shared("0f 01 03", BUFFER)} ${shared("0f 01 03", "d40a02")}`,
    28,
    "bytes that no view shows",
  ],
  [`92 ${shared("0f 00 04", BUFFER)} ${shared("0f 04 00", "d40a02")}`, 28, "that shares nothing"],
  [
    `92 ${shared("13 01 01", BUFFER)} ${shared("0f 00 04", "d40a02")}`,
    1,
    "is not within its buffer",
  ],
  [`92 ${shared("0e 00 04", BUFFER)} ${shared("0f 00 04", "d40a02")}`, 1, "of an unknown kind"],
  [
    `92 ${shared("0f 00 04", "9100")} ${shared("0f 00 04", "d40a02")}`,
    1,
    "is not within its buffer",
  ],
  [
    `92 ${shared("0f a0 04", BUFFER)} ${shared("0f 00 04", "d40a02")}`,
    1,
    "is not within its buffer",
  ],
  [
    `92 ${shared("0f 00 04", `c9000000070d 03${BUFFER}`)} ${shared("0f 00 04", "d40a02")}`,
    35,
    "marks a buffer as not extensible that is no value",
  ],
  [
    `92 ${shared("17 00 01", "d608 0100c07f")} ${shared("17 00 01", "d40a02")}`,
    28,
    "has a NaN that is not canonical in a shared buffer",
  ],
  // Marks of integrity.
  ["c900000002 0d 0090", 0, "marks an object as frozen or sealed in a way that it cannot be"],
  ["c900000002 0d 0490", 0, "marks an object as frozen or sealed in a way that it cannot be"],
  ["c900000002 0d 0280", 0, "marks an object as frozen or sealed in a way that it cannot be"],
  ["c900000004 0d 03c40100", 0, "marks an object as frozen or sealed in a way that it cannot be"],
  ["c900000002 0d 0301", 0, "marks something as frozen or sealed that does not start there"],
  ["c900000002 0d 03c0", 0, "marks something as frozen or sealed that does not start there"],
  ["c900000004 0d 03c70001", 0, "marks something as frozen or sealed that does not start there"],
  ["92 90 c900000004 0d 03d40a01", 2, "marks something as frozen or sealed"],
  [`${"91".repeat(200)} c900000004 0d 03d40b90 90`, 200, "marks something as frozen or sealed"],
  ["c900000009 0d 03c9000000020d0390", 0, "marks something as frozen or sealed"],
];

Deno.test("decodeState() refuses every flaw with its reason and place", () => {
  for (const [hex, offset, why] of REFUSED) {
    const error = assertThrows(
      () => decodeState(fromHex(hex)),
      ArtifactIntegrityError,
      undefined,
      hex,
    );
    assert(error.message.startsWith("Cannot decode the state: it "), hex);
    assert(error.message.includes(why), `${hex}: ${error.message}`);
    assertEquals(error.offset, offset, hex);
  }
});

Deno.test("decodeState() refuses what is no Uint8Array, and more bytes than a state may have", () => {
  for (const wrong of [[0] as unknown, new Int8Array(1), new ArrayBuffer(1), "00", null]) {
    assertThrows(
      () => decodeState(wrong as unknown as Uint8Array),
      TypeError,
      "is not a Uint8Array",
    );
  }
  assertThrows(
    () => decodeState(new Uint8Array(STATE_BYTES_MAX + 1)),
    ArtifactIntegrityError,
    `more than ${STATE_BYTES_MAX}`,
  );
});

Deno.test("decodeState() refuses nesting of 201 levels in every container", () => {
  const ext = (type: number, inner: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(6 + inner.length);
    bytes.set([0xc9, 0, 0, inner.length >> 8, inner.length & 0xff, type]);
    bytes.set(inner, 6);
    return bytes;
  };
  const wraps: ((inner: Uint8Array) => Uint8Array)[] = [
    (inner) => Uint8Array.of(0x91, ...inner),
    (inner) => Uint8Array.of(0x81, 0xa0, ...inner),
    (inner) => ext(0x05, Uint8Array.of(...inner, 0)),
    (inner) => ext(0x06, inner),
    (inner) => ext(0x07, Uint8Array.of(0x81, 0xa0, ...inner)),
  ];
  for (const wrap of wraps) {
    let bytes: Uint8Array = Uint8Array.of(0);
    for (let level = 0; level < 200; level++) bytes = wrap(bytes);
    assertEquals(encodeState(decodeState(bytes)), bytes);
    const deeper = wrap(bytes);
    assertThrows(() => decodeState(deeper), ArtifactIntegrityError, "deeper than 200 levels");
  }
});

Deno.test("decodeState() bounds what small bytes can become", () => {
  // Empty arrays and empty buffers: a few bytes each, a hundred or more in memory.
  for (const [item, nodes] of [["90", 9], ["c70008", 33]] as const) {
    const one = fromHex(item);
    const count = Math.ceil(STATE_NODES_MAX / nodes);
    const bytes = new Uint8Array(5 + count * one.length);
    bytes.set([0xdd, count >>> 24, count >>> 16 & 0xff, count >>> 8 & 0xff, count & 0xff]);
    for (let i = 0; i < count; i++) bytes.set(one, 5 + i * one.length);
    const error = assertThrows(() => decodeState(bytes), ArtifactIntegrityError, "nodes");
    assert(error.offset! > bytes.length - 100, "refused at the last of them, not before");
  }
});

Deno.test("decodeState() makes of `__proto__` and its like plain properties", () => {
  const hostile = JSON.parse('{"__proto__": {"verified": true}, "constructor": {"prototype": 1}}');
  const decoded = decodeState(encodeState(hostile)) as Record<string, unknown>;
  assertEquals(Object.getPrototypeOf(decoded), Object.prototype);
  assertEquals(Object.keys(decoded), ["__proto__", "constructor"]);
  assertEquals("verified" in {}, false);
  assertEquals("verified" in decoded, false);
});

/** Decodes bytes that may be anything: a state with exactly these bytes, or our error. */
function decodeAnything(bytes: Uint8Array): boolean {
  let state: unknown;
  try {
    state = decodeState(bytes);
  } catch (error) {
    if (!(error instanceof ArtifactIntegrityError)) throw error;
    assert(error.offset !== undefined && error.offset <= bytes.length);
    return false;
  }
  assertEquals(encodeState(state), bytes);
  return true;
}

Deno.test("decodeState() accepts of all short bytes those that encodeState() gives", () => {
  let accepted = 0;
  for (let a = 0; a < 256; a++) {
    if (decodeAnything(Uint8Array.of(a))) accepted++;
    for (let b = 0; b < 256; b++) if (decodeAnything(Uint8Array.of(a, b))) accepted++;
  }
  // fixints 160, empty containers and string 3, nil and booleans 3; then two bytes: [x] 166, "x" 128,
  // uint8 128, int8 96, the empty Uint8Array.
  assertEquals(accepted, 160 + 3 + 3 + 166 + 128 + 128 + 96 + 1);
});

Deno.test("decodeState() of random bytes ends in a state or our error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      decodeAnything(bytes);
    }),
    { numRuns: 5000 },
  );
});

/** Bytes that mean something: forms, extension types of graphs, small numbers of objects. */
const TELLING = [
  0x80,
  0x90,
  0xc7,
  0xc9,
  0xcb,
  0xdd,
  0xdf,
  0xff,
  0xd4,
  10,
  11,
  12,
  13,
  15,
  0,
  1,
  2,
  3,
];

Deno.test("decodeState() of changed bytes ends in a state with these bytes or our error", () => {
  const change = fc.record({
    at: fc.nat(),
    to: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...TELLING)),
    how: fc.constantFrom("replace", "insert", "delete", "cut", "flip"),
  });
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.oneof(anyState, anyGraph),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (state, changes) => {
        const bytes = Array.from(encodeState(state));
        for (const { at, to, how } of changes) {
          const index = at % (bytes.length + 1);
          if (how === "replace") bytes[Math.min(index, bytes.length)] = to;
          if (how === "insert") bytes.splice(index, 0, to);
          if (how === "delete") bytes.splice(index, 1);
          if (how === "cut") bytes.length = index;
          if (how === "flip" && index < bytes.length) bytes[index]! ^= 1 << (to & 7);
        }
        if (decodeAnything(Uint8Array.from(bytes))) accepted++;
      },
    ),
    { numRuns: 10_000 },
  );
  assert(accepted > 100, "the changes should also make other states");
});
