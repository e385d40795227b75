import { assert, assertEquals } from "@std/assert";
import { openRecord } from "../../../src/artifact/open_record.ts";
import { openRecorder } from "../../../src/artifact/open_recorder.ts";
import { Pace } from "../../../src/artifact/grow/pace.ts";
import { LOOK_STEPS_MAX } from "../../../src/artifact/limits.ts";

/** Makes steps of so many milliseconds each; returns those after which the clock was looked at. */
function looks(stepsMs: readonly number[], flushMs: number): number[] {
  let now = 0;
  const pace = new Pace(() => now, flushMs);
  const looked: number[] = [];
  let next = 1;
  for (const [i, ms] of stepsMs.entries()) {
    now += ms;
    if (i + 1 < next) continue;
    looked.push(i + 1);
    next += pace.look();
    assertEquals(pace.lookedAt, now);
  }
  return looked;
}

Deno.test("fast steps share a look at the clock, slow ones have one each", () => {
  const fast = looks(Array(100_000).fill(1e-4), 5000);
  assertEquals(fast.slice(0, 4), [1, 3, 7, 15]);
  assert(fast.length < 10 + 100_000 / LOOK_STEPS_MAX, `${fast.length}`);
  assertEquals(looks(Array(1000).fill(0.05), 5000).length, 1000);
  // As many as take 0.05 ms.
  const some = looks(Array(1000).fill(0.01), 5000).length;
  assert(some > 199 && some < 260, `${some}`);
  // A clock that stands still for a while is no slow step.
  assertEquals(looks(Array(1000).fill(0), 5000), looks(Array(1000).fill(1e-5), 5000));
});

Deno.test("a slow step is seen within LOOK_STEPS_MAX steps, whenever it comes, and those after it at once", () => {
  for (const before of [0, 1, 10, 64, 500, 5000, 5017]) {
    const slow = Array(2 * LOOK_STEPS_MAX).fill(1000);
    const looked = looks([...Array(before).fill(1e-4), ...slow], 5000);
    const seen = looked.filter((step) => step > before);
    const [first] = seen;
    assert(first! <= before + LOOK_STEPS_MAX, `${before}: ${first}`);
    assertEquals(seen, Array.from(seen, (_, i) => first! + i));
    assertEquals(seen.at(-1), before + slow.length);
  }
});

Deno.test("a short time between two flushes has its looks too", () => {
  // 1,000 steps of a microsecond: a flush after each of them, each tenth, all.
  assertEquals(looks(Array(1000).fill(1e-3), 1e-3).length, 1000);
  assertEquals(looks(Array(1000).fill(1e-3), 1e-2).length, 1000);
  assert(looks(Array(1000).fill(1e-3), 1000).length < 50);
});

Deno.test("a recorder looks at the clock now and then, and flushes in time when its steps become slow", async () => {
  const folder = Deno.makeTempDirSync();
  const { now } = performance;
  let ms = 0;
  let looked = 0;
  let stepMs = 1e-4;
  performance.now = () => (looked++, ms);
  try {
    const step = (x: number): number => (ms += stepMs, x + 1);
    for (const way of ["advance", "advanceTo"] as const) {
      const path = `${folder}/${way}.replay`;
      const recorder = await openRecorder(step, { init: 0, seed: 1, selfCheck: false, path });
      const goTo = (to: number): void => {
        if (way === "advanceTo") recorder.advanceTo(to);
        else while (recorder.t < to) recorder.advance();
      };
      looked = 0;
      goTo(20_000);
      assert(looked < 20_000 / LOOK_STEPS_MAX + 50, `${way}: ${looked} looks`);
      stepMs = 1000;
      goTo(20_000 + LOOK_STEPS_MAX);
      const { steps } = (await openRecord(`${path}.part`)).record;
      assert(steps > 20_000 + LOOK_STEPS_MAX - 6, `${way}: ${steps} states are durable`);
      stepMs = 1e-4;
      recorder.close();
    }
  } finally {
    performance.now = now;
    Deno.removeSync(folder, { recursive: true });
  }
});
