import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { compareEncodings } from "../../../src/codec/compare_states.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { readPeerArtifact } from "../../../src/artifact/peer/read_peer.ts";
import { goldenBytes } from "./golden_values.ts";

// Made by golden/make_python_edges.py. That a file is read at all says that its content hash is the
// one that CPython computed, so that every state was pickled again byte for byte.
function states(name: string): unknown[] {
  const { checkpoints } = readPeerArtifact(goldenBytes(`python_edges/${name}.replay`)).record;
  return Array.from({ length: checkpoints.length }, (_, i) => decodeState(checkpoints.bytesAt(i)));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

Deno.test("readPeerArtifact() reads integers around every change of opcode", () => {
  const expected = [7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128, 2039, 2040].flatMap((bits) =>
    [1n, -1n].flatMap((sign) => [-1n, 0n, 1n].map((add) => sign * 2n ** BigInt(bits) + add))
  );
  assertEquals(
    states("integers"),
    expected.map((value) => Number.isSafeInteger(Number(value)) ? Number(value) : value),
  );
});

Deno.test("readPeerArtifact() reads floats and number text of every form", () => {
  const values = [0.1, -0, 5e-324, 1.7976931348623157e308, NaN, -Infinity, 2 ** 53];
  assertEquals(states("floats"), values);
  const { record } = readPeerArtifact(goldenBytes("python_edges/floats.replay"));
  assertEquals(record.seed, -(10n ** 40n));
  assertEquals(Object.keys(record.observed), ["x", "\ue000", "😀"]);
  assert(Object.is((record.observed["\ue000"] as { std: number }).std, -0));
  assertEquals(record.observed["😀"]!.mean, 1e22);
  assertEquals(record.stepId, 'edges:é😀"\\\x7f');
});

Deno.test("readPeerArtifact() reads texts and bytes", () => {
  assertEquals(states("texts").slice(0, 9), [
    "",
    "a",
    "\xff",
    "\u0100",
    "a".repeat(255),
    "a".repeat(256),
    "\ud800",
    "x\udfffy",
    "\ufeff",
  ]);
  const bytes = states("bytes");
  assertEquals(bytes[0], new Uint8Array());
  assertEquals(bytes[2], new Uint8Array(255).fill(0x62));
  assertEquals(bytes[6], Uint8Array.of(0x7a));
  assertEquals(states("large").map((state) => (state as { length?: number }).length), [
    65535,
    65536,
    65535,
    65536,
    20_000,
    4,
    undefined,
  ]);
});

Deno.test("readPeerArtifact() reads containers around the pickler's batches", () => {
  const all = states("batches");
  const sizes = [0, 1, 2, 999, 1000, 1001, 2000];
  assertEquals(all.slice(0, 7), sizes.map(range));
  assertEquals(
    all.slice(7, 14),
    sizes.map((size) => size === 0 ? {} : new Map(range(size).map((i) => [i, null]))),
  );
  assertEquals(all.slice(14, 21), sizes.map((size) => new Set(range(size))));
  assertEquals(all.slice(21, 25), [0, 1, 2, 1001].map((size) => new Set(range(size))));
  assertEquals(all.slice(25), [0, 1, 2, 3, 4, 1001].map(range));
});

Deno.test("readPeerArtifact() writes out what a pickle shares", () => {
  const shared = ["shared", [1, 2]];
  assertEquals(states("sharing").slice(0, 5), [
    shared,
    [shared, shared, [1, 2]],
    { a: shared, b: [shared] },
    [[], [], []],
    [[], [[]], [1], [1]],
  ]);
});

Deno.test("readPeerArtifact() reads NumPy's scalars as numbers", () => {
  assertEquals(states("scalars"), [
    1.5,
    -7,
    2n ** 60n,
    255,
    true,
    Math.fround(0.1),
    [1, 2, 3, 4],
    { x: 2n ** 64n - 1n, y: 1 },
  ]);
});

Deno.test("readPeerArtifact() reads arrays inside of other values", () => {
  assertEquals(states("nested_arrays"), [
    { x: Float64Array.of(0, 1, 2), y: { shape: [2, 2], data: Int16Array.of(0, 1, 2, 3) } },
    [new Float64Array(), 5, { shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) }],
    [Float64Array.of(0, 1, 2), 1, Uint8Array.of(1, 0), Uint8Array.of(7)],
    [
      Float64Array.of(0, 2, 4, 6, 8, 10),
      { shape: [3, 2], data: Float64Array.of(1, 2, 5, 6, 9, 10) },
      { shape: [4, 3], data: Float64Array.of(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11) },
    ],
    ["numpy_", Uint8Array.of(0x62, 0x5f), BigInt64Array.of(0n, 1n), BigInt64Array.of(0n, 1n)],
  ]);
});

Deno.test("readPeerArtifact() reads every dtype, in both byte orders", () => {
  assertEquals(states("dtypes"), [
    Int8Array.of(0, 1, 2),
    Int16Array.of(0, 1, 2),
    Int32Array.of(0, 1, 2),
    BigInt64Array.of(0n, 1n, 2n),
    Uint8Array.of(0, 1, 2),
    Uint16Array.of(0, 1, 2),
    Uint32Array.of(0, 1, 2),
    BigUint64Array.of(0n, 1n, 2n),
    Float32Array.of(0, 1, 2),
    Float64Array.of(0, 1, 2),
    Uint8Array.of(0, 1, 1),
    Int16Array.of(0, 1, 2),
    BigInt64Array.of(0n, 1n, 2n),
    Uint32Array.of(0, 1, 2),
    Float32Array.of(0, 1, 2),
    Float64Array.of(0, 1, 2),
  ]);
});

Deno.test("readPeerArtifact() reads every shape, in C and in Fortran order", () => {
  const cube = { shape: [2, 3, 4], data: BigInt64Array.from(range(24), BigInt) };
  assertEquals(states("shapes"), [
    new Float64Array(),
    { shape: [0, 3], data: new Float64Array() },
    1.5,
    Float64Array.of(1),
    cube,
    cube,
    { shape: [3, 2], data: Float64Array.of(0, 3, 1, 4, 2, 5) },
    { shape: [2, 4], data: Int32Array.of(3, 2, 1, 0, 11, 10, 9, 8) },
  ]);
});

Deno.test("readPeerArtifact() reads pickles of every protocol", () => {
  const expected = [
    null,
    true,
    false,
    0,
    -1,
    300,
    2 ** 40,
    -(2n ** 70n),
    1.5,
    "aé😀\n\\",
    [1, 2, 3, 4],
    [1, [2]],
    new Map<unknown, unknown>([["k", [1]], [2, []]]),
  ];
  for (let protocol = 0; protocol < 5; protocol++) {
    assertEquals(states(`protocol${protocol}`), expected);
  }
});

Deno.test("readPeerArtifact() keeps what Python shares and can change, and cycles", () => {
  const [ring, node, short, long, inside, by, group, shared, sets] = states("graphs") as [
    unknown[],
    { friend: { friend: unknown } },
    unknown[][],
    unknown[][],
    { t: [unknown, [unknown, unknown[]]] },
    Map<number, unknown>,
    { people: unknown[]; leader: unknown; by: Map<number, unknown> },
    [Uint8Array, Uint8Array, Uint8Array, Float64Array, { same: unknown }],
    unknown[],
  ];
  assertStrictEquals(ring[1], ring);
  assertStrictEquals(node.friend.friend, node);
  // A tuple is made anew wherever it stands, around the same list.
  assertStrictEquals((short[0]![0] as unknown[])[0], short[0]);
  assertStrictEquals((long[0]![0] as unknown[])[0], long[0]);
  assertEquals((long[0]![1] as unknown[]).slice(1), [1, 2, 3]);
  assertStrictEquals(inside.t[0], inside);
  assertStrictEquals(inside.t[1][1][0], inside);
  assertStrictEquals(by.get(1), by.get(2));
  assertStrictEquals(group.leader, group.people[2]);
  assertStrictEquals(group.by.get(7), group.leader);
  assertStrictEquals(shared[0], shared[1]);
  assertNotStrictEquals(shared[0], shared[2]);
  assertStrictEquals(shared[4].same, shared[3]);
  assertStrictEquals(sets[0], sets[1]);
  assertNotStrictEquals(sets[2], sets[3]);
  assertEquals(sets, [new Set([1, 2]), new Set([1, 2]), new Set([1, 2]), new Set([1, 2])]);
});

Deno.test("sets of Python compare by what is in them, in whatever order", () => {
  const { record } = readPeerArtifact(goldenBytes("python_edges/sets.replay"));
  const expected = record.checkpoints.bytesAt(1);
  const members = [[1, "x"], new Set([2, 1]), null, 1.5, "a", 1];
  for (
    const order of [members, members.toReversed(), [...members.slice(3), ...members.slice(0, 3)]]
  ) {
    const actual = encodeState(new Set(order));
    assertEquals(compareEncodings(expected, actual, record), { kind: "equal" });
  }
  const other = encodeState(new Set([[1, "y"], ...members.slice(1)]));
  assertEquals(compareEncodings(expected, other, record).kind, "value");
  assertEquals(
    compareEncodings(expected, encodeState(new Set(members.slice(1))), record).kind,
    "value",
  );
});
