import { assertEquals, assertThrows } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import { keepParameterKind } from "../../src/engine/given_value.ts";
import { changeParameters, checkSameKind } from "../../src/engine/same_kind.ts";
import { GuardError } from "../../src/errors.ts";

class Vec {
  constructor(public x: number, public y: number) {}
}

const STATE = {
  n: 3,
  big: 5n,
  name: "bob",
  maybe: null as number | null,
  grid: new Float64Array(4),
  tags: new Set(["a"]),
  ages: new Map<string, unknown>([["bob", 7]]),
  born: new Date(0),
  p: new Vec(1, 2),
  agents: [{ energy: 1 }, { energy: 2 }] as Record<string, unknown>[],
  mixed: [1, "a"] as unknown[],
};
type State = typeof STATE;

function fresh(): State {
  return {
    ...STATE,
    grid: STATE.grid.slice(),
    tags: new Set(STATE.tags),
    ages: new Map(STATE.ages),
    p: new Vec(1, 2),
    agents: STATE.agents.map((agent) => ({ ...agent })),
    mixed: [...STATE.mixed],
  };
}

function check(change: (state: Record<string, unknown> & State) => void): void {
  const after = fresh();
  change(after as unknown as Record<string, unknown> & State);
  const problem = (at: string, kinds: string) => `${at}: ${kinds}`;
  checkSameKind(fresh(), after, { at: "state", isList: false, problem });
}

Deno.test("checkSameKind() lets values, elements and entries come and go, and null", () => {
  check((s) => void Object.assign(s, { n: 4, big: 6n, maybe: 3, name: "eve" }));
  check((s) => void (s.maybe = null, Object.assign(s, { n: null, p: null })));
  check((s) => void (s.agents.push({ energy: 3 }), s.agents.shift()));
  check((s) => void (s.agents = [], s.tags.clear(), s.ages.clear()));
  check((s) => void s.mixed.reverse());
  check((s) => void (s.extra = 1, Reflect.deleteProperty(s, "name")));
  check((s) => void (s.grid = new Float64Array([1, 2, 3, 4])));
  check((s) => void (s.p = new Vec(7, 8)));
});

Deno.test("checkSameKind() names what is of another kind, and both kinds", () => {
  const cases: [(s: Record<string, unknown> & State) => void, string][] = [
    [(s) => Object.assign(s, { n: "3" }), "state.n: it was a number, and is a string"],
    [(s) => Object.assign(s, { n: undefined }), "state.n: it was a number, and is undefined"],
    [(s) => Object.assign(s, { big: 6 }), "state.big: it was a bigint, and is a number"],
    [
      (s) => void (s.grid = new Float64Array(3)),
      "state.grid: it was a Float64Array of 4, and is a Float64Array of 3",
    ],
    [
      (s) => Object.assign(s, { grid: [1, 2, 3, 4] }),
      "state.grid: it was a Float64Array of 4, and is an array of 4",
    ],
    [
      (s) => Object.assign(s, { grid: new Float32Array(4) }),
      "state.grid: it was a Float64Array of 4, and is a Float32Array of 4",
    ],
    [(s) => Object.assign(s, { tags: ["a"] }), "state.tags: it was a Set, and is an array of 1"],
    [(s) => Object.assign(s, { ages: {} }), "state.ages: it was a Map, and is an object"],
    [(s) => s.ages.set("bob", "7"), 'state.ages.get("bob"): it was a number, and is a string'],
    [(s) => Object.assign(s, { born: 0 }), "state.born: it was a Date, and is a number"],
    [(s) => Object.assign(s, { p: [1, 1] }), "state.p: it was a Vec, and is an array of 2"],
    [(s) => Object.assign(s, { p: { x: 1, y: 1 } }), "state.p: it was a Vec, and is an object"],
    [(s) => Object.assign(s.p, { x: "1" }), "state.p.x: it was a number, and is a string"],
    [
      (s) => Object.assign(s.agents[1]!, { energy: true }),
      "state.agents[1].energy: it was a number, and is a boolean",
    ],
    [
      (s) => s.agents.push(3 as never),
      "state.agents[2]: it was an object, and is a number",
    ],
    [(s) => s.tags.add(3 as never), "state.tags[1]: it was a string, and is a number"],
    [(s) => s.mixed.push(true), "state.mixed[2]: it was a number, and is a boolean"],
  ];
  for (const [change, message] of cases) {
    const error = assertThrows(() => check(change), GuardError);
    assertEquals(error.problem, message);
  }
});

Deno.test("checkSameKind() ends on cycles", () => {
  const ring = (): Record<string, unknown> => {
    const first: Record<string, unknown> = { value: 1 };
    first.next = { value: 2, next: first };
    return first;
  };
  const problem = () => "";
  checkSameKind(ring(), ring(), { at: "state", isList: false, problem });
});

const PARAMS = {
  beta: 0.3,
  rates: { death: 0.1, birth: 0.2 },
  w: new Float64Array([1, 2]),
  counts: [1, 2, 3],
  mode: "fast",
  big: 5n,
  open: {},
  none: null,
};

Deno.test("changeParameters() merges, sets single ones by their path, and leaves the base alone", () => {
  const change = (path: string, value: unknown): unknown =>
    changeParameters(
      PARAMS,
      [{ path: path === "" ? [] : path.split("."), value }],
      keepParameterKind,
    );
  const before = structuredClone(PARAMS);
  assertEquals(change("beta", 1), { ...PARAMS, beta: 1 });
  assertEquals(change("", { rates: { death: 1 }, mode: "slow" }), {
    ...PARAMS,
    rates: { death: 1, birth: 0.2 },
    mode: "slow",
  });
  assertEquals(change("rates.death", 1), { ...PARAMS, rates: { death: 1, birth: 0.2 } });
  assertEquals(change("w", [1, 2, 3]), { ...PARAMS, w: new Float64Array([1, 2, 3]) });
  assertEquals(change("w.1", 7), { ...PARAMS, w: new Float64Array([1, 7]) });
  assertEquals(change("counts.0", 7), { ...PARAMS, counts: [7, 2, 3] });
  assertEquals(change("big", 6), { ...PARAMS, big: 6n });
  assertEquals(change("open.any", "x"), { ...PARAMS, open: { any: "x" } });
  assertEquals(change("none", { a: 1 }), { ...PARAMS, none: { a: 1 } });
  assertEquals(PARAMS, before);
  assertEquals(changeParameters(undefined, [{ path: ["a", "b"], value: 1 }]), { a: { b: 1 } });
  const typed = { bytes: new Uint8Array(2), weights: new Float32Array(2) };
  const put = (name: string, value: number) =>
    changeParameters(typed, [{ path: [name, "1"], value }]);
  assertEquals(put("bytes", 255), { ...typed, bytes: new Uint8Array([0, 255]) });
  assertEquals(put("weights", 0.1), { ...typed, weights: new Float32Array([0, 0.1]) });
  for (const value of [256, -1, 0.5, NaN]) {
    const told = `Cannot set params.bytes["1"]: ${value} would be `;
    assertThrows(() => put("bytes", value), GuardError, told);
  }
  assertEquals(changeParameters(3, [{ path: [], value: 4 }]), 4);
});

Deno.test("changeParameters() refuses names that are not there and values of another kind", () => {
  const cases: [string, unknown, string][] = [
    ["bta", 1, "Unknown parameter 'params.bta'; did you mean 'beta'?"],
    ["rates.deth", 1, "Unknown parameter 'params.rates.deth'; did you mean 'death'?"],
    ["beta.x", 1, "Unknown parameter 'params.beta.x'; params.beta is a number"],
    ["w.2", 1, "Unknown parameter 'params.w[\"2\"]'; params.w is a Float64Array of 2"],
    ["zzzz", 1, "params has beta, rates, w, counts, mode, big, open, none"],
    ["beta", "1", 'Cannot set params.beta: it is a number, and "1" does not fit'],
    ["rates", 1, "Cannot set params.rates: it is an object, and 1 does not fit"],
    ["counts", ["1"], 'Cannot set params.counts[0]: it is a number, and "1" does not fit'],
    ["big", 1.5, "write a whole number"],
    ["w", ["1"], "it is a Float64Array of 2"],
  ];
  for (const [path, value, message] of cases) {
    assertThrows(
      () => changeParameters(PARAMS, [{ path: path.split("."), value }], keepParameterKind),
      GuardError,
      message,
    );
  }
});

Deno.test("branch() of the library keeps kinds and merges parameters", () => {
  const run = record(
    (s: { n: number }, _rng, params: { by: number; up: boolean }) => ({ n: s.n + params.by }),
    { init: { n: 0 }, steps: 10, seed: 1, params: { by: 2, up: true } },
  );
  assertEquals(run.branch(3, { params: { by: 5 } }).params, { by: 5, up: true });
  assertEquals(run.branch(3, { params: undefined }).get(-1), { n: 18 });
  assertThrows(() => run.branch(3, { params: { bi: 5 } }), GuardError, "did you mean 'by'?");
  assertThrows(() => run.branch(3, { params: { by: "5" } }), GuardError, "it was a number");
  const wrong = (s: { n: number }): void => void Object.assign(s, { n: "3" });
  assertThrows(
    () => run.branch(3, { mutate: wrong }),
    GuardError,
    "Cannot branch: mutate changed state.n: it was a number, and is a string",
  );
  assertEquals(run.branch(3, { mutate: wrong, guards: false, steps: 1 }).get(0), { n: "3" });
  const walk = record((x: number) => x + 1, { init: 0, steps: 10, seed: 1 });
  assertThrows(() => walk.branch(3, { mutate: () => {} }), GuardError, "gave nothing");
});
