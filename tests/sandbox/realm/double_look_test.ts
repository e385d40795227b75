import { assertEquals, assertRejects } from "@std/assert";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { PLAIN_RECORD } from "../../../src/engine/record_defaults.ts";
import type { RunRecord } from "../../../src/engine/types.ts";
import { StateEncodingError } from "../../../src/errors.ts";
import { DoubleLook, sameObservation } from "../../../src/sandbox/realm/double_look.ts";
import { SandboxedRun } from "../../../src/sandbox/host/sandboxed_run.ts";

const STEPS = 40;
const BLOCK_SIZE = 8;

/** A run whose checkpoints say {n: t}, whatever the source does in between. */
function run(source: string): SandboxedRun {
  const bytes = Array.from(
    { length: STEPS / BLOCK_SIZE },
    (_, block) => encodeState({ n: block * BLOCK_SIZE }),
  );
  const record: RunRecord = {
    ...PLAIN_RECORD,
    steps: STEPS,
    seed: 1n,
    blockSize: BLOCK_SIZE,
    rng: "python",
    params: undefined,
    checkpoints: { length: bytes.length, bytesAt: (block) => bytes[block]! },
    lastState: encodeState({ n: STEPS - 1 }),
    observed: {},
    stepId: "lie",
    source,
    math: "portable",
  };
  return new SandboxedRun(record, { source });
}

/** Steps whose states inside of blocks tell functions something else than their bytes hold. */
const LIARS: Record<string, string> = {
  "a Proxy": `(s) => new Proxy({ n: Number(s.n) % 1000 + 1 },
    { get: (o, k) => k === "n" && o.n % 8 ? o.n + 1000 : Reflect.get(o, k) })`,
  "a Proxy that hides one state":
    `(s) => new Proxy({ n: s.n + 1 }, { get: (o, k) => k === "n" && o.n === 21 ? 20 : Reflect.get(o, k) })`,
  "a getter":
    `(s) => { const n = (s.real ?? s.n) + 1; return n % 8 ? { real: n, get n() { return 31337; } } : { n }; }`,
  "a prototype":
    `(s) => { const n = s.n + 1; return n % 8 ? Object.setPrototypeOf({ n }, { valueOf: () => 31337 }) : { n }; }`,
  "a property that is hidden":
    `(s) => { const n = s.n + 1; return n % 8 ? Object.defineProperty({ n }, "m", { value: 31337 }) : { n }; }`,
  "a value that is no data":
    `(s) => { const n = Number(s.n) + 1; return { n: n % 8 ? { valueOf: () => n + 1000 } : n }; }`,
};

Deno.test("find(), stats() and survey() refuse states that tell them what get() never shows", async () => {
  for (const [name, step] of Object.entries(LIARS)) {
    await using sandboxed = run(`export const step = ${step}; export const init = { n: 0 };`);
    const verbs = {
      find: () => sandboxed.find("(s) => s.n > 900 || s.n === 21 || s.m > 1"),
      stats: () => sandboxed.stats({ expression: "(s) => s.m ?? +s.n" }),
      observable: () =>
        sandboxed.survey({
          ...{ from: 0, to: STEPS, bucketsMax: 10, leaves: [], samples: [], seriesMax: 9 },
          observe: [{ expression: "(s) => s.m ?? +s.n" }],
        }),
      leaves: () =>
        sandboxed.survey({
          ...{ from: 0, to: STEPS, bucketsMax: 10, observe: [], samples: [], seriesMax: 9 },
          leaves: [[{ kind: "property", key: "n" }]],
        }),
    };
    for (const [verb, run] of Object.entries(verbs)) {
      // What only a function sees, plots of the state do not.
      if (verb === "leaves" && !name.startsWith("a Proxy")) continue;
      await assertRejects(run, StateEncodingError, "state", `${name}, ${verb}`);
    }
  }
});

Deno.test("find() answers with a state that is so when get() makes it", async () => {
  // Being read by functions changes the state; the bytes that get() makes do not.
  const step = `(s) => { const real = { n: s.n + 1 };
    return real.n % 8 ? new Proxy(real, { get: (o, k) => k === "n" ? o.n++ : o[k] }) : real; }`;
  await using sandboxed = run(`export const step = ${step}; export const init = { n: 0 };`);
  await assertRejects(() => sandboxed.find("(s) => s.n > 12 && s.n < 16"), StateEncodingError);
});

Deno.test("honest states answer as before, with codecs, vectors and NaN", async () => {
  const source = `class Point { constructor(n) { this.n = n; } get double() { return 2 * this.n; } }
    export const codec = { encode: (p) => ({ n: p.n }), decode: ({ n }) => new Point(n) };
    export const init = new Point(0); export const step = (p) => new Point(p.n + 1);
    export const observe = { pair: (p) => [p.double, p.n % 2 ? NaN : -0] };`;
  await using sandboxed = run(source);
  assertEquals(await sandboxed.find("(p) => p.double === 26"), 13);
  const stats = await sandboxed.stats({ expression: "(p) => p.double" });
  assertEquals([stats.count, stats.mean], [STEPS, STEPS - 1]);
  const { series } = await sandboxed.survey({
    ...{ from: 0, to: STEPS, bucketsMax: 1, samples: [], seriesMax: 9 },
    leaves: [[{ kind: "property", key: "n" }]],
  });
  assertEquals(series.leaves[0]!.stats, await sandboxed.stats({ expression: "(p) => p.n" }));
  assertEquals(series.observables[0]!.series.map(({ nan }) => nan.count), [0, STEPS / 2]);
});

Deno.test("a predicate that asks for what the codec leaves out is told so", async () => {
  await using sandboxed = run(`export const init = { n: 0 };
export const step = (s) => ({ n: s.n + 1, left: s.n });
export const codec = { encode: ({ n }) => ({ n }), decode: ({ n }) => ({ n }) };`);
  const { message } = await assertRejects(
    () => sandboxed.find("(s) => (s.left ?? 0) >= 15"),
    StateEncodingError,
    "kept by the codec if there is one",
  );
  assertEquals(message.startsWith("state reads otherwise to the predicate than `get` shows"), true);
});

Deno.test("DoubleLook looks at all states while that is cheap, then keeps to its share of the time", () => {
  let clock = 0;
  const codec = {
    encode: (state: unknown) => (clock += 1, state),
    decode: (state: unknown) => state,
  };
  const look = new DoubleLook({ now: () => clock }, { codec, secret: 7n });
  let calls = 0;
  const observe = look.watch("it", (state) => {
    calls++;
    return (state as { n: number }).n;
  }, sameObservation);
  // A step takes 1 ms, and so does a copy.
  for (let n = 0; n < 100; n++) {
    clock++;
    observe({ n });
  }
  assertEquals(calls, 200);
  for (let n = 0; n < 20_000; n++) {
    clock++;
    observe({ n });
  }
  const looks = calls - 20_200;
  // A twentieth of the time, of which the first hundred took their part.
  assertEquals(looks > 500 && looks < 1300, true, `${looks}`);
});

Deno.test("DoubleLook takes nothing for states that are numbers or texts", () => {
  const look = new DoubleLook({ now: () => 0 }, { codec: undefined, secret: 1n });
  let calls = 0;
  const observe = look.watch("it", (state) => (calls++, state), sameObservation);
  assertEquals([5, "a", null, undefined, 7n].map((state) => observe(state)), [
    ...[5, "a", null, undefined, 7n],
  ]);
  assertEquals(calls, 5);
  assertEquals(decodeState(encodeState(observe({ n: 1 }))), { n: 1 });
  assertEquals(calls, 7);
});
