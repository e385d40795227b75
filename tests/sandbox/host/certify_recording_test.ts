import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { NondeterministicStepError } from "../../../src/errors.ts";
import { certifyRecording } from "../../../src/sandbox/host/certify_recording.ts";
import { ModuleReasons } from "../../../src/sandbox/recorder/hidden_reason.ts";
import { recordIn } from "../in_sandbox.ts";

/** Births are rare, and take ids from a counter of the class. */
const BIRTHS = `class Ids { static next = 100; }
export const init = { alive: [1, 2, 3], born: 0 };
export function step(s, rng) {
  if (rng.random() < 3e-4) { s.alive.push(Ids.next++); s.alive.shift(); s.born++; }
  return s;
}`;

/** A cache that holds what follows from its keys alone. */
const CACHE = `const squares = new Map();
export const init = 1;
export function step(x) {
  if (!squares.has(x)) squares.set(x, x * x % 1009);
  return squares.get(x) + 1;
}
export const observe = { x: (x) => x };`;

const MEMORY = `let last = 0;
export const init = { x: 0 };
export const step = (s) => ({ x: s.x + 1 });
export const observe = { dx: (s) => { const d = s.x - last; last = s.x; return d; } };`;

/** The place in a text that an expression remembers comes round by the end of each block of four. */
const ROUND = `const digits = /(\\d+)/g;
export const init = 0;
export const step = (x) => x + (digits.exec("a1b22c333")?.[1].length ?? 4);`;

/** What a parser says of a module. */
function reasonOf(source: string): string {
  return new ModuleReasons({ source, sourceMap: undefined, stepId: "model.js" }).hidden()!;
}

Deno.test("a rare step that takes from a counter of its class is found when it is recorded", async () => {
  // Guards of the recording itself find it on some machines.
  const record = await recordIn(BIRTHS, { steps: 20_000, seed: 5n, guards: false });
  const error = await assertRejects(
    () => certifyRecording(record, { source: BIRTHS, reason: reasonOf(BIRTHS) }),
    NondeterministicStepError,
  );
  assertMatch(
    error.message,
    /^Cannot certify the run: block \d+ leads to another state \d+ when replayed: step assigns `Ids.next` \(model.js:4:43\); keep what changes in the state$/,
  );
});

Deno.test("a cache that changes nothing is certified", async () => {
  const record = await recordIn(CACHE, { steps: 500 });
  assertEquals(reasonOf(CACHE), "step changes `squares` by set() (model.js:4:24)");
  await certifyRecording(record, { source: CACHE, reason: reasonOf(CACHE) });
});

Deno.test("what a module remembers is found within blocks, also where it comes round by their ends", async () => {
  const record = await recordIn(ROUND, { steps: 40, blockSize: 4, guards: false });
  await assertRejects(
    () => certifyRecording(record, { source: ROUND, reason: reasonOf(ROUND) }),
    NondeterministicStepError,
    "Cannot certify the run: state 5 is another one where other blocks were replayed before: " +
      "step changes `digits` by exec() (model.js:3:33); keep what changes in the state",
  );
});

Deno.test("an observable with a memory is named", async () => {
  const record = await recordIn(MEMORY, { steps: 100, guards: false });
  const error = await assertRejects(
    () => certifyRecording(record, { source: MEMORY, reason: reasonOf(MEMORY) }),
    NondeterministicStepError,
  );
  assertMatch(
    error.message,
    /^Cannot certify the run: observe.dx gives other statistics when taken again: dx assigns `last`/,
  );
});

Deno.test("ModuleReasons.hidden() looks at functions that are given as texts too", () => {
  const plain = "export const step = (s) => s;";
  const reason = (text: string) =>
    new ModuleReasons({ source: plain, sourceMap: undefined, stepId: "m.js" }).hidden([text]);
  assertEquals(reason("(s) => s.x"), undefined);
  assertEquals(reason("(() => { let n = 0; return () => ++n; })()"), "a function assigns `n`");
});
