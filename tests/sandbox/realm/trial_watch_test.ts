import { assertEquals, assertRejects } from "@std/assert";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { RewindError, UnsafeArtifactError } from "../../../src/errors.ts";
import { SandboxSession } from "../../../src/sandbox/host/session.ts";
import type { Position } from "../../../src/sandbox/wire/position.ts";
import type { StepModule } from "../../../src/sandbox/realm/step_module.ts";
import { TrialWatch } from "../../../src/sandbox/realm/trial_watch.ts";
import type { RecordedTrial, TrialResult } from "../../../src/sandbox/host/trials_in_child.ts";
import type { TrialRequest } from "../../../src/sandbox/wire/trial_requests.ts";

const SOURCE = `export const init = { n: 0 };
export const params = { by: 1 };
export const step = (s, rng, p) => ({ n: s.n + p.by });
export const observe = { n: (s) => s.n, both: (s) => [s.n, -s.n] };`;

const NOTHING: TrialRequest = {
  ...{
    where: undefined,
    stops: false,
    offset: 0,
    final: undefined,
    reuses: false,
    doubt: undefined,
  },
  points: new Float64Array(),
};

/** The one trial of a job. */
async function trialOf(
  session: SandboxSession,
  request: Partial<TrialRequest>,
  { steps = 100, isTried = true } = {},
): Promise<RecordedTrial> {
  const answer = session.trials({
    ...{ recording: { steps }, trial: { ...NOTHING, ...request }, keep: "none" },
    trials: [{ seed: 1n, paramChanges: [], isTried }],
  });
  const [[{ trial, error }]] = await Array.fromAsync(answer) as [[TrialResult]];
  if (error !== undefined) throw error;
  return trial;
}

Deno.test("a trial gives its first event, a value of its last state and values at points, with guards or without", async () => {
  await using session = new SandboxSession({ source: SOURCE });
  for (const isTried of [true, false]) {
    const { steps, first, final, points } = await trialOf(session, {
      where: "(s, t) => t === s.n + 1000 && s.n >= 42",
      offset: 1000,
      final: "(s) => ({ last: s.n })",
      points: Float64Array.of(0, 10, 42, 99),
    }, { isTried });
    assertEquals([steps, first, final], [100, 42, [{ last: 99 }]]);
    assertEquals(points, [Float64Array.of(0, 10, 42, 99), new Float64Array(4).fill(NaN)]);
  }
});

Deno.test("a trial may end where the event happens; what it did not get to is NaN", async () => {
  await using session = new SandboxSession({ source: SOURCE });
  const { steps, first, final, points } = await trialOf(session, {
    ...{ where: "(s) => s.n === 20", stops: true, points: Float64Array.of(5, 50) },
  });
  assertEquals([steps, first, final], [21, 20, []]);
  assertEquals(points[0], Float64Array.of(5, NaN));
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
  const trial = (request: Partial<TrialRequest>) => trialOf(session, request, { steps: 9 });
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
