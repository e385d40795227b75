import { assertEquals, assertThrows } from "@std/assert";
import { record } from "../../../mod.ts";
import { GuardError, NondeterministicStepError } from "../../../src/errors.ts";

// Of a slow step the guards try less: a busy machine must not look like one.
performance.now = () => 0;

Deno.test("record() finds a step that counts its calls, in the library too", () => {
  let calls = 0;
  const step = (s: { n: number }) => ({ n: s.n + (++calls > 200 ? 1 : 2) });
  const error = assertThrows(
    () => record(step, { init: { n: 0 }, steps: 1000, seed: 1 }),
    NondeterministicStepError,
  );
  assertEquals(error.message.startsWith("Cannot certify the run"), true);
});

Deno.test("record() finds an observable that remembers the state before", () => {
  let last = 0;
  const observe = {
    x: (s: { x: number }) => s.x,
    dx: (s: { x: number }) => {
      const d = s.x - last;
      last = s.x;
      return d;
    },
  };
  const step = (s: { x: number }) => ({ x: s.x + 1 });
  for (const steps of [20, 100, 1001]) {
    last = 0;
    const error = assertThrows(
      () => record(step, { init: { x: 0 }, steps, seed: 1, observe }),
      GuardError,
      "Cannot use observe.dx: it says something else of the same states",
    );
    assertEquals([error.kind, error.path], ["observer", "observe.dx"]);
  }
});

Deno.test("the guards try a run whose last state starts a block", () => {
  let calls = 0;
  const step = (s: { n: number }) => ({ n: s.n + (++calls > 10 ? 1 : 2) });
  assertThrows(
    () => record(step, { init: () => ({ n: 0 }), steps: 11, blockSize: 10, seed: 1 }),
    Error,
    "Cannot certify the run",
  );
});
