import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { load } from "../../src/artifact/load.ts";
import { record, type Run } from "../../src/artifact/run.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState as encode } from "../../src/codec/encode_state.ts";
import { StateEncodingError } from "../../src/errors.ts";
import { InputChunk } from "../../src/engine/input_chunk.ts";
import { chunkBytesOf } from "../../src/engine/input_log.ts";
import { RNG_NAMES, type RngName } from "../../src/rng/backends.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import type { Rng } from "../../src/rng/rng.ts";
import { type AnyStep, plainStates } from "./plain_loop.ts";

/** Keeps what it was given, so that any other input, or t, makes another state. */
const take: AnyStep = (state: { log: unknown[] }, rng: Rng, _params, t: number, input) => ({
  log: [...state.log.slice(-2), t, input, rng.random()],
});

/** Any plain data, often the same twice in a row. */
const anyInputs = (min: number, max: number): fc.Arbitrary<unknown[]> =>
  fc.array(
    fc.tuple(
      fc.oneof(
        fc.integer(),
        fc.boolean(),
        fc.string(),
        fc.bigInt(),
        fc.constantFrom(undefined, null, NaN, -0, Infinity),
        fc.record({ keys: fc.nat(3), axes: fc.array(fc.double(), { maxLength: 2 }) }),
        fc.uint8Array({ maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 3 }).map((list) =>
          new Map(list.map((n) => [n, new Set([n])]))
        ),
        fc.nat(1e6).map((n) => new Date(n)),
      ),
      fc.integer({ min: 1, max: 5 }),
    ),
    { minLength: min, maxLength: max },
  ).map((rows) => rows.flatMap(([value, count]) => Array.from({ length: count }, () => value)));

function inputsOf({ inputs }: Run<unknown>["record"]): unknown[] {
  return Array.from(
    { length: inputs?.length ?? 0 },
    (_, t) => decodeState(inputs!.chunkAt(t).rowAt(t).bytes),
  );
}

Deno.test("a run with inputs is that of a plain loop, by every verb, in memory and from a file", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyInputs(1, 30),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(...RNG_NAMES),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (inputs, blockSize, rng, order) => {
        const steps = inputs.length + 1;
        const options = { init: { log: [] }, steps, seed: 5, rng, blockSize };
        const expected = plainStates({ ...options, step: take, inputs });
        const run = record<unknown, RngName>(take, { ...options, inputs });
        const again = await load<unknown>(await run.toBytes(), { step: take });
        // A generator gives the same, and so does a branch at the very start.
        const generated = record<unknown, RngName>(take, { ...options, inputs: inputs.values() });
        assertEquals(await generated.contentHash(), await run.contentHash());
        const branch = run.branch(0, { seed: "same" });
        for (const each of [run, again, generated, branch]) {
          assertEquals([...each.states()], expected);
          for (const index of order) assertEquals(each.get(index % steps), expected[index % steps]);
          if (inputs.some((input) => input !== undefined)) {
            assertEquals(inputsOf(each.record), inputs);
          }
          each.verify({ full: true });
        }
        const at = order.length % steps;
        const found = (state: unknown): boolean =>
          JSON.stringify(state, bigints) ===
            JSON.stringify(expected[at], bigints);
        assertEquals(run.find((s, t) => t >= at && found(s)), at);
      },
    ),
    { numRuns: 60 },
  );
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}

Deno.test("a branch takes its parent's inputs from t on, others, or some others", () => {
  const step = (
    x: number[],
    _rng: Rng,
    _params: unknown,
    t: number,
    input: number,
  ) => [...x, t, input];
  const inputs = Array.from({ length: 29 }, (_, t) => 100 + t);
  const run = record(step, { init: [], steps: 30, seed: 1, inputs, blockSize: 4 });
  const tail = run.branch(10, { seed: "same" });
  assertEquals(tail.get(-1), run.get(-1));
  assertEquals(inputsOf(tail.record as never), inputs.slice(10));
  const others = run.branch(10, { steps: 4, inputs: [7, 8, 9] });
  assertEquals(others.get(-1).slice(-6), [10, 7, 11, 8, 12, 9]);
  const some = run.branch(10, { seed: "same", setInputs: { 12: 5, 28: 6 } });
  assertEquals(inputsOf(some.record as never), [
    ...inputs.slice(10, 12),
    5,
    ...inputs.slice(13, 28),
    6,
  ]);
  assertEquals(run.branch(10, { setInputs: new Map([[12, 5]]) }).get(3).slice(-1), [5]);
  some.verify({ full: true });
  assertThrows(() => run.branch(10, { steps: 21 }), RangeError, "21 states have 20 transitions");
  for (const t of [9, 29, 1.5]) {
    assertThrows(() => run.branch(10, { setInputs: { [t]: 0 } }), RangeError, `from state ${t}`);
  }
  // A run without inputs can be given some.
  const plain = record(step, { init: [], steps: 5, seed: 1 });
  assertEquals(plain.branch(1, { setInputs: { 2: 5 } }).get(-1), [
    ...[0, undefined, 1, undefined, 2, 5, 3, undefined] as number[],
  ]);
});

Deno.test("missing and surplus inputs are refused before step 0 where they are known, else at their t", () => {
  let calls = 0;
  const step = (x: number, _rng: Rng, _params: unknown, _t: number, input: number) => {
    calls++;
    return x + input;
  };
  const options = { init: 0, steps: 5, seed: 1 };
  for (const inputs of [[1, 2, 3], [1, 2, 3, 4, 5], new Uint8Array(3), { length: 0 }]) {
    assertThrows(
      () => record(step, { ...options, inputs }),
      RangeError,
      "5 states have 4 transitions",
    );
  }
  assertEquals(calls, 0);
  assertThrows(
    () => record(step, { ...options, inputs: [1, 2, 3].values() }),
    RangeError,
    "no input for the transition from state 3, the inputs ended after 3",
  );
  assertEquals(calls, 3);
  assertThrows(
    () => record(step, { ...options, inputs: new Set([1, 2, 3, 4, 5]) }),
    RangeError,
    "more inputs than the 4 transitions",
  );
  for (const inputs of [5, null, {}, "abc", (async function* () {})()]) {
    assertThrows(
      () => record(step, { ...options, inputs: inputs as never }),
      TypeError,
      "'inputs'",
    );
  }
  // A run that `until` ends needs no more than it uses, and keeps no more.
  const short = record(step, { ...options, inputs: [1, 2], until: (x) => x === 3 });
  assertEquals([short.steps, inputsOf(short.record as never)], [3, [1, 2]]);
  const one = record(step, { ...options, steps: 1, inputs: [] });
  assertEquals([one.get(0), one.record.inputs], [0, undefined]);
});

Deno.test("an iterable is asked for an input when its transition is next, and told when it is done", () => {
  const seen: string[] = [];
  function* inputs(): Generator<number, void, void> {
    try {
      for (let i = 0;; i++) {
        seen.push(`ask ${i}`);
        yield i;
      }
    } finally {
      seen.push("done");
    }
  }
  const step = (x: number, _rng: Rng, _params: unknown, t: number, input: number) => {
    seen.push(`step ${t}: ${input}`);
    return x + 1;
  };
  const until = (x: number) => x === 2;
  record(step, { init: 0, steps: 9, seed: 1, inputs: inputs(), until, guards: false });
  assertEquals(seen, ["ask 0", "step 0: 0", "ask 1", "step 1: 1", "done"]);
});

Deno.test("an input that is not plain data is refused with its path", () => {
  const step = (x: number) => x;
  const inputs = [1, { keys: [0, () => 1] }, 3];
  const error = assertThrows(
    () => record(step, { init: 0, steps: 4, seed: 1, inputs }),
    StateEncodingError,
  );
  assertEquals(error.path, "inputs[1].keys[1]");
});

Deno.test("a step cannot change an input, nor can the caller later", () => {
  const inputs = [{ keys: [1] }, { keys: [1] }, { keys: [2] }];
  const step = (x: number, _rng: Rng, _params: unknown, _t: number, input: { keys: number[] }) => {
    assert(Object.isFrozen(input) && Object.isFrozen(input.keys));
    return x + input.keys[0]!;
  };
  const run = record(step, { init: 0, steps: 4, seed: 1, inputs });
  inputs[0]!.keys[0] = 99;
  assertEquals([...run.states()], [0, 1, 2, 4]);
  const changing = (
    x: number,
    _rng: Rng,
    _params: unknown,
    _t: number,
    input: { keys: number[] },
  ) => x + input.keys.push(1);
  const failed = record(changing, { init: 0, steps: 4, seed: 1, inputs });
  assertEquals([failed.steps, failed.failure?.t], [1, 1]);
  // What cannot be frozen is made anew each time.
  const lists = record(
    (x: number, _rng: Rng, _params: unknown, _t: number, input: Map<string, number>) => {
      input.set("n", input.get("n")! + 1);
      return x + input.get("n")!;
    },
    { init: 0, steps: 4, seed: 1, inputs: Array(3).fill(new Map([["n", 1]])) },
  );
  assertEquals([...lists.states()], [0, 2, 4, 6]);
  lists.verify({ full: true });
});

Deno.test("a run that failed keeps the input that it failed on", async () => {
  const step = (x: number, rng: PythonRandom, _params: unknown, _t: number, input: number) => {
    if (input === 3) throw new Error("three");
    return x + input + rng.random();
  };
  for (const blockSize of [1, 2, 3, 100]) {
    const run = record(step, {
      init: 0,
      steps: 9,
      seed: 1,
      blockSize,
      inputs: [0, 1, 2, 3, 4, 5, 6, 7],
    });
    assertEquals([run.steps, inputsOf(run.record as never)], [4, [0, 1, 2, 3]]);
    const again = await load(await run.toBytes(), { step });
    assertEquals([again.failure?.t, inputsOf(again.record as never)], [4, [0, 1, 2, 3]]);
    again.verify({ full: true });
  }
});

Deno.test("the content hash covers the inputs: a run with those of another never verifies", async () => {
  const step = (x: number, _rng: Rng, _params: unknown, _t: number, input: number) => x + input;
  const run = record(step, {
    init: 0,
    steps: 400,
    seed: 1,
    inputs: Array.from({ length: 399 }, (_, t) => t % 2),
  });
  const other = record(step, {
    init: 0,
    steps: 400,
    seed: 1,
    inputs: Array.from({ length: 399 }, (_, t) => (t + 1) % 2),
  });
  assert(await run.contentHash() !== await other.contentHash());
  const mixed = record(step, { init: 0, steps: 400, seed: 1, inputs: Array(399).fill(0) });
  const swapped = { ...run.record, inputs: mixed.record.inputs };
  const { Run } = await import("../../src/artifact/run.ts");
  assertThrows(
    () => new Run(swapped, { step: step as never, codec: undefined }).verify(),
    Error,
    "does not replay",
  );
});

Deno.test("InputChunk survives its bytes, and refuses bytes that are none", () => {
  fc.assert(fc.property(anyInputs(1, 40), fc.nat(), fc.nat(), (inputs, a, b) => {
    const chunk = new InputChunk(7);
    for (const input of inputs) chunk.push(encode(input));
    const read = (from: InputChunk, start: number, end: number): unknown[] => {
      const values: unknown[] = [];
      from.read(values, start, end);
      return values;
    };
    const bytes = chunk.toBytes();
    const again = InputChunk.fromBytes(7, bytes);
    assertEquals([again.first, again.end], [7, 7 + inputs.length]);
    const [from, to] = [a % inputs.length, b % inputs.length].sort((x, y) => x - y) as [
      number,
      number,
    ];
    assertEquals(read(again, 7 + from, 7 + to), inputs.slice(from, to));
    const store = { length: again.end, chunkAt: () => again };
    const part = InputChunk.fromBytes(
      7 + from,
      chunkBytesOf(store, { from: 7 + from, to: 7 + to + 1 }),
    );
    assertEquals(read(part, 7 + from, 7 + to + 1), inputs.slice(from, to + 1));
    const cut = new InputChunk(7);
    for (const input of inputs) cut.push(encode(input));
    cut.truncate(7 + to);
    assertEquals(cut.end, 7 + to);
    assertEquals(cut.toBytes(), chunkBytesOf(store, { from: 7, to: 7 + to }));
    assertThrows(() => InputChunk.fromBytes(0, bytes.slice(0, -1)), Error, "Cannot read");
    assertThrows(() => InputChunk.fromBytes(0, Uint8Array.of(...bytes, 0)), Error, "Cannot read");
  }));
});

Deno.test("extend() by no step leaves a run with inputs as it is", async () => {
  const run = record(take, {
    init: { log: [] },
    steps: 40,
    seed: 1,
    blockSize: 16,
    inputs: Array.from({ length: 39 }, (_, t) => t % 5),
  });
  assertEquals(await run.extend(40).contentHash(), await run.contentHash());
});

Deno.test("what a state keeps of its inputs shares what it did when recorded, however they are cut", async () => {
  type Kept = { before: unknown; last: unknown };
  const step = (
    { last }: Kept,
    _rng: unknown,
    _params: unknown,
    _t: number,
    input: unknown,
  ): Kept => ({
    before: last,
    last: input,
  });
  // Five equal ones in a row; a chunk of the file holds 21.
  const inputs = Array.from({ length: 299 }, (_, t) => [Math.floor(t / 5), "x".repeat(3000)]);
  const init: Kept = { before: null, last: null };
  const blockSize = 50;
  const run = record(step, { init, steps: 300, seed: 1, blockSize, inputs });
  const loaded = await load(await run.toBytes(), { step });
  for (let t = 2; t < 300; t++) {
    const { before, last } = loaded.get(t);
    // What lies before the block's start was copied there.
    const isOne = Math.floor((t - 1) / 5) === Math.floor((t - 2) / 5) && (t - 1) % blockSize !== 0;
    assertEquals(before === last, isOne, `${t}`);
  }
});
