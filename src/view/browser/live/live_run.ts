/**
 * A run as the page has it: its states and pictures by t, kept for a while, and workers for longer tasks.
 *
 * @module
 */

/// <reference lib="dom" />

import { type ArtifactInfo, openRecord } from "../../../artifact/open_record.ts";
import { decodeState } from "../../../codec/decode_state.ts";
import { spanOf, spanStart } from "../../../engine/block_grid.ts";
import type { RunRecord } from "../../../engine/types.ts";
import { UnsafeArtifactError } from "../../../errors.ts";
import { PAGE_FRAMES_BYTES_MAX } from "../../limits.ts";
import type { ModuleDescription } from "../../../sandbox/host/claims.ts";
import type { ChildOptions } from "../../../sandbox/host/sandbox_child.ts";
import { SandboxedRun } from "../../../sandbox/host/sandboxed_run.ts";
import { SandboxSession } from "../../../sandbox/host/session.ts";
import { checkSource } from "../../../sandbox/host/static_rules.ts";
import { automaticPicture } from "../../picture/automatic.ts";
import { checkPicture } from "../../picture/check_picture.ts";
import type { Picture } from "../../picture/picture.ts";
import { Ranges } from "../../picture/ranges.ts";
import { messageOf } from "./dom.ts";
import { Kept } from "./kept.ts";
import { KeptCheckpoints } from "./kept_checkpoints.ts";

/** A state as it is shown. */
export interface Frame {
  /** Index in the run. */
  readonly t: number;
  /** The state. */
  readonly state: unknown;
  /** Its canonical bytes; of a module with a codec those of the state as functions see it. */
  readonly bytes: Uint8Array;
  /** How it is drawn; undefined if there is nothing to draw. */
  readonly picture: Picture | undefined;
  /** Why it could not be drawn, if it should have been. */
  readonly error: string | undefined;
}

/** The step that is to have made a run, if it is not the one in the file. */
export interface StepText {
  readonly source: string;
  readonly sourceMap: string | undefined;
}

/** Stored states take a while to read. */
const STORED_BYTES = 16 * 2 ** 20;

/** Stored states in which numbers are looked for. */
const LEAF_SAMPLES_MAX = 16;

/** Most frames that are kept. */
const FRAMES_MAX = 2000;

/** Stored states that are looked at before the first picture is drawn. */
const SEEN_FIRST = 8;
const SEEN_BYTES = 2 ** 20;

/** A run and its frames. */
export class LiveRun {
  readonly run: SandboxedRun;
  readonly child: ChildOptions;
  /** Its name in lists. */
  readonly name: string;
  /** The t of the first run at which its X_0 lies: panes are locked to one t of that run. */
  readonly point: number;
  /** What its colors cover; forks share it with their parent, or they could not be compared. */
  readonly ranges: Ranges;
  readonly #frames = new Kept<Frame>({ bytesMax: PAGE_FRAMES_BYTES_MAX, countMax: FRAMES_MAX });
  #description: Promise<ModuleDescription> | undefined;

  /** Joins a run with what is needed to start workers for it. */
  constructor(
    run: SandboxedRun,
    child: ChildOptions,
    { name, point, ranges }: { name: string; point: number; ranges: Ranges },
  ) {
    this.run = run;
    this.child = child;
    this.name = name;
    this.point = point;
    this.ranges = ranges;
  }

  get record(): RunRecord {
    return this.run.record;
  }

  get steps(): number {
    return this.run.steps;
  }

  /** What the step module exports; asked for once. */
  describe(): Promise<ModuleDescription> {
    return this.#description ??= this.run.describe();
  }

  /** A frame that is there already. */
  known(t: number): Frame | undefined {
    return this.#frames.get(t);
  }

  /** X_t and its picture. */
  async frame(t: number): Promise<Frame> {
    const known = this.#frames.get(t);
    if (known !== undefined) return known;
    const { hasPicture, hasCodec } = await this.describe();
    if (hasPicture || hasCodec) await this.#fetch({ from: t, to: t + 1, every: 1 });
    else this.#keep(t, await this.run.getBytes(t), { drawn: undefined, error: undefined });
    return this.#frames.get(t)!;
  }

  /** Makes the frames of a range in one job, as many of them as there is room for. */
  async prefetch(range: { from: number; to: number; every: number }): Promise<void> {
    const { every } = range;
    const from = range.from + Math.max(0, Math.ceil(-range.from / every)) * every;
    if (from >= this.steps) return;
    const size = this.record.checkpoints.bytesAt(spanOf(from, this.record)).length + 100;
    const count = Math.max(1, Math.floor(PAGE_FRAMES_BYTES_MAX / 8 / size));
    await this.#fetch({
      from,
      every,
      to: Math.min(range.to, this.steps, from + count * every),
    });
  }

  async #fetch(range: { from: number; to: number; every: number }): Promise<void> {
    const { hasCodec } = await this.describe();
    for (
      const { t, bytes, picture, error } of await this.run.frames({ ...range, isShown: hasCodec })
    ) {
      this.#keep(t, bytes, { drawn: picture, error });
    }
  }

  #keep(
    t: number,
    bytes: Uint8Array,
    given: { readonly drawn: unknown; readonly error: string | undefined },
  ): void {
    const state = decodeState(bytes);
    this.#frames.set(t, { t, state, bytes, ...this.#draw(state, given) }, bytes.length);
  }

  #draw(
    state: unknown,
    { drawn, error }: { readonly drawn: unknown; readonly error: string | undefined },
  ): Pick<Frame, "picture" | "error"> {
    if (error !== undefined) return { picture: undefined, error };
    try {
      const picture = drawn === undefined
        ? automaticPicture(state, this.ranges)
        : checkPicture(drawn, this.ranges);
      return { picture, error: undefined };
    } catch (problem) {
      return { picture: undefined, error: messageOf(problem) };
    }
  }

  /** A worker for one longer task. */
  session(signal?: AbortSignal): SandboxSession {
    return new SandboxSession({ ...this.child, ...(signal === undefined ? {} : { signal }) });
  }

  /** A few states, as they are shown: of what the run's states are made. */
  async someStates(): Promise<unknown[]> {
    if (!(await this.describe()).hasCodec) {
      return Array.from(this.storedStates(LEAF_SAMPLES_MAX), ({ state }) => state);
    }
    const ts = [0, this.steps >> 1, this.steps - 1];
    return await Array.fromAsync(ts, async (t) => (await this.frame(t)).state);
  }

  /** States that are stored, some of them: no code has to run for them. */
  *storedStates(
    countMax: number,
    bytesMax = STORED_BYTES,
  ): Generator<{ t: number; state: unknown }> {
    const { checkpoints } = this.record;
    const size = checkpoints.bytesAt(checkpoints.length - 1).length;
    const count = Math.max(1, Math.min(countMax, Math.floor(bytesMax / size)));
    const every = Math.max(1, Math.ceil(checkpoints.length / count));
    for (let span = 0; span < checkpoints.length; span += every) {
      yield { t: spanStart(span, this.record), state: decodeState(checkpoints.bytesAt(span)) };
    }
  }
}

/** An opened file. */
export interface OpenedFile {
  readonly live: LiveRun;
  readonly info: ArtifactInfo;
  /** SHA-256 or origin of the code that runs, for people. */
  readonly whose: string;
}

/**
 * Opens the bytes of an artifact.
 *
 * @throws {ArtifactIntegrityError} If it is damaged.
 * @throws {UnsafeArtifactError} If there is no step for it, or one that must not run.
 */
export async function openBytes(
  bytes: Uint8Array,
  { name, step }: { name: string; step: StepText | undefined },
): Promise<OpenedFile> {
  const { record: stored, info } = await openRecord(bytes);
  const record = { ...stored, checkpoints: new KeptCheckpoints(stored.checkpoints) };
  const source = step?.source ?? record.source;
  if (source === undefined) {
    throw new UnsafeArtifactError("Cannot run its steps: the file carries no step module", {
      hint: "paste the module as JavaScript below",
    });
  }
  checkSource(source);
  const child: ChildOptions = {
    source,
    math: record.math,
    shims: record.shims,
    timeoutMs: Infinity,
    stepId: step === undefined ? record.stepId : "",
    get sourceMap() {
      return step === undefined ? record.sourceMap : step.sourceMap;
    },
  };
  const run = new SandboxedRun(record, child, { contentHash: info.contentHash });
  const live = new LiveRun(run, child, { name, point: 0, ranges: new Ranges() });
  // Colors that mean the same from the first picture on; what a codec stores is not what is drawn.
  if (!/codec/.test(source)) {
    for (const { state } of live.storedStates(SEEN_FIRST, SEEN_BYTES)) {
      automaticPicture(state, live.ranges);
    }
  }
  return {
    live,
    info,
    whose: step === undefined
      ? `the code that the file carries (sha256 ${info.sourceHash?.slice(0, 12)}…)`
      : "the code that was given with the file, not the file's own",
  };
}
