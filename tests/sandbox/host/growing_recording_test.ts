import { assertEquals, assertRejects } from "@std/assert";
import { encodeArtifact } from "../../../src/artifact/encode_artifact.ts";
import { claimRecording } from "../../../src/artifact/grow/claim.ts";
import { openUnfinished } from "../../../src/artifact/grow/open_unfinished.ts";
import { RecordingFile } from "../../../src/artifact/grow/recording_file.ts";
import { addStretch } from "../../../src/artifact/recorded_by.ts";
import { currentWriter } from "../../../src/artifact/saved_record.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { spanStart } from "../../../src/engine/block_grid.ts";
import type { InputLog } from "../../../src/engine/input_log.ts";
import { GrowingRecording } from "../../../src/sandbox/host/growing_recording.ts";
import { process, recordOf, type Story } from "../../artifact/grow/support.ts";
import { SimulatedDisk } from "../../disk/simulated_disk.ts";
import { recordIn } from "../in_sandbox.ts";

const STORY: Story = { blockSize: 4, state: (t) => -t, input: (t) => ({ key: t >> 2 }) };
const STEPS = 31;

Deno.test("what came in behind the last mark is not flushed: a late timer spoils neither account nor file", () => {
  const record = recordOf(STORY, STEPS);
  const { checkpoints } = record;
  const inputs = record.inputs as InputLog;
  for (const seals of [true, false]) {
    const disk = new SimulatedDisk();
    const claim = claimRecording("/run.replay", {
      flushSeconds: 1000,
      disk,
      processes: process(1),
    });
    const file = RecordingFile.begin(claim, recordOf(STORY, 1), { steps: STEPS });
    const growing = new GrowingRecording(file, { inputs, stride: 1, flushSeconds: 1000 });
    let count = 0;
    const pushBefore = (t: number): void => {
      while (count < checkpoints.length && spanStart(count, record) <= t) {
        growing.push(checkpoints.bytesAt(count++));
      }
    };
    const mark = (t: number): void => {
      pushBefore(t);
      growing.take({ t, lastState: encodeState(STORY.state(t)), accumulators: {} });
    };
    const durable = (): number => {
      const opened = openUnfinished(disk, claim.partPath);
      opened.checkAll();
      assertEquals(opened.record.inputs?.length, opened.record.steps - 1);
      return opened.record.steps;
    };
    mark(9);
    growing.flush();
    assertEquals(durable(), 10);
    mark(17);
    // The end has come in; the child is being taken down, and the timer that was set by the mark rings.
    pushBefore(STEPS - 1);
    growing.flush();
    assertEquals(durable(), 10);
    if (!seals) {
      assertEquals(growing.stop(), 10);
      assertEquals(durable(), 10);
      continue;
    }
    growing.seal({ ...record, accumulators: {}, observables: [], inputs });
    assertEquals(
      disk.bytesOf("/run.replay"),
      encodeArtifact(record, addStretch([], currentWriter(), 0)),
    );
  }
});

Deno.test("a seal that fails leaves what was flushed, or the whole file, and nothing that does not open", () => {
  // No checkpoint comes in behind the last mark.
  const record = recordOf(STORY, 30);
  const inputs = record.inputs as InputLog;
  const whole = encodeArtifact(record, addStretch([], currentWriter(), 0));
  const sealOn = (disk: SimulatedDisk, at: number): number => {
    const claim = claimRecording("/run.replay", {
      flushSeconds: 1000,
      disk,
      processes: process(1),
    });
    const file = RecordingFile.begin(claim, recordOf(STORY, 1), { steps: 30 });
    const growing = new GrowingRecording(file, { inputs, stride: 1, flushSeconds: 1000 });
    let count = 0;
    for (const t of [9, 29]) {
      while (count < record.checkpoints.length && spanStart(count, record) <= t) {
        growing.push(record.checkpoints.bytesAt(count++));
      }
      growing.take({ t, lastState: encodeState(STORY.state(t)), accumulators: {} });
      if (t === 9) growing.flush();
    }
    const before = disk.operations;
    disk.fault = { at: before + at, code: "EIO", stays: false };
    try {
      growing.seal({ ...record, accumulators: {}, observables: [], inputs });
    } catch (error) {
      assertEquals((error as Error).name, "FileError");
      growing.stop();
    }
    disk.fault = undefined;
    return disk.operations - before;
  };
  const operations = sealOn(new SimulatedDisk(), Infinity);
  for (let at = 0; at < operations; at++) {
    const disk = new SimulatedDisk();
    sealOn(disk, at);
    const finished = disk.paths().find((path) => path.endsWith("replay"));
    if (finished === undefined) {
      const opened = openUnfinished(disk, "/run.replay.part");
      opened.checkAll();
      assertEquals(opened.record.steps, 10, `${at}`);
    } else {
      assertEquals(disk.bytesOf(finished), whole, `${at}`);
    }
    // The next start finds nothing in its way that counts for nothing.
    const { hasPart, lock } = claimRecording("/run.replay", {
      flushSeconds: 1000,
      ...{ disk, processes: process(2), overwrite: true, resume: true },
    });
    assertEquals(hasPart, finished === undefined, `${at}: ${disk.paths()}`);
    lock.release();
  }
});

Deno.test("the state that ends a run is not marked: whoever went on from there would go on behind the end", async () => {
  const source = "export const init = 0; export const step = (x) => x + 1;";
  const marksOf = async (until: string): Promise<number[]> => {
    const marks: number[] = [];
    const sink = { push() {}, thin() {}, take: ({ t }: { t: number }) => void marks.push(t) };
    await recordIn(source, { steps: 100, until, grow: () => sink, markMs: 0 });
    return marks;
  };
  assertEquals(await marksOf("(x) => x === 1"), []);
  assertEquals((await marksOf("(x) => x === 2"))[0], 1);
});

Deno.test("what a stream of inputs gave is known, however the stream ends", async () => {
  const source = "export const init = 0; export const step = (x, rng, p, t, i) => x + i;";
  const lastMark = async (steps: number, breaks: boolean): Promise<number | undefined> => {
    const marks: number[] = [];
    const sink = { push() {}, thin() {}, take: ({ t }: { t: number }) => void marks.push(t) };
    const inputs = async function* (): AsyncGenerator<number[], void, void> {
      yield [1, 2];
      yield [await Promise.resolve(3)];
      if (breaks) throw new Error("the stream broke");
    };
    await assertRejects(
      () => recordIn(source, { steps, inputs: inputs(), grow: () => sink, markMs: 1e6 }),
      Error,
      breaks ? "the stream broke" : "input",
    );
    return marks.at(-1);
  };
  assertEquals(await lastMark(100, true), 3);
  // Too few, and too many.
  assertEquals(await lastMark(100, false), 3);
  assertEquals(await lastMark(3, false), 2);
});
