import { assertEquals, assertRejects } from "@std/assert";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { RewindError, UnsafeArtifactError } from "../../../src/errors.ts";
import { SandboxSession } from "../../../src/sandbox/host/session.ts";
import type { TrialEnd } from "../../../src/sandbox/wire/answers.ts";
import type { Position } from "../../../src/sandbox/wire/position.ts";
import type { StepModule } from "../../../src/sandbox/realm/step_module.ts";
import { TrialWatch } from "../../../src/sandbox/realm/trial_watch.ts";
import type { TrialRequest } from "../../../src/sandbox/wire/requests.ts";

const SOURCE = `export const init = { n: 0 };
export const params = { by: 1 };
export const step = (s, rng, p) => ({ n: s.n + p.by });
export const observe = { n: (s) => s.n, both: (s) => [s.n, -s.n] };`;

const NOTHING: TrialRequest = {
  ...{ where: undefined, stops: false, offset: 0, final: undefined, certify: true, reuses: false },
  points: new Float64Array(),
};

Deno.test("a trial gives its first event, a value of its last state and values at points, with guards or without", async () => {
  await using session = new SandboxSession({ source: SOURCE });
  for (const guards of [true, false]) {
    let end: TrialEnd | undefined;
    const record = await session.record({
      steps: 100,
      seed: 1n,
      guards,
      trial: {
        ...NOTHING,
        where: "(s, t) => t === s.n + 1000 && s.n >= 42",
        offset: 1000,
        final: "(s) => ({ last: s.n })",
        points: Float64Array.of(0, 10, 42, 99),
      },
      onTrial: (given) => end = given,
    });
    assertEquals(record.steps, 100);
    assertEquals({ ...end, memoryBytes: 0 }, {
      first: 42,
      final: [{ last: 99 }],
      points: [Float64Array.of(0, 10, 42, 99), new Float64Array(4).fill(NaN)],
      memoryBytes: 0,
    });
  }
});

Deno.test("a trial may end where the event happens; what it did not get to is NaN", async () => {
  await using session = new SandboxSession({ source: SOURCE });
  let end: TrialEnd | undefined;
  const record = await session.record({
    steps: 100,
    seed: 1n,
    trial: { ...NOTHING, where: "(s) => s.n === 20", stops: true, points: Float64Array.of(5, 50) },
    onTrial: (given) => end = given,
  });
  assertEquals([record.steps, end?.first, end?.final], [21, 20, []]);
  assertEquals(end?.points[0], Float64Array.of(5, NaN));
});

Deno.test("what a trial sees does not depend on which states guards show it again", async () => {
  const seen = async (order: readonly number[]) => {
    const module = { predicate: () => Promise.resolve((s: unknown) => s === 70) };
    const watch = await TrialWatch.start(
      { ...NOTHING, where: "s => s === 70", points: Float64Array.of(0, 5, 10, 50, 99) },
      {
        module: module as unknown as StepModule,
        observe: { x: (s) => s as number },
        position: new Float64Array(2) as unknown as Position,
      },
    );
    const look = watch.until(undefined)!;
    for (const t of order) look(t, t);
    const lastState = encodeState(99);
    return watch.result({ steps: 100, lastState }, undefined);
  };
  const all = [...Array(100).keys()];
  const plain = await seen(all);
  assertEquals(plain.points, [Float64Array.of(0, 5, 10, 50, 99)]);
  for (const [at, again] of [[20, [0, 1, 2]], [20, [0, 1, 2, 11, 12]], [99, [3]], [72, [71, 5]]]) {
    const order = [...all.slice(0, at as number), ...again as number[], ...all.slice(at as number)];
    assertEquals(await seen(order), plain, `${again}`);
  }
});

Deno.test("a text that is no function, breaks a static rule or throws is told", async () => {
  await using session = new SandboxSession({ source: SOURCE });
  const trial = async (request: Partial<TrialRequest>) =>
    await session.record({ steps: 9, seed: 1n, trial: { ...NOTHING, ...request } });
  await assertRejects(() => trial({ where: "1 + 1" }), RewindError, "it is not a function");
  await assertRejects(() => trial({ where: "(s) => [s.n]" }), RewindError, "it gives a list");
  await assertRejects(() => trial({ final: "(s) => s.a.b" }), RewindError, "TypeError");
  await assertRejects(() => trial({ where: "() => import('x')" }), UnsafeArtifactError);
});

Deno.test("the description of a module has its parameters", async () => {
  await using session = new SandboxSession({ source: SOURCE });
  const { params } = await session.describe();
  assertEquals(params && decodeState(params), { by: 1 });
});
