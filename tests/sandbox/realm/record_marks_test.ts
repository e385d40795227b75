import { assert, assertEquals } from "@std/assert";
import { CheckpointLog, MemoryCheckpoints } from "../../../src/engine/checkpoint_log.ts";
import { planRecord } from "../../../src/engine/record_options.ts";
import { Recorder } from "../../../src/engine/recorder.ts";
import { MarkedRecording } from "../../../src/sandbox/realm/record_marks.ts";
import type { FrameWriter } from "../../../src/sandbox/wire/frame_writer.ts";

/**
 * Times of the marks, and of the end, of a recording whose steps take a millisecond each, by a clock that only steps and marks
 * move.
 *
 * @param markMs How long each mark takes, by its index.
 */
function markTimes(markMs: (index: number) => number): number[] {
  let ms = 0;
  const times: number[] = [];
  const step = (x: number): number => (ms++, x + 1);
  const plan = planRecord(step, { init: 0, steps: 20_000, seed: 1, blockSize: 100 });
  const checkpoints = new CheckpointLog(new MemoryCheckpoints(), { budget: undefined });
  const recorder = new Recorder(plan, { checkpoints });
  const writer = {
    item() {},
    flush() {
      ms += markMs(times.length);
      times.push(ms);
    },
  } as unknown as FrameWriter;
  const marked = new MarkedRecording(plan, {
    ...{ checkpoints, writer, stream: undefined, now: () => ms },
    marks: { everyMs: 200, endsWithInputs: false },
  });
  marked.advance(recorder, 19_999);
  assertEquals(recorder.t, 19_999);
  return [...times, ms];
}

/** The longest time between two marks. */
function longestGap(times: readonly number[]): number {
  return Math.max(...times.map((time, i) => time - (times[i - 1] ?? 0)));
}

Deno.test("marks take a fiftieth of the time, and are never put off for more than some seconds", () => {
  const cheap = markTimes(() => 1);
  // The first block is made more than once.
  assert(longestGap(cheap) < 600 && cheap.length > 80);
  const dear = markTimes(() => 60);
  assert(longestGap(dear) < 3200 && dear.length < 9);
  // A mark that had to wait for the processor, or for whoever reads it, says nothing of the next one.
  const late = markTimes((index) => index % 5 === 2 ? 900 : 1);
  assert(longestGap(late) < 1200, `${longestGap(late)}`);
  assert(longestGap(markTimes(() => 700)) < 6000);
});
