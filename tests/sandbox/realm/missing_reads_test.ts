import { assertEquals } from "@std/assert";
import { missingReads } from "../../../src/sandbox/realm/missing_reads.ts";

interface Agent {
  energy: number;
  target?: { x: number };
}

const STATES = [
  {
    infected: 1,
    agents: [{ energy: 1 }, { energy: 2, target: { x: 1 } }],
    grid: new Float64Array(3),
  },
  { infected: 2, late: true, agents: [] as Agent[], grid: new Float64Array(3) },
];

// deno-lint-ignore no-explicit-any
function reads(look: (state: any, t: number) => unknown, states: readonly unknown[] = STATES) {
  return missingReads(look, states.map((state, t) => ({ state, t })))
    .map(({ path, hint }) => [path, hint].join(" ").trim());
}

Deno.test("missingReads() names what no state has, with the nearest name that is there", () => {
  assertEquals(reads((s) => s.infectd > 5), ["state.infectd did you mean 'infected'?"]);
  assertEquals(reads((s) => s.agents.some((a: { enrgy: number }) => a.enrgy > 1)), [
    "state.agents[].enrgy did you mean 'energy'?",
  ]);
  assertEquals(reads(({ weather }) => weather?.rain), ["state.weather"]);
  assertEquals(reads((s) => Math.max(...s.agents.map((a: { x: number }) => a.x))), [
    "state.agents[].x",
  ]);
});

Deno.test("missingReads() says nothing of what some state has, of elements and of methods", () => {
  assertEquals(reads((s) => s.infected > 5), []);
  assertEquals(reads((s) => s.late === true), []);
  assertEquals(reads((s) => s.agents[7]?.energy > 1), []);
  assertEquals(reads((s) => s.agents.find((a: Agent) => a.target?.x === 7)), []);
  assertEquals(reads((s) => s.agents.length + s.grid.length + s.grid[2]), []);
  assertEquals(reads((s) => JSON.stringify(s).length > 3 && Object.keys(s).length), []);
  assertEquals(reads((s) => "infectd" in s || { ...s }.infected), []);
  assertEquals(reads((x) => x > 3, [1, 2]), []);
});

Deno.test("missingReads() passes over functions that throw, and frozen and private parts", () => {
  class Counter {
    #count = 1;
    get count(): number {
      return this.#count;
    }
  }
  const states = [{ counter: new Counter(), frozen: Object.freeze({ inner: Object.freeze({}) }) }];
  assertEquals(reads((s) => s.counter.count > 0, states), []);
  assertEquals(reads((s) => s.frozen.inner.x, states), ["state.frozen.inner.x"]);
  assertEquals(reads((s) => s.nothing.x, states), ["state.nothing"]);
});

Deno.test("an entry of a Map that is asked for as a property is told, and length of what has a size", () => {
  const states = [{ state: { by: new Map([["a", 3]]), tags: new Set([1]), list: [1] }, t: 0 }];
  type State = (typeof states)[0]["state"];
  const missing = (look: (s: State) => unknown) =>
    missingReads(look as (state: unknown) => unknown, states).map(({ path, hint }) => [path, hint]);
  assertEquals(missing((s) => (s.by as unknown as { a: number }).a > 2), [
    ["state.by.a", 'a Map is asked for an entry with .get("a")'],
  ]);
  assertEquals(missing((s) => (s.tags as unknown as number[]).length > 2), [
    ["state.tags.length", "did you mean 'size'?"],
  ]);
  assertEquals(missing((s) => (s.list as unknown as Set<number>).size > 2), [
    ["state.list.size", "did you mean 'length'?"],
  ]);
  const all = (s: State) =>
    s.by.get("a")! + s.by.size + [...s.tags].length + [...s.by.values()].length +
    Number(s.tags.has(1));
  assertEquals(missing(all), []);
});
