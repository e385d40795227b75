import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { load } from "../../src/artifact/load.ts";
import { record, type Run } from "../../src/artifact/run.ts";
import { GuardError, NondeterministicReplayError } from "../../src/errors.ts";
import { RNG_NAMES, type RngName } from "../../src/rng/backends.ts";
import type { NumpyGenerator } from "../../src/rng/numpy/generator.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { type AnyStep, plainStates } from "./plain_loop.ts";

interface Drawn {
  draws: number[];
  t: number;
}

/** Draws a varying number of times, by ways that leave something behind in the generator. */
const STEPS: Readonly<Record<RngName, AnyStep>> = {
  python: drawAsPython,
  sfc32: drawAsPython,
  numpy(state: Drawn, rng: NumpyGenerator, _params: unknown, t: number): Drawn {
    const draws = [rng.random()];
    // 32-bit draws leave half an output in the buffer; children are counted by the seed sequence.
    if (t % 3 !== 1) draws.push(rng.random({ dtype: "float32" }));
    if (t % 4 === 2) draws.push(rng.spawn(1 + t % 2)[0]!.random());
    if (t % 5 === 0) draws.push(rng.standardNormal());
    return { draws, t: state.t + 1 };
  },
};

function drawAsPython(state: Drawn, rng: PythonRandom, _params: unknown, t: number): Drawn {
  // Every odd number of gauss() leaves a second value behind.
  const draws = [rng.gauss(0, 1)];
  if (t % 3 === 0) draws.push(rng.random(), rng.gauss(0, 1));
  if (t % 4 === 1) draws.push(rng.getrandbits(7) as number);
  return { draws, t: state.t + 1 };
}

function root(
  rng: RngName,
  steps: number,
  blockSize: number,
): { run: Run<Drawn>; states: unknown[] } {
  const options = { init: { draws: [], t: 0 }, steps, seed: 11, rng, blockSize };
  return {
    run: record<Drawn, RngName>(STEPS[rng], options),
    states: plainStates({ ...options, step: STEPS[rng] }),
  };
}

/** Holds a run against the states that it must have, whatever verb reads them. */
async function assertStates(run: Run<Drawn>, expected: unknown[]): Promise<void> {
  assertEquals([...run.states()] as unknown[], expected);
  for (let t = expected.length - 1; t >= 0; t--) assertEquals(run.get(t) as unknown, expected[t]);
  run.verify({ full: true });
  const again = await load(await run.toBytes(), { step: STEPS[run.rng] });
  assertEquals([...again.states()] as unknown[], expected);
  again.verify({ full: true });
  assertEquals(await again.contentHash(), await run.contentHash());
}

Deno.test("a branch with the same draws equals the rest of its parent: at block starts, ends and between", async () => {
  for (const rng of RNG_NAMES) {
    const { run, states } = root(rng, 40, 7);
    assertEquals([...run.states()] as unknown[], states);
    for (const t of [0, 1, 6, 7, 8, 13, 14, 20, 27, 34, 35, 38, 39]) {
      const branch = run.branch(t, { seed: "same" });
      assertEquals([branch.seed, branch.blockSize, branch.origin], [run.seed, 7, t]);
      assertEquals(branch.record.generatorState === undefined, t % 7 === 0);
      await assertStates(branch, states.slice(t));
    }
  }
});

Deno.test("branches of branches keep the draws, also below one with a fresh seed, and may go on longer", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RNG_NAMES),
      fc.integer({ min: 2, max: 60 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.record({ at: fc.nat(), isFresh: fc.boolean(), more: fc.nat(9) }), {
        minLength: 1,
        maxLength: 4,
      }),
      async (rng, steps, blockSize, branches) => {
        let { run, states } = root(rng, steps + 40, blockSize);
        for (const { at, isFresh, more } of branches) {
          const point = at % run.steps;
          const length = run.steps - point;
          if (isFresh) {
            run = run.branch(point);
            states = [...run.states({ copy: true })];
          } else {
            run = run.branch(point, { seed: "same", steps: length + more });
            assertEquals([...run.states(0, length)] as unknown[], states.slice(point));
            states = [...run.states({ copy: true })];
          }
        }
        await assertStates(run, states);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a changed branch with the same draws draws what its parent draws", () => {
  const step = (x: number, rng: PythonRandom) => x + rng.random();
  const run = record(step, { init: 0, steps: 500, seed: 3 });
  const branch = run.branch(123, { seed: "same", mutate: () => 1000 });
  for (const t of [1, 50, 376]) {
    assertEquals(branch.trace(t), run.trace(123 + t));
  }
  branch.verify({ full: true });
});

Deno.test("verify() compares X_0 with what init makes, and an unchanged branch with its parent", () => {
  let start = 5;
  const step = (x: number, rng: PythonRandom) => x + rng.random();
  const run = record(step, { init: () => start, steps: 20, seed: 1 });
  const branch = run.branch(8);
  run.verify();
  branch.verify();
  start = 6;
  const error = assertThrows(() => run.verify(), NondeterministicReplayError);
  assertEquals(
    error.message,
    "Cannot verify the run: state 0 is not what init makes: state is 5, and 6 there",
  );
  // Its own X_0 is stored; a branch that was changed has nothing to be compared with.
  branch.verify();
  run.branch(8, { mutate: (x) => x + 1 }).verify();
});

/** A run of one block, in which the step meets no copy. */
const ONE_BLOCK = { steps: 20, seed: 1, blockSize: 100 };

Deno.test("a branch whose start goes on otherwise than the parent did names what its copy lacks", () => {
  class Body {
    hidden = 0;
    x = 0;
  }
  const codec = {
    encode: ({ x }: Body) => x,
    decode: (x: unknown) => Object.assign(new Body(), { x }),
  };
  const move = (s: Body) => {
    s.x += s.hidden++;
    return s;
  };
  const run = record(move, { init: () => new Body(), codec, ...ONE_BLOCK });
  for (const seed of ["same", 5] as const) {
    assertThrows(
      () => run.branch(8, { seed }),
      GuardError,
      "Cannot branch at 8: a checkpoint loses state.hidden, which is 8 in the live state and 0 after decoding: a " +
        "plain loop would give another state 9, where state is 36, and 28 after a checkpoint",
    );
  }
  assertEquals(run.branch(8, { guards: false, seed: "same" }).get(1).x, 28);
  // Where a run starts, its copy is all there is.
  assertEquals(run.branch(0, { seed: "same" }).steps, 20);
});

Deno.test("a branch of a step that keeps objects of the state is refused", () => {
  let kept: object | undefined;
  const step = (s: { list: number[] }) => {
    if (kept !== s.list) s.list[0]!++;
    kept = s.list;
    return s;
  };
  const run = record(step, { init: () => ({ list: [0] }), ...ONE_BLOCK, guards: false });
  const { message } = assertThrows(() => run.branch(8, { seed: "same" }), GuardError);
  assertEquals(message.startsWith("Cannot branch at 8: the step tells a state from a copy"), true);
});

Deno.test("a branch from the last state is held against what the run would go on to", () => {
  class Body {
    #steps = 0;
    x = 0;
    move(): this {
      this.x += ++this.#steps;
      return this;
    }
  }
  const codec = {
    encode: ({ x }: Body) => x,
    decode: (x: unknown) => Object.assign(new Body(), { x }),
  };
  const run = record((s: Body) => s.move(), { init: () => new Body(), codec, ...ONE_BLOCK });
  const text = "Cannot branch at 19: the step tells a state from a copy of it";
  assertThrows(() => run.branch(-1, { seed: "same", steps: 5 }), GuardError, text);
  // Where the step fails without a copy, too, there is nothing to compare.
  const fails = (x: { n: number }) => {
    if (x.n === 19) throw new Error("done");
    return { n: x.n + 1 };
  };
  const failed = record(fails, { init: { n: 0 }, ...ONE_BLOCK });
  assertEquals(failed.steps, 20);
  assertEquals(failed.branch(-1, { seed: "same", steps: 3 }).failure?.t, 1);
  // Nor is a step called that the branch does not make.
  let last = 0;
  const called = (x: { n: number }, _rng: unknown, _params: unknown, t: number) => {
    last = Math.max(last, t);
    return { n: x.n + 1 };
  };
  const ended = record(called, { init: { n: 0 }, ...ONE_BLOCK });
  assertEquals([ended.branch(-1).steps, last], [1, 18]);
});
