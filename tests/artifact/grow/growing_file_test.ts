import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { encodeArtifact } from "../../../src/artifact/encode_artifact.ts";
import { AppendedFile } from "../../../src/artifact/grow/appended_file.ts";
import { claimRecording } from "../../../src/artifact/grow/claim.ts";
import { openUnfinished } from "../../../src/artifact/grow/open_unfinished.ts";
import type { OpenedArtifact } from "../../../src/artifact/decode_artifact.ts";
import { ArtifactIntegrityError, FileError } from "../../../src/errors.ts";
import { belowFrom, SimulatedDisk } from "../../disk/simulated_disk.ts";
import { process, recordOf, type Story, StoryWriter, STRETCHES } from "./support.ts";

/** Whether the long forms run. */
const SLOW = Deno.env.get("REWIND_SLOW") === "1";

const PART = "/run.replay.part";
const TAIL = "/run.replay.part.tail";

const STORIES: readonly [string, Story][] = [
  ["numbers", { blockSize: 3, state: (t) => t * t }],
  ["numbers with inputs", { blockSize: 4, state: (t) => -t, input: (t) => ({ key: t >> 2 }) }],
  ["large states", { blockSize: 1, state: (t) => new Float64Array(1000 + (t % 3) * 450).fill(t) }],
  [
    "states larger than a chunk, and inputs that fill several",
    {
      blockSize: 5,
      state: (t) => new Uint8Array(t % 2 === 0 ? 70_000 : 30_000).fill(t),
      input: (t) => new Uint8Array(9000 + 13 * t).fill(t),
    },
  ],
  [
    "a budget",
    { blockSize: 2, state: (t) => ({ t }), budget: { bytesMax: undefined, checkpointsMax: 5 } },
  ],
  [
    "a budget of bytes, with inputs",
    {
      blockSize: 1,
      state: (t) => new Float64Array(500).fill(t),
      input: (t) => new Uint8Array(10_000).fill(t),
      budget: { bytesMax: 150_000, checkpointsMax: undefined },
    },
  ],
];

/** What a reader sees of a run: all of it. */
function contentOf({ record, checkAll, contentHash }: OpenedArtifact): unknown {
  checkAll();
  const { steps, stride, checkpoints, inputs, lastState } = record;
  return {
    contentHash,
    steps,
    stride,
    states: Array.from({ length: checkpoints.length }, (_, i) => checkpoints.bytesAt(i)),
    inputs: inputs && Array.from({ length: steps - 1 }, (_, t) => inputs.chunkAt(t).rowAt(t).bytes),
    lastState,
  };
}

const known = new Map<Story, Map<number, Uint8Array>>();

/** The bytes of a run that was recorded at once. */
function whole(story: Story, steps: number): Uint8Array {
  const ofStory = known.get(story) ?? new Map<number, Uint8Array>();
  known.set(story, ofStory);
  const bytes = ofStory.get(steps) ?? encodeArtifact(recordOf(story, steps), STRETCHES);
  ofStory.set(steps, bytes);
  return bytes;
}

const knownContents = new Map<Uint8Array, unknown>();

/** What a reader sees of it. */
function expected(story: Story, steps: number): unknown {
  const bytes = whole(story, steps);
  if (!knownContents.has(bytes)) {
    const disk = new SimulatedDisk();
    disk.put("/whole.replay", bytes);
    knownContents.set(bytes, contentOf(openUnfinished(disk, "/whole.replay.part")));
  }
  return knownContents.get(bytes);
}

/** Lengths of runs, and after how many states each is flushed. */
const LENGTHS = [[1, Infinity], [2, 1], [7, 2], [20, Infinity], [41, 7]] as const;

for (const [name, story] of STORIES) {
  Deno.test(`a file that grows has the bytes of one written at once: ${name}`, () => {
    for (const [steps, flushEvery] of LENGTHS) {
      const disk = new SimulatedDisk();
      const writer = new StoryWriter(story, disk);
      for (let t = 0; t < steps; t++) {
        writer.advance(t);
        if (t % flushEvery === 0) {
          writer.flush();
          assertEquals(contentOf(openUnfinished(disk, PART)), expected(story, t + 1), `t=${t}`);
        }
      }
      const sealed = writer.seal();
      const bytes = whole(story, steps);
      assertEquals(disk.bytesOf("/run.replay"), bytes);
      assertEquals(sealed.fileBytes, bytes.length);
      assertEquals(disk.paths(), ["/run.replay"]);
      assertEquals(
        sealed.contentHash,
        (contentOf(openUnfinished(disk, PART)) as { contentHash: string }).contentHash,
      );
    }
  });

  Deno.test(`what is durable only grows at its end, and is resumed anywhere: ${name}`, () => {
    const steps = 45;
    for (let stop = 0; stop < steps; stop += SLOW ? 1 : 7) {
      const disk = new SimulatedDisk();
      new StoryWriter(story, disk).advance(stop).flush();
      // Whoever wrote it is gone without a word, and left more than what counts.
      if (stop % 2 === 0) disk.append(PART, new Uint8Array(1000).fill(0xab));
      const writer = new StoryWriter(story, disk, { pid: 2, resume: true });
      assertEquals(writer.t, stop);
      writer.advance(Math.min(stop + 5, steps - 1)).flush();
      const part = disk.bytesOf(PART);
      if (story.budget === undefined) {
        assertEquals(part, whole(story, steps).subarray(0, part.length));
      }
      writer.advance(steps - 1).seal();
      assertEquals(disk.bytesOf("/run.replay"), whole(story, steps), `stopped at ${stop}`);
      assertEquals(disk.paths(), ["/run.replay"]);
    }
  });
}

const [[, NUMBERS], , , [, MIXED], , [, THINNED]] = STORIES as [
  [string, Story],
  unknown,
  unknown,
  [string, Story],
  unknown,
  [string, Story],
];

Deno.test("a recording that was never flushed costs two syncs, and leaves nothing but its file", () => {
  const disk = new SimulatedDisk();
  const writer = new StoryWriter(NUMBERS, disk).advance(100);
  assertEquals(disk.syncs, 0);
  writer.seal();
  assertEquals(disk.syncs, 2);
  assertEquals(disk.paths(), ["/run.replay"]);
});

Deno.test("isDue follows the clock and the bytes", () => {
  const disk = new SimulatedDisk();
  const writer = new StoryWriter(NUMBERS, disk, { flushSeconds: 2 });
  assert(!writer.file.isDue);
  disk.nowMs += 2000;
  assert(writer.file.isDue);
  writer.flush();
  assert(!writer.file.isDue);
  const large = new StoryWriter(
    { blockSize: 1, state: () => new Uint8Array(3 * 2 ** 20) },
    new SimulatedDisk(),
  );
  assert(!large.advance(1).file.isDue);
  assert(large.advance(2).file.isDue);
  large.flush();
  assert(!large.file.isDue);
});

Deno.test("leave() keeps what is durable, and nothing where nothing is", () => {
  const disk = new SimulatedDisk();
  new StoryWriter(NUMBERS, disk).advance(9).file.leave();
  assertEquals(disk.paths(), []);
  const writer = new StoryWriter(MIXED, disk).advance(9);
  writer.flush();
  writer.advance(30).file.leave();
  assertEquals(disk.paths(), [PART, TAIL]);
  assertEquals(contentOf(openUnfinished(disk, PART)), expected(MIXED, 10));
  // Resumed, and stopped before the next flush.
  new StoryWriter(MIXED, disk, { pid: 2, resume: true }).advance(40).file.leave();
  assertEquals(disk.paths(), [PART, TAIL]);
  assertEquals(contentOf(openUnfinished(disk, PART)), expected(MIXED, 10));
  const thinned = new SimulatedDisk();
  const other = new StoryWriter(THINNED, thinned).advance(20);
  other.flush();
  other.advance(60).file.leave();
  assertEquals(thinned.paths(), [PART, TAIL]);
  assertEquals(contentOf(openUnfinished(thinned, PART)), expected(THINNED, 21));
  new StoryWriter(THINNED, thinned, { pid: 2, resume: true }).advance(60).file.leave();
  assertEquals(thinned.paths(), [PART, TAIL]);
  assertEquals(contentOf(openUnfinished(thinned, PART)), expected(THINNED, 21));
});

Deno.test("inputs that come late, and some that go again, leave the bytes of a run that had them", () => {
  const story = MIXED;
  const steps = 41;
  for (const isFlushed of [false, true]) {
    const disk = new SimulatedDisk();
    // The states alone at first.
    const writer = new StoryWriter({ ...story, input: () => undefined }, disk, { late: true });
    writer.advance(20);
    if (isFlushed) writer.flush();
    const { inputs } = recordOf(story, steps + 7);
    writer.file.setInputs(inputs!, 27);
    writer.file.setInputs(inputs!, 20);
    if (isFlushed) writer.advance(24, story.input).flush();
    writer.advance(steps - 1, story.input);
    writer.file.seal(recordOf(story, steps));
    assertEquals(disk.bytesOf("/run.replay"), whole(story, steps));
    assertEquals(disk.paths(), ["/run.replay"]);
  }
});

Deno.test("a recording is claimed by one process, not begun over another, not sealed over a file", () => {
  const disk = new SimulatedDisk();
  const alive = { ...process(1), isUsed: () => true, startOf: (pid: number) => `${pid}` };
  const options = { flushSeconds: 5, disk };
  const claim = claimRecording("/run.replay", { ...options, processes: alive });
  const other = { ...alive, self: { ...alive.self, pid: 2 } };
  const taken = assertThrows(
    () => claimRecording("/run.replay", { ...options, processes: other }),
    FileError,
    "process 1 on this machine is writing it",
  );
  assertEquals(taken.reason, "in-use");
  claim.lock.release();
  new StoryWriter(NUMBERS, disk).flush();
  const begun = assertThrows(() => new StoryWriter(NUMBERS, disk, { pid: 2 }), FileError);
  assertEquals(begun.reason, "exists");
  assert(begun.message.includes("unfinished recording is there, /run.replay.part"), begun.message);
  const writer = new StoryWriter(NUMBERS, disk, { pid: 2, resume: true });
  disk.put("/run.replay", Uint8Array.of(1));
  assertThrows(() => writer.seal(), FileError, "the recording is in '/run.1.replay'");
  assertEquals(disk.bytesOf("/run.replay"), Uint8Array.of(1));
  assertEquals(disk.bytesOf("/run.1.replay"), whole(NUMBERS, 1));
  assertEquals(disk.paths(), ["/run.1.replay", "/run.replay"]);
});

Deno.test("a process that was taken for dead notices, and writes no more", () => {
  const disk = new SimulatedDisk();
  const writer = new StoryWriter(NUMBERS, disk).advance(10);
  writer.flush();
  const heir = new StoryWriter(NUMBERS, disk, { pid: 2, resume: true });
  writer.advance(20);
  for (const end of [() => writer.flush(), () => writer.seal()]) {
    assertEquals(assertThrows(end, FileError).reason, "in-use");
  }
  heir.advance(20).seal();
  assertEquals(disk.bytesOf("/run.replay"), whole(NUMBERS, 21));
});

Deno.test("a flipped bit anywhere in an unfinished artifact is found", () => {
  for (const story of [NUMBERS, MIXED]) {
    const disk = new SimulatedDisk();
    new StoryWriter(story, disk).advance(40).flush();
    const read = (): unknown => contentOf(openUnfinished(disk, PART));
    const found = read();
    for (const path of [PART, TAIL]) {
      const bytes = disk.bytesOf(path);
      const stride = Math.max(1, Math.floor(bytes.length / (SLOW ? 5000 : 70)));
      for (let at = 0; at < bytes.length; at += stride) {
        for (let bit = stride === 1 ? 0 : at % 8; bit < 8; bit += stride === 1 ? 1 : 8) {
          const flipped = bytes.slice();
          flipped[at]! ^= 1 << bit;
          disk.put(path, flipped);
          assertThrows(read, ArtifactIntegrityError, "Cannot read the .replay file");
        }
      }
      for (let length = 0; length < bytes.length; length += stride) {
        disk.put(path, bytes.slice(0, length));
        assertThrows(read, ArtifactIntegrityError);
      }
      disk.put(path, bytes);
    }
    assertEquals(read(), found);
  }
});

Deno.test("an unfinished artifact without its tail is told, one with another's tail refused", () => {
  const disk = new SimulatedDisk();
  new StoryWriter(NUMBERS, disk).advance(10).flush();
  const tail = disk.bytesOf(TAIL);
  disk.remove(TAIL);
  assertThrows(() => openUnfinished(disk, PART), ArtifactIntegrityError, ".tail, is missing");
  disk.put(TAIL, tail);
  const other = new SimulatedDisk();
  new StoryWriter({ ...NUMBERS, blockSize: 4 }, other).advance(10).flush();
  disk.put(PART, other.bytesOf(PART));
  assertThrows(() => openUnfinished(disk, PART), ArtifactIntegrityError, "another recording");
  disk.put(TAIL, Uint8Array.of(1, 2, 3));
  assertThrows(() => openUnfinished(disk, PART), ArtifactIntegrityError, "none of an unfinished");
});

/** Flushes now and then; returns how far each flush had come. */
function runFlushing(
  story: Story,
  disk: SimulatedDisk,
  { steps, every, resume, pid }: { steps: number; every: number; resume: boolean; pid: number },
): number[] {
  const durable: number[] = [];
  try {
    const writer = new StoryWriter(story, disk, { pid, resume });
    while (writer.t < steps - 1) {
      writer.advance(Math.min(steps - 1, writer.t + every));
      writer.flush();
      if (!disk.isOff) durable.push(writer.t);
    }
    writer.seal();
    if (!disk.isOff) durable.push(Infinity);
  } catch (error) {
    assert(error instanceof FileError, `${(error as Error).stack}`);
  }
  return durable;
}

/** What another process finds, and that it can finish the recording. */
function checkAfter(
  disk: SimulatedDisk,
  story: Story,
  { steps, durable }: { steps: number; durable: number },
): void {
  if (disk.entry("/run.1.replay") !== undefined) {
    // Finished, and put beside as its name could not be given to it.
    assertEquals(disk.bytesOf("/run.1.replay"), whole(story, steps));
    return;
  }
  if (disk.entry("/run.replay") === undefined || durable < Infinity) {
    const found = disk.entry(TAIL) !== undefined && disk.entry(PART) !== undefined;
    if (durable >= 0 && disk.entry("/run.replay") === undefined) {
      assert(found, `what was durable is gone: ${disk.paths()}`);
    }
    if (found) {
      const opened = openUnfinished(disk, PART);
      assert(opened.record.steps - 1 >= durable, "what was durable is not there any more");
      assertEquals(contentOf(opened), expected(story, opened.record.steps));
    }
  }
  if (disk.entry("/run.replay") === undefined) {
    new StoryWriter(story, disk, { pid: 99, resume: true }).advance(steps - 1).seal();
  } else {
    // Sealed, and perhaps not cleaned: the next start does that.
    const next = claimRecording("/run.replay", {
      flushSeconds: 5,
      disk,
      processes: process(99),
      overwrite: true,
      resume: true,
    });
    assert(!next.hasPart, `${disk.paths()}`);
    next.lock.release();
  }
  assertEquals(disk.bytesOf("/run.replay"), whole(story, steps));
  assertEquals(disk.paths(), ["/run.replay"]);
}

for (const [name, story] of STORIES) {
  Deno.test(`whenever the power goes, what was flushed opens and the run can be finished: ${name}`, () => {
    const steps = 24;
    const settings = { steps, every: 5, resume: false, pid: 1 };
    const counted = new SimulatedDisk();
    runFlushing(story, counted, settings);
    for (let at = 0; at <= counted.operations; at += SLOW ? 1 : 7) {
      const disk = new SimulatedDisk();
      disk.powerOffAt = at;
      const durable = runFlushing(story, disk, settings).at(-1) ?? -1;
      // What one crash may leave, again and again.
      for (let seed = 0; seed < (SLOW ? 40 : 1); seed++) {
        checkAfter(disk.afterCrash(belowFrom(at * 1000 + seed)), story, { steps, durable });
      }
    }
  });

  Deno.test(`whatever call fails, what was flushed stays and the run can be finished: ${name}`, () => {
    const steps = 24;
    const settings = { steps, every: 5, resume: false, pid: 1 };
    const counted = new SimulatedDisk();
    runFlushing(story, counted, settings);
    for (const code of ["ENOSPC", "EIO"]) {
      for (let at = 0; at < counted.operations; at += SLOW ? 1 : 13) {
        for (const stays of [false, true]) {
          const disk = new SimulatedDisk();
          disk.fault = { at, code, stays };
          const durable = runFlushing(story, disk, settings);
          disk.fault = undefined;
          // What a failed sync was to make durable is lost with the power.
          const after = at % 2 === 0 ? disk : disk.afterCrash(belowFrom(at));
          checkAfter(after, story, { steps, durable: durable.at(-1) ?? -1 });
        }
      }
    }
  });
}

Deno.test("AppendedFile says which file could not be written, also between flushes", () => {
  const disk = new SimulatedDisk();
  disk.fault = { at: 1, code: "ENOSPC", stays: true };
  const file = new AppendedFile(disk, PART);
  const error = assertThrows(() => file.append(new Uint8Array(2 ** 20)), FileError);
  assert(error.message.includes(PART) && error.message.includes("full"), error.message);
});

Deno.test("crash after crash, a recording comes to its end", () => {
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.array(fc.tuple(fc.nat(60), fc.nat(1e6)), { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (which, crashes, every) => {
        const [, story] = STORIES[which]!;
        const steps = 30;
        let disk = new SimulatedDisk();
        let durable = -1;
        for (const [i, [at, seed]] of crashes.entries()) {
          if (disk.entry("/run.replay") !== undefined) break;
          disk.powerOffAt = disk.operations + at;
          const flushed = runFlushing(story, disk, { steps, every, resume: true, pid: 10 + i });
          durable = Math.max(durable, flushed.at(-1) ?? -1);
          disk = disk.afterCrash(belowFrom(seed));
        }
        checkAfter(disk, story, { steps, durable });
      },
    ),
    { numRuns: SLOW ? 3000 : 25 },
  );
});
