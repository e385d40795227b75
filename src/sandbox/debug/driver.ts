/**
 * The program that runs in the debugged process: it replays up to a state, then calls the step of another instance of
 * the module, in which the debugger stops. `rewind debug` starts it; it is not imported.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { blockOf, seedBlock, spanOf, spanStart } from "../../engine/block_grid.ts";
import { freezeData } from "../../engine/freeze_data.ts";
import { InputChunk } from "../../engine/input_chunk.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import { replayPlan } from "../../engine/record_view.ts";
import { Replayer } from "../../engine/replay.ts";
import type {
  InputStore,
  ReplayPlan,
  RunRecord,
  StateCodec,
  StepFunction,
} from "../../engine/types.ts";
import * as portableMath from "../../math/mod.ts";
import { createRng } from "../../rng/backends.ts";
import { BlockSeeder } from "../../rng/derive_seed.ts";
import { DEBUG_END, DEBUG_GLOBAL, type DebugJob } from "../wire/debug_job.ts";

/** What the module exports. */
interface Exports {
  readonly step: StepFunction<unknown>;
  readonly codec?: StateCodec<unknown>;
}

const KEEP_ALIVE_MS = 2 ** 30;

const job = decodeState(Deno.readFileSync(Deno.args[0]!)) as DebugJob;
async function debug(loud: Exports, quiet: Exports): Promise<void> {
  const record = recordOf(job);
  const replayer = new Replayer(replayPlan(record, { step: quiet.step, codec: quiet.codec }));
  const stops = new Stops(record, { replayer, loud });
  // The other side sets a breakpoint in the step before it lets go.
  const control: Record<string, unknown> = { step: loud.step, t: job.t };
  const going = new Promise<void>((resolve) => control.go = resolve);
  Object.defineProperty(globalThis, DEBUG_GLOBAL, { value: control });
  const alive = setInterval(() => {}, KEEP_ALIVE_MS);
  await going;
  clearInterval(alive);
  const last = record.steps - 1 + (job.isFailing ? 1 : 0);
  for (let t = job.t; t >= 1 && t <= last; t += job.isReverse ? -1 : 1) {
    if (!stops.seek(t - 1)) {
      tell(`state ${t - 1} is earlier than what this session holds: start again with that step`);
      return;
    }
    control.t = t;
    try {
      stops.call();
    } catch (error) {
      tell(`the step that makes state ${t} threw: ${error instanceof Error ? error.stack : error}`);
      if (!job.isReverse) return;
    }
  }
  tell(job.isReverse ? "that was the first step" : "that was the last step");
}

/** The steps to stop in: each is called with the true state and generator, whatever was done to the one before. */
class Stops {
  readonly #record: RunRecord;
  readonly #plan: ReplayPlan<unknown>;
  readonly #replayer: Replayer<unknown>;
  readonly #step: StepFunction<unknown>;
  readonly #seeder: BlockSeeder;
  #isPlaced = false;

  constructor(
    record: RunRecord,
    { replayer, loud }: { replayer: Replayer<unknown>; loud: Exports },
  ) {
    this.#record = record;
    this.#plan = replayPlan(record, { step: loud.step, codec: loud.codec });
    this.#replayer = replayer;
    this.#step = loud.step;
    this.#seeder = new BlockSeeder(record.seed);
  }

  /** Goes to X_t; whether that was possible. */
  seek(t: number): boolean {
    const record = this.#record;
    const span = spanOf(t, record);
    if (!this.#isPlaced || t < this.#replayer.t) {
      if (!job.spans.includes(span)) return false;
      this.#replayer.start(span * record.stride, record.checkpoints.bytesAt(span));
      this.#isPlaced = true;
    }
    this.#replayer.goTo(t);
    return true;
  }

  /** Calls the step. */
  call(): void {
    const replayer = this.#replayer;
    const { rng: name, params, origin, inputs } = this.#plan;
    const { t } = replayer;
    const rng = createRng(name, 0);
    this.#seeder.seek(seedBlock(blockOf(t, this.#record), this.#record));
    rng.reseed(this.#seeder.hi, this.#seeder.lo);
    rng.restore(replayer.generatorState() as never);
    const window: unknown[] = [];
    inputs?.chunkAt(t).read(window, t, t + 1);
    freezeData(params);
    const step = this.#step;
    step(replayer.copy(), rng, params, origin + t, window[0]);
  }
}

function recordOf({ run, spans, checkpoints, inputs, math }: DebugJob): RunRecord {
  const first = spans[0]!;
  const chunks = inputs.map((bytes, i) => InputChunk.fromBytes(spanStart(first + i, run), bytes));
  const store: InputStore = {
    length: run.steps,
    chunkAt: (t) => chunks[spanOf(t, run) - first]!,
  };
  return {
    ...PLAIN_RECORD,
    ...run,
    math,
    params: decodeState(run.params),
    checkpoints: {
      length: first + checkpoints.length,
      bytesAt: (span) => checkpoints[span - first]!,
    },
    inputs: run.hasInputs ? store : undefined,
    lastState: undefined,
    observed: {},
    stepId: "",
    source: undefined,
  };
}

/** Says something to the person. */
function tell(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

try {
  if (job.math === "portable") Object.assign(Math, portableMath);
  await debug(
    await import(job.module) as Exports,
    await import(job.quiet) as Exports,
  );
} catch (error) {
  tell(error instanceof Error ? error.stack ?? error.message : String(error));
}
tell(DEBUG_END);
