/** What a child says is held against what it was asked: each claim is right but for one thing. */

import { assertEquals, assertThrows } from "@std/assert";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { MemoryCheckpoints } from "../../../src/engine/checkpoint_log.ts";
import { SandboxError } from "../../../src/errors.ts";
import { checkMark } from "../../../src/sandbox/host/compare_claims.ts";
import { checkRareEnd } from "../../../src/sandbox/host/rare_claim.ts";
import { RecordAnswer } from "../../../src/sandbox/host/record_answer.ts";
import { checkTrialAnswer } from "../../../src/sandbox/host/trial_claim.ts";

/** Refuses each of the claims that differ from a good one in some fields. */
function refusesAll(check: (claim: unknown) => unknown, good: object, bad: object[]): void {
  assertEquals(check(good), good);
  for (const wrong of bad) {
    assertThrows(() => check({ ...good, ...wrong }), SandboxError, undefined, Deno.inspect(wrong));
  }
}

Deno.test("a mark is of the state that was asked for", () => {
  const good = { t: 20, state: encodeState(1), position: "4", digest: "" };
  refusesAll((claim) => checkMark(claim, 20), good, [
    { t: NaN },
    { t: 21 },
    { t: 20.5 },
    { position: 4 },
    { digest: undefined },
    { state: 1 },
  ]);
});

Deno.test("a trial that ends with its event has it in its last state", () => {
  const trial = {
    ...{
      where: "(s) => s > 3",
      stops: true,
      offset: 0,
      final: undefined,
      reuses: false,
      doubt: undefined,
    },
    points: new Float64Array(),
  };
  const asked = { steps: 8, trial, isHashed: true };
  const good = {
    ...{ steps: 8, accumulators: {}, failure: undefined, frames: [], kept: undefined },
    ...{ first: 7, final: [], points: [], memoryBytes: 1e8, hash: "0a".repeat(32) },
  };
  const check = (ended: unknown) => {
    const answer = checkTrialAnswer({ ms: 1, failed: undefined, ended }, asked);
    const { observables: _, observed: __, ...checked } = answer.ended!;
    return checked;
  };
  refusesAll(check, good, [
    { first: 6 },
    { first: 8 },
    { first: NaN },
    { steps: 9 },
    { steps: 7.5 },
    { memoryBytes: Infinity },
    { memoryBytes: -1 },
    { hash: undefined },
    { hash: "0A".repeat(32) },
    { points: [new Float64Array()] },
    { kept: { lastState: new Uint8Array(), checkpoints: [1], stride: 1 } },
  ]);
  for (
    const answer of [{ ms: -1, failed: {}, ended: undefined }, { ms: 1, failed: {}, ended: good }]
  ) {
    assertThrows(() => checkTrialAnswer(answer, asked), SandboxError);
  }
});

Deno.test("a splitting that reached its level says by which runs, in order", () => {
  const splitting = { score: "(s) => s", level: 9, particles: 10, kill: 2, repeat: 0 };
  const good = {
    levels: Float64Array.of(1, 4),
    killed: Float64Array.of(2, 3),
    ...{ isExtinct: false, ancestors: 5, transitions: 900, firstTransitions: 400 },
    reachedAt: 60,
    seeds: [5n, 6n],
    origins: Float64Array.of(0, 30),
  };
  refusesAll((claim) => checkRareEnd(claim, splitting, 100), good, [
    { levels: Float64Array.of(4, 1) },
    { levels: Float64Array.of(1, NaN) },
    { killed: Float64Array.of(1, 3) },
    { isExtinct: true },
    { firstTransitions: 901 },
    { seeds: [5n, 1n << 64n] },
    { seeds: [5n, -1n] },
    { seeds: [], origins: new Float64Array() },
    { origins: Float64Array.of(1, 30) },
    { origins: Float64Array.of(0, 61) },
    { reachedAt: undefined },
    { reachedAt: 100 },
  ]);
});

Deno.test("a recording sends no more checkpoints than its states have, and marks before memory is full of them", () => {
  const asked = {
    ...{ steps: 30, blockSize: 10, gridOffset: 0, budget: undefined, observables: [] },
    ...{ goOn: undefined, onProgress: undefined },
  };
  const item = (bytes: Uint8Array) => [{ bytes, isAccount: false }];
  const answer = new RecordAnswer({ ...asked, keeper: new MemoryCheckpoints() });
  for (let t = 0; t < 3; t++) answer.take(item(encodeState(t)));
  assertThrows(() => answer.take(item(encodeState(3))), SandboxError, "number of checkpoints");
  const end = { steps: 30, lastState: encodeState(0), notes: [], frames: [] };
  assertThrows(
    () => answer.end({ ...end, accumulators: { x: {} }, failure: undefined }),
    SandboxError,
  );
  const marked = new RecordAnswer({
    ...asked,
    keeper: new MemoryCheckpoints(),
    onMark: () => {},
  });
  const large = new Uint8Array(2 ** 27);
  for (let i = 0; i < 3; i++) marked.take(item(large));
  assertThrows(() => marked.take(item(large)), SandboxError, "it does not say how far it is");
});
