import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { record, Run } from "../../src/artifact/run.ts";
import { compareWithFile } from "../../src/testing/compare_with_file.ts";
import { assertReplays, assertSameRun, ReplayAssertionError } from "../../src/testing/mod.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

interface Pair {
  x: number;
  label: string;
}
const init: Pair = { x: 0, label: "a" };
const step = (s: Pair, rng: PythonRandom): Pair => ({ ...s, x: s.x + rng.random() });
const source = `export const step = ${step};`;
const options = { init, steps: 400, seed: 42, source };

Deno.test("assertReplays() passes where the step replays the file, and names the exact place where it does not", async () => {
  const golden = await record(step, options).toBytes();
  assertEquals((await assertReplays(golden, { step })).steps, 400);
  const other = (s: Pair, rng: PythonRandom, _: unknown, t: number): Pair => {
    const next = step(s, rng);
    return t === 123 ? { ...next, x: next.x + rng.random() } : next;
  };
  const error = await assertRejects(
    () => assertReplays(golden, { step: other }),
    ReplayAssertionError,
  );
  assertEquals([error.name, error.divergence?.t, error.divergence?.kind], [
    "AssertionError",
    124,
    "draws",
  ]);
  assertEquals(error.divergence?.draw?.change, "more");
  assertStringIncludes(
    error.message,
    "the run does not replay: differ from t = 124 on: other draws",
  );
  assertStringIncludes(error.message, "state.x is");
  const bare = await record(step, { ...options, source: undefined }).toBytes();
  const block = await assertRejects(
    () => assertReplays(bare, { step: other }),
    ReplayAssertionError,
  );
  assertStringIncludes(block.message, "between t = 120 and t = 140: state.x is");
});

Deno.test("assertReplays() leaves out what is to be ignored, and looks at what init makes", async () => {
  const golden = await record(step, options).toBytes();
  const renamed = (s: Pair, rng: PythonRandom): Pair => ({ ...step(s, rng), label: "b" });
  await assertReplays(golden, { step: renamed, ignore: [".label"] });
  await assertRejects(
    () => assertReplays(golden, { step: renamed }),
    ReplayAssertionError,
    "label",
  );
  const made = await record(step, { ...options, init: () => ({ x: 0, label: "a" }) }).toBytes();
  const error = await assertRejects(
    () => assertReplays(made, { step, init: () => ({ x: 1, label: "a" }) }),
    ReplayAssertionError,
  );
  assert(/t = 0/.test(error.message) && /state\.x/.test(error.message), error.message);
});

Deno.test("assertSameRun() compares state by state, by value, through codecs, and tells the draws", async () => {
  const a = record(step, options);
  await assertSameRun(a, record((s: Pair, rng: PythonRandom) => step({ ...s }, rng), options));
  const other = record(
    (s: Pair, rng: PythonRandom) => ({ ...s, x: s.x + rng.uniform(0, 2) }),
    options,
  );
  const error = await assertRejects(() => assertSameRun(other, a), ReplayAssertionError);
  assertEquals([error.divergence?.t, error.divergence?.path], [1, "state.x"]);
  assertStringIncludes(error.message, "random() = ");
  assertStringIncludes(error.message, "uniform(0, 2) = ");
  const shorter = record(step, { ...options, steps: 399, blockSize: a.blockSize });
  await assertRejects(
    () => assertSameRun(shorter, a),
    ReplayAssertionError,
    "equal for 399 states",
  );
  class Counter {
    constructor(readonly n: number) {}
  }
  const codec = { encode: (c: Counter) => c.n, decode: (n: unknown) => new Counter(n as number) };
  const count = (by: number) =>
    record((c: Counter) => new Counter(c.n + by), {
      init: new Counter(0),
      steps: 30,
      seed: 1,
      codec,
    });
  await assertSameRun(count(1), count(1));
  await assertRejects(
    () => assertSameRun(count(2), count(1)),
    ReplayAssertionError,
    "state is 1 expected, 2 actual",
  );
});

Deno.test("the sets of a run that was recorded in Python have no order, as for verify()", async () => {
  const add = (s: Set<number>, x: number) => new Set([...s, x]);
  const forward = (s: Set<number>, _rng: unknown, _params: unknown, t: number) => add(s, t % 7);
  const backward = (s: Set<number>, _rng: unknown, _params: unknown, t: number) =>
    new Set([...add(s, t % 7)].reverse());
  const set = { init: new Set<number>(), steps: 40, seed: 1 };
  const recorded = record(forward, set);
  const peer = new Run({ ...recorded.record, unorderedSets: true }, {
    step: forward,
    codec: undefined,
  });
  assertEquals(await compareWithFile(peer.record, { step: backward }, []), undefined);
  await assertSameRun(record(backward, set), peer);
  assert(await compareWithFile(recorded.record, { step: backward }, []) !== undefined);
  await assertRejects(() => assertSameRun(record(backward, set), recorded), ReplayAssertionError);
});
