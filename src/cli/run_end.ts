/**
 * Why a new run is shorter than what was asked for.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { RunFailure } from "../engine/types.ts";
import { escapeText } from "../text/escape_text.ts";
import type { CommandContext } from "./command.ts";
import { EXIT_INTERRUPTED, EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { counted } from "./table.ts";

/** How a recording ended. */
export interface RunEnd {
  /** States recorded. */
  readonly steps: number;
  /** What the step threw, if it did. */
  readonly failure: RunFailure | undefined;
  /** Where in the author's files it threw, safe to print. */
  readonly failurePlace?: string | undefined;
  /** Canonical bytes of the last state, if they are at hand. */
  readonly lastState?: Uint8Array | undefined;
  /** Whether Ctrl-C ended it. */
  readonly interrupted?: boolean;
}

/** Tells on stderr why the run ended early, if it did, and returns the exit code. */
export function reportRunEnd(
  { steps, failure, failurePlace, lastState, interrupted = false }: RunEnd,
  output: CommandContext["output"],
): number {
  const kept = `${counted(steps, "state")} before it ${steps === 1 ? "is" : "are"} kept`;
  if (failure !== undefined) {
    const at = failurePlace === undefined ? "" : ` (at ${failurePlace})`;
    output.note(
      `the step threw at step ${failure.t}, the ${kept}: ${escapeText(failure.error)}${at}`,
    );
    if (lastState !== undefined && equalBytes(lastState, encodeState(undefined))) {
      output.note(
        `note: state ${steps - 1} is undefined: the step must return the next state in every case`,
      );
    }
    output.note(
      `hint: 'rewind trace RUN ${failure.t}' shows its draws up to there, 'rewind debug' stops in it`,
    );
    return EXIT_NO;
  }
  if (interrupted) {
    output.note(`interrupted: the ${counted(steps, "step")} recorded so far are kept`);
    return EXIT_INTERRUPTED;
  }
  return EXIT_OK;
}
