import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareEncodings, describeDifference } from "../../src/codec/compare_states.ts";
import { describeSharing } from "../../src/codec/compare_sharing.ts";
import { copyState } from "../../src/codec/copy_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { anyGraph, anyState } from "./arbitraries.ts";
import { isSameGraph, objectsOf } from "./graph_model.ts";

/**
 * The model: two states are equal if no path of so many steps tells them apart. Objects are told apart after as many
 * steps as both have, so for small graphs this is equality, at the price of following every path.
 */
function isEqualTo(a: unknown, b: unknown, depth: number): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return Object.is(a, b);
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Object.isFrozen(a) !== Object.isFrozen(b)) return false;
  if (depth === 0) return true;
  const left = Array.isArray(a) ? a : Object.entries(a).flat();
  const right = Array.isArray(b) ? b : Object.entries(b).flat();
  return left.length === right.length &&
    left.every((value, i) => isEqualTo(value, right[i], depth - 1));
}

/** Small graphs of arrays and objects with two parts each, in which equal unfoldings are frequent. */
const smallGraph = fc.array(
  fc.tuple(fc.boolean(), fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.boolean()),
  { minLength: 1, maxLength: 4 },
).map((recipes) => {
  const nodes: unknown[] = recipes.map(([isArray]) => isArray ? [] : {});
  recipes.forEach(([isArray, first, second], i) => {
    const parts = [first, second].map((to) => to < recipes.length ? nodes[to] : to > 4 ? 1 : 0);
    if (isArray) (nodes[i] as unknown[]).push(...parts);
    else Object.assign(nodes[i] as object, { a: parts[0], b: parts[1] });
  });
  recipes.forEach(([, , , isFrozen], i) => isFrozen && Object.freeze(nodes[i]));
  return nodes[0];
});

/** The same graph, but for one reference that leads to a copy of its object. */
function splitOne(state: unknown, which: number): unknown {
  const copy = copyState(state);
  const references = [...objectsOf(copy)].flatMap((object) =>
    Object.entries(object).filter(([, value]) => typeof value === "object" && value !== null)
      .map(([key, value]) => ({ object: object as Record<string, unknown>, key, value }))
  ).filter(({ object }) => !Object.isFrozen(object));
  const chosen = references[which % references.length];
  if (chosen === undefined) return copy;
  const { object, key, value } = chosen;
  const other: object = Array.isArray(value) ? [...value] : { ...value };
  object[key] = Object.isFrozen(value) ? Object.freeze(other) : other;
  return copy;
}

/** Two small graphs, often equal, often equal but for their sharing. */
const twoGraphs = fc.oneof(
  fc.tuple(smallGraph, smallGraph),
  smallGraph.map((state): [unknown, unknown] => [state, copyState(state)]),
  fc.tuple(smallGraph, fc.nat()).map(([state, which]) => [state, splitOne(state, which)]),
);

Deno.test("describeDifference() finds one exactly if some path tells two graphs apart", () => {
  let equal = 0;
  fc.assert(
    fc.property(twoGraphs, ([a, b]) => {
      const isEqual = isEqualTo(a, b, 9);
      if (isEqual) equal++;
      assertEquals(describeDifference(a, b) === undefined, isEqual);
      assertEquals(describeDifference(b, a) === undefined, isEqual);
    }),
    { numRuns: 4000 },
  );
  assert(equal > 1000, `${equal} pairs were equal`);
});

Deno.test("compareEncodings() tells equal, equal but for sharing, and different", () => {
  const seen = { equal: 0, sharing: 0, value: 0 };
  fc.assert(
    fc.property(twoGraphs, ([a, b]) => {
      const { kind } = compareEncodings(encodeState(a), encodeState(b));
      seen[kind]++;
      const expected = isSameGraph(a, b) ? "equal" : isEqualTo(a, b, 9) ? "sharing" : "value";
      assertEquals(kind, expected);
    }),
    { numRuns: 4000 },
  );
  assert(Math.min(seen.equal, seen.sharing, seen.value) > 100, JSON.stringify(seen));
});

Deno.test("any graph equals its copy, and its parts written out where it has no cycle", () => {
  fc.assert(fc.property(anyGraph, (state) => {
    const copy = copyState(state);
    assertEquals(describeDifference(state, copy), undefined);
    assertEquals(describeSharing(state, copy), undefined);
    assertEquals(compareEncodings(encodeState(state), encodeState(copy)), { kind: "equal" });
  }));
  fc.assert(fc.property(anyState, (state) => {
    const twice = compareEncodings(
      encodeState([state, state]),
      encodeState([state, copyState(state)]),
    );
    const isObject = typeof state === "object" && state !== null;
    assertEquals(twice.kind, isObject ? "sharing" : "equal");
  }));
});

Deno.test("describeDifference() takes graphs of 2^40 paths, lists of 100,000 and knots in steps", () => {
  const tower = (end: number, levels: number): unknown => {
    let state: unknown = [end];
    for (let i = 0; i < levels; i++) state = [state, state];
    return state;
  };
  assertEquals(describeDifference(tower(1, 40), tower(1, 40)), undefined);
  assertEquals(
    describeDifference(tower(1, 40), tower(2, 40))?.path,
    `state${"[0]".repeat(41)}`,
  );
  const list = (length: number): unknown => {
    let state: unknown = undefined;
    for (let i = 0; i < length; i++) state = { next: state };
    return state;
  };
  assertEquals(describeDifference(list(1e5), list(1e5)), undefined);
  assertEquals(
    describeDifference(list(1e5), list(1e5 + 1))?.path,
    `state${".next".repeat(8)}...(99984 levels)...${".next".repeat(8)}`,
  );
  // Rings of 1,000 and 1,001 that unfold to the same: 1,001,000 pairs, 2,000 steps.
  const ring = (length: number): unknown => {
    const first: { next?: unknown } = {};
    let last = first;
    for (let i = 1; i < length; i++) last = last.next = {};
    last.next = first;
    return first;
  };
  assertEquals(describeDifference(ring(10_000), ring(10_001)), undefined);
  assertEquals(compareEncodings(encodeState(ring(10)), encodeState(ring(11))).kind, "sharing");
});

Deno.test("describeDifference() says where something is frozen in one state only", () => {
  assertEquals(describeDifference({ cfg: Object.freeze({}) }, { cfg: {} }), {
    path: "state.cfg",
    expected: "an object that is frozen",
    actual: "an object that is extensible",
  });
});

Deno.test("compareEncodings() says where objects are one, or memory is shared, in one state only", () => {
  const sharing = (a: unknown, b: unknown) => {
    const comparison = compareEncodings(encodeState(a), encodeState(b));
    return comparison.kind === "sharing" ? comparison.difference : comparison.kind;
  };
  const people = [{ id: 0 }, { id: 1 }];
  assertEquals(sharing({ people, leader: people[1] }, { people, leader: { id: 1 } }), {
    path: "state.leader",
    expected: "the same object as state.people[1]",
    actual: "an object of its own",
  });
  const [a, b] = [{}, {}];
  assertEquals(sharing([a, b, a], [a, b, b]), {
    path: "state[2]",
    expected: "the same object as state[0]",
    actual: "the same object as state[1]",
  });
  const all = new Float64Array(4);
  assertEquals(
    sharing({ all, vel: all.subarray(2) }, { all, vel: new Float64Array(2) }),
    {
      path: "state.vel",
      expected: "memory at byte 16 of state.all",
      actual: "memory of its own",
    },
  );
  assertEquals(
    sharing({ all, vel: all.subarray(2) }, { all, vel: all.subarray(1, 3) }),
    {
      path: "state.vel",
      expected: "memory at byte 16 of state.all",
      actual: "memory at byte 8 of state.all",
    },
  );
});
