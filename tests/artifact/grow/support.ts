/** A recording on a simulated disk, made from plain values: what a growing file is to hold is known. */

import { CheckpointLog, MemoryCheckpoints } from "../../../src/engine/checkpoint_log.ts";
import { spanStart } from "../../../src/engine/block_grid.ts";
import { InputLog } from "../../../src/engine/input_log.ts";
import { PLAIN_RECORD } from "../../../src/engine/record_defaults.ts";
import type { RunRecord, StorageBudget } from "../../../src/engine/types.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { claimRecording, type RecordingClaim } from "../../../src/artifact/grow/claim.ts";
import { GrowingFile } from "../../../src/artifact/grow/growing_file.ts";
import {
  type OpenedUnfinished,
  openUnfinished,
} from "../../../src/artifact/grow/open_unfinished.ts";
import { reopen } from "../../../src/artifact/grow/reopen.ts";
import type { RecordedStretch } from "../../../src/artifact/recorded_by.ts";
import type { ProcessTable } from "../../../src/disk/process_identity.ts";
import type { SimulatedDisk } from "../../disk/simulated_disk.ts";

/** A run whose states and inputs follow from t. */
export interface Story {
  readonly blockSize: number;
  readonly state: (t: number) => unknown;
  readonly input?: (t: number) => unknown;
  readonly budget?: StorageBudget;
}

export const STRETCHES: readonly RecordedStretch[] = [
  { from: 0, tool: "tool", engine: "engine", mathFingerprint: "0" },
];

/** A process that is dead for every other one. */
export function process(pid: number): ProcessTable {
  return {
    self: { host: "here", pid, boot: "boot", space: "", started: `${pid}` },
    isUsed: () => false,
    startOf: () => "",
  };
}

type StoryRecord = RunRecord & { lastState: Uint8Array };

const known = new WeakMap<Story, Map<number, StoryRecord>>();

/** The record of a story of so many states, in memory. */
export function recordOf(story: Story, steps: number): StoryRecord {
  const ofStory = known.get(story) ?? new Map<number, StoryRecord>();
  known.set(story, ofStory);
  const record = ofStory.get(steps) ?? makeRecord(story, steps);
  ofStory.set(steps, record);
  return record;
}

function makeRecord(story: Story, steps: number): StoryRecord {
  const states = new MemoryCheckpoints();
  const log = new CheckpointLog(states, { budget: story.budget });
  for (let t = 0; t < steps; t += story.blockSize) {
    if (t / story.blockSize === log.nextBlock) log.push(encodeState(story.state(t)));
  }
  const inputs = new InputLog();
  if (story.input !== undefined) {
    for (let t = 0; t < steps - 1; t++) {
      inputs.push(story.input(t));
    }
  }
  return {
    ...PLAIN_RECORD,
    steps,
    seed: 1n,
    blockSize: story.blockSize,
    rng: "python",
    params: { p: 1 },
    stepId: "story",
    source: "export const step = (x) => x;",
    math: "portable",
    budget: story.budget,
    stride: log.stride,
    checkpoints: states,
    inputs: inputs.isUsed ? inputs : undefined,
    lastState: encodeState(story.state(steps - 1)),
    observed: {},
  };
}

/** Records a story to a growing file, from where it stands. */
export class StoryWriter {
  t: number;
  readonly #story: Story;
  readonly #file: GrowingFile;
  readonly #log: CheckpointLog;
  /** Whether inputs are given to it only where that is said. */
  readonly #isLate: boolean;

  constructor(
    story: Story,
    disk: SimulatedDisk,
    { pid = 1, resume = false, overwrite = false, flushSeconds = 5, late = false } = {},
  ) {
    this.#isLate = late;
    this.#story = story;
    const claim = claimRecording("/run.replay", {
      flushSeconds,
      disk,
      processes: process(pid),
      resume,
      overwrite,
    });
    const start = {
      settings: { steps: 1000 },
      stretches: STRETCHES,
      grid: { blockSize: story.blockSize, gridOffset: 0 },
      now: () => disk.nowMs,
    };
    if (resume && claim.hasPart) {
      const opened = openUnfinished(disk, claim.partPath) as OpenedUnfinished;
      [this.#file, this.#log] = goOn(claim, opened, start);
      this.t = opened.record.steps - 1;
    } else {
      this.#file = GrowingFile.begin(claim, recordOf(story, 1), start);
      this.#log = new CheckpointLog(this.#file, { budget: story.budget });
      this.#log.push(encodeState(story.state(0)));
      this.t = 0;
    }
  }

  get file(): GrowingFile {
    return this.#file;
  }

  /** Goes on to X_t. */
  advance(to: number, input = this.#isLate ? undefined : this.#story.input): this {
    const { blockSize, state } = this.#story;
    while (this.t < to) {
      if (input !== undefined) this.#file.input(encodeState(input(this.t)));
      this.t++;
      const isStored = this.t === this.#log.nextBlock * blockSize;
      if (isStored) this.#log.push(encodeState(state(this.t)));
    }
    return this;
  }

  record(): StoryRecord {
    return recordOf(this.#story, this.t + 1);
  }

  flush(): void {
    this.#file.flush(this.record());
  }

  seal() {
    return this.#file.seal(this.record());
  }
}

/** Goes on with what was opened. */
export function goOn(
  claim: RecordingClaim,
  opened: OpenedUnfinished,
  start: Parameters<typeof GrowingFile.begin>[2],
): [GrowingFile, CheckpointLog] {
  const { record } = opened;
  const file = GrowingFile.goOn(claim, {
    reopened: reopen(opened.source, opened.contents),
    flushed: opened.flushed,
    stride: record.stride,
  }, start);
  const lengths = Array.from(
    { length: record.checkpoints.length },
    (_, i) => record.checkpoints.bytesAt(i).length,
  );
  return [
    file,
    new CheckpointLog(file, { budget: record.budget, stride: record.stride, lengths }),
  ];
}

/** Index of the state at which a checkpoint lies. */
export function checkpointT(record: RunRecord, i: number): number {
  return spanStart(i, record);
}
