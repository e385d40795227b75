import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { openRecorder } from "../../src/artifact/open_recorder.ts";
import { load } from "../../src/artifact/load.ts";
import { record } from "../../src/artifact/run.ts";
import { NondeterministicStepError, StateEncodingError, StepError } from "../../src/errors.ts";
import { RNG_NAMES, type RngName } from "../../src/rng/backends.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import type { Rng } from "../../src/rng/rng.ts";
import { type AnyStep, plainStates } from "../engine/plain_loop.ts";

interface Game {
  x: number;
  trail: unknown[];
}

const play: AnyStep = (game: Game, rng: Rng, _params, t: number, input) => {
  game.x += rng.random();
  game.trail = [...game.trail.slice(-2), t, input];
  return game;
};

const observe = { x: (game: Game) => game.x, length: (game: Game) => [game.trail.length, game.x] };

Deno.test("a recorder that is driven step by step gives the run that record gives, at any block size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.nat(3), { nil: undefined }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(...RNG_NAMES),
      fc.boolean(),
      async (inputs, blockSize, rng, isObserved) => {
        const options = {
          init: { x: 0, trail: [] },
          seed: 4,
          rng,
          blockSize,
          ...(isObserved ? { observe } : {}),
        };
        const steps = inputs.length + 1;
        const expected = plainStates({ ...options, step: play, steps, inputs });
        const recorder = openRecorder<Game, RngName>(play, options);
        for (const [t, input] of inputs.entries()) {
          assertEquals(recorder.t, t);
          assertEquals(recorder.advance(input) as unknown, expected[t + 1]);
          assertEquals(recorder.state as unknown, expected[t + 1]);
        }
        const run = recorder.close();
        assertEquals(recorder.close(), run);
        const whole = record<Game, RngName>(play, { ...options, steps, inputs });
        assertEquals(await run.contentHash(), await whole.contentHash());
        assertEquals(run.observed, whole.observed);
        run.verify({ full: true });
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("advanceTo() goes on to a state; a length that is not known has blocks of 1,024", async () => {
  const step = (x: number, rng: PythonRandom) => x + rng.random();
  const recorder = openRecorder(step, { init: 0, seed: 1 });
  assertEquals([recorder.advanceTo(0), recorder.t], [0, 0]);
  const at3000 = recorder.advanceTo(3000);
  recorder.advance();
  const run = recorder.close();
  assertEquals([run.steps, run.blockSize, run.get(3000)], [3002, 1024, at3000]);
  const whole = record(step, { init: 0, seed: 1, steps: 3002, blockSize: 1024 });
  assertEquals(await run.contentHash(), await whole.contentHash());
  assertThrows(() => recorder.advance(), RangeError, "the recorder is closed");
  const bounded = openRecorder(step, { init: 0, seed: 1, steps: 100 });
  bounded.advanceTo(99);
  assertThrows(() => bounded.advance(), RangeError, "the recorder was opened for 100 steps");
  for (const to of [98, 99.5, NaN]) {
    assertThrows(() => bounded.advanceTo(to), RangeError, "Cannot make");
  }
  assertEquals(bounded.close().blockSize, 10);
});

Deno.test("inputs that begin late leave undefined before them; advanceTo() then lacks them", () => {
  const recorder = openRecorder<Game, "python">(play, { init: { x: 0, trail: [] }, seed: 1 });
  recorder.advanceTo(2000);
  recorder.advance("left");
  recorder.advance();
  assertThrows(
    () => recorder.advanceTo(2010),
    RangeError,
    "no input for the transition from state 2002",
  );
  recorder.advance("right");
  const run = recorder.close();
  assertEquals(run.get(-1).trail, [...[2001, undefined].slice(0, 2), 2002, "right"]);
  assertEquals(run.record.inputs?.length, 2003);
  run.verify({ full: true });
});

Deno.test("a step that throws ends the recording; what was made before is kept", async () => {
  const step: AnyStep = (x: number, rng: Rng, _params, _t, input) => {
    if (input === "bad") throw new Error("no");
    return x + rng.random();
  };
  const recorder = openRecorder<number, "python">(step, { init: 0, seed: 1, blockSize: 3 });
  for (let t = 0; t < 10; t++) recorder.advance("good");
  const last = recorder.state;
  assertThrows(
    () => recorder.advance("bad"),
    StepError,
    "Cannot make state 11: the step threw: Error: no",
  );
  assertThrows(() => recorder.advance("good"), StepError, "state 11");
  assertThrows(() => recorder.state, StepError, "state 11");
  const run = recorder.close();
  assertEquals([run.steps, run.failure?.t, run.get(-1)], [11, 11, last]);
  const again = await load<number>(await run.toBytes(), { step });
  again.verify({ full: true });
  assertEquals(again.record.inputs?.length, 11);
});

Deno.test("an input that is not plain data is refused, and the recording goes on", () => {
  const recorder = openRecorder<Game, "python">(play, { init: { x: 0, trail: [] }, seed: 1 });
  recorder.advance(1);
  const error = assertThrows(() => recorder.advance([() => 1]), StateEncodingError);
  assertEquals([error.path, recorder.t], ["inputs[1][0]", 1]);
  recorder.advance(2);
  const run = recorder.close();
  assertEquals(run.get(-1).trail, [0, 1, 1, 2]);
  run.verify();
});

Deno.test("a state that is changed outside the step is found, early and at the end", () => {
  const make = () =>
    openRecorder<Game, "python">(play, { init: { x: 0, trail: [] }, seed: 1, blockSize: 50 });
  const early = make();
  early.advanceTo(20);
  early.state.x = 7;
  const error = assertThrows(
    () => early.advanceTo(60),
    NondeterministicStepError,
    "a replay of block 0",
  );
  assertEquals(error.t, 50);
  const late = make();
  late.advanceTo(1990);
  late.state.x = 7;
  assertThrows(() => late.close(), NondeterministicStepError, "a replay of block 39");
  const reckless = openRecorder<Game, "python">(play, {
    ...{ init: { x: 0, trail: [] }, seed: 1, blockSize: 50 },
    selfCheck: false,
  });
  reckless.advanceTo(20);
  reckless.state.x = 7;
  reckless.advanceTo(60);
  assertThrows(() => reckless.close().verify());
});

Deno.test("extend() gives the run of one recording, from memory and from a file, also step by step", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { minLength: 1, maxLength: 90 }),
      fc.integer({ min: 1, max: 15 }),
      fc.constantFrom(...RNG_NAMES),
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      fc.constantFrom({}, { maxCheckpoints: 3 }, { maxSize: 300 }),
      fc.boolean(),
      async (inputs, blockSize, rng, cuts, budget, hasInputs) => {
        const options = { init: { x: 0, trail: [] }, seed: 9, rng, blockSize, observe, ...budget };
        const total = inputs.length + 1;
        const given = (from: number, to: number) =>
          hasInputs ? { inputs: inputs.slice(from, to) } : {};
        const whole = record<Game, RngName>(play, { ...options, steps: total, ...given(0, total) });
        const lengths = [...cuts.map((cut) => 1 + cut % total), total].sort((a, b) => a - b);
        let steps = lengths[0]!;
        let run = record<Game, RngName>(play, { ...options, steps, ...given(0, steps - 1) });
        for (const length of lengths.slice(1)) {
          if (length % 2 === 0) {
            run = await load<Game>(await run.toBytes(), { step: play, observe });
          }
          const before = await run.contentHash();
          const longer = run.extend(length, given(steps - 1, length - 1));
          assertEquals(await run.contentHash(), before);
          run = longer;
          steps = length;
        }
        assertEquals(run.observed, whole.observed);
        assertEquals(await run.contentHash(), await whole.contentHash());
        assertEquals(await run.toBytes(), await whole.toBytes());
        run.verify({ full: true });
      },
    ),
    { numRuns: 80 },
  );
});

Deno.test("extend() goes on after a failure, an `until` and a branch", async () => {
  let limit = 5;
  const step = (x: number, rng: PythonRandom) => {
    if (x >= limit) throw new Error("limit");
    return x + rng.random();
  };
  const options = { init: 0, seed: 1, blockSize: 7 };
  const failed = record(step, { ...options, steps: 100 });
  const again = failed.extend(100);
  assertEquals([again.steps, again.failure], [failed.steps, failed.failure]);
  assertEquals(await again.contentHash(), await failed.contentHash());
  limit = Infinity;
  const whole = record(step, { ...options, steps: 100 });
  assertEquals(await failed.extend(100).contentHash(), await whole.contentHash());
  const stopped = record(step, { ...options, steps: 100, until: (x) => x > 3 });
  assertEquals(await stopped.extend(100).contentHash(), await whole.contentHash());
  const branch = whole.branch(30, { seed: "same", steps: 20 });
  const longer = branch.extend(70);
  assertEquals(await longer.contentHash(), await whole.branch(30, { seed: "same" }).contentHash());
  assertEquals(longer.get(-1), whole.get(-1));
  assertEquals(longer.metadata().parentHash, await whole.contentHash());
});

Deno.test("extend() refuses what it cannot go on with, and says what is missing", async () => {
  const step = (x: number, rng: PythonRandom) => x + rng.random();
  const run = record(step, { init: 0, seed: 1, steps: 100, observe: { x: (x) => x } });
  assertThrows(() => run.extend(99), RangeError, "it has 100");
  assertThrows(() => run.extend(1.5), RangeError, "'steps'");
  assertThrows(() => run.extend(120, { inputs: [1] }), RangeError, "1 input for 20 transitions");
  const bytes = await run.toBytes();
  const without = await load(bytes, { step });
  assertThrows(() => without.extend(120), TypeError, "statistics of 'x'");
  const other = await load(bytes, {
    step: (x: number, rng: PythonRandom) => x + 2 * rng.random(),
    observe: { x: (x: number) => x },
  });
  assertThrows(() => other.extend(120), NondeterministicStepError, "Cannot go on from state 99");
  const driven = record(step, { init: 0, seed: 1, steps: 3, inputs: [1, 2] });
  assertThrows(() => driven.extend(5), TypeError, "those of 2 transitions are missing");
  assert(driven.extend(3).steps === 3);
});

Deno.test("unknown options of the library are refused, with the right name", async () => {
  const step = (x: number) => x;
  const options = { init: 0, steps: 3, seed: 1 };
  const run = record(step, options);
  const wrong: [string, () => unknown][] = [
    [
      "'observers' of record; did you mean 'observe'?",
      () => record(step, { ...options, observers: {} } as never),
    ],
    [
      "'blocksize' of record; did you mean 'blockSize'?",
      () => record(step, { ...options, blocksize: 2 } as never),
    ],
    ["'start' of find; did you mean 'from'?", () => run.find(() => true, { start: 1 } as never)],
    ["'coppy' of states; did you mean 'copy'?", () => run.states({ coppy: true } as never)],
    [
      "'clone' of branch; the options are mutate, params, guards, seed",
      () => run.branch(0, { clone: () => 1 } as never),
    ],
    ["'fulll' of verify; did you mean 'full'?", () => run.verify({ fulll: true } as never)],
    [
      "'until' of openRecorder",
      () => openRecorder(step, { ...options, until: () => true } as never),
    ],
    ["'input' of extend; did you mean 'inputs'?", () => run.extend(5, { input: [] } as never)],
  ];
  for (const [text, call] of wrong) assertThrows(call, TypeError, `Unknown option ${text}`);
  const bytes = await run.toBytes();
  await assertRejects(
    () => load(bytes, { step, observables: {} } as never),
    TypeError,
    "'observables'",
  );
  assertThrows(
    () => record(step, { ...options, observe: new Map() as never }),
    TypeError,
    "'observe'",
  );
});

Deno.test("metadata() of a branch names its parent once the parent was hashed", async () => {
  const run = record((x: number) => x, { init: 0, steps: 3, seed: 1 });
  const branch = run.branch(1);
  assertEquals(branch.metadata().parentHash, undefined);
  await branch.contentHash();
  assertEquals(branch.metadata().parentHash, await run.contentHash());
});
