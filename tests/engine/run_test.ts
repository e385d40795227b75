import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  NondeterministicReplayError,
  NondeterministicStepError,
  StateEncodingError,
  StepError,
} from "../../src/errors.ts";
import { defaultBlockSize } from "../../src/engine/run_bounds.ts";
import { record } from "../../src/artifact/run.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import type { Sfc32Random } from "../../src/rng/sfc32/sfc32_random.ts";
import { createRng } from "../../src/rng/backends.ts";
import { deriveSeed } from "../../src/rng/derive_seed.ts";
import type { BadBlock, VerifyReport } from "../../src/engine/verify_types.ts";

function walk(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

interface Cell {
  value: number;
  history: number[];
}

function pureCell(state: Cell, rng: PythonRandom): Cell {
  const value = state.value + rng.gauss(0, 1);
  return { value, history: [...state.history, rng.randrange(10) as number].slice(-3) };
}

function inPlaceCell(state: Cell, rng: PythonRandom): Cell {
  state.value += rng.gauss(0, 1);
  state.history.push(rng.randrange(10) as number);
  if (state.history.length > 3) state.history.shift();
  return state;
}

/** The states of the walk by the definition of design.md, without the engine. */
function walkByDefinition(steps: number, seed: number, blockSize: number): number[] {
  const states = [0];
  let rng = createRng("python", deriveSeed(seed, 0));
  for (let t = 1; t < steps; t++) {
    // The transition into X_t belongs to the block of X_{t-1}.
    if ((t - 1) % blockSize === 0) rng = createRng("python", deriveSeed(seed, (t - 1) / blockSize));
    states.push(walk(states[t - 1]!, rng));
  }
  return states;
}

Deno.test("get(), states(), copies and negative t agree with the definition for all small shapes", () => {
  for (let steps = 1; steps <= 12; steps++) {
    for (let blockSize = 1; blockSize <= 12; blockSize++) {
      const expected = walkByDefinition(steps, 3, blockSize);
      const run = record(walk, { init: 0, steps, seed: 3, blockSize });
      assertEquals([...run.states()], expected);
      for (let t = 0; t < steps; t++) {
        assertEquals(run.get(t), expected[t]);
        assertEquals(run.get(t - steps), expected[t]);
        assertEquals([...run.states(t, steps)], expected.slice(t));
        assertEquals(run.find((_, at) => at >= t, { from: t }), t);
      }
      assertEquals(run.verify({ full: true }), {
        ok: true,
        blocks: Math.ceil(steps / blockSize),
        checked: Math.ceil(steps / blockSize),
        badBlocks: [],
        otherSharing: [],
      });
    }
  }
});

Deno.test("get() in any order equals states[t] for every T, b, seed and backend", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 60 }),
      fc.bigInt(),
      fc.constantFrom("python" as const, "sfc32" as const),
      fc.array(fc.nat(), { maxLength: 40 }),
      (steps, blockSize, seed, rng, order) => {
        const step = (state: Cell, random: PythonRandom | Sfc32Random): Cell =>
          pureCell(state, random as PythonRandom);
        const init = { value: 0, history: [] };
        const run = record(step, { init, steps, seed, rng, blockSize });
        const states = [...run.states(0, steps, { copy: true })];
        for (const index of order) {
          const t = index % steps;
          assertEquals(run.get(t), states[t]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("defaultBlockSize() is ceil(sqrt(steps)) exactly, at every edge up to 2^52", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 26 }), (root) => {
    assertEquals(defaultBlockSize(root * root), root);
    if (root > 1) assertEquals(defaultBlockSize(root * root - 1), root);
    if (root < 2 ** 26) assertEquals(defaultBlockSize(root * root + 1), root + 1);
  }));
  for (const steps of [0, -1, 1.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => defaultBlockSize(steps), RangeError, "'steps'");
  }
});

Deno.test("record() of a step that mutates in place gives the run of its pure twin", async () => {
  const init = { value: 1, history: [1, 2, 3] };
  const options = { init, steps: 5000, seed: 11, observe: { value: (s: Cell) => s.value } };
  const pure = record(pureCell, { ...options, stepId: "cell" });
  const inPlace = record(inPlaceCell, { ...options, stepId: "cell" });
  assertEquals(await pure.contentHash(), await inPlace.contentHash());
  assertEquals(init, { value: 1, history: [1, 2, 3] });
  const values = [];
  for (const state of inPlace.states()) values.push(state.value);
  for (let t = 0; t < 5000; t += 37) assertEquals(inPlace.get(t).value, values[t]);
});

Deno.test("get() returns a fresh value that the caller owns", () => {
  const run = record(inPlaceCell, { init: { value: 0, history: [] }, steps: 100, seed: 1 });
  const before = run.get(57);
  const copy = structuredClone(before);
  run.get(57).history.push(99);
  before.value = 1e9;
  assertEquals(run.get(57), copy);
  run.get(58).history.length = 0;
  assertEquals([...run.states(57, 58, { copy: true })], [copy]);
  assertEquals([...run.states({ copy: true })][57], copy);
  assertEquals(
    run.get(59),
    record(pureCell, { init: { value: 0, history: [] }, steps: 100, seed: 1 }).get(59),
  );
});

Deno.test("record() keeps what a step that throws left behind: t states and the failure", () => {
  const step = (state: Cell, rng: PythonRandom): Cell => {
    state.value++;
    state.history.push(rng.randrange(10) as number);
    if (state.history.length > 3) state.history.shift();
    if (state.value === 700) throw new Error("blew up");
    return state;
  };
  const observe = { value: (s: Cell) => s.value };
  const run = record(step, { init: { value: 0, history: [] }, steps: 1000, seed: 1, observe });
  assertEquals(run.steps, 700);
  const { place, ...failure } = run.failure!;
  assertEquals(failure, { t: 700, error: "Error: blew up" });
  assertMatch(place!.file, /run_test\.ts$/);
  assertEquals(run.get(-1).value, 699);
  assertEquals(run.observed.value!.count, 700);
  assertEquals(run.observed.value, run.stats(observe.value));
  assert(run.verify({ full: true }).ok);
});

Deno.test("record() keeps the states before a failure at every t of small runs", () => {
  for (let failing = 1; failing < 12; failing++) {
    for (let blockSize = 1; blockSize < 6; blockSize++) {
      const step = (x: number): number => {
        if (x + 1 === failing) throw new RangeError("no");
        return x + 1;
      };
      const run = record(step, { init: 0, steps: 12, seed: 1, blockSize });
      assertEquals([...run.states()], Array.from({ length: failing }, (_, i) => i));
      assertEquals(run.failure?.t, failing);
      assert(run.verify({ full: true }).ok);
    }
  }
});

Deno.test("record() throws for a bad first result, and keeps the run for a later one", () => {
  const early = (): unknown => ({ onTick: () => 1 });
  const error = assertThrows(
    () => record(early, { init: {} as unknown, steps: 10, seed: 1 }),
    StateEncodingError,
    "state.onTick",
  );
  assertEquals(error.path, "state.onTick");
  assertThrows(
    () => record((x: unknown) => Promise.resolve(x), { init: 0 as unknown, steps: 10, seed: 1 }),
    StateEncodingError,
    "a step must be synchronous",
  );
  const late = (x: unknown): unknown => x === 57 ? Symbol("late") : (x as number) + 1;
  const observe = { x: (x: unknown) => typeof x === "number" ? x : 0 };
  const run = record(late, { init: 0 as unknown, steps: 100, seed: 1, observe });
  assertEquals(run.steps, 58);
  assertEquals(run.failure?.t, 58);
  assertEquals(run.observed.x!.count, 58);
  assertEquals(run.get(-1), 57);
});

Deno.test("record() throws StepError at t = 0 if init throws", () => {
  const init = (): number => {
    throw new Error("no start");
  };
  const error = assertThrows(
    () => record(walk, { init, steps: 5, seed: 1 }),
    StepError,
    "no start",
  );
  assertEquals(error.t, 0);
});

Deno.test("record() ends with the first state for which until is true, at any place", () => {
  for (let stop = 0; stop < 12; stop++) {
    for (let blockSize = 1; blockSize < 6; blockSize++) {
      const asked: number[] = [];
      const until = (x: number, t: number): boolean => {
        asked.push(t);
        return x === stop;
      };
      const observe = { x: (x: number) => x };
      const run = record((x: number) => x + 1, {
        init: 0,
        steps: 20,
        seed: 1,
        blockSize,
        until,
        observe,
      });
      assertEquals(run.steps, stop + 1);
      assertEquals(run.get(-1), stop);
      assertEquals(run.observed.x!.count, stop + 1);
      assertEquals(asked, Array.from({ length: stop + 1 }, (_, i) => i));
      assertEquals(run.failure, undefined);
      assert(run.verify({ full: true }).ok);
    }
  }
});

Deno.test("selfCheck and verify() catch a step that draws from elsewhere", () => {
  let hidden = 0;
  const step = (x: number): number => x + (hidden++ % 7);
  assertThrows(
    () => record(step, { init: 0, steps: 100, seed: 1, selfCheck: true }),
    NondeterministicStepError,
    "draw all randomness from rng",
  );
  const run = record(step, { init: 0, steps: 100, seed: 1, guards: false });
  assertThrows(() => run.verify(), NondeterministicReplayError, "does not replay to state");
  const random = (x: number) => x + Math.random();
  const impure = record(random, { init: 0, steps: 100, seed: 1, guards: false });
  const error = assertThrows(
    () => impure.verify({ full: true }),
    NondeterministicReplayError<VerifyReport>,
  );
  assertEquals(error.report.badBlocks.map((bad: BadBlock) => bad.block), [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
  ]);
  assertEquals(error.report.badBlocks[9]!.to, 99);
  assertThrows(
    () => record((x: number) => x + Math.random(), { init: 0, steps: 9, seed: 1, selfCheck: true }),
    NondeterministicStepError,
  );
});

Deno.test("record() reports progress per block and stops with the signal's reason", () => {
  const seen: number[] = [];
  const controller = new AbortController();
  assertThrows(
    () =>
      record(walk, {
        init: 0,
        steps: 100,
        seed: 1,
        signal: controller.signal,
        onProgress({ t, steps }) {
          assertEquals(steps, 100);
          seen.push(t);
          if (t === 50) controller.abort(new Error("enough"));
        },
      }),
    Error,
    "enough",
  );
  assertEquals(seen, [10, 20, 30, 40, 50]);
});

Deno.test("branch() without changes follows its own seed, with the parent's seed the parent's states", () => {
  const run = record(walk, { init: 0, steps: 1000, seed: 5 });
  const branch = run.branch(-400);
  assertEquals(branch.branchPoint, 600);
  assertEquals(branch.steps, 400);
  assertEquals(branch.get(0), run.get(600));
  const whole = run.branch(0, { seed: run.seed });
  assertEquals([...whole.states()], [...run.states()]);
  const grandchild = branch.branch(10, { steps: 7, mutate: () => -1 });
  assertEquals([grandchild.steps, grandchild.get(0), grandchild.branchPoint], [7, -1, 10]);
});

Deno.test("branch() takes the statistics that the run took", () => {
  const observe = { x: (x: number) => x };
  const branch = record(walk, { init: 0, steps: 1000, seed: 5, observe }).branch(600);
  assertEquals(branch.observed.x, branch.stats(observe.x));
  assertEquals(branch.observed.x!.count, 400);
});

Deno.test("branch() takes a mutation in place and other parameters", () => {
  const step = (state: { x: number }, _rng: PythonRandom, params: { by: number }) => ({
    x: state.x + params.by,
  });
  const run = record(step, { init: { x: 0 }, steps: 100, seed: 5, params: { by: 1 } });
  const branch = run.branch(50, {
    mutate: (state) => {
      state.x = 1000;
    },
    params: { by: 10 },
  });
  assertEquals([branch.get(0).x, branch.get(3).x, run.get(50).x], [1000, 1030, 50]);
  assertEquals(branch.params, { by: 10 });
  assertEquals(run.params, { by: 1 });
});

Deno.test("trace() lists the draws that made a state, with arguments as they were", () => {
  const step = (state: number[], rng: PythonRandom): number[] => {
    rng.shuffle(state);
    return [...state, rng.randint(1, 6) as number, rng.gauss(0, 1)];
  };
  const run = record(step, { init: [1, 2, 3], steps: 30, seed: 9 });
  assertEquals(run.trace(0), []);
  for (const t of [1, 6, 7, 29]) {
    const before = run.get(t - 1);
    const after = run.get(t);
    const trace = run.trace(t);
    assertEquals(trace.map((entry) => entry.method), ["shuffle", "randint", "gauss"]);
    assertEquals(trace[0]!.args, [before]);
    assertEquals(trace.slice(1).map((entry) => entry.result), after.slice(-2));
  }
});

Deno.test("find(), bisect() and ranges answer undefined, never a wrong t", () => {
  const run = record((x: number) => x + 1, { init: 0, steps: 1000, seed: 1 });
  assertEquals(run.find((x) => x === 777), 777);
  assertEquals(run.find((x) => x === 777, { to: 777 }), undefined);
  assertEquals(run.find((x) => x % 10 === 0, { from: 991 }), undefined);
  assertEquals(run.find((x) => x % 10 === 0, { from: -15, to: -5 }), 990);
  assertEquals(run.bisect((x) => x >= 333), 333);
  assertEquals(run.bisect(() => false), undefined);
  assertEquals(run.bisect(() => true), 0);
});

Deno.test("get(), states() and find() refuse what lies outside the run", () => {
  const run = record(walk, { init: 0, steps: 1000, seed: 1 });
  assertThrows(
    () => run.get(1000),
    RangeError,
    "Cannot read step 1,000: the run has steps 0 to 999",
  );
  for (const t of [-1001, 0.5, NaN]) assertThrows(() => run.get(t), RangeError);
  assertThrows(() => run.states(10, 5), RangeError);
  assertThrows(() => run.states(0, 1001), RangeError);
  assertThrows(() => run.branch(1000), RangeError);
  assertThrows(() => run.trace(1000), RangeError);
});

Deno.test("record() checks its options", () => {
  const good = { init: 0, steps: 10, seed: 1 };
  assertThrows(() => record(undefined as never, good), TypeError, "'step' must be a function");
  assertThrows(() => record(walk, undefined as never), TypeError, "options");
  assertThrows(() => record(walk, { steps: 10, seed: 1 } as never), TypeError, "'init'");
  assertThrows(() => record(walk, { init: 0, steps: 10 } as never), TypeError);
  assertThrows(() => record(walk, { ...good, seed: 0.5 }), RangeError);
  assertThrows(() => record(walk, { ...good, steps: 0 }), RangeError, "'steps'");
  assertThrows(() => record(walk, { ...good, blockSize: 0 }), RangeError, "'blockSize'");
  assertThrows(() => record(walk, { ...good, rng: "mt" as never }), TypeError, "python");
  assertThrows(() => record(walk, { ...good, observe: { x: 1 as never } }), TypeError, "'x'");
});

Deno.test("a step or predicate that throws in a replay leaves the run usable", () => {
  let armed = false;
  const step = (x: number): number => {
    if (armed && x === 35) throw new Error("armed");
    return x + 1;
  };
  const run = record(step, { init: 0, steps: 100, seed: 1 });
  assertEquals(run.get(33), 33);
  armed = true;
  const error = assertThrows(() => run.get(38), StepError, "armed");
  assertEquals(error.t, 36);
  armed = false;
  assertEquals(run.get(38), 38);
  const thrown = new Error("mine");
  const caught = assertThrows(() =>
    run.find((x) => {
      if (x === 15) throw thrown;
      return false;
    })
  );
  assertStrictEquals(caught, thrown);
});

Deno.test("a run whose states are numbers only now and then gives each as it is", () => {
  const step = (x: unknown, rng: PythonRandom): unknown =>
    typeof x === "number" ? (rng.random() < 0.05 ? "text" : x + 1) : -0;
  const run = record(step, { init: 0 as unknown, steps: 2000, seed: 1 });
  const states = [...run.states()];
  const order = createRng("sfc32", 1);
  for (let i = 0; i < 5000; i++) {
    const t = order.randrange(2000) as number;
    assert(Object.is(run.get(t), states[t]), `t=${t}`);
  }
});

Deno.test("a run whose numbers become bigints and back gives each as it is", () => {
  const step = (x: number | bigint): number | bigint => {
    const next = BigInt(x) + 1n;
    return next > 10n && next % 20n < 10n ? next : Number(next);
  };
  const run = record(step, { init: 0 as number | bigint, steps: 100, seed: 1, blockSize: 7 });
  const states = [...run.states()];
  for (const t of [3, 5, 4, 50, 51, 52, 65, 63, 64, 8, 7, 9, 3]) {
    assertEquals(run.get(t), states[t]);
  }
});

Deno.test("record() takes states of a class through a codec", () => {
  class Point {
    constructor(readonly x: number) {}
    norm(): number {
      return Math.abs(this.x);
    }
  }
  const codec = {
    encode: (point: Point) => ({ x: point.x }),
    decode: (data: unknown) => new Point((data as { x: number }).x),
  };
  const step = (point: Point, rng: PythonRandom) => new Point(point.x + rng.uniform(-1, 1));
  assertThrows(
    () => record(step, { init: new Point(0), steps: 10, seed: 1 }),
    StateEncodingError,
    "codec",
  );
  const run = record(step, { init: new Point(0), steps: 100, seed: 1, codec });
  assert(run.get(50) instanceof Point);
  assertEquals(
    run.find((point) => point.norm() > 1),
    [...run.states()].findIndex((p) => p.norm() > 1),
  );
  assert(run.branch(50, { mutate: (point) => new Point(point.x + 1) }).get(3) instanceof Point);
  assert(run.verify({ full: true }).ok);
});
