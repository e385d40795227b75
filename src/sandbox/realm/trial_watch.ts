/**
 * What a trial of a campaign is asked for besides its run: when an event happens first, values of the
 * observables at some t, and a value of the last state.
 * This module is browser compatible.
 *
 * It sees the states as `until` does: each once and in order while the run is recorded, and some of them
 * again where guards try blocks anew. So it never depends on how often it is asked.
 *
 * @module
 */

import { decodeWith } from "../../engine/user_codec.ts";
import type { Observable, StateCodec } from "../../engine/types.ts";
import type { TrialRequest } from "../wire/trial_requests.ts";
import type { TrialEnd } from "../wire/answers.ts";
import type { Position } from "../wire/position.ts";
import { looking } from "./look_error.ts";
import type { StepModule } from "./step_module.ts";
import type { RecordOutcome } from "../../engine/record_types.ts";

/** A predicate of state and t. */
type Predicate = (state: unknown, t: number) => boolean;

/** What is known of the run that is watched. */
interface Watched {
  /** The module whose run it is. */
  readonly module: StepModule;
  /** The run's observables, by name. */
  readonly observe: Readonly<Record<string, Observable<unknown>>>;
  /** Where user code is. */
  readonly position: Position;
}

/** Watches one recording. */
export class TrialWatch {
  readonly #request: TrialRequest;
  readonly #where: Predicate | undefined;
  readonly #final: ((state: unknown) => unknown) | undefined;
  readonly #observables: readonly (readonly [name: string, observable: Observable<unknown>])[];
  /** One column per observable; NaN where the run did not get to, or the value is no number. */
  readonly #columns: readonly Float64Array[];
  #first: number | undefined;
  /** The next of the points to come, as states come in order. */
  #next = 0;
  #last = -1;

  private constructor(
    request: TrialRequest,
    functions: Pick<Watched, "observe"> & {
      where: Predicate | undefined;
      final: ((state: unknown) => unknown) | undefined;
    },
  ) {
    this.#request = request;
    this.#where = functions.where;
    this.#final = functions.final;
    this.#observables = Object.entries(functions.observe);
    const { length } = request.points;
    this.#columns = this.#observables.map(() => new Float64Array(length).fill(NaN));
  }

  /**
   * Prepares to watch.
   *
   * @throws {UserCodeError | ExpressionError} If a text is not a function.
   */
  static async start(
    request: TrialRequest,
    { module, observe, position }: Watched,
  ): Promise<TrialWatch> {
    const where = request.where === undefined ? undefined : await module.predicate(request.where);
    const final = request.final === undefined ? undefined : await module.expression(request.final);
    return new TrialWatch(request, {
      observe,
      where: where && looking("where", where, position),
      final: final && looking("final", final, position),
    });
  }

  /** What the recording is to ask of every state; undefined if nothing needs to be seen. */
  until(
    own: ((state: unknown, t: number) => boolean) | undefined,
  ): ((state: unknown, t: number) => boolean) | undefined {
    const hasPoints = this.#request.points.length > 0 && this.#columns.length > 0;
    if (this.#where === undefined && !hasPoints) return own;
    const { stops } = this.#request;
    return (state, t) => {
      const isFound = this.#see(state, t);
      return (isFound && stops) || (own?.(state, t) ?? false);
    };
  }

  /** What was seen of the run that a recording gave. */
  result(
    { steps, lastState }: Pick<RecordOutcome, "steps" | "lastState">,
    codec: StateCodec<unknown> | undefined,
  ): TrialEnd {
    // States at the end may have been seen and then given up, where one of them is not data.
    const first = this.#first !== undefined && this.#first < steps ? this.#first : undefined;
    const isKept = (t: number) => t < steps;
    return {
      first,
      final: this.#final === undefined ? [] : [this.#final(decodeWith(codec, lastState))],
      points: this.#columns.map((column) =>
        column.map((value, i) => isKept(this.#request.points[i]!) ? value : NaN)
      ),
    };
  }

  /** Looks at X_t; whether the event happens there. */
  #see(state: unknown, t: number): boolean {
    const { points, offset } = this.#request;
    // Guards go back, and the recording goes on behind them.
    if (t !== this.#last + 1) {
      this.#next = 0;
      while (this.#next < points.length && points[this.#next]! < t) this.#next++;
    }
    this.#last = t;
    if (points[this.#next] === t) {
      for (let i = 0; i < this.#columns.length; i++) {
        const value = this.#observables[i]![1](state);
        if (typeof value === "number") this.#columns[i]![this.#next] = value;
      }
      this.#next++;
    }
    const known = this.#first;
    if (this.#where === undefined || (known !== undefined && t > known)) return false;
    if (!this.#where(state, t + offset)) return false;
    this.#first = t;
    return true;
  }
}
