import { assert, assertEquals, assertThrows } from "@std/assert";
import { GuardError, NondeterministicStepError, record, StateEncodingError } from "../../../mod.ts";
import type { PythonRandom } from "../../../mod.ts";

// Of a slow step the guards try less: a busy machine must not look like one.
performance.now = () => 0;

/** The states that a plain loop makes are those of the run, or recording it names the culprit. */
function guardOf(make: () => unknown): GuardError {
  return assertThrows(make, GuardError);
}

Deno.test("record() names the parameter that a step changes, and when", () => {
  const step = (x: number, _rng: PythonRandom, params: { rates: number[] }): number => {
    if (x === 12) params.rates[1]! += 1;
    return x + params.rates[0]!;
  };
  const options = { init: 0, steps: 200, seed: 1, params: { rates: [1, 2] } };
  const error = guardOf(() => record(step, options));
  assertEquals([error.kind, error.path, error.t], ["params", "params.rates[1]", 13]);
  assertEquals(options.params, { rates: [1, 2] });
});

Deno.test("record() finds changes in a Map or a typed array among the parameters, late ones too", () => {
  for (const late of [3, 150]) {
    const params = { table: new Map([["a", 1]]), weights: new Float64Array(3) };
    const step = (x: number, _rng: unknown, p: typeof params): number => {
      if (x === late) p.weights[2] = 5;
      return x + p.table.get("a")!;
    };
    const error = guardOf(() => record(step, { init: 0, steps: 200, seed: 1, params }));
    assertEquals([error.kind, error.path], ["params", "params.weights[2]"]);
  }
});

Deno.test("record() names a part of the parameters that the state holds, where its change matters", () => {
  // deno-lint-ignore no-explicit-any -- models as strangers write them
  type Any = any;
  const init = ({ table }: Any) => ({ table, x: 0 });
  const options = { init, steps: 20, seed: 1, params: { table: new Map([["a", 1]]) } };
  const grow = (s: Any, _: unknown, params: Any) => {
    s.table.set("a", s.table.get("a") + params.table.get("a"));
    return s;
  };
  assertThrows(
    () => record(grow, options),
    GuardError,
    'params.table.get("a") was 1 and is 4; a plain loop would give another state 2, ' +
      'where state.table.get("a") is 4, and 3 after a checkpoint; let init copy what it takes',
  );
  const alone = (s: Any) => {
    s.table.set("a", s.table.get("a") + 1);
    return s;
  };
  assertEquals((record(alone, options).get(-1) as Any).table.get("a"), 20);
  assertEquals(options.params.table.get("a"), 1);
});

Deno.test("record() takes a state that holds parts of the parameters and only reads them", () => {
  const params = { kinds: [{ food: 1 }, { food: 2 }] };
  type Kinds = typeof params;
  const init = ({ kinds }: Kinds) => ({ kind: kinds[0]!, total: 0 });
  type State = ReturnType<typeof init>;
  const step = (s: State, rng: { random(): number }, { kinds }: Kinds): State => ({
    kind: rng.random() < 0.3 ? kinds[Math.floor(2 * rng.random())]! : s.kind,
    total: s.total + s.kind.food,
  });
  const options = { init, params, steps: 100, seed: 4 };
  const run = record(step, options);
  assertEquals(run.get(-1).total, [...run.states(0, 99)].reduce((sum, s) => sum + s.kind.food, 0));
  const asking = (s: State, rng: { random(): number }, p: Kinds) => ({
    ...step(s, rng, p),
    total: s.total + p.kinds.indexOf(s.kind),
  });
  assertThrows(() => record(asking, options), GuardError, "tells a state from a copy of it");
});

Deno.test("record() keeps what was recorded before a step wrote to its parameters", () => {
  const step = (x: number, _rng: unknown, params: { n: number }): number => {
    if (x === 120) params.n = 2;
    return x + 1;
  };
  const run = record(step, { init: 0, steps: 200, seed: 1, params: { n: 1 } });
  assertEquals(run.steps, 121);
  assertEquals(run.failure?.t, 121);
  assert(/changes its parameters: params\.n was 1 and is 2/.test(run.failure!.error));
  assert(run.verify({ full: true }).ok);
});

interface Wealth {
  wealth: number[];
}

function trade(s: Wealth, rng: PythonRandom): Wealth {
  const i = rng.randrange(0, 4) as number;
  s.wealth[i]! += 1;
  s.wealth[(i + 2) % 5]! -= 1;
  return s;
}

const WEALTH = { init: (): Wealth => ({ wealth: [5, 1, 4, 2, 3] }), steps: 400, seed: 3 };
const sortingMedian = (s: Wealth): number => s.wealth.sort((a, b) => a - b)[2]!;

Deno.test("observables, until, stats and find that change the state are named", () => {
  const observe = { sum: (s: Wealth) => s.wealth.length, median: sortingMedian };
  const observed = guardOf(() => record(trade, { ...WEALTH, observe }));
  assertEquals([observed.kind, observed.t], ["observer", 0]);
  assert(observed.message.startsWith("Cannot use observe.median: it changes the state"));
  const until = (s: Wealth) => sortingMedian(s) > 1000;
  assert(guardOf(() => record(trade, { ...WEALTH, until })).message.includes("until"));
  const run = record(trade, WEALTH);
  assertEquals(guardOf(() => run.stats(sortingMedian)).kind, "observer");
  for (const limit of [-50, 4, 1e6]) {
    assertEquals(guardOf(() => run.find((s) => sortingMedian(s) > limit)).kind, "observer");
  }
  const assigning = (s: Wealth) => s.wealth[0] = 7;
  assertEquals(guardOf(() => run.bisect(assigning)).kind, "observer");
  const copying = (s: Wealth): number => [...s.wealth].sort((a, b) => a - b)[2]!;
  let state = WEALTH.init();
  const values = [...run.states()].map(() => 0);
  for (const [t, s] of [...run.states({ copy: true })].entries()) {
    values[t] = copying(s);
    state = s;
  }
  assertEquals(state, run.get(-1));
  assertEquals((run.stats(copying) as { max: number }).max, Math.max(...values));
});

Deno.test("who makes a step throw by changing its state is named, not the step", () => {
  const step = (s: { list: { x: number }[] }) => {
    for (let i = 0; i < 2; i++) s.list[i]!.x++;
    return s;
  };
  const init = () => ({ list: [{ x: 0 }, { x: 5 }] });
  const late = ({ list }: ReturnType<typeof init>) => list[0]!.x > 70 && (list.length = 1);
  const popping = ({ list }: ReturnType<typeof init>) => list.pop() === undefined;
  const of = { init, steps: 100, seed: 3 };
  for (const look of [late, popping]) {
    const observed = guardOf(() => record(step, { ...of, observe: { n: look as never } }));
    assertEquals([observed.kind, observed.t], ["observer", look === late ? 71 : 0]);
    assert(
      guardOf(() => record(step, { ...of, until: (s) => look(s) && false })).message
        .startsWith("Cannot use until: it changes the state"),
    );
    const run = record(step, of);
    assertEquals(guardOf(() => run.find((s) => look(s) && false)).t, observed.t);
    assertEquals(guardOf(() => run.stats(look as never)).t, observed.t);
    assertEquals(guardOf(() => run.stats(look as never, { from: 65, to: 90 })).kind, "observer");
  }
  // What is the step's own stays so.
  const failing = record((s: number) => {
    if (s === 7) throw new Error("seven");
    return s + 1;
  }, { init: 0, steps: 20, seed: 1, observe: { s: (s) => s } });
  assertEquals(failing.failure?.error, "Error: seven");
});

Deno.test("until that changes the state at which the run ends is named, where that starts a block too", () => {
  const step = (s: { n: number; done?: boolean }) => ({ ...s, n: s.n + 1 });
  for (const end of [0, 10, 13]) {
    const until = (s: { n: number; done?: boolean }) => s.n === end && (s.done = true);
    const init = () => ({ n: 0 });
    const error = guardOf(() => record(step, { init, steps: 100, seed: 1, until }));
    assertEquals([error.kind, error.t], ["observer", end]);
  }
});

Deno.test("a function that changes the state is named however slow the step is", () => {
  const { now } = performance;
  let ms = 0;
  performance.now = () => ms += 10 ** 6;
  try {
    const error = guardOf(() => record(trade, { ...WEALTH, observe: { median: sortingMedian } }));
    assertEquals([error.kind, error.t], ["observer", 0]);
  } finally {
    performance.now = now;
  }
});

Deno.test("record() names the field that a codec forgets, if the step needs it", () => {
  class Walker {
    x = 0;
    cooldown = 0;
    cache = 0;
  }
  const codec = (fields: readonly (keyof Walker)[]) => ({
    encode: (w: Walker) => Object.fromEntries(fields.map((name) => [name, w[name]])),
    decode: (data: unknown) => Object.assign(new Walker(), data),
  });
  const step = (w: Walker): Walker => {
    w.cache = w.x * 2;
    if (w.cooldown > 0) w.cooldown--;
    else [w.x, w.cooldown] = [w.x + 1, 1000];
    return w;
  };
  const options = { init: () => new Walker(), steps: 10_000, seed: 1 };
  const error = guardOf(() => record(step, { ...options, codec: codec(["x"]) }));
  assertEquals([error.kind, error.path], ["lost", "state.cooldown"]);
  const run = record(step, { ...options, codec: codec(["x", "cooldown"]) });
  assertEquals(run.get(-1).x, 10);
});

Deno.test("record() names a codec that changes the states that it encodes", () => {
  interface Bag {
    xs: number[];
  }
  const codec = {
    encode: (s: Bag) => s.xs.sort(),
    decode: (xs: unknown) => ({ xs: [...xs as number[]] }),
  };
  const step = (s: Bag, rng: PythonRandom): Bag => {
    s.xs[0]! += rng.random() * 3;
    s.xs.reverse();
    return s;
  };
  const options = { init: () => ({ xs: [3, 1, 2] }), steps: 400, seed: 1 };
  const error = guardOf(() => record(step, { ...options, codec }));
  assertEquals([error.kind, error.t], ["lost", 20]);
  assertEquals(error.message.startsWith("Cannot record: codec.encode changes the state"), true);
  record(step, { ...options, codec: { ...codec, encode: (s: Bag) => [...s.xs] } });
});

Deno.test("record() tells a step that counts its calls from one that asks for objects", () => {
  for (const period of [5, 7, 11, 13]) {
    let calls = 0;
    const step = (s: { x: number }) => ({ x: s.x + (++calls % period === 0 ? 1 : 0.5) });
    const error = assertThrows(
      () => record(step, { init: () => ({ x: 0 }), steps: 300, seed: 1 }),
      NondeterministicStepError,
    );
    assertEquals(error.message.startsWith("Cannot certify the run"), true);
  }
});

Deno.test("record() names a step that tells a state from its copy, and lets constants be shared", () => {
  const NORTH = { dx: 0, dy: 1 };
  const init = () => ({ y: 0, heading: NORTH, others: [NORTH, NORTH] });
  const byIdentity = (s: ReturnType<typeof init>) => {
    s.y += s.heading === NORTH ? 1 : -1;
    return s;
  };
  const error = guardOf(() => record(byIdentity, { init, steps: 100, seed: 1 }));
  assertEquals([error.kind, error.path, error.t], ["lost", "state.y", 1]);
  const byValue = (s: ReturnType<typeof init>) => {
    s.y += s.heading.dy;
    return s;
  };
  assertEquals(record(byValue, { init, steps: 100, seed: 1 }).get(-1).y, 99);
  const memory = new WeakMap<object, number>();
  const remembers = (s: { n: number }) => {
    const seen = (memory.get(s) ?? 0) + 1;
    memory.set(s, seen);
    return s.n = seen, s;
  };
  const kept = guardOf(() => record(remembers, { init: () => ({ n: 0 }), steps: 100, seed: 1 }));
  assertEquals([kept.kind, kept.path], ["lost", "state.n"]);
});

Deno.test("record() leaves what init gives again and again as it was", () => {
  const shared = { k: 1, list: [1], map: new Map([["a", 1]]), cells: new Float64Array(2) };
  const step = (s: { a: typeof shared }) => {
    s.a.k++;
    s.a.list.push(s.a.k);
    s.a.map.set("a", s.a.k);
    s.a.cells[1]! += 1;
    return s;
  };
  const options = { init: () => ({ a: shared }), steps: 50, seed: 1 };
  const first = record(step, options).get(-1);
  assertEquals(shared, { k: 1, list: [1], map: new Map([["a", 1]]), cells: new Float64Array(2) });
  assertEquals([first.a.k, first.a.cells[1]], [50, 49]);
  assertEquals(record(step, options).get(-1), first);
});

Deno.test("record() finds a state inside of a block that is not data", () => {
  const step = (s: { n: number; f?: () => void }) => {
    const n = s.n + 1;
    return n === 7 ? { n, f: () => {} } : { n };
  };
  assertThrows(
    () => record(step, { init: { n: 0 }, steps: 400, seed: 1 }),
    StateEncodingError,
    "state.f",
  );
});

Deno.test("record() without guards asks a step once for each state", () => {
  let calls = 0;
  const step = (x: number) => (calls++, x + 1);
  record(step, { init: 0, steps: 100, seed: 1, guards: false });
  assertEquals(calls, 99);
});
