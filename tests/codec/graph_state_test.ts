import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { cloneState, copyState } from "../../src/codec/copy_state.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { StateEncodingError } from "../../src/errors.ts";
import { STATE_NODES_MAX } from "../../src/limits.ts";
import { anyGraph, anyState } from "./arbitraries.ts";
import { isSameGraph, objectsOf } from "./graph_model.ts";

const WAYS: [string, (state: unknown) => unknown][] = [
  ["decodeState()", (state) => decodeState(encodeState(state))],
  ["copyState()", copyState],
  ["cloneState()", cloneState],
];

Deno.test("isSameGraph() tells apart what it must", () => {
  const one = { x: 1 };
  const buffer = new ArrayBuffer(8);
  assert(isSameGraph([one, one], [one, one]));
  assert(!isSameGraph([one, one], [{ x: 1 }, { x: 1 }]));
  assert(!isSameGraph([{ x: 1 }, { x: 1 }], [one, one]));
  assert(!isSameGraph(one, Object.freeze({ x: 1 })));
  const views = [new Uint8Array(buffer), new Uint8Array(buffer)];
  assert(!isSameGraph(views, [new Uint8Array(8), new Uint8Array(8)]));
});

for (const [name, way] of WAYS) {
  Deno.test(`${name} gives back any graph: values, identities, memory, what is frozen`, () => {
    fc.assert(
      fc.property(anyGraph, (state) => {
        const bytes = encodeState(state);
        const back = way(state);
        const originals = objectsOf(state);
        assert(isSameGraph(back, state));
        for (const object of objectsOf(back)) assert(!originals.has(object));
        assertEquals(encodeState(back), bytes);
      }),
      { numRuns: 1500 },
    );
  });

  Deno.test(`${name} keeps one object one, and a cycle a cycle`, () => {
    const people = [0, 1, 2].map((id) => ({ id, energy: 0 }));
    const state = { people, leader: people[2]! };
    const back = way(state) as typeof state;
    back.leader.energy = 5;
    assertEquals(back.people[2], { id: 2, energy: 5 });
    assertEquals(people[2], { id: 2, energy: 0 });

    const map = new Map<unknown, unknown>();
    map.set(map, new Set([map]));
    const copy = way(map) as Map<unknown, unknown>;
    assertStrictEquals([...copy.keys()][0], copy);
    assertStrictEquals([...copy.get(copy) as Set<unknown>][0], copy);
  });

  Deno.test(`${name} keeps views of one buffer together where they overlap`, () => {
    const all = new Float64Array([1, 2, NaN, 4]);
    const state = { pos: all.subarray(0, 2), all, vel: all.subarray(2) };
    const back = way(state) as typeof state;
    assertEquals(back, state);
    back.pos[1] = 9;
    assertEquals(back.all[1], 9);
    back.all[3] = 8;
    assertEquals(back.vel[1], 8);
    assertEquals(all, new Float64Array([1, 2, NaN, 4]));

    // Side by side in a pool: nothing is shared, and the pool itself is not kept.
    const pool = new ArrayBuffer(1 << 20);
    const chunks = [new Uint8Array(pool, 0, 8), new Uint8Array(pool, 8, 8)];
    for (const chunk of way(chunks) as typeof chunks) assertEquals(chunk.buffer.byteLength, 8);

    // Only what is seen is kept, from a place at which every view stays aligned.
    const wide = new Uint8Array(pool, 1003, 20);
    const narrow = new Float64Array(pool, 1008, 1);
    const [bytes, numbers] = way([wide, narrow]) as [Uint8Array, Float64Array];
    assertStrictEquals(bytes.buffer, numbers.buffer);
    assertEquals([bytes.byteOffset, numbers.byteOffset, bytes.buffer.byteLength], [3, 8, 23]);
  });

  Deno.test(`${name} stores once what a thousand windows show of 4 MB`, () => {
    const series = new Float64Array(2 ** 19).map((_, i) => i);
    const windows = Array.from({ length: 1000 }, (_, i) => series.subarray(i * 100, i * 100 + 4e5));
    const back = way({ windows }) as { windows: Float64Array[] };
    back.windows[0]![399_999] = -1;
    assertEquals(back.windows[999]![399_999 - 99_900], -1);
    assertEquals(back.windows[999]!.buffer.byteLength, 8 * (99_900 + 4e5));
    assertStrictEquals(back.windows[0]!.buffer, back.windows[999]!.buffer);
    // In a pool in which they lie in no order, but apart, they stay apart.
    const chunks = [7, 3, 9, 0, 5, 8, 1, 6, 2, 4, 30, 20, 25].map((i) =>
      series.subarray(i * 10, i * 10 + 10)
    );
    for (const chunk of way(chunks) as Float64Array[]) assertEquals(chunk.buffer.byteLength, 80);
  });

  Deno.test(`${name} keeps what is frozen, sealed or not extensible`, () => {
    const state = {
      frozen: Object.freeze([1, Object.freeze({ a: 1 })]),
      sealed: Object.seal({ b: 2 }),
      closed: Object.preventExtensions(new Map([[1, 2]])),
      floats: Object.preventExtensions(new Float64Array(2)),
      open: {},
    };
    assert(isSameGraph(way(state), state));
  });

  Deno.test(`${name} takes lists of 100,000, and a lattice of neighbors`, () => {
    interface Link {
      value: number;
      next: Link | undefined;
    }
    let list: Link | undefined;
    for (let value = 0; value < 100_000; value++) list = { value, next: list };
    let count = 0;
    for (let at = way(list) as Link | undefined; at !== undefined; at = at.next) {
      assertEquals(at.value, 99_999 - count++);
    }
    assertEquals(count, 100_000);

    const state = lattice(100);
    const cells = (way({ cells: state }) as { cells: Cell[][] }).cells;
    for (let y = 0; y < 100; y++) {
      for (let x = 0; x < 100; x++) {
        const { around } = cells[y]![x]!;
        assertStrictEquals(around[0], cells[y]![(x + 1) % 100]);
        assertStrictEquals(around[3], cells[(y + 99) % 100]![x]);
      }
    }
  });

  Deno.test(`${name} takes a graph of 41 objects with 2^40 paths for 41 objects`, () => {
    let state: unknown = [1];
    for (let i = 0; i < 40; i++) state = [state, state];
    assertEquals(objectsOf(way(state)).size, 41);
    assertEquals(encodeState(state).length, 40 * 4 + 2);
  });
}

interface Cell {
  value: number;
  around: Cell[];
}

/** A torus of cells that know their four neighbors. */
function lattice(size: number): Cell[][] {
  const cells = Array.from(
    { length: size },
    (_, y) => Array.from({ length: size }, (_, x): Cell => ({ value: y * size + x, around: [] })),
  );
  const at = (x: number, y: number) => cells[(y + size) % size]![(x + size) % size]!;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      at(x, y).around.push(at(x + 1, y), at(x - 1, y), at(x, y + 1), at(x, y - 1));
    }
  }
  return cells;
}

Deno.test("encodeState() gives the same bytes for the same graph, whatever was encoded before", () => {
  fc.assert(fc.property(anyGraph, anyState, (graph, tree) => {
    const bytes = encodeState(graph);
    encodeState(tree);
    assertEquals(encodeState(graph), bytes);
    assertEquals(encodeState([graph, graph]), encodeState([copyState(graph), graph].fill(graph)));
  }));
});

Deno.test("a walk that goes along an earlier one sees what has changed since", () => {
  const agents = Array.from({ length: 50 }, (_, i) => ({ i, pos: [i, i] }));
  const state: { agents: typeof agents; leader?: unknown } = { agents };
  const fresh = () => encodeState(structuredClone(state));
  for (
    const change of [
      () => {},
      () => agents[7]!.pos[0] = 100,
      () => agents[20]!.pos = agents[3]!.pos,
      () => agents[20]!.pos = [20, 20],
      () => state.leader = agents[49],
      () => delete state.leader,
      () => agents.splice(10, 5),
      () => agents.push({ i: 99, pos: agents[0]!.pos }),
      () => agents.reverse(),
    ]
  ) {
    change();
    const bytes = fresh();
    assertEquals(encodeState(state), bytes);
    assert(isSameGraph(cloneState(state), state));
    assertEquals(encodeState(copyState(state)), bytes);
    assertEquals(encodeState(state), bytes);
  }
});

Deno.test("encodeState() writes what is deeper than 200 levels behind the rest", () => {
  let deep: unknown = "end";
  for (let i = 0; i < 201; i++) deep = [deep];
  const bytes = encodeState(deep);
  assertEquals(bytes.toHex(), "91".repeat(200) + "d40b90" + "91a3656e64");
});

Deno.test("encodeState() names the path of a culprit that lies deep, or on a cycle", () => {
  let list: Record<string, unknown> = { onTick: () => {} };
  for (let i = 0; i < 150; i++) list = { next: list };
  assertEquals(pathOf(list), "state" + ".next".repeat(150) + ".onTick");
  for (let i = 0; i < 850; i++) list = { next: list };
  const ends = ".next".repeat(8);
  assertEquals(pathOf(list), `state${ends}...(985 levels)...${".next".repeat(7)}.onTick`);

  const agents: Record<string, unknown>[] = [{}, {}];
  agents[0]!.other = agents[1];
  agents[1]!.other = agents[0];
  agents[1]!.f = Symbol();
  assertEquals(pathOf({ agents }), "state.agents[0].other.f");
});

function pathOf(state: unknown): string {
  const error = assertThrows(() => encodeState(state), StateEncodingError);
  for (const copy of [copyState, cloneState]) {
    assertEquals(assertThrows(() => copy(state), StateEncodingError).message, error.message);
  }
  return error.path;
}

Deno.test("encodeState() refuses read-only properties of an object that is not frozen, with the path", () => {
  const define = (attributes: PropertyDescriptor): unknown => {
    const cfg = Object.defineProperty({ a: 1, b: 2 }, "b", attributes);
    return { cfg };
  };
  for (
    const [state, what] of [
      [define({ writable: false }), "is read-only"],
      [define({ configurable: false }), "cannot be deleted"],
      [{ cfg: Object.preventExtensions(define({ writable: false })) }, "is read-only"],
    ] as const
  ) {
    const error = assertThrows(() => encodeState(state), StateEncodingError);
    assert(error.path.endsWith("cfg.b"), error.path);
    assert(error.message.includes(what), error.message);
    assertThrows(() => copyState(state), StateEncodingError, what);
  }
});

Deno.test("a Proxy that makes up objects for ever is refused, with an error, in bounded memory", () => {
  const endless = (): object =>
    new Proxy({}, {
      ownKeys: () => ["pad", "next"],
      getOwnPropertyDescriptor: (_, key) => ({
        value: key === "pad" ? new Array(1000).fill(0) : endless(),
        enumerable: true,
        configurable: true,
        writable: true,
      }),
    });
  const error = assertThrows(() => encodeState(endless()), StateEncodingError);
  assert(error.message.includes(`above ${STATE_NODES_MAX} nodes`), error.message);
});

Deno.test("docs/state-encoding.md shows the bytes that are written", async () => {
  const a = { x: 1 };
  const map = new Map<unknown, unknown>();
  map.set(map, Object.freeze([]));
  const all = new Uint16Array([1, 2]);
  let deep: unknown = [true];
  for (let i = 0; i < 200; i++) deep = [deep];
  const states = [
    { t: 3, x: -0, cells: new Float64Array([0.5, NaN]), seen: new Set(["é", 2n ** 64n]) },
    [a, a],
    map,
    { all, last: all.subarray(1) },
    deep,
  ];
  const text = await Deno.readTextFile(new URL("../../docs/state-encoding.md", import.meta.url));
  const examples = [...text.matchAll(/```hex\n(.*?)```/gs)].map(([, block]) =>
    block!.split("\n").map((line) => line.trim().replace(/ {2,}.*/, "")).join(" ")
      .replace("91 91 91 ... 91", "91".repeat(200)).replaceAll(" ", "")
  );
  assertEquals(examples, states.map((state) => encodeState(state).toHex()));
});
