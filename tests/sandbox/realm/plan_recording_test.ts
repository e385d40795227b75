import { assertEquals } from "@std/assert";
import { workClock } from "../../../src/sandbox/realm/plan_recording.ts";

Deno.test("workClock() does not count what a busy machine lets a step wait, nor the work of other threads", () => {
  let ms = 10;
  let done = 2;
  const clock = workClock({ now: () => ms, worked: () => done });
  ms += 100;
  done += 5;
  assertEquals(clock(), 5);
  ms += 1;
  done += 3;
  assertEquals(clock(), 6);
  const third = workClock({ now: () => ms, worked: () => done }, 1 / 3);
  ms += 30;
  done += 12;
  assertEquals(third(), 4);
});
