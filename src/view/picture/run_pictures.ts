/**
 * The pictures of a run's states, with colors that mean the same in all of them.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { spanStart } from "../../engine/block_grid.ts";
import { RewindError } from "../../errors.ts";
import type { SandboxedRun } from "../../sandbox/host/sandboxed_run.ts";
import type { StatesRange } from "../../sandbox/host/session_options.ts";
import type { StateFrame } from "../../sandbox/host/state_frames.ts";
import { automaticPicture } from "./automatic.ts";
import { checkPicture } from "./check_picture.ts";
import type { Picture } from "./picture.ts";
import { Ranges } from "./ranges.ts";

/** Stored states that are looked at for what colors are to cover. */
const SEEN_FIRST = 8;

/** States that one job makes. */
const STATES_PER_JOB = 64;

/** A picture and where it belongs. */
export interface RunPicture {
  readonly t: number;
  readonly picture: Picture;
}

/** Makes pictures of a run. */
export class RunPictures {
  readonly #run: SandboxedRun;
  readonly #ranges = new Ranges();

  /** Makes nothing yet. */
  constructor(run: SandboxedRun) {
    this.#run = run;
  }

  /** Looks at some stored states, so that colors cover what they show; those without a picture show nothing. */
  async seeStored(): Promise<void> {
    const { record } = this.#run;
    const { checkpoints } = record;
    const every = Math.max(1, Math.ceil(checkpoints.length / SEEN_FIRST));
    for (let span = 0; span < checkpoints.length; span += every) {
      const t = spanStart(span, record);
      for (const frame of await this.#frames({ from: t, to: t + 1 })) {
        try {
          this.#draw(frame);
        } catch (error) {
          if (!(error instanceof RewindError)) throw error;
        }
      }
    }
  }

  /** Of a module with a codec, what functions of the state see. */
  async #frames(range: StatesRange): Promise<StateFrame[]> {
    return await this.#run.frames({ ...range, isShown: await this.#run.hasCodec() });
  }

  /**
   * The pictures of [from, to); ask twice, for colors that cover all of them from the first one on.
   *
   * @throws {RewindError} If a state has none.
   */
  async *pictures(
    { from, to, every }: { from: number; to: number; every: number },
  ): AsyncGenerator<RunPicture> {
    for (let next = from; next < to; next += STATES_PER_JOB * every) {
      const end = Math.min(to, next + STATES_PER_JOB * every);
      for (const frame of await this.#frames({ from: next, to: end, every })) {
        yield { t: frame.t, picture: this.#draw(frame) };
      }
    }
  }

  #check(picture: unknown, t: number): Picture {
    try {
      return checkPicture(picture, this.#ranges);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new RewindError("NO_PICTURE", error.message.replace("the picture", `X_${t}`));
    }
  }

  #draw({ t, bytes, picture, error }: StateFrame): Picture {
    if (error !== undefined) {
      throw new RewindError("NO_PICTURE", `Cannot draw X_${t}: \`picture\` failed: ${error}`);
    }
    if (picture !== undefined) return this.#check(picture, t);
    const drawn = automaticPicture(decodeState(bytes), this.#ranges);
    if (drawn !== undefined) return drawn;
    throw new RewindError(
      "NO_PICTURE",
      `Cannot draw X_${t}: the state is neither a lattice of numbers nor a list of points {x, y}`,
      { hint: "export `picture(state, params, t)` from the step module" },
    );
  }
}
