import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { equalBytes } from "../../src/codec/compare_states.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import type { TreeRow } from "../../src/view/page_data.ts";
import { stateTree } from "../../src/view/state_tree.ts";
import { copyState } from "../../src/codec/copy_state.ts";
import { anyGraph, anyState } from "../codec/arbitraries.ts";
import { HOSTILE } from "./support.ts";

function tree(state: unknown, before?: unknown, unitsMax = 1e6): TreeRow {
  return stateTree(state, {
    unitsMax,
    ...(before === undefined ? {} : { previous: { value: before } }),
  }).row;
}

Deno.test("stateTree() has a row for every value", () => {
  assertEquals(tree(-0), ["state", "-0", 0]);
  assertEquals(tree({ x: 1, "a b": ["t", null], m: new Map([["k", 2]]), s: new Set([3]) }), [
    "state",
    "4 properties",
    0,
    [
      ["x", "1", 0],
      ['"a b"', "Array(2)", 0, [["0", '"t"', 0], ["1", "null", 0]]],
      ["m", "Map(1)", 0, [['"k"', "2", 0]]],
      ["s", "Set(1)", 0, [["0", "3", 0]]],
    ],
  ]);
  assertEquals(tree(new Int8Array([5])), ["state", "Int8Array(1)", 0, [["0", "5", 0]]]);
  assertEquals(tree(new Date(0)), ["state", "Date(1970-01-01T00:00:00.000Z)", 0]);
});

/** Keys of the rows that are marked. */
function marked(row: TreeRow): string[] {
  return row[2] === 0 ? [] : [row[0], ...(row[3] ?? []).flatMap(marked)];
}

Deno.test("stateTree() marks what changed, came, went or moved", () => {
  assertEquals(marked(tree({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] })), ["state", "b", "1"]);
  assertEquals(marked(tree({ a: 1, c: 2 }, { a: 1 })), ["state", "c"]);
  assertEquals(marked(tree({ a: 1 }, { a: 1, c: 2 })), ["state"], "something went");
  assertEquals(marked(tree({ a: [1] }, { a: 1 })), ["state", "a", "0"]);
  assertEquals(marked(tree([NaN], [NaN])), [], "NaN is NaN");
  assertEquals(marked(tree([0], [-0])), ["state", "0"]);
  assertEquals(marked(tree({ a: 1, b: 2 }, { b: 2, a: 1 })), [], "an order of keys is no value");
  const map = (x: number) => new Map([["k", 1], ["l", x]]);
  assertEquals(marked(tree(map(2), map(3))), ["state", '"l"']);
  assertEquals(marked(tree(new Float32Array(2), new Float64Array(2)))[0], "state");
});

Deno.test("stateTree() marks nothing that has the same bytes, and every change, however little is shown", () => {
  const budget = fc.integer({ min: 20, max: 300 });
  const last = fc.integer({ min: 0, max: 1 });
  fc.assert(
    fc.property(anyState, anyState, last, last, budget, (a, b, x, y, unitsMax) => {
      assertEquals(marked(tree([a], [a], unitsMax)), []);
      const isMarked = marked(tree([a], [b], unitsMax)).length > 0;
      assert(!isMarked || !equalBytes(encodeState(a), encodeState(b)));
      assertEquals(marked(tree([a, x], [a, y], unitsMax)).length > 0, x !== y);
      assertEquals(marked(tree({ a, x }, { a, x: y }, unitsMax)).length > 0, x !== y);
    }),
  );
});

Deno.test("stateTree() is as short as asked for, and says what it leaves out", () => {
  const state = { long: new Float64Array(10_000).fill(0.123456789), last: 1 };
  const { row, isCut } = stateTree(state, { unitsMax: 2000 });
  assert(isCut && JSON.stringify(row).length < 2000);
  const [, , , parts] = row;
  assertEquals(parts![1], ["last", "1", 0], "one long part does not hide the others");
  const [, , , numbers, leftOut] = parts![0]!;
  assertEquals(numbers!.length + leftOut!, 10_000);
  const changed = { ...state, long: state.long.slice() };
  changed.long[9_999] = 7;
  const after = stateTree(changed, { unitsMax: 2000, previous: { value: state } }).row;
  assertEquals(after[3]![0]![5], 1, "a change that is not shown is told");
  assertEquals(marked(after), ["state", "long"]);
  fc.assert(fc.property(anyState, fc.integer({ min: 100, max: 3000 }), (state, unitsMax) => {
    const text = JSON.stringify(stateTree(state, { unitsMax }).row);
    // Quotes inside texts are written with a backslash.
    assert(text.length <= 2 * unitsMax + 200, `${text.length} for ${unitsMax}`);
  }));
});

Deno.test("stateTree() holds keys and texts of a state as printable text", () => {
  const text = JSON.stringify(tree({ [HOSTILE]: HOSTILE, m: new Map([[HOSTILE, HOSTILE]]) }));
  // deno-lint-ignore no-control-regex -- what must not be there
  assertEquals(/[\x00-\x1f\u2028\u202e]/.exec(text), null);
});

Deno.test("stateTree() shows an object once, and refers to it from everywhere else", () => {
  const people = [{ id: 0 }, { id: 1 }];
  const state: Record<string, unknown> = { people, leader: people[1] };
  state.self = state;
  assertEquals(tree(state)[3], [
    ["people", "Array(2)", 0, [
      ["0", "1 property", 0, [["id", "0", 0]]],
      ["1", "1 property", 0, [["id", "1", 0]]],
    ]],
    ["leader", '{"$ref": "state.people[1]"}', 0],
    ["self", '{"$ref": "state"}', 0],
  ]);
});

Deno.test("stateTree() marks a change where the object is shown, and a reference that leads elsewhere", () => {
  const make = (energy: number, leader: number) => {
    const people = [0, 1, 2].map((id) => ({ id, energy: id === 1 ? energy : 0 }));
    return { people, leader: people[leader]!, friends: new Map([[people[0], people[1]]]) };
  };
  assertEquals(marked(tree(make(5, 1), make(5, 1))), []);
  assertEquals(marked(tree(make(6, 1), make(5, 1))), ["state", "people", "1", "energy"]);
  assertEquals(marked(tree(make(5, 2), make(5, 1))), ["state", "leader"]);
  const keyed = (x: number) => new Map([[{ x }, 1]]);
  assertEquals(marked(tree(keyed(1), keyed(1))), []);
  assertEquals(marked(tree(keyed(1), keyed(2))), ["state"]);
});

Deno.test("stateTree() of any graph marks nothing in a copy, and is as short as asked for", () => {
  fc.assert(fc.property(anyGraph, fc.integer({ min: 100, max: 3000 }), (state, unitsMax) => {
    assertEquals(marked(tree(state, copyState(state), unitsMax)), []);
    const other = tree([state, 1], [copyState(state), 2], unitsMax);
    assertEquals(marked(other)[0], "state");
    assert(JSON.stringify(other).length <= 2 * unitsMax + 300);
  }));
});

Deno.test("stateTree() takes lists of 100,000 and towers of 2^40 paths", () => {
  let list: unknown = undefined;
  for (let value = 0; value < 100_000; value++) list = { value, next: list };
  const { row, isCut } = stateTree(list, { unitsMax: 1e6, previous: { value: copyState(list) } });
  assertEquals([row[2], isCut], [0, true]);
  let tower: unknown = [1];
  for (let i = 0; i < 40; i++) tower = [tower, tower];
  assertEquals(marked(tree(tower, copyState(tower))), []);
});
