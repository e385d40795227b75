import { assertEquals } from "@std/assert";
import { findNumericLeaves, LeafReader } from "../../src/codec/numeric_leaves.ts";

function names(samples: readonly unknown[], max = 32): string[] {
  return findNumericLeaves(samples, max).leaves.map(({ name }) => name);
}

/** The values that a reader finds at the leaves of some samples in one state. */
function read(samples: readonly unknown[], state: unknown): Record<string, number> {
  const found: Record<string, number> = {};
  const { leaves } = findNumericLeaves(samples, 100);
  const sinks = leaves.map(({ path, name }) => ({
    path,
    sink: { add: (_: number, x: number) => void (found[name] = x) },
  }));
  new LeafReader(sinks).read(state, 0);
  return found;
}

Deno.test("findNumericLeaves() names numbers, bigints and booleans, those near the root first", () => {
  assertEquals(names([5]), ["state"]);
  assertEquals(names([[1, 2]]), ["state[0]", "state[1]"]);
  assertEquals(
    names([{ pos: [0, 1], text: "a", big: 3n, on: true, none: null, typed: new Int8Array(2) }]),
    ["big", "on", "pos[0]", "pos[1]", "typed[0]", "typed[1]"],
  );
  assertEquals(names([{ "a b": 1, "</script>": 2, "\u202e": 3 }]), [
    'state["a b"]',
    'state["</script>"]',
    'state["\\u202e"]',
  ]);
  assertEquals(names([new Map<unknown, unknown>([["k", { x: 1 }], [7, 2], [{}, 3]])]), [
    "state.get(7)",
    'state.get("k").x',
  ]);
});

Deno.test("findNumericLeaves() takes sizes where they change, and what any sample has", () => {
  const samples = [
    { agents: [{ x: 1 }], same: ["a"], set: new Set([1]) },
    { agents: [{ x: 1 }, { x: 2 }], same: ["b"], set: new Set([1, 2]) },
  ];
  assertEquals(names(samples), ["agents.length", "set.size", "agents[0].x", "agents[1].x"]);
});

Deno.test("findNumericLeaves() says how many it leaves out", () => {
  const found = findNumericLeaves([{ long: new Float64Array(50), x: 1 }], 3);
  assertEquals(found.leaves.map(({ name }) => name), ["x", "long[0]", "long[1]"]);
  assertEquals([found.leftOut, found.isCut], [48, false]);
  const huge = findNumericLeaves([new Uint8Array(200_000)], 32);
  assertEquals([huge.leaves.length, huge.isCut], [32, true]);
});

Deno.test("LeafReader reads all leaves again, and passes over what is not there", () => {
  const key = "k".repeat(100);
  const state = {
    pos: [1, [2, 3]],
    bytes: new Uint8Array([4, 5]),
    map: new Map<unknown, unknown>([["a", { deep: 6n }], [NaN, 7]]),
    [`${key}1`]: 8,
    [`${key}2`]: 9,
    agents: [1],
  };
  const samples = [state, { ...state, agents: [] }];
  assertEquals(Object.values(read(samples, state)).sort(), [1, 1, 1, 2, 3, 4, 5, 6, 7, 9]);
  assertEquals(read(samples, { pos: "none", bytes: 1, map: {}, agents: null }), {});
  assertEquals(read(samples, 5), {});
  assertEquals(read([{ x: 1 }], { x: Infinity }), { x: Infinity });
});

Deno.test("LeafReader takes no property that every object has", () => {
  const evil = JSON.parse('{"__proto__": {"x": 1}, "toString": {"length": 5}}');
  assertEquals(read([evil], evil), { "__proto__.x": 1, "toString.length": 5 });
  assertEquals(read([evil], {}), {});
});

Deno.test("findNumericLeaves() names what is reached in several ways by each, the shortest first", () => {
  const people = [{ energy: 1 }, { energy: 2 }];
  const { leaves, isCut } = findNumericLeaves([{ people, leader: people[1] }], 10);
  assertEquals(leaves.map(({ name }) => name), [
    "leader.energy",
    "people[0].energy",
    "people[1].energy",
  ]);
  assertEquals(isCut, false);
});

Deno.test("findNumericLeaves() ends in cycles, lattices, towers and lists", () => {
  const ring: Record<string, unknown> = { x: 1 };
  ring.next = { y: 2, back: ring };
  assertEquals(
    findNumericLeaves([{ ring }], 10).leaves.map(({ name }) => name),
    ["ring.x", "ring.next.y"],
  );
  const cells = Array.from({ length: 30 }, (_, value): { value: number; around: unknown[] } => ({
    value,
    around: [],
  }));
  cells.forEach(({ around }, i) => around.push(cells[(i + 1) % 30], cells[(i + 7) % 30]));
  const lattice = findNumericLeaves([cells], 30);
  assertEquals(lattice.leaves.map(({ name }) => name), cells.map((_, i) => `state[${i}].value`));
  assertEquals(lattice.isCut, true);
  let tower: unknown = { x: 1 };
  for (let i = 0; i < 40; i++) tower = { a: tower, b: tower };
  assertEquals(findNumericLeaves([tower], 1).leaves[0]!.name, `${"a.".repeat(40)}x`);
  let list: unknown = undefined;
  for (let value = 0; value < 100_000; value++) list = { value, next: list };
  const values = findNumericLeaves([list], 100);
  assertEquals([values.leaves.length, values.isCut], [64, true]);
});
