/**
 * Tries the first and the last block of a recording again, at once, to find a step that depends on more than
 * its arguments.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { blockStart } from "../../engine/grid.ts";
import type { RecordPlan } from "../../engine/record_options.ts";
import type { RecordOutcome } from "../../engine/recorder.ts";
import { Replayer } from "../../engine/replay.ts";
import { NondeterministicStepError } from "../../errors.ts";
import { createRng } from "../../rng/backends.ts";
import type { Position } from "../wire/position.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import type { StepModule } from "./step_module.ts";

/** Start and end of what was recorded of a block, for trying it again. */
interface Stretch {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/** The first state of a block. */
interface Start {
  readonly block: number;
  readonly bytes: Uint8Array;
}

/** What is needed to try the first and the last block again: the first states of four blocks at most. */
export class SampledBlocks {
  readonly #first: Start[] = [];
  #previous: Start | undefined;
  #last: Start | undefined;

  /** Takes the first state of the next block. */
  keep(bytes: Uint8Array, block: number): void {
    const start = { block, bytes };
    if (this.#first.length < 2) this.#first.push(start);
    this.#previous = this.#last;
    this.#last = start;
  }

  /** Canonical bytes of X_0. */
  get start(): Uint8Array | undefined {
    return this.#first[0]?.bytes;
  }

  /** What to try again, the last block first: hidden state that counts calls then shows. */
  stretches(
    { steps, lastState }: Pick<RecordOutcome, "steps" | "lastState">,
    plan: RecordPlan<unknown>,
  ): Stretch[] {
    const stretch = ({ block, bytes }: Start, end: Uint8Array): Stretch => ({
      block,
      from: blockStart(block, plan),
      to: Math.min(blockStart(block + 1, plan), steps - 1),
      start: bytes,
      end,
    });
    const [start, end] = this.#first as [Start, Start | undefined];
    const first = stretch(start, end?.bytes ?? lastState);
    const last = stretch(this.#last!, lastState);
    if (last.block === first.block) return [first];
    // Of a block with one state there is nothing to replay; the block before ends in that state.
    const late = last.from < last.to ? last : stretch(this.#previous!, this.#last!.bytes);
    return late.block === first.block ? [first] : [late, first];
  }
}

/**
 * Replays blocks with a fresh instance of the module and compares what they end in, so that an author
 * learns now, and not the reader of the artifact, that the step depends on more than its arguments.
 */
export async function tryAgain(
  stretches: readonly Stretch[],
  plan: RecordPlan<unknown>,
  { module, position }: { module: StepModule; position: Position },
): Promise<void> {
  closeDraws();
  const rng = createRng(plan.rng, 0);
  const { step, codec } = await module.instantiate(rng);
  const replayer = new Replayer({ ...plan, step, codec }, rng);
  for (const stretch of stretches) {
    openDraws();
    position[0] = stretch.from;
    const problem = differenceOf(replayer, stretch);
    if (problem !== undefined) {
      throw new NondeterministicStepError(
        stretch.to,
        `Cannot certify the run: block ${stretch.block} ${problem} when replayed`,
      );
    }
  }
}

function differenceOf(
  replayer: Replayer<unknown>,
  { block, start, to, end }: Stretch,
): string | undefined {
  try {
    replayer.start(block, start);
    replayer.advance(to);
    const { kind } = compareEncodings(end, replayer.encode());
    return kind === "value" ? "gave another state" : undefined;
  } catch {
    return "failed";
  }
}
