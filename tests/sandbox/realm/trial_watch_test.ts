import { assertEquals, assertRejects } from "@std/assert";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { RewindError, UnsafeArtifactError } from "../../../src/errors.ts";
import { SandboxSession } from "../../../src/sandbox/host/session.ts";
import type { TrialEnd } from "../../../src/sandbox/wire/answers.ts";
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
